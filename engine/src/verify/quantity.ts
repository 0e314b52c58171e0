/** Exact fractions of the checker: its own, so that a mistake in the engine's numbers cannot hide in an explanation. */

/** INVARIANT: `d` > 0, no common factor. */
export interface Quantity {
  readonly n: bigint
  readonly d: bigint
}

export function quantity(n: bigint, d = 1n): Quantity {
  let [a, b] = [n < 0n ? -n : n, d < 0n ? -d : d]
  while (b > 0n) [a, b] = [b, a % b]
  const divisor = d < 0n ? -a : a
  return divisor === 0n ? { n: 0n, d: 1n } : { n: n / divisor, d: d / divisor }
}
export const integer = (value: number): Quantity => quantity(BigInt(value))

export const plus = (a: Quantity, b: Quantity): Quantity => quantity(a.n * b.d + b.n * a.d, a.d * b.d)
export const minus = (a: Quantity): Quantity => ({ n: -a.n, d: a.d })
export const times = (a: Quantity, b: Quantity): Quantity => quantity(a.n * b.n, a.d * b.d)
/** Null where `b` is zero. */
export const over = (a: Quantity, b: Quantity): Quantity | null => (b.n === 0n ? null : quantity(a.n * b.d, a.d * b.n))
export function sign(a: Quantity): -1 | 0 | 1 {
  return a.n < 0n ? -1 : a.n > 0n ? 1 : 0
}
export const order = (a: Quantity, b: Quantity): -1 | 0 | 1 => sign(plus(a, minus(b)))
export const cut = (a: Quantity): Quantity => quantity(a.n / a.d)
export function floor(a: Quantity): Quantity {
  const whole = a.n / a.d
  return quantity(whole * a.d > a.n ? whole - 1n : whole)
}
/** Half away from zero. */
export function round(a: Quantity, digits: number): Quantity {
  const scale = 10n ** BigInt(digits)
  const half = quantity(BigInt(sign(a)), 2n)
  return quantity(cut(plus(times(a, quantity(scale)), half)).n, scale)
}

/** Plain digits; what has no end is rounded to `digits` and marked. */
export function text(a: Quantity, digits = 6): string {
  if (a.n < 0n) return `-${text(minus(a), digits)}`.replace('-≈', '≈-')
  let places = 0
  while (places <= 2000 && (a.n * 10n ** BigInt(places)) % a.d !== 0n) places++
  if (places > 2000 || !finite(a.d)) return `≈${text(round(a, digits), digits)}`
  const all = ((a.n * 10n ** BigInt(places)) / a.d).toString().padStart(places + 1, '0')
  return places === 0 ? all : `${all.slice(0, -places)}.${all.slice(-places)}`
}

/** Only 2 and 5 divide it. */
export function finite(denominator: bigint): boolean {
  let rest = denominator
  for (const prime of [2n, 5n]) while (rest % prime === 0n) rest /= prime
  return rest === 1n
}
