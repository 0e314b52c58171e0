/** Logarithms by whole numbers, and the two measures of drift, against values that are known. */
import { expect, test } from 'vitest'
import type { NumberBaseline } from '../../src/plan/baseline.ts'
import { binOf, driftOf, driftOfValues } from '../../src/value/drift.ts'
import { lnFixed } from '../../src/value/logarithm.ts'
import { fromInteger, rational } from '../../src/value/rational.ts'
import { absent, unknown } from '../../src/value/value.ts'
import { drifted } from '../../src/verify/drift.ts'

const usual: NumberBaseline = {
  name: 'usual',
  of: 'numbers',
  edges: [fromInteger(10), fromInteger(20)],
  currency: null,
  counts: [50, 30, 20],
}

test('logarithms are those of the mathematics, cut to 64 binary digits', () => {
  // OEIS A002162, A002391 and A002392: ln 2, ln 3 and ln 10.
  const known = {
    1: '0',
    2: '0.693147180559945309417232121458176568075500134360255254120680',
    3: '1.098612288668109691395245236922525704647490557822749451734694',
    10: '2.302585092994045684017991454684364207601101488628772976033327',
  }
  for (const [m, digits] of Object.entries(known)) {
    const [whole = '0', fraction = ''] = digits.split('.')
    const scaled = (BigInt(whole + fraction) << 64n) / 10n ** BigInt(fraction.length)
    expect(lnFixed(BigInt(m))).toBe(scaled)
  }
})

test('edges belong to the bin below them', () => {
  expect([9, 10, 11, 20, 21].map(n => binOf(usual, fromInteger(n)))).toEqual([0, 0, 1, 1, 2])
  const spent: NumberBaseline = { ...usual, currency: 'EUR' }
  expect(binOf(spent, { amount: fromInteger(11), currency: 'EUR' })).toBe(1)
  expect(binOf(spent, { amount: fromInteger(11), currency: 'USD' })).toBe(-1)
  const channels = { name: 'c', of: 'texts', values: ['chat', 'email'], counts: [1, 1, 0] } as const
  expect(['email', 'phone'].map(text => binOf(channels, text))).toEqual([1, 2])
})

test('the population stability index, and the distance of cumulated shares', () => {
  const psi = { measure: 'psi', baseline: usual } as const
  const ks = { measure: 'ks', baseline: usual } as const
  expect(driftOf(psi, [0, 0, 0])).toBe(absent)
  expect(driftOf(ks, [5, 3, 2])).toEqual(fromInteger(0))
  // |20/100 - 50/100| after the first bin.
  expect(driftOf(ks, [2, 3, 5])).toEqual(rational(3n, 10n))
  // By floating point: p = (41, 61, 101) / 203, q = (101, 61, 41) / 203; sum (p - q) ln(p / q) = 0.532898…
  const p = [41 / 203, 61 / 203, 101 / 203]
  const q = [101 / 203, 61 / 203, 41 / 203]
  const expected = p.reduce((sum, share, i) => sum + (share - (q[i] ?? 0)) * Math.log(share / (q[i] ?? 1)), 0)
  expect(driftOf(psi, [20, 30, 50])).toEqual(rational(BigInt(Math.round(expected * 1e6)), 1_000_000n))
})

test('a value without a bin makes it unknown', () => {
  const drift = { measure: 'psi', baseline: { ...usual, currency: 'EUR' } } as const
  expect(driftOfValues(drift, [{ amount: fromInteger(1), currency: 'USD' }])).toBe(unknown)
})

test('the checker has the same drift by other means', () => {
  for (let size = 1; size < 120; size += 7) {
    const values = Array.from({ length: size }, (_, i) => fromInteger((i * i * 31) % 37))
    for (const measure of ['psi', 'ks'] as const)
      expect(drifted({ measure, baseline: usual }, values)).toEqual(driftOfValues({ measure, baseline: usual }, values))
  }
})
