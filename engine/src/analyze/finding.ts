/**
 * What the analysis found, as claims that somebody else can try to refute (test/differential/analysis.test.ts does), and where
 * to show them. How a claim is worded is problems.ts.
 */
import type { Expr, Pattern, SourceSpan } from '../plan/expression.ts'

/** About one policy. Rules by their index in it. */
export type Claim =
  /** Never true, at events of any of the rule's contracts; `evenUnknown`: never unknown either. */
  | { readonly kind: 'rule-never-true'; readonly rule: number; readonly evenUnknown: boolean }
  /** At events of these contracts (indices). */
  | {
      readonly kind: 'never-true' | 'never-false'
      readonly condition: Expr
      readonly contracts: readonly number[]
    }
  | { readonly kind: 'never-decides'; readonly rule: number; readonly because: readonly number[] }
  /** Without it the policy decides the same. `covered`: the rule that matches wherever this one does, or -1: the default is the same. */
  | { readonly kind: 'redundant-rule'; readonly rule: number; readonly covered: number }
  /** `joined` is worth the same without its operand of this index. */
  | {
      readonly kind: 'redundant-operand'
      readonly joined: Extract<Expr, { kind: 'and' | 'or' }>
      readonly operand: number
      readonly contracts: readonly number[]
    }
  /** True for the same events, and not the same decision. */
  | { readonly kind: 'same-condition'; readonly rule: number; readonly other: number }
  /** No event is ever in the window; of a sequence, at this step. */
  | {
      readonly kind: 'empty-window'
      readonly form: Extract<Expr, { kind: 'aggregate' | 'exists' | 'sequence' }>
      readonly step: number
      readonly contracts: readonly number[]
    }
  | { readonly kind: 'default-never'; readonly because: readonly number[] }
  /** Of an expectation: no event opens it; no event fulfils it. */
  | { readonly kind: 'never-begins' | 'never-met'; readonly rule: number }
  /** A stage of an approval without a deadline. */
  | { readonly kind: 'waits-for-ever'; readonly rule: number; readonly stage: number }
  /** A window `since` an event that never comes, at events of these contracts. */
  | {
      readonly kind: 'never-reset'
      readonly form: Extract<Expr, { kind: 'aggregate' | 'exists' | 'sequence' }>
      readonly contracts: readonly number[]
    }
  /** Every event of the pattern that the rule needs is denied by another rule (index of the policy, and of the rule there). */
  | {
      readonly kind: 'needs-forbidden'
      readonly rule: number
      readonly pattern: Pattern
      readonly by: { readonly policy: number; readonly rule: number }
    }

export interface Finding {
  readonly claim: Claim
  readonly span: SourceSpan
  /** Why, in words, where the conditions say it; else empty. */
  readonly why: string
}
