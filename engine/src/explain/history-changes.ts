import type { Expr, Range } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import { calendarStart } from '../reference/calendar.ts'
import { fromInteger } from '../value/rational.ts'
import { tripOf } from './breaker.ts'
import { type Change, change, type Trial, type Tried, tried } from './change.ts'
import { evaluate } from './evaluate.ts'
import { isHistory, zoneText } from './history-words.ts'
import type { Overlay } from './overlay.ts'
import { type HistoryExpr, history } from './window.ts'
import { eventNumber, eventsText, timeText } from './words.ts'

/** One or two events fewer, where an `exists` or `no` asks for them. */
export function fewerChanges(condition: Expr, trial: Trial): readonly Change[] {
  if (condition.kind !== 'exists') return []
  const found = history(condition, trial.scope, evaluate)
  const counting = [...found.events, ...found.unknownEvents]
  if (counting.length === 0 || counting.length > 2 || counting.includes(trial.scope.event.seq)) return []
  const decided = tried(trial, { without: new Set(counting) })
  const contract = trial.scope.plan.contracts[condition.pattern.contract]?.name ?? ''
  return decided ? [change(trial, 'event', `without ${eventsText(counting)} (${contract})`, decided)] : []
}

/** The same event later with nothing else happening, at the first time that changes the decision. */
export function waitChanges(conditions: readonly Expr[], trial: Trial): readonly Change[] {
  const { sources } = trial.scope.plan
  // Where the records carry no time, it only numbers them: there is nothing to wait for.
  if (sources.length > 0 && sources.every(source => source.time.kind === 'order')) return []
  const leaving = leavings(conditions, trial)
  const at = (place: number): Tried | null => {
    const moment = leaving[place]
    return moment ? tried(trial, laterBy(moment.time, trial)) : null
  }
  // The decision mostly changes once and stays; whatever is found was tried, so that it holds in any case.
  let low = 0
  let high = leaving.length - 1
  let found: { readonly place: number; readonly decided: Tried } | null = null
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

/** The history forms in an expression, those behind its lets too. */
export function histories(expr: Expr): readonly HistoryExpr[] {
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
