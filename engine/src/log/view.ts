/**
 * Events one at a time, as values: what the reference interpreter, the tracing of explanations and the checker read.
 * Slow and obvious on purpose; the compiled evaluator reads columns.
 */
import type { Value } from '../value/value.ts'

export interface EventView {
  readonly seq: number
  /** Index into `Plan.contracts`. */
  readonly contract: number
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly file: string
  readonly index: number
  /** `absent` and `unknown` are values; a path that the contract does not have is a programmer's mistake and throws. */
  value(path: readonly string[]): Value
  /** Whether the log was opened with this field; without this member every field is there. */
  has?(path: readonly string[]): boolean
}

export interface LogView {
  /** Number of events; seq runs from 0. */
  readonly size: number
  event(seq: number): EventView
  /** Seqs of the events of a contract, ascending. */
  of(contract: number): ArrayLike<number>
  /**
   * Seqs of those events of a contract whose field has this value, ascending; null where they cannot be told faster than by
   * looking at each. Views that cannot tell at all leave it out.
   */
  withValue?(contract: number, path: readonly string[], value: Value): ArrayLike<number> | null
}
