/**
 * History forms: which events stand in the range, which of them count, and what follows. Events are found by scanning
 * backwards from the current one and only as far as the range reaches. Almost-hits of empty windows are in near-miss.ts.
 */

import type { EventView } from '../log/view.ts'
import type { AggregateExpr, ExistsExpr, Key, Pattern, SequenceExpr, WindowShape } from '../plan/expression.ts'
import { calendarStart } from '../reference/calendar.ts'
import { holdsUnknown, identity, isKnown, truthOf } from '../value/operations.ts'
import { unknown, type Value } from '../value/value.ts'
import { aggregate } from './aggregate.ts'
import { bindEvent, countUpTo, type Evaluate, type Scope } from './scope.ts'

export type HistoryExpr = AggregateExpr | ExistsExpr | SequenceExpr

/** What a history form rests on; the fields are those of its witness. */
export interface Found {
  readonly value: Value
  readonly keys: readonly Value[]
  readonly events: readonly number[]
  readonly unknownEvents: readonly number[]
  readonly examined: number
  /** The newest few whose filter did not hold, ascending; none of a sequence. */
  readonly passedOver: readonly number[]
  readonly from: number | null
  readonly to: number
  readonly reset: number | null
}

export function history(expr: HistoryExpr, scope: Scope, evaluate: Evaluate): Found {
  const keys = expr.keys.map(key => evaluate(key.value, scope))
  const place = { keys, events: [], unknownEvents: [], examined: 0, passedOver: [], to: scope.event.time }
  if (!keys.every(key => isKnown(key) && !holdsUnknown(key)))
    return { ...place, value: unknown, from: null, reset: null }
  const reach = reachOf(expr, keys, scope, evaluate)
  const found = { ...place, from: reach.from, reset: reach.reset }
  if (!reach.certain) return { ...found, value: unknown }
  switch (expr.kind) {
    case 'exists':
    case 'aggregate':
      return { ...found, ...counted(expr, keys, reach, scope, evaluate) }
    case 'sequence':
      return { ...found, ...chained(expr, keys, reach, scope, evaluate) }
  }
}

/** Where a range begins: later than `from` in time, later than `reset` in the order of the log. */
export interface Reach {
  readonly from: number | null
  readonly reset: number | null
  /** False: nobody can know where it begins. */
  readonly certain: boolean
}

export function reachOf(shape: WindowShape, keys: readonly Value[], scope: Scope, evaluate: Evaluate): Reach {
  const { range } = shape
  switch (range.kind) {
    case 'over':
      return { from: scope.event.time - range.milliseconds, reset: null, certain: true }
    case 'per':
      return { from: calendarStart(scope.event.time, range.unit, range.zone) - 1, reset: null, certain: true }
    case 'ever':
      return { from: null, reset: null, certain: true }
    case 'since': {
      const all: Reach = { from: null, reset: null, certain: true }
      for (const event of backwards(range.reset.contract, all, shape.beforeThis, scope, range.resetKeys, keys)) {
        if (!hasKeys(event, range.resetKeys, keys)) continue
        const held = filterHolds(range.reset, event, scope, evaluate)
        if (held !== false) return { from: event.time, reset: event.seq, certain: held === true }
      }
      return all
    }
  }
}

/**
 * Events of a contract inside the range, newest first, without those that were taken out of the log. With `keys` and the
 * values they are to have, events that have others may be left out.
 */
export function* backwards(
  contract: number,
  reach: Reach,
  beforeThis: boolean,
  scope: Scope,
  keys: readonly Key[] = [],
  wanted: readonly Value[] = [],
): Generator<EventView, void, undefined> {
  const seqs = candidates(contract, keys, wanted, reach, scope)
  const last = beforeThis ? scope.event.seq - 1 : scope.event.seq
  let added = scope.added?.contract === contract ? scope.added : null
  for (let place = countUpTo(seqs, last) - 1; place >= 0; place--) {
    const event = scope.view.event(seqs[place] ?? 0)
    if (added && event.seq < added.seq) {
      if (reaches(reach, added)) yield added
      added = null
    }
    // INVARIANT: times never go backwards in the order of the log, so that nothing older can be in range.
    if (!reaches(reach, event)) return
    if (!scope.rejected(event.seq)) yield event
  }
  if (added && reaches(reach, added)) yield added
}

/** The shortest list of events that surely holds those of the range with the keys. */
function candidates(
  contract: number,
  keys: readonly Key[],
  wanted: readonly Value[],
  reach: Reach,
  scope: Scope,
): ArrayLike<number> {
  const all = scope.view.of(contract)
  // Looking at a few events is faster than the log's pass over the column of a key, which costs as much as one event in 256.
  const early = all[countUpTo(all, scope.event.seq) - Math.max(16, all.length >> 8)]
  if (early === undefined || !reaches(reach, scope.view.event(early))) return all
  let shortest = all
  for (const [i, key] of keys.entries()) {
    const list = scope.view.withValue?.(contract, key.path, wanted[i] ?? unknown)
    if (list && list.length < shortest.length) shortest = list
  }
  return shortest
}

