/**
 * What an expression is worth at an event, and which events stand in a window: the checker's own reading of the plan, over
 * the events of the log themselves.
 */
import type { EventView, LogView } from '../log/view.ts'
import type { AggregateExpr, ExistsExpr, Expr, Key, Pattern, SequenceExpr, WindowShape } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import type { Value } from '../value/value.ts'
import {
  absent,
  all,
  any,
  bare,
  calculated,
  comparison,
  type Datum,
  datum,
  equality,
  isList,
  isMembers,
  isNothing,
  negated,
  ofTruth,
  print,
  type Truth,
  truth,
  unknown,
  vague,
} from './datum.ts'
import { drifted } from './drift.ts'
import { applied, inList, textTest } from './functions.ts'
import { integer, quantity, times } from './quantity.ts'

/** From where an expression is read. */
export interface Place {
  readonly plan: Plan
  readonly view: LogView
  readonly now: EventView
  readonly events: ReadonlyMap<number, EventView>
  readonly elements: ReadonlyMap<number, Datum>
}

export type History = AggregateExpr | ExistsExpr | SequenceExpr

export function meaning(expr: Expr, at: Place): Datum {
  const of = (operand: Expr) => meaning(operand, at)
  switch (expr.kind) {
    case 'literal':
      return datum(expr.value)
    case 'now':
      return integer(at.now.time)
    case 'field': {
      const event = at.events.get(expr.event)
      return event ? datum(event.value(expr.path)) : unknown
    }
    case 'element':
      return at.elements.get(expr.variable) ?? unknown
    case 'named':
      return of(expr.value)
    case 'and':
    case 'or':
      return connected(expr.kind, expr.operands, at)
    case 'default': {
      const value = of(expr.value)
      return isNothing(value) && value.nothing === 'absent' ? of(expr.otherwise) : value
    }
    case 'if': {
      const condition = truth(of(expr.condition))
      return condition === null ? unknown : of(condition ? expr.then : expr.otherwise)
    }
    case 'quantified': {
      const list = of(expr.list)
      if (!isList(list)) return unknown
      const truths = list.map(item => truth(meaning(expr.where, withElement(at, expr.variable, item))))
      return ofTruth(expr.quantifier === 'any' ? any(truths) : all(truths))
    }
    case 'aggregate':
    case 'exists':
    case 'sequence':
      return looked(expr, at).value
    default:
      return operated(expr, operands(expr).map(of))
  }
}

/** From left to right, and no further than needed: what stands behind a guard is not asked. */
function connected(kind: 'and' | 'or', parts: readonly Expr[], at: Place): Datum {
  let result: Truth = kind === 'and'
  for (const part of parts) {
    const held = truth(meaning(part, at))
    if (held === (kind === 'or')) return held
    if (held === null) result = null
  }
  return ofTruth(result)
}

export type Operator = Exclude<
  Expr,
  | History
  | {
      readonly kind: 'literal' | 'now' | 'field' | 'element' | 'named' | 'and' | 'or' | 'default' | 'if' | 'quantified'
    }
>

export function operands(expr: Operator): readonly Expr[] {
  switch (expr.kind) {
    case 'member':
      return [expr.object]
    case 'not':
    case 'present':
    case 'negate':
      return [expr.operand]
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      return [expr.left, expr.right]
    case 'in-list':
      return [expr.item, expr.list]
    case 'in-range':
      return [expr.item, expr.low, expr.high]
    case 'call':
      return expr.arguments
    case 'list':
      return expr.items
    case 'record':
      return expr.fields.map(field => field.value)
  }
}

export function operated(expr: Operator, given: readonly Datum[]): Datum {
  const [a = unknown, b = unknown, c = unknown] = given
  switch (expr.kind) {
    case 'member':
      return isMembers(a) ? (a.fields[expr.member] ?? absent) : isNothing(a) ? a : unknown
    case 'not':
      return ofTruth(negated(truth(a)))
    case 'present':
      return isNothing(a) ? (a.nothing === 'absent' ? false : unknown) : true
    case 'negate':
      return calculated('*', a, integer(-1), { kind: 'decimal' })
    case 'compare':
      return ofTruth(compared(expr.operator, a, b, expr.left))
    case 'text-test':
      return ofTruth(textTest(expr.operator, a, b))
    case 'arithmetic':
      return calculated(expr.operator, a, b, expr.type)
    case 'in-list':
      return ofTruth(inList(a, b))
    case 'in-range': {
      const [low, high] = [comparison(a, b, expr.item.type), comparison(a, c, expr.item.type)]
      return low === null || high === null ? unknown : low >= 0 && high <= 0
    }
    case 'call':
      return applied(
        expr.function,
        given,
        expr.arguments.map(argument => argument.type),
      )
    case 'list':
      return given
    case 'record':
      return { fields: Object.fromEntries(expr.fields.map((field, i) => [field.name, given[i] ?? unknown])) }
  }
}

function compared(operator: Extract<Expr, { kind: 'compare' }>['operator'], a: Datum, b: Datum, left: Expr): Truth {
  if (operator === '==') return equality(a, b)
  if (operator === '!=') return negated(equality(a, b))
  const order = comparison(a, b, left.type)
  if (order === null) return null
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator]
}

