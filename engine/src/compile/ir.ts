/**
 * The low form of conditions: what is left of an expression when types, scales and dictionary codes of one log are known.
 * Made by lower.ts, turned into closures (closures.ts) or into source (source.ts); both must give the same results.
 *
 * Truths are 0 false, 1 true, 2 unknown. Numbers are integers scaled by a power of ten known while compiling, as doubles.
 * INVARIANT: a number that is not exactly a safe integer is NaN: absent, unknown, too large, too fine. A comparison that meets
 * NaN asks its `otherwise`, which has the exact meaning. Codes below 0 are no strings of the log, as in log/columns.ts.
 */
import type { Condition } from './rules.ts'

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

export type TruthIr =
  | { readonly kind: 'truth'; readonly value: 0 | 1 | 2 }
  /** A Bool column. */
  | { readonly kind: 'bools'; readonly values: Uint8Array }
  | { readonly kind: 'not'; readonly of: TruthIr }
  | { readonly kind: 'and' | 'or'; readonly of: readonly TruthIr[] }
  | {
      readonly kind: 'compare'
      readonly operator: Comparison
      readonly left: NumberIr
      readonly right: NumberIr
      readonly otherwise: Condition
    }
  /** The number is there: 1, else what `otherwise` says. */
  | { readonly kind: 'known'; readonly of: NumberIr; readonly otherwise: Condition }
  /** `otherwise` is asked where one of the codes is below 0. */
  | { readonly kind: 'same-code'; readonly left: CodeIr; readonly right: CodeIr; readonly otherwise: Condition }
  /** Where the column has a code below 0: unknown. */
  | { readonly kind: 'one-of'; readonly codes: Int32Array; readonly wanted: readonly number[] }
  /** Truth by code, worked out once per code; -2 and -1 are the first two entries; 255: not yet. */
  | { readonly kind: 'by-code'; readonly codes: Int32Array; readonly table: Uint8Array; readonly fill: Condition }
  /** Truth by value of a Bool column, worked out once per value; 255: not yet. */
  | { readonly kind: 'by-bool'; readonly values: Uint8Array; readonly table: Uint8Array; readonly fill: Condition }
  | { readonly kind: 'either'; readonly condition: TruthIr; readonly yes: TruthIr; readonly no: TruthIr }
  /** Asked of the exact path, or of a window. */
  | { readonly kind: 'asked'; readonly condition: Condition }

export type NumberIr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  /** The amounts of one currency (its code), NaN for others. */
  | {
      readonly kind: 'amounts'
      readonly values: Float64Array
      readonly currencies: Int32Array
      readonly currency: number
    }
  /** `checked`: the result might leave the safe integers, and is NaN then. */
  | {
      readonly kind: 'add' | 'subtract' | 'multiply'
      readonly left: NumberIr
      readonly right: NumberIr
      readonly checked: boolean
    }
  | { readonly kind: 'least' | 'most'; readonly left: NumberIr; readonly right: NumberIr }
  | { readonly kind: 'absolute'; readonly of: NumberIr }
  /** Without its last digits: divided by `by`, a power of ten, and cut towards zero. */
  | { readonly kind: 'cut'; readonly of: NumberIr; readonly by: number }
  /** floor(of / by) modulo `modulus`, plus `plus`: parts of a time. */
  | {
      readonly kind: 'part'
      readonly of: NumberIr
      readonly by: number
      readonly shift: number
      readonly modulus: number
      readonly plus: number
    }
  /** NaN unless above 0. */
  | { readonly kind: 'positive'; readonly of: NumberIr }
  /** `otherwise` where the value is absent. */
  | {
      readonly kind: 'default'
      readonly of: NumberIr
      readonly isAbsent: (row: number) => boolean
      readonly otherwise: NumberIr
    }
  | { readonly kind: 'either'; readonly condition: TruthIr; readonly yes: NumberIr; readonly no: NumberIr }
  /** Worked out at most once per row. */
  | { readonly kind: 'remembered'; readonly memory: NumberMemory; readonly of: NumberIr }
  /** Asked of a window. */
  | { readonly kind: 'asked'; readonly number: (row: number) => number }

/** What a remembered number was at a row. */
export interface NumberMemory {
  row: number
  value: number
}

export type CodeIr =
  | { readonly kind: 'code'; readonly value: number }
  | { readonly kind: 'codes'; readonly values: Int32Array }
  | { readonly kind: 'asked'; readonly code: (row: number) => number }
