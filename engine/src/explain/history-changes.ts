/**
 * Changes to the history of an event that might turn a condition around: one more event before it, an event that did not
 * happen, or the same event later, when others have left its windows. Each is tried (change.ts) before it is told.
 */

import type { EventView } from '../log/view.ts'
import type { ExistsExpr, Expr, Pattern, Range } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import { calendarStart } from '../reference/calendar.ts'
import { fromInteger } from '../value/rational.ts'
import type { Value } from '../value/value.ts'
import { tripOf } from './breaker.ts'
import { type Change, change, type Trial, tried } from './change.ts'
import type { Combined } from './combine.ts'
import { evaluate } from './evaluate.ts'
import { isHistory, keyText, zoneText } from './history-words.ts'
import type { Overlay } from './overlay.ts'
import { countUpTo } from './scope.ts'
import { type HistoryExpr, history } from './window.ts'
import { eventNumber, eventsText, joined, timeText, valueText } from './words.ts'

/** One more event, or one or two fewer, where an `exists` or `no` asks for them. */
export function eventChanges(condition: Expr, trial: Trial): readonly Change[] {
  if (condition.kind !== 'exists') return []
  const found = history(condition, trial.scope, evaluate)
  if (found.value === false) return oneMore(condition, found.keys, trial)
  const counting = [...found.events, ...found.unknownEvents]
  if (counting.length === 0 || counting.length > 2 || counting.includes(trial.scope.event.seq)) return []
  const decided = tried(trial, { without: new Set(counting) })
  return decided
    ? [change(trial, 'event', `without ${eventsText(counting)} (${nameOf(condition.pattern, trial)})`, decided)]
    : []
}

/** The same event later with nothing else happening, at the first time that changes the decision. */
export function waitChanges(conditions: readonly Expr[], trial: Trial): readonly Change[] {
  const { sources } = trial.scope.plan
  // Where the records carry no time, it only numbers them: there is nothing to wait for.
  if (sources.length > 0 && sources.every(source => source.time.kind === 'order')) return []
  const leaving = leavings(conditions, trial)
  const at = (place: number): Combined | null => {
    const moment = leaving[place]
    return moment ? tried(trial, laterBy(moment.time, trial)) : null
  }
  // The decision mostly changes once and stays; whatever is found was tried, so that it holds in any case.
  let low = 0
  let high = leaving.length - 1
  let found: { readonly place: number; readonly decided: Combined } | null = null
  while (low <= high) {
    const middle = (low + high) >>> 1
    const decided = at(middle)
    if (decided) found = { place: middle, decided }
    if (decided) high = middle - 1
    else low = middle + 1
  }
  const moment = found && leaving[found.place]
  return found && moment ? [change(trial, 'wait', moment.text, found.decided)] : []
}

/** Another hour or day, where conditions speak of the time of day or of the week. */
export function hourChanges(conditions: readonly Expr[], trial: Trial): readonly Change[] {
  if (!conditions.some(condition => readsClock(condition, timeFieldOf(trial)))) return []
  const { time } = trial.scope.event
  const hours = Array.from({ length: 24 }, (_, i) => calendarStart(time, 'hour') + (i + 1) * hour)
  for (const later of hours) {
    const decided = tried(trial, laterBy(later, trial))
    if (decided)
      return [change(trial, 'wait', `at ${timeText(later, time)} instead of ${timeText(time, time)}`, decided)]
  }
  return []
}

const hour = 3_600_000

function oneMore(expr: ExistsExpr, keys: readonly Value[], trial: Trial): readonly Change[] {
  const { pattern } = expr
  const contract = trial.scope.plan.contracts[pattern.contract]
  if (!contract) return []
  const wishes = pattern.where ? wishesOf(pattern.where, pattern, trial) : []
  const fields = new Map(expr.keys.map((key, i): [string, Value] => [key.path.join('.'), keys[i] ?? false]))
  for (const { path, value } of wishes) fields.set(path, value)
  const decided = tried(trial, {
    added: { contract: pattern.contract, fields, like: newestOf(pattern.contract, trial) },
  })
  if (!decided) return []
  const whose = expr.keys.map((key, i) => keyText(key, keys[i] ?? false))
  const of = whose.length > 0 ? ` of ${joined(whose)}` : ''
  const having = wishes.length > 0 ? ` with ${joined(wishes.map(({ text }) => text))}` : ''
  return [change(trial, 'event', `${article(contract.name)} ${contract.name}${of}${having} before it`, decided)]
}

function nameOf(pattern: Pattern, trial: Trial): string {
  return trial.scope.plan.contracts[pattern.contract]?.name ?? ''
}

interface Wish {
  readonly path: string
  readonly value: Value
  readonly text: string
}