/** What stands in a window, and what the form makes of it. */
export interface Looked {
  readonly value: Datum
  readonly events: readonly number[]
  readonly unknownEvents: readonly number[]
  readonly examined: number
  readonly from: number | null
  /** Undefined where the range is not `since`. */
  readonly reset: number | null | undefined
}

export function looked(expr: History, at: Place): Looked {
  const since = expr.range.kind === 'since'
  const none = {
    value: unknown,
    events: [],
    unknownEvents: [],
    examined: 0,
    from: null,
    reset: since ? null : undefined,
  }
  const keys = expr.keys.map(key => meaning(key.value, at))
  if (keys.some(key => isNothing(key) || vague(key))) return none
  const { from, reset, certain } = start(expr, keys, at)
  const bounds = { from, reset: since ? reset : undefined }
  if (!certain) return { ...none, ...bounds }
  const inside = (pattern: Pattern) =>
    visible(pattern.contract, expr.beforeThis, at, expr.keys, keys, event =>
      reset === null ? from === null || event.time > from : event.seq > reset,
    ).map(event => ({ event, held: holds(pattern, event, at) }))
  return {
    ...bounds,
    ...(expr.kind === 'sequence' ? chained(expr.steps.map(inside)) : gathered(expr, inside(expr.pattern), at)),
  }
}

export function holds(pattern: Pattern, event: EventView, at: Place): Truth {
  return pattern.where === null ? true : truth(meaning(pattern.where, withEvent(at, pattern.variable, event)))
}

/** Whether the event has the wanted keys; one that is unknown or absent is nobody's. */
export function keyTest(view: LogView, keys: readonly Key[], wanted: readonly Datum[]): (seq: number) => boolean {
  const tests = keys.map((key, i) => {
    const asked = print(wanted[i] ?? unknown)
    const read = keysRead(view, key.path.join('.'))
    return (seq: number) => {
      const text = read[seq] ?? keyText(view.event(seq).value(key.path))
      read[seq] = text
      return text === asked
    }
  })
  return seq => tests.every(test => test(seq))
}

function keyText(value: Value): string {
  const key = datum(value)
  return isNothing(key) || vague(key) ? '' : print(key)
}

/** Keys that were read before, by seq: windows ask for the same events again and again. */
function keysRead(view: LogView, path: string): string[] {
  const ofView = known.get(view) ?? new Map<string, string[]>()
  known.set(view, ofView)
  const read = ofView.get(path) ?? []
  ofView.set(path, read)
  return read
}
const known = new WeakMap<LogView, Map<string, string[]>>()

/** Whether a check of the event's contract takes it out of the log. */
export function takenOut(event: EventView, at: Place): boolean {
  const checks = at.plan.contracts[event.contract]?.checks ?? []
  if (checks.length === 0) return false
  const place: Place = { ...at, now: event, events: new Map([[0, event]]), elements: new Map() }
  return checks.some(check => check.otherwise === 'reject' && truth(meaning(check.condition, place)) !== true)
}

export const withElement = (at: Place, variable: number, item: Datum): Place => ({
  ...at,
  elements: new Map([...at.elements, [variable, item]]),
})
const withEvent = (at: Place, variable: number, event: EventView): Place => ({
  ...at,
  events: new Map([...at.events, [variable, event]]),
})

interface Member {
  readonly event: EventView
  readonly held: Truth
}

/** Ascending. INVARIANT: `inRange` holds for the newest events up to some point and for none before it, so that halving finds it. */
function visible(
  contract: number,
  beforeThis: boolean,
  at: Place,
  keys: readonly Key[],
  wanted: readonly Datum[],
  inRange: (event: EventView) => boolean,
): EventView[] {
  const seqs = at.view.of(contract)
  const first = firstWhere(seqs.length, place => inRange(at.view.event(seqs[place] ?? 0)))
  const end = firstWhere(seqs.length, place => (seqs[place] ?? 0) > at.now.seq - (beforeThis ? 1 : 0))
  const isWanted = keyTest(at.view, keys, wanted)
  const events: EventView[] = []
  for (let place = first; place < end; place++) {
    const seq = seqs[place] ?? 0
    if (!isWanted(seq)) continue
    const event = at.view.event(seq)
    if (!takenOut(event, at)) events.push(event)
  }
  return events
}

