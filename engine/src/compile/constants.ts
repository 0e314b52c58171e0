/** Constants on the scale of a column: how an exact number is compared with scaled integers. */
import type { Rational } from '../value/rational.ts'

/**
 * `value` times 10^scale as a double that compares with every safe integer as the exact number does: itself where it is a safe
 * integer, half way between two integers where it lies between them, infinite where it is beyond all of them.
 */
export function comparableAt(value: Rational, scale: number): number {
  const scaled = value.n * 10n ** BigInt(scale)
  const whole = scaled / value.d
  if (whole * value.d === scaled) {
    if (whole > largestSafe) return Number.POSITIVE_INFINITY
    return whole < -largestSafe ? Number.NEGATIVE_INFINITY : Number(whole)
  }
  const below = scaled < 0n ? whole - 1n : whole
  if (below >= halvesEnd) return below >= largestSafe ? Number.POSITIVE_INFINITY : Number.NaN
  if (below < -halvesEnd) return below < -largestSafe ? Number.NEGATIVE_INFINITY : Number.NaN
  return Number(below) + 0.5
}

/** The smallest scale at which `value` is a safe integer, with that integer; undefined where there is none. */
export function scaledInteger(value: Rational): { readonly integer: number; readonly scale: number } | undefined {
  let power = 1n
  for (let scale = 0; scale <= largestScale; scale++, power *= 10n) {
    if (power % value.d !== 0n) continue
    const integer = value.n * (power / value.d)
    return integer <= largestSafe && integer >= -largestSafe ? { integer: Number(integer), scale } : undefined
  }
  return undefined
}

/** Scales of fast numbers; 10^15 is still a safe integer. */
export const largestScale = 15

const largestSafe = BigInt(Number.MAX_SAFE_INTEGER)
/** Below 2^52, doubles have halves. */
const halvesEnd = 2n ** 52n
