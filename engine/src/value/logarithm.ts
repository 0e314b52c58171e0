/**
 * The natural logarithm of whole numbers in fixed point, by integers alone, so that it is the same on every machine: `Math.log`
 * may differ in its last digit. `lnFixed(m)` is the largest integer not above 2^64 · ln m.
 */

/** `m` is at least 1. */
export function lnFixed(m: bigint): bigint {
  const known = logarithms.get(m)
  if (known !== undefined) return known
  const exponent = BigInt(m.toString(2).length - 1)
  // m = 2^exponent · f with 1 <= f < 2, and ln f = 2 artanh((f - 1) / (f + 1)).
  const f = (m << precision) >> exponent
  const one = 1n << precision
  const made = (exponent * ln2 + artanhTwice(((f - one) << precision) / (f + one))) >> (precision - 64n)
  if (logarithms.size < mostKept) logarithms.set(m, made)
  return made
}

/** Far more bits than are given back: the sum of all roundings stays below the last of these. */
const precision = 224n

/** 2 artanh(y) of a fixed-point y in [0, 1/3]. */
function artanhTwice(y: bigint): bigint {
  const square = (y * y) >> precision
  let power = y
  let sum = 0n
  for (let k = 1n; power > 0n; k += 2n) {
    sum += power / k
    power = (power * square) >> precision
  }
  return 2n * sum
}

const ln2 = artanhTwice((1n << precision) / 3n)

const mostKept = 100_000
const logarithms = new Map<bigint, bigint>()
