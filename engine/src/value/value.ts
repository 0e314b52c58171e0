/**
 * Values as the reference interpreter, explanations and tests see them. Columns (log/columns.ts) hold the same values packed.
 * Which operation may meet which value is the checker's business; here is only what a value is.
 */
import type { Rational } from './rational.ts'

/** An optional field without a value. */
export const absent: unique symbol = Symbol('absent')
/** What cannot be known: a field that breaks its contract, a division by zero. Conditions on it are neither true nor false. */
export const unknown: unique symbol = Symbol('unknown')

export interface Money {
  readonly amount: Rational
  /** Three capital letters, ISO 4217. */
  readonly currency: string
}

/**
 * Bool is boolean; String, enum members and Version are string; Int, Decimal, Percent, Duration and Time (milliseconds, the
 * latter since 1970-01-01T00:00:00Z) are Rational; records are RecordValue; lists are arrays.
 */
export type Value =
  | boolean
  | string
  | Rational
  | Money
  | RecordValue
  | readonly Value[]
  | typeof absent
  | typeof unknown

export interface RecordValue {
  readonly fields: Readonly<Record<string, Value>>
}

export function isMoney(value: Value): value is Money {
  return typeof value === 'object' && 'currency' in value
}
export function isRational(value: Value): value is Rational {
  return typeof value === 'object' && 'd' in value
}
export function isRecord(value: Value): value is RecordValue {
  return typeof value === 'object' && 'fields' in value
}
