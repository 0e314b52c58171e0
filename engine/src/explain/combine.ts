/** From the rules that matched to the policy's decision: docs/language.md, "Policies". */
import type { DecisionWord } from '@writ/grammar'
import type { PlanPolicy } from '../plan/plan.ts'
import { decisionWords } from '../run/decisions.ts'

export interface Combined {
  readonly decision: DecisionWord
  /** Index of the rule that decided, or -1: the default did. */
  readonly decidedBy: number
}

/** `matched`: ascending rule indices. The first in text order among the rules with the resulting decision decides. */
export function combine(policy: PlanPolicy, matched: readonly number[]): Combined {
  const decisions = matched.flatMap(rule => policy.rules[rule]?.decision ?? [])
  const [first] = decisions
  if (first === undefined) return { decision: policy.default.decision, decidedBy: -1 }
  const decision = resulting(policy.combine, decisions, first)
  return { decision, decidedBy: matched[decisions.indexOf(decision)] ?? -1 }
}

function resulting(mode: PlanPolicy['combine'], decisions: readonly DecisionWord[], first: DecisionWord): DecisionWord {
  switch (mode) {
    case 'first':
      return first
    case 'permit_overrides':
      return decisions.includes('permit') ? 'permit' : strictest(decisions)
    case 'strictest':
      return strictest(decisions)
  }
}

function strictest(decisions: readonly DecisionWord[]): DecisionWord {
  return decisions.reduce((a, b) => (decisionWords.indexOf(b) > decisionWords.indexOf(a) ? b : a))
}