function reaches(reach: Reach, event: EventView): boolean {
  return reach.reset !== null ? event.seq > reach.reset : reach.from === null || event.time > reach.from
}

/** Whether the event has the wanted keys; one whose key is unknown or absent is in nobody's window. */
export function hasKeys(event: EventView, keys: readonly Key[], wanted: readonly Value[]): boolean {
  return keys.every((key, i) => {
    const value = event.value(key.path)
    if (typeof value === 'string') return value === wanted[i]
    return isKnown(value) && !holdsUnknown(value) && identity(value) === identity(wanted[i] ?? unknown)
  })
}

export function filterHolds(
  pattern: Pattern,
  event: EventView,
  scope: Scope,
  evaluate: Evaluate,
): boolean | typeof unknown {
  return pattern.where === null ? true : truthOf(evaluate(pattern.where, bindEvent(scope, pattern.variable, event)))
}

type Counted = Pick<Found, 'value' | 'events' | 'unknownEvents' | 'examined' | 'passedOver'>

const mostPassedOver = 4

function counted(
  expr: AggregateExpr | ExistsExpr,
  keys: readonly Value[],
  reach: Reach,
  scope: Scope,
  evaluate: Evaluate,
): Counted {
  const events: EventView[] = []
  const unknownEvents: number[] = []
  const passedOver: number[] = []
  let examined = 0
  const oneIsEnough = expr.kind === 'aggregate' && (expr.function === 'last' || expr.function === 'first')
  for (const event of inOrder(expr, keys, reach, scope)) {
    if (!hasKeys(event, expr.keys, keys)) continue
    examined++
    const held = filterHolds(expr.pattern, event, scope, evaluate)
    if (held === true) events.push(event)
    if (held === unknown) unknownEvents.push(event.seq)
    if (held === false) passedOver.push(event.seq)
    if (oneIsEnough && held === true) break
  }
  events.sort((a, b) => a.seq - b.seq)
  unknownEvents.sort((a, b) => a - b)
  passedOver.sort((a, b) => a - b)
  const found = {
    events: events.map(event => event.seq),
    unknownEvents,
    examined,
    passedOver: passedOver.slice(-mostPassedOver),
  }
  if (expr.kind === 'exists') {
    return { ...found, value: events.length > 0 ? true : unknownEvents.length > 0 ? unknown : false }
  }
  if (unknownEvents.length > 0) return { ...found, value: unknown }
  const { value } = expr
  const values =
    value === null
      ? events.map(() => true)
      : events.map(event => evaluate(value, bindEvent(scope, expr.pattern.variable, event)))
  return { ...found, value: aggregate(expr, values) }
}

/** Newest first, but oldest first for `first`, which need not look at the rest. */
function inOrder(
  expr: AggregateExpr | ExistsExpr,
  keys: readonly Value[],
  reach: Reach,
  scope: Scope,
): Iterable<EventView> {
  const newestFirst = backwards(expr.pattern.contract, reach, expr.beforeThis, scope, expr.keys, keys)
  return expr.kind === 'aggregate' && expr.function === 'first' ? [...newestFirst].reverse() : newestFirst
}

/** Takes for each step the earliest event after the one before it, which leaves the most room for the rest. */
function chained(expr: SequenceExpr, keys: readonly Value[], reach: Reach, scope: Scope, evaluate: Evaluate): Counted {
  const examined = new Set<number>()
  const candidates = expr.steps.map(step => {
    const events = [...backwards(step.contract, reach, expr.beforeThis, scope, expr.keys, keys)].reverse()
    const own = events.filter(event => hasKeys(event, expr.keys, keys))
    for (const event of own) examined.add(event.seq)
    return own.map(event => ({ seq: event.seq, held: filterHolds(step, event, scope, evaluate) }))
  })
  const chain = (certainOnly: boolean): number[] => {
    const steps: number[] = []
    for (const events of candidates) {
      const after = steps.at(-1) ?? -1
      const next = events.find(({ seq, held }) => seq > after && (certainOnly ? held === true : held !== false))
      if (!next) break
      steps.push(next.seq)
    }
    return steps
  }
  const certain = chain(true)
  const possible = chain(false)
  const complete = expr.steps.length
  const unknownSeqs = new Set(candidates.flat().flatMap(({ seq, held }) => (held === unknown ? [seq] : [])))
  return {
    value: certain.length === complete ? true : possible.length === complete ? unknown : false,
    events: certain,
    unknownEvents: [...unknownSeqs].sort((a, b) => a - b),
    examined: examined.size,
    passedOver: [],
  }
}
