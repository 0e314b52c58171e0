/**
 * Drift a second time, by other means: bins found one by one, logarithms by squaring binary digit after digit. The definition is
 * that of docs/language.md, "Drift".
 */
import type { Drift } from '../plan/baseline.ts'
import { absent, type Datum, unknown } from './datum.ts'
import { integer, minus, order, plus, type Quantity, quantity, round, times } from './quantity.ts'

export function drifted({ measure, baseline }: Drift, values: readonly Datum[]): Datum {
  const size = baseline.of === 'texts' ? baseline.values.length : baseline.edges.length
  const places = values.map(value => placeOf(baseline, value, size))
  if (places.includes(-1)) return unknown
  if (places.length === 0) return absent
  const counts = Array.from({ length: size + 1 }, (_, bin) => places.filter(place => place === bin).length)
  return measure === 'ks' ? farthest(counts, baseline.counts) : stability(counts, baseline.counts)
}

function placeOf(baseline: Drift['baseline'], value: Datum, size: number): number {
  if (baseline.of === 'texts') {
    const place = baseline.values.findIndex(
      text => text === value || (typeof value === 'boolean' && text === `${value}`),
    )
    return place < 0 ? size : place
  }
  if (typeof value !== 'object') return -1
  const isMoney = 'currency' in value
  if (isMoney && value.currency !== baseline.currency) return -1
  const number = isMoney ? value.amount : 'n' in value ? value : null
  if (number === null) return -1
  const place = baseline.edges.findIndex(edge => order(number, edge) <= 0)
  return place < 0 ? size : place
}

function farthest(counts: readonly number[], base: readonly number[]): Quantity {
  const share = (list: readonly number[], end: number): Quantity =>
    quantity(BigInt(total(list.slice(0, end))), BigInt(total(list)))
  return counts
    .map((_, i) => plus(share(counts, i + 1), minus(share(base, i + 1))))
    .map(difference => (difference.n < 0n ? minus(difference) : difference))
    .reduce((most, one) => (order(one, most) > 0 ? one : most), integer(0))
}

function stability(counts: readonly number[], base: readonly number[]): Quantity {
  const parts = (list: readonly number[]) =>
    list.map(count => ({ over: BigInt(2 * count + 1), under: BigInt(2 * total(list) + list.length) }))
  const before = parts(base)
  const terms = parts(counts).map((own, i) => {
    const known = before[i] ?? own
    const difference = plus(quantity(own.over, own.under), minus(quantity(known.over, known.under)))
    const ratio = logarithm(own.over) - logarithm(own.under) - logarithm(known.over) + logarithm(known.under)
    return times(difference, quantity(ratio, 1n << 64n))
  })
  return round(terms.reduce(plus, integer(0)), 6)
}

/** The largest integer not above 2^64 times the natural logarithm: the binary one digit by digit, times ln 2. */
function logarithm(m: bigint): bigint {
  const whole = m.toString(2).length - 1
  let x = (m << bits) >> BigInt(whole)
  let binary = BigInt(whole)
  for (let i = 0; i < digits; i++) {
    x = (x * x) >> bits
    binary <<= 1n
    if (x >> (bits + 1n) === 0n) continue
    binary |= 1n
    x >>= 1n
  }
  return (binary * ln2()) >> (bits + BigInt(digits) - 64n)
}

const bits = 420n
const digits = 150

/** ln 2 = 18 arcoth 26 - 2 arcoth 4801 + 8 arcoth 8749. */
function ln2(): bigint {
  return 18n * arcoth(26n) - 2n * arcoth(4801n) + 8n * arcoth(8749n)
}

function arcoth(n: bigint): bigint {
  let power = (1n << bits) / n
  let sum = 0n
  for (let k = 1n; power > 0n; k += 2n) {
    sum += power / k
    power /= n * n
  }
  return sum
}

function total(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}
