/** Targets and their budgets: what may be missed of a share, or used of a limit, and how fast it goes. Exact. docs/language.md, "Indicators and objectives". */
import type { BoundOperator } from '@writ/grammar'
import type { MeasureFunction, PlanTarget } from '../plan/measure.ts'
import { compare, divide, fromInteger, multiply, type Rational, rational, subtract, zero } from '../value/rational.ts'
import type { Figure } from './figures.ts'

/** What a window holds. `good`: of shares, for how many points the condition holds. */
export interface Held {
  readonly value: Rational | null
  readonly points: number
  readonly good: number | null
}

export function holds(value: Rational, operator: BoundOperator, bound: Rational): boolean {
  const order = compare(value, bound)
  switch (operator) {
    case '>=':
      return order >= 0
    case '>':
      return order > 0
    case '<=':
      return order <= 0
    case '<':
      return order < 0
  }
}

/** True where `value` is farther than `other` from what the operator asks for. */
export function isWorse(value: Rational, other: Rational, operator: BoundOperator): boolean {
  return operator === '>=' || operator === '>' ? compare(value, other) < 0 : compare(value, other) > 0
}

/**
 * How many times faster than sustainable the budget goes: of a share, missed points of all by what may be missed; of a limit, what
 * was used in the window by what may be used in a time of its length. Null where there is no budget, or nothing in the window.
 */
export function burnRate(
  target: PlanTarget,
  measured: MeasureFunction,
  held: Held,
  milliseconds: number,
): Rational | null {
  if (measured === 'share') {
    const { missed, room } = shareBudget(target, held)
    if (held.points === 0) return null
    return divide(rational(BigInt(missed), BigInt(held.points)), room) ?? null
  }
  if (target.range.kind !== 'over' || held.value === null) return null
  const used = divide(held.value, target.value)
  return used === undefined ? null : multiply(used, rational(BigInt(target.range.milliseconds), BigInt(milliseconds)))
}

/** The part of the budget that is left in the range of the target; null where there is none, or nothing in the window. */
export function remainingBudget(target: PlanTarget, measured: MeasureFunction, held: Held): Rational | null {
  if (measured === 'share') {
    const { missed, room } = shareBudget(target, held)
    const allowed = multiply(room, fromInteger(held.points))
    const used = divide(fromInteger(missed), allowed)
    return used === undefined ? null : subtract(fromInteger(1), used)
  }
  const isLimit = (measured === 'count' || measured === 'sum') && compare(target.value, zero) > 0
  if (!isLimit || held.value === null) return null
  const used = divide(held.value, target.value)
  return used === undefined ? null : subtract(fromInteger(1), used)
}

function shareBudget({ operator, value }: PlanTarget, { points, good }: Held) {
  const isUpper = operator === '<=' || operator === '<'
  const met = good ?? 0
  return isUpper ? { missed: met, room: value } : { missed: points - met, room: subtract(fromInteger(1), value) }
}

export function figureOf(value: Rational): Figure {
  return value.d === 1n ? `${value.n}` : `${value.n}/${value.d}`
}
/** The number of a figure. */
export function figureValue(figure: Figure): Rational {
  const [n = '0', d = '1'] = figure.split('/')
  return rational(BigInt(n), BigInt(d))
}
export function figureOrNull(value: Rational | null): Figure | null {
  return value === null ? null : figureOf(value)
}
