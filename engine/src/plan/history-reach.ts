/**
 * How far back a program looks: per contract, which events of the past may still change a later decision. Whoever decides a
 * stream piece by piece keeps just those (the ledger's session); evaluating a recorded log needs none of this.
 */
import { calendarStart } from '../reference/calendar.ts'
import type { Expr, Range } from './expression.ts'
import type { Plan, PlanRule } from './plan.ts'
import { eachOperand, patternsOf } from './read-set.ts'

/** `forever`: some form counts since an event, however long ago that was. */
export interface HistoryReach {
  readonly forever: boolean
  /** Length of the longest sliding window; 0: none. */
  readonly milliseconds: number
  /** Calendar units that are counted in. */
  readonly units: ReadonlySet<'hour' | 'day' | 'week' | 'month'>
}

/** Per contract of the plan; null where no history form looks at its events. */
export function historyReach(plan: Plan): readonly (HistoryReach | null)[] {
  const ranges = plan.contracts.map((): Range[] => [])
  /** `more`: for how long afterwards the value still matters. */
  const collect = (expression: Expr, more = 0): void => {
    if (expression.kind === 'aggregate' || expression.kind === 'exists' || expression.kind === 'sequence')
      for (const pattern of patternsOf(expression)) ranges[pattern.contract]?.push(longer(expression.range, more))
    eachOperand(expression, operand => {
      collect(operand, more)
    })
  }
  for (const { rows } of plan.roles) if (rows !== null) ranges[rows.contract]?.push({ kind: 'ever' })
  for (const policy of plan.policies) {
    for (const part of policy.default.because ?? []) if (typeof part !== 'string') collect(part)
    for (const rule of policy.rules) {
      // A breaker stays tripped by events up to this old, and they by their own past.
      const lasts = rule.lasting === null ? 0 : rule.lasting.milliseconds + 1
      if (lasts > 0)
        for (const contract of rule.contracts) ranges[contract]?.push({ kind: 'over', milliseconds: lasts })
      if (rule.when !== null) collect(rule.when, lasts)
      if (rule.expectation?.opens.where) collect(rule.expectation.opens.where)
      for (const { value } of rule.lasting?.keys ?? []) collect(value, lasts)
      const texts = [rule.text, rule.because, rule.approval?.otherwise?.text ?? null]
      const told = livesFor(rule)
      for (const part of texts.flatMap(text => text ?? [])) if (typeof part !== 'string') collect(part, told)
      for (const { fields } of rule.obligations) for (const { value } of fields) collect(value, told)
    }
  }
  return ranges.map(all => (all.length === 0 ? null : reachOf(all)))
}

/** For how long after its event what follows from a rule may be told. */
function livesFor({ expectation, approval }: PlanRule): number {
  if (expectation !== null) return expectation.withinMilliseconds
  const stages = approval?.stages ?? []
  return stages.reduce((sum, { withinMilliseconds }) => sum + (withinMilliseconds ?? Number.POSITIVE_INFINITY), 0)
}

/** Events at or before this time can no longer change a decision about events at `latest` or later. */
export function forgottenUntil(reach: HistoryReach | null, latest: number): number {
  if (reach === null) return Number.POSITIVE_INFINITY
  if (reach.forever) return Number.NEGATIVE_INFINITY
  let until = reach.milliseconds > 0 ? latest - reach.milliseconds : Number.POSITIVE_INFINITY
  for (const unit of reach.units) until = Math.min(until, calendarStart(latest, unit) - 1)
  return until
}

function reachOf(ranges: readonly Range[]): HistoryReach {
  const units = new Set<'hour' | 'day' | 'week' | 'month'>()
  let milliseconds = 0
  let forever = false
  for (const range of ranges) {
    if (range.kind === 'over') milliseconds = Math.max(milliseconds, range.milliseconds)
    else if (range.kind === 'per' && range.zone) milliseconds = Math.max(milliseconds, longestUnit[range.unit])
    else if (range.kind === 'per') units.add(range.unit)
    else forever = true
  }
  return { forever, milliseconds, units }
}

function longer(range: Range, more: number): Range {
  if (more === 0 || range.kind === 'since' || range.kind === 'ever') return range
  const own = range.kind === 'over' ? range.milliseconds : longestUnit[range.unit]
  return { kind: 'over', milliseconds: own + more }
}

const hour = 3_600_000

/** Of a zone: with the hours by which its clocks may be set back. */
const longestUnit = { hour: 3 * hour, day: 27 * hour, week: 171 * hour, month: 747 * hour } as const
