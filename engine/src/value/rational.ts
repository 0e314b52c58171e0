/**
 * Exact numbers: fractions of BigInts in lowest terms. Every number of the language (Int, Decimal, Percent, the amount of a
 * Money, milliseconds of Duration and Time) has this one exact meaning; the compiled evaluator's scaled doubles are an
 * optimisation that must agree with it.
 */

/** INVARIANT: `d` > 0 and gcd(n, d) = 1. Make one with `rational`, never by hand. */
export interface Rational {
  readonly n: bigint
  readonly d: bigint
}

export function rational(n: bigint, d: bigint = 1n): Rational {
  if (d === 0n) throw new RangeError('a fraction needs a denominator other than 0')
  if (d === 1n) return { n, d }
  const sign = d < 0n ? -1n : 1n
  const common = gcd(n < 0n ? -n : n, d < 0n ? -d : d)
  return { n: (sign * n) / common, d: (sign * d) / common }
}

/** From a JS integer; throws when it is no safe integer. */
export function fromInteger(value: number): Rational {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`)
  return { n: BigInt(value), d: 1n }
}

/** Reads JSON number text (`-12`, `1.50`, `1e-3`) exactly; undefined when it is none or its exponent is beyond ±400. */
export function parseRational(text: string): Rational | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole, fraction = '', exponentText = '0'] = match
  const exponent = Number(exponentText)
  if (exponent > 400 || exponent < -400) return undefined
  const digits = BigInt(`${sign}${whole}${fraction}`)
  const power = exponent - fraction.length
  return power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power))
}

export const zero: Rational = { n: 0n, d: 1n }

export function add(a: Rational, b: Rational): Rational {
  return a.d === b.d ? rational(a.n + b.n, a.d) : rational(a.n * b.d + b.n * a.d, a.d * b.d)
}
export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b))
}
export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.n * b.n, a.d * b.d)
}
/** Undefined where `b` is zero. */
export function divide(a: Rational, b: Rational): Rational | undefined {
  return b.n === 0n ? undefined : rational(a.n * b.d, a.d * b.n)
}
export function negate(a: Rational): Rational {
  return { n: -a.n, d: a.d }
}
/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const left = a.n * b.d
  const right = b.n * a.d
  return left < right ? -1 : left > right ? 1 : 0
}
export function equal(a: Rational, b: Rational): boolean {
  return a.n === b.n && a.d === b.d
}

/** Rounds half away from zero to `digits` decimal digits (0 to 30). */
export function roundTo(a: Rational, digits: number): Rational {
  const power = 10n ** BigInt(digits)
  const scaled = a.n * power * 2n
  const magnitude = ((scaled < 0n ? -scaled : scaled) + a.d) / (a.d * 2n)
  return rational(a.n < 0n ? -magnitude : magnitude, power)
}

/** Exact decimal text where there is one (`1250.5`); else rounded to 6 digits and marked (`≈0.333333`). */
export function decimalText(a: Rational): string {
  let rest = a.d
  let twos = 0
  let fives = 0
  while (rest % 2n === 0n) {
    rest /= 2n
    twos++
  }
  while (rest % 5n === 0n) {
    rest /= 5n
    fives++
  }
  if (rest !== 1n) return `≈${decimalText(roundTo(a, 6))}`
  const digits = Math.max(twos, fives)
  const scaled = (a.n * 10n ** BigInt(digits)) / a.d
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0')
  const sign = scaled < 0n ? '-' : ''
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}
