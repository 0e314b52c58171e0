/**
 * Recorded events as columns: one batch per contract, typed arrays, strings as codes of one dictionary per log.
 * The ledger fills it from bytes, the test runner and generators from values (log/builder.ts); the evaluators only read.
 *
 * INVARIANT: rows of a batch are in event order; `seq` is strictly increasing within a batch and unique over the log.
 * INVARIANT: where an optional record is absent (or unknown), so are all the leaves inside it.
 * INVARIANT: a string has one code in the whole log, so equality of strings, keys and enums is equality of codes.
 */
import type { Rational } from '../value/rational.ts'
import type { Value } from '../value/value.ts'

/** Codes below 0 are no strings. */
export const absentCode = -1
export const unknownCode = -2

export interface Dictionary {
  /** Number of different strings; codes are 0 .. size - 1. */
  readonly size: number
  text(code: number): string
  /** How many bytes the text has in UTF-8, where that is known without making it. */
  byteLength?(code: number): number
  /** The code of `text`, or -3 when no event has it. */
  find(text: string): number
}

/** 0 false, 1 true, 2 unknown, 3 absent. Also at the path of an optional record: 1 where it is present. */
export interface BoolColumn {
  readonly kind: 'bool'
  readonly values: Uint8Array
}
/** String, enum, Version. */
export interface CodeColumn {
  readonly kind: 'code'
  readonly values: Int32Array
}
/**
 * Int, Decimal, Percent, Duration, Time: `values[row]` is the number times 10^scale, a safe integer. NaN where it is
 * absent, unknown or does not fit; `exact` then has what it is.
 */
export interface NumberColumn {
  readonly kind: 'number'
  readonly scale: number
  readonly values: Float64Array
  readonly exact: ReadonlyMap<number, Rational | Absence>
}
export interface MoneyColumn {
  readonly kind: 'money'
  readonly scale: number
  readonly values: Float64Array
  readonly exact: ReadonlyMap<number, Rational | Absence>
  readonly currency: Int32Array
}
/** Lists, and records inside lists: values as they are. Records at the top are flattened to paths. */
export interface ValueColumn {
  readonly kind: 'value'
  readonly values: readonly Value[]
}
export type Column = BoolColumn | CodeColumn | NumberColumn | MoneyColumn | ValueColumn
export type Absence = 'absent' | 'unknown'

/** All events of one contract. */
export interface Batch {
  /** Index into `Plan.contracts`. */
  readonly contract: number
  readonly rows: number
  /** Place in the order of the whole log, from 0. */
  readonly seq: Int32Array
  /** Event time, milliseconds since the epoch. */
  readonly time: Float64Array
  /** Index into `Log.files`. */
  readonly file: Int32Array
  /** The record's place in its file, from 0. */
  readonly index: Int32Array
  /** By path joined with '.', e.g. `args.recipient`; only the fields that were asked for. */
  readonly columns: ReadonlyMap<string, Column>
}

export interface Log {
  readonly dictionary: Dictionary
  /** By contract; an empty batch where a contract has no events. */
  readonly batches: readonly Batch[]
  /** By seq: the contract and the row of each event. */
  readonly contractOf: Uint16Array
  readonly rowOf: Int32Array
  readonly files: readonly string[]
}

/** Something about a recorded event or file that its contract or source does not allow. Codes are in the W2000 group of the catalogue. */
export interface Finding {
  readonly code: string
  readonly message: string
  /** Relative to the folder of events. */
  readonly file: string
  /** From 1; null for formats without lines. */
  readonly line: number | null
  /** The record's place in its file, from 0; null for a finding about the whole file. */
  readonly index: number | null
  /** Path of the field, e.g. `args.amount`. */
  readonly path: string | null
}
