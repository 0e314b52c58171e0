/**
 * How far the values of a window are from a baseline: the population stability index and the distance of Kolmogorov and Smirnov,
 * over whole counts. docs/language.md, "Drift". Both evaluators and explanations use it; the checker has its own.
 */
import type { Baseline, Drift } from '../plan/baseline.ts'
import { lnFixed } from './logarithm.ts'
import { compare, type Rational, rational, roundTo, zero } from './rational.ts'
import { absent, isMoney, isRational, unknown, type Value } from './value.ts'

/** The place of a value among the bins; -1 where it cannot be known (money of another currency). */
export function binOf(baseline: Baseline, value: Value): number {
  if (baseline.of === 'texts') {
    if (typeof value !== 'string' && typeof value !== 'boolean') return -1
    const place = baseline.values.indexOf(String(value))
    return place < 0 ? baseline.values.length : place
  }
  if (typeof value !== 'object') return -1
  if (isMoney(value)) return value.currency === baseline.currency ? binOfNumber(baseline.edges, value.amount) : -1
  return isRational(value) ? binOfNumber(baseline.edges, value) : -1
}

/** The drift of counts by bin; absent of no values. */
export function driftOf({ measure, baseline }: Drift, counts: readonly number[]): Value {
  const size = sum(counts)
  if (size === 0) return absent
  return measure === 'psi' ? stabilityIndex(counts, baseline.counts) : distance(counts, baseline.counts)
}

/** The drift of values; unknown where one of them has no bin. */
export function driftOfValues(drift: Drift, values: readonly Value[]): Value {
  const counts = drift.baseline.counts.map(() => 0)
  for (const value of values) {
    const bin = binOf(drift.baseline, value)
    if (bin < 0) return unknown
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return driftOf(drift, counts)
}

function binOfNumber(edges: readonly Rational[], number: Rational): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(edges[middle] as Rational, number) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The sum over bins of (p - q) · (ln p - ln q), where half an event more is counted in each bin of both, so that none is empty:
 * p = (2c + 1) / (2n + k). Logarithms are cut to 64 binary digits, the sum is exact and rounded to 6 digits, half away from zero.
 */
function stabilityIndex(counts: readonly number[], base: readonly number[]): Rational {
  const bins = BigInt(counts.length)
  const all = 2n * BigInt(sum(counts)) + bins
  const baseAll = 2n * BigInt(sum(base)) + bins
  const lnAll = lnFixed(all)
  const lnBaseAll = lnFixed(baseAll)
  let total = 0n
  counts.forEach((count, i) => {
    const own = 2n * BigInt(count) + 1n
    const known = 2n * BigInt(base[i] ?? 0) + 1n
    const ratio = lnFixed(own) - lnAll - (lnFixed(known) - lnBaseAll)
    total += (own * baseAll - known * all) * ratio
  })
  return roundTo(rational(total, (all * baseAll) << 64n), 6)
}

/** The largest difference of the cumulated shares, bins in their order. */
function distance(counts: readonly number[], base: readonly number[]): Rational {
  const all = BigInt(sum(counts))
  const baseAll = BigInt(sum(base))
  let own = 0n
  let known = 0n
  let largest = 0n
  counts.forEach((count, i) => {
    own += BigInt(count)
    known += BigInt(base[i] ?? 0)
    const difference = own * baseAll - known * all
    const size = difference < 0n ? -difference : difference
    if (size > largest) largest = size
  })
  return largest === 0n ? zero : rational(largest, all * baseAll)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
