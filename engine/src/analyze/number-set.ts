/**
 * Sets of exact numbers: disjoint intervals in ascending order, each end open or closed, null where there is none. Which numbers
 * a condition allows is conditions-as-formulas' business (meaning.ts); sets of texts are in text-set.ts.
 */
import type { ComparisonOperator } from '@writ/grammar'
import { compare, type Rational, rational } from '../value/rational.ts'

export interface Interval {
  /** Null: no end on this side. */
  readonly low: Rational | null
  readonly lowOpen: boolean
  readonly high: Rational | null
  readonly highOpen: boolean
}
export type NumberSet = readonly Interval[]

export const allNumbers: NumberSet = [{ low: null, lowOpen: true, high: null, highOpen: true }]

/** The numbers from `low` to `high`, both included where they are given. */
export function between(low: Rational | null, high: Rational | null): NumberSet {
  return [{ low, lowOpen: low === null, high, highOpen: high === null }]
}

/** The numbers x for which `x operator value` is true. */
export function numbersWhere(operator: ComparisonOperator, value: Rational): NumberSet {
  const below = (highOpen: boolean): Interval => ({ low: null, lowOpen: true, high: value, highOpen })
  const above = (lowOpen: boolean): Interval => ({ low: value, lowOpen, high: null, highOpen: true })
  switch (operator) {
    case '==':
      return between(value, value)
    case '!=':
      return [below(true), above(true)]
    case '<':
      return [below(true)]
    case '<=':
      return [below(false)]
    case '>':
      return [above(true)]
    case '>=':
      return [above(false)]
  }
}

/** Those in both. `whole`: only whole numbers are meant. */
export function bothNumbers(left: NumberSet, right: NumberSet, whole: boolean): NumberSet {
  const found: Interval[] = []
  for (const a of left)
    for (const b of right) {
      const low = higherLow(a, b)
      const high = lowerHigh(a, b)
      const made = { low: low.low, lowOpen: low.lowOpen, high: high.high, highOpen: high.highOpen }
      const cut = whole ? toWhole(made) : made
      if (!isEmpty(cut)) found.push(cut)
    }
  return found
}

export function sameNumbers(left: NumberSet, right: NumberSet): boolean {
  return (
    left.length === right.length &&
    left.every((a, i) => {
      const b = right[i]
      return (
        b !== undefined &&
        sameEnd(a.low, b.low) &&
        sameEnd(a.high, b.high) &&
        a.lowOpen === b.lowOpen &&
        a.highOpen === b.highOpen
      )
    })
  )
}

function sameEnd(a: Rational | null, b: Rational | null): boolean {
  return a === null || b === null ? a === b : compare(a, b) === 0
}

function higherLow(a: Interval, b: Interval): Interval {
  if (a.low === null) return b
  if (b.low === null) return a
  const order = compare(a.low, b.low)
  return order > 0 || (order === 0 && a.lowOpen) ? a : b
}
function lowerHigh(a: Interval, b: Interval): Interval {
  if (a.high === null) return b
  if (b.high === null) return a
  const order = compare(a.high, b.high)
  return order < 0 || (order === 0 && a.highOpen) ? a : b
}

function isEmpty({ low, lowOpen, high, highOpen }: Interval): boolean {
  if (low === null || high === null) return false
  const order = compare(low, high)
  return order > 0 || (order === 0 && (lowOpen || highOpen))
}

function toWhole({ low, lowOpen, high, highOpen }: Interval): Interval {
  return {
    low: low && rational(-floorOf(-low.n, low.d) + (lowOpen && low.d === 1n ? 1n : 0n)),
    lowOpen: low === null,
    high: high && rational(floorOf(high.n, high.d) - (highOpen && high.d === 1n ? 1n : 0n)),
    highOpen: high === null,
  }
}

function floorOf(n: bigint, d: bigint): bigint {
  const whole = n / d
  return n < 0n && whole * d !== n ? whole - 1n : whole
}
