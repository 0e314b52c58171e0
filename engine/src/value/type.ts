/** Types of the language as the checker works them out. */
import type { Rational } from './rational.ts'

export type Type =
  | { readonly kind: 'bool' | 'string' | 'int' | 'decimal' | 'percent' | 'duration' | 'time' | 'version' }
  /** `currency` null: any currency, compared at run time; a mismatch then is unknown and a finding. */
  | { readonly kind: 'money'; readonly currency: string | null }
  | { readonly kind: 'enum'; readonly name: string | null; readonly members: readonly string[] }
  | { readonly kind: 'record'; readonly name: string | null; readonly fields: readonly FieldType[] }
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'optional'; readonly inner: Type }
  /** After a reported mistake: fits everything, so that one mistake is reported once. Never in a runnable plan. */
  | { readonly kind: 'error' }

export interface FieldType {
  readonly name: string
  readonly type: Type
  readonly refinement: Refinement | null
  /** Privacy classes such as `personal(identifier)` and `secret`, as written. */
  readonly classes: readonly string[]
}

/** What the contract says beyond the type; a value outside it is unknown, with a finding. */
export interface Refinement {
  /** Inclusive; for money the amount, in the currency that the type names. */
  readonly range: { readonly low: Rational; readonly high: Rational } | null
  /** Whole-string RE2 pattern. */
  readonly pattern: string | null
}
