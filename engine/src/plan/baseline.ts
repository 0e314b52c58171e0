/** Baselines: how values were distributed once, as counts in bins, for `drift(e against NAME)`. Given to the check as data; read from a file by who checks. */
import type { Rational } from '../value/rational.ts'

export type Baseline = NumberBaseline | TextBaseline

interface Counted {
  readonly name: string
  /** One per bin; their sum is above 0. */
  readonly counts: readonly number[]
}
/** Bins of numbers: up to the first edge, above it up to the second one, …, above the last. */
export interface NumberBaseline extends Counted {
  readonly of: 'numbers'
  /** Ascending; of a Duration in milliseconds, of a Percent as a fraction. */
  readonly edges: readonly Rational[]
  /** Of Money: the currency of all amounts; null for other numbers. */
  readonly currency: string | null
}
/** A bin for each text (of a String, a member of an enum, or `true` and `false`), and one for all others. */
export interface TextBaseline extends Counted {
  readonly of: 'texts'
  readonly values: readonly string[]
}

/** By name. */
export type Baselines = ReadonlyMap<string, Baseline>

/** What `drift` makes of the two distributions. */
export type DriftMeasure = 'psi' | 'ks'

/** What a drift holds the values of its window against. */
export interface Drift {
  readonly measure: DriftMeasure
  readonly baseline: Baseline
}