function firstWhere(size: number, holdsFrom: (place: number) => boolean): number {
  let [low, high] = [0, size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holdsFrom(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function start({ range, beforeThis }: WindowShape, keys: readonly Datum[], at: Place) {
  const { time } = at.now
  if (range.kind === 'over') return { from: time - range.milliseconds, reset: null, certain: true }
  if (range.kind === 'per') return { from: begin(range, time) - 1, reset: null, certain: true }
  if (range.kind === 'ever') return { from: null, reset: null, certain: true }
  const resets = visible(range.reset.contract, beforeThis, at, range.resetKeys, keys, () => true)
  for (const event of resets.reverse()) {
    const held = holds(range.reset, event, at)
    if (held !== false) return { from: event.time, reset: event.seq, certain: held === true }
  }
  return { from: null, reset: null, certain: true }
}

/** When the clocks of the zone first showed the beginning of the unit that they show at this time. */
function begin({ unit, zone }: Extract<WindowShape['range'], { kind: 'per' }>, time: number): number {
  if (!zone) return unitBegin(unit, new Date(time))
  const { until, offset } = zone
  const place = offset.findIndex((_, i) => time < (until[i] ?? Number.POSITIVE_INFINITY))
  const shown = unitBegin(unit, new Date(time + (offset[place] ?? 0)))
  const moments = offset.map((ahead, i) => Math.max(shown - ahead, until[i - 1] ?? Number.NEGATIVE_INFINITY))
  const inside = moments.findIndex((moment, i) => moment < (until[i] ?? Number.POSITIVE_INFINITY))
  return moments[unit === 'hour' ? place : inside] ?? time
}

function unitBegin(unit: 'hour' | 'day' | 'week' | 'month', date: Date): number {
  if (unit === 'hour') return date.setUTCMinutes(0, 0, 0)
  date.setUTCHours(0, 0, 0, 0)
  if (unit === 'month') date.setUTCDate(1)
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.getTime()
}

function gathered(expr: AggregateExpr | ExistsExpr, inside: readonly Member[], at: Place) {
  const seen =
    expr.kind === 'aggregate' && (expr.function === 'last' || expr.function === 'first')
      ? upToOne(expr.function, inside)
      : inside
  const seqs = (held: Truth) => seen.filter(one => one.held === held).map(one => one.event.seq)
  const found = { events: seqs(true), unknownEvents: seqs(null), examined: seen.length }
  if (expr.kind === 'exists') return { ...found, value: ofTruth(any(seen.map(one => one.held))) }
  if (found.unknownEvents.length > 0) return { ...found, value: unknown }
  const { value } = expr
  const counted = seen.filter(one => one.held)
  const values = counted.map(({ event }) =>
    value ? meaning(value, withEvent(at, expr.pattern.variable, event)) : true,
  )
  return { ...found, value: aggregated(expr, values) }
}

/** From its end of the range to the first event that counts. */
function upToOne(end: 'first' | 'last', inside: readonly Member[]): readonly Member[] {
  if (end === 'last')
    return inside.slice(
      Math.max(
        0,
        inside.findLastIndex(one => one.held === true),
      ),
    )
  const place = inside.findIndex(one => one.held === true)
  return place < 0 ? inside : inside.slice(0, place + 1)
}

function aggregated(expr: AggregateExpr, values: readonly Datum[]): Datum {
  const size = integer(values.length)
  const [one = absent] = values
  if (expr.function === 'count') return size
  if (expr.function === 'last' || expr.function === 'first') return one
  if (values.some(value => vague(value) || isNothing(value))) return unknown
  if (expr.function === 'distinct') return integer(new Set(values.map(print)).size)
  if (expr.function === 'drift') return expr.drift ? drifted(expr.drift, values) : unknown
  if (expr.function === 'sum') return total(expr, values)
  if (values.length === 0) return absent
  if (expr.function === 'avg') return calculated('/', total(expr, values), size, { kind: 'decimal' })
  if (expr.function === 'share') return quantity(BigInt(values.filter(value => value === true).length), size.n)
  const type = expr.value?.type ?? expr.type
  if (values.some(value => comparison(value, one, type) === null)) return unknown
  const sorted = [...values].sort((a, b) => comparison(a, b, type) ?? 0)
  const rank =
    expr.function === 'min' ? integer(1) : expr.function === 'max' ? size : times(expr.rank ?? integer(1), size)
  const ceiling = (rank.n + rank.d - 1n) / rank.d
  return sorted[Math.max(1, Number(ceiling)) - 1] ?? unknown
}

function total(expr: AggregateExpr, values: readonly Datum[]): Datum {
  const type = bare(expr.type)
  const nothing: Datum = type.kind === 'money' ? { amount: integer(0), currency: type.currency ?? '' } : integer(0)
  return values.reduce((sum, value) => calculated('+', sum, value, { kind: 'decimal' }), nothing)
}

/** Steps taken as early as possible: if that does not reach the end, nothing does. */
function chained(steps: readonly (readonly Member[])[]) {
  const taken = (counts: (held: Truth) => boolean) => {
    const chain: number[] = []
    for (const step of steps) {
      const next = step.find(({ event, held }) => event.seq > (chain.at(-1) ?? -1) && counts(held))
      if (!next) return chain
      chain.push(next.event.seq)
    }
    return chain
  }
  const events = taken(held => held === true)
  const possible = taken(held => held !== false).length === steps.length
  const members = steps.flat()
  const vagueSeqs = members.filter(one => one.held === null).map(one => one.event.seq)
  return {
    value: events.length === steps.length ? true : possible ? unknown : false,
    events,
    unknownEvents: [...new Set(vagueSeqs)].sort((a, b) => a - b),
    examined: new Set(members.map(one => one.event.seq)).size,
  }
}