/** Values with which an event meets a filter, as far as they can be read off its conditions. */
function wishesOf(where: Expr, pattern: Pattern, trial: Trial): readonly Wish[] {
  switch (where.kind) {
    case 'and':
      return where.operands.flatMap(operand => wishesOf(operand, pattern, trial))
    case 'or':
      return where.operands.slice(0, 1).flatMap(operand => wishesOf(operand, pattern, trial))
    case 'named':
      return wishesOf(where.value, pattern, trial)
    case 'not':
      return where.operand.kind === 'field' ? wish(where.operand, false, '', pattern) : []
    case 'field':
      return wish(where, true, '', pattern)
    case 'text-test':
      return where.operator === 'like' || where.operator === 'matches'
        ? []
        : wish(
            where.left,
            constantOf(where.right, pattern, trial),
            { contains: 'containing ', starts_with: 'starting with ', ends_with: 'ending with ' }[where.operator],
            pattern,
          )
    case 'compare':
      return where.operator === '==' || where.operator === '<=' || where.operator === '>='
        ? wish(
            where.left,
            constantOf(where.right, pattern, trial),
            { '==': '', '<=': 'at most ', '>=': 'at least ' }[where.operator],
            pattern,
          )
        : []
    case 'in-list': {
      const list = constantOf(where.list, pattern, trial)
      return Array.isArray(list) ? wish(where.item, list[0] ?? null, '', pattern) : []
    }
    default:
      return []
  }
}

function wish(field: Expr, value: Value | null, how: string, pattern: Pattern): readonly Wish[] {
  if (field.kind !== 'field' || field.event !== pattern.variable || value === null || typeof value === 'symbol')
    return []
  return [{ path: field.path.join('.'), value, text: `${field.path.join('.')} ${how}${valueText(value, field.type)}` }]
}

/** The value of an expression that does not read the event being wished for. */
function constantOf(expr: Expr, pattern: Pattern, trial: Trial): Value | null {
  return readsVariable(expr, pattern.variable) ? null : evaluate(expr, trial.scope)
}

function newestOf(contract: number, trial: Trial): EventView | null {
  const seqs = trial.scope.view.of(contract)
  const seq = seqs[countUpTo(seqs, trial.scope.event.seq - 1) - 1]
  return seq === undefined ? null : trial.scope.view.event(seq)
}

interface Leaving {
  readonly time: number
  readonly text: string
}

/** When events leave the windows of the conditions, calendar units end, and breakers are over; ascending. */
function leavings(conditions: readonly Expr[], trial: Trial): readonly Leaving[] {
  const { event, view } = trial.scope
  const found = new Map<number, Leaving>()
  for (const form of new Set(conditions.flatMap(histories))) {
    const { range } = form
    if (range.kind === 'since' || range.kind === 'ever') continue
    if (range.kind === 'per') {
      const next = nextUnit(range, event.time)
      found.set(next, {
        time: next,
        text: `from ${timeText(next, event.time)}, when the next ${range.unit} begins (${zoneText(range)})`,
      })
      continue
    }
    const { events, unknownEvents } = history(form, trial.scope, evaluate)
    for (const seq of [...events, ...unknownEvents]) {
      const time = view.event(seq).time + range.milliseconds
      if (seq !== event.seq)
        found.set(time, {
          time,
          text: `from ${timeText(time, event.time)}, when event ${eventNumber(seq)} is out of the window`,
        })
    }
  }
  for (const rule of trial.policy.rules) {
    const trip = rule.contracts.includes(event.contract) ? tripOf(rule, trial.scope) : null
    if (trip === null) continue
    const time = trip.until + 1
    found.set(time, { time, text: `from ${timeText(time, event.time)}, when the breaker ${rule.name} is not tripped` })
  }
  return [...found.values()].sort((a, b) => a.time - b.time)
}

function histories(expr: Expr): readonly HistoryExpr[] {
  if (isHistory(expr)) return [expr]
  const found: HistoryExpr[] = []
  eachOperand(expr, operand => {
    found.push(...histories(operand))
  })
  return found
}

function nextUnit({ unit, zone }: Extract<Range, { readonly kind: 'per' }>, time: number): number {
  const longest = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 31 * 24 * hour }[unit]
  const start = calendarStart(time, unit, zone)
  const next = calendarStart(start + longest, unit, zone)
  // A unit in which the clocks were set back is an hour longer.
  return next > start ? next : calendarStart(start + longest + hour, unit, zone)
}

/** The event's own time field moves with it. */
function laterBy(time: number, trial: Trial): Overlay {
  const field = timeFieldOf(trial)
  return field === null ? { time } : { time, fields: new Map([[field, fromInteger(time)]]) }
}

function timeFieldOf(trial: Trial): string | null {
  return trial.scope.plan.contracts[trial.scope.event.contract]?.timeField ?? null
}

function readsClock(expr: Expr, timeField: string | null): boolean {
  if (expr.kind === 'call' && (expr.function === 'hour_of_day' || expr.function === 'day_of_week')) {
    return expr.arguments.some(argument => argument.kind === 'now' || isTimeField(argument, timeField))
  }
  let found = false
  eachOperand(expr, operand => {
    found ||= readsClock(operand, timeField)
  })
  return found
}

function isTimeField(expr: Expr, timeField: string | null): boolean {
  return expr.kind === 'field' && expr.event === 0 && expr.path.join('.') === timeField
}

function readsVariable(expr: Expr, variable: number): boolean {
  if (expr.kind === 'field') return expr.event === variable
  let found = false
  eachOperand(expr, operand => {
    found ||= readsVariable(operand, variable)
  })
  return found
}

function article(name: string): string {
  return /^([aeio]|u(?!s|n[ai]))/i.test(name) ? 'an' : 'a'
}
