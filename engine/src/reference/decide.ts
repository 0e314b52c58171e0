/**
 * What a policy decides about one event: which rules match, and how their decisions combine. Asked once per event and policy
 * by run.ts, and by whoever wants to know about a single decision.
 */
import type { DecisionWord } from '@writ/grammar'
import type { EventView } from '../log/view.ts'
import type { PlanCheck, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { decisionWords } from '../run/decisions.ts'
import type { Truth } from '../value/operations.ts'
import { unknown } from '../value/value.ts'
import { evaluateCondition } from './evaluate.ts'
import { type History, situationAt } from './situation.ts'

export interface Verdict {
  readonly decision: DecisionWord
  /** Index of the rule that decided, or -1: the default did. */
  readonly decidedBy: number
  /** Indices of the rules that matched, ascending, whatever `combine` makes of them. */
  readonly matched: readonly number[]
  /** Those of them that matched because their condition was unknown. */
  readonly matchedUnknown: readonly number[]
  /** Indices of the rules that did not match because their condition was unknown. */
  readonly passedUnknown: readonly number[]
}

/** Null where the policy says nothing about events of this contract. */
export function decide(policy: PlanPolicy, event: EventView, history: History): Verdict | null {
  if (!policy.contracts.includes(event.contract)) return null
  const matched: number[] = []
  const matchedUnknown: number[] = []
  const passedUnknown: number[] = []
  policy.rules.forEach((rule, index) => {
    const condition = ruleCondition(rule, event, history)
    if (condition === unknown) {
      if (matchesOnUnknown(rule)) matchedUnknown.push(index)
      else passedUnknown.push(index)
    }
    if (condition === true || (condition === unknown && matchesOnUnknown(rule))) matched.push(index)
  })
  return { ...combine(policy, matched), matched, matchedUnknown, passedUnknown }
}

/** The condition of a rule at an event; false where the rule does not concern the event's contract. */
export function ruleCondition(rule: PlanRule, event: EventView, history: History): Truth {
  if (!rule.contracts.includes(event.contract)) return false
  return rule.when === null ? true : evaluateCondition(rule.when, situationAt(event, history))
}

/** A rule that denies or holds is on the safe side when it cannot know. */
export function matchesOnUnknown(rule: PlanRule): boolean {
  return rule.decision === 'deny' || rule.decision === 'hold'
}

/** Whether an event passes a contract's check; a check that is unknown fails. */
export function checkPasses(check: PlanCheck, event: EventView): boolean {
  return evaluateCondition(check.condition, situationAt(event, null)) === true
}

function combine(
  policy: PlanPolicy,
  matched: readonly number[],
): { readonly decision: DecisionWord; readonly decidedBy: number } {
  const rules = matched.flatMap(index => {
    const rule = policy.rules[index]
    return rule ? [{ index, decision: rule.decision }] : []
  })
  const [first] = rules
  if (!first) return { decision: policy.default.decision, decidedBy: -1 }
  if (policy.combine === 'first') return { decision: first.decision, decidedBy: first.index }
  const permits = policy.combine === 'permit_overrides' && rules.some(rule => rule.decision === 'permit')
  const decision = permits ? 'permit' : strictest(rules.map(rule => rule.decision))
  const deciding = rules.find(rule => rule.decision === decision) ?? first
  return { decision, decidedBy: deciding.index }
}

function strictest(decisions: readonly DecisionWord[]): DecisionWord {
  return decisionWords.findLast(word => decisions.includes(word)) ?? 'permit'
}
