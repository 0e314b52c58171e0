/** What would have changed a decision: data made by counterfactual.ts, printed by page.ts. */
import type { DecisionWord } from '@writ/grammar'

/** One smallest change after which the same policy decides otherwise; each was tried before it is told. */
export interface Change {
  readonly kind: 'field' | 'wait' | 'event' | 'approval'
  /** In words: `amount at most 200.00 USD instead of 250.00 USD`. */
  readonly text: string
  /** What would then be decided. */
  readonly decision: DecisionWord
  /** The rule that would then decide; null: the default. */
  readonly rule: string | null
}
