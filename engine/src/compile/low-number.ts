/**
 * Scaled integers while compiling: a number in low form with the scale it is on, and how two of them come to one scale. Which
 * expressions have such a form is lower-numbers.ts.
 */
import type { Expr } from '../plan/expression.ts'
import { type Rational, rational } from '../value/rational.ts'
import { isMoney, isRational, type Value } from '../value/value.ts'
import { arithmeticIr } from './bounds.ts'
import { largestScale, scaledInteger } from './constants.ts'
import type { NumberIr } from './ir.ts'

/** A number times 10^scale. Not a safe integer: NaN. */
export interface LowNumber {
  readonly ir: NumberIr
  readonly scale: number
  /** Tells whether a NaN at this row is an absent value; null where nobody may ask. */
  readonly isAbsent: ((row: number) => boolean) | null
}

/** `over` / `under`, where `under` is above 0. */
export interface LowRatio {
  readonly over: LowNumber
  readonly under: LowNumber
  readonly isAbsent: ((row: number) => boolean) | null
}

/** The only code of 0 and above in a column, or -1. */
export function onlyCode(codes: Int32Array): number {
  let only = known.get(codes)
  if (only === undefined) {
    only = -1
    for (const code of codes) {
      if (code < 0 || code === only) continue
      if (only >= 0) {
        only = -1
        break
      }
      only = code
    }
    known.set(codes, only)
  }
  return only
}

const known = new WeakMap<Int32Array, number>()

/** Both at one scale. */
export function level(
  left: LowNumber,
  right: LowNumber,
): { readonly left: NumberIr; readonly right: NumberIr; readonly scale: number } | null {
  const scale = Math.max(left.scale, right.scale)
  const raisedLeft = raised(left, scale)
  const raisedRight = raised(right, scale)
  return raisedLeft && raisedRight && { left: raisedLeft, right: raisedRight, scale }
}

/** Null where the constant is no decimal of a few digits, or Money of another currency. */
export function constantNumber(value: Value, currency: string | null): LowNumber | null {
  if (typeof value !== 'object') return null
  let exact: Rational
  if (isMoney(value)) {
    if (value.currency !== currency) return null
    exact = value.amount
  } else if (isRational(value) && currency === null) {
    exact = value
  } else return null
  const scaled = scaledInteger(exact)
  return scaled === undefined ? null : plain({ kind: 'number', value: scaled.integer }, scaled.scale)
}

/** Null where the scale of the product would be too large. */
export function product(left: LowNumber | null, right: LowNumber | null): LowNumber | null {
  if (!left || !right || left.scale + right.scale > largestScale) return null
  return plain(arithmeticIr('multiply', left.ir, right.ir), left.scale + right.scale)
}

/** A column. */
export function numbers(values: Float64Array, scale: number): LowNumber {
  return plain({ kind: 'numbers', values }, scale)
}

/** A number of which nobody asks whether it is absent. */
export function plain(ir: NumberIr, scale: number): LowNumber {
  return { ir, scale, isAbsent: null }
}

function raised({ ir, scale }: LowNumber, to: number): NumberIr | null {
  if (scale === to) return ir
  if (to - scale > largestScale) return null
  const factor = 10 ** (to - scale)
  if (ir.kind !== 'number') return arithmeticIr('multiply', ir, { kind: 'number', value: factor })
  const value = ir.value * factor
  return Number.isSafeInteger(value) ? { kind: 'number', value } : null
}

/** Null where one of the two is, or they have no common scale. */
export function combined(
  kind: 'add' | 'subtract' | 'least' | 'most',
  left: LowNumber | null,
  right: LowNumber | null,
): LowNumber | null {
  const same = left && right && level(left, right)
  if (!same) return null
  const { left: a, right: b, scale } = same
  return plain(kind === 'add' || kind === 'subtract' ? arithmeticIr(kind, a, b) : { kind, left: a, right: b }, scale)
}

/** `value`, and `otherwise` where it is absent. */
export function orElse(value: LowNumber, otherwise: LowNumber): LowNumber | null {
  const same = level(value, otherwise)
  const first = value.isAbsent
  if (!same || first === null) return null
  const second = otherwise.isAbsent
  return {
    ir: { kind: 'default', of: same.left, isAbsent: first, otherwise: same.right },
    scale: same.scale,
    isAbsent: second && (row => first(row) && second(row)),
  }
}

/** A part of a time: the hour of its day, the day of its week. */
export function timePart(
  time: LowNumber | null,
  part: { readonly by: number; readonly shift: number; readonly modulus: number; readonly plus: number },
): LowNumber | null {
  return time?.scale === 0 ? plain({ kind: 'part', of: time.ir, ...part }, 0) : null
}

/** Nothing, of a currency or as a number. */
export function zeroOf(currency: string | null): Value {
  const zero = rational(0n)
  return currency === null ? zero : { amount: zero, currency }
}

/** The kind of an expression's type, without `optional`. */
export function kindOf(expr: Expr): string {
  return expr.type.kind === 'optional' ? expr.type.inner.kind : expr.type.kind
}
