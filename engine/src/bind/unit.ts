/**
 * A unit: one top-level declaration as one check sees it, with what was worked out about it. Units of a later check take over
 * the results of the check before where neither the declaration nor anything it looked up has changed; nothing changes a unit
 * once its check is over, so that an older check can still give its plan. Which results are taken over is check/check.ts.
 */
import type { Declaration, Fix, PlacedDeclaration, Severity, Span } from '@writ/grammar'
import type { Signature } from './signature.ts'

/** A problem with spans relative to units; `check.ts` makes file offsets of them. */
export interface UnitProblem {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly span: Span
  /** `unit` null: the unit that has the problem. */
  readonly related: readonly { readonly unit: number | null; readonly span: Span; readonly message: string }[]
  readonly fixes: readonly Fix[]
  /** A name that a `use` would bring in: check.ts makes the fix, because it changes another declaration. */
  readonly imports: { readonly module: string; readonly name: string } | null
}

/** What a declaration asked its surroundings for (check/scope.ts), and the answers; the same answers give the same result. */
export interface Looked {
  readonly keys: readonly string[]
  readonly answers: readonly unknown[]
}

/** Everything about a declaration that depends only on its text and on what it looked up. */
export interface Result<T> {
  readonly value: T
  readonly looked: Looked
  readonly problems: readonly UnitProblem[]
}

export interface Unit {
  /** The same in every check in which the declaration is the same object; `SourceSpan.file` of what is lowered from it. */
  readonly id: number
  readonly file: number
  readonly placed: PlacedDeclaration
  readonly syntax: Declaration
  /** True where the parser reported an error in it: what is missing may have been there. */
  readonly broken: boolean
  readonly module: string
  /** Type, contract, define, role, policy, …: what other declarations see of it. */
  signature: Result<Signature | null> | null
  /** What nobody else sees: checks, rules, steps, and what they are lowered to. */
  body: Result<unknown> | null
  /** The unit of the check before with the same declaration; only while a check runs, so that old checks can be forgotten. */
  twin: Unit | null
}
