/**
 * What a policy decides about one event: which rules match, and how their decisions combine. Asked once per event and policy
 * by run.ts, and by whoever wants to know about a single decision.
 */
import type { DecisionWord } from '@writ/grammar'
import type { EventView } from '../log/view.ts'
import type { Plan, PlanCheck, PlanLasting, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { decisionWords, type Waiver } from '../run/decisions.ts'
import { holdsUnknown, identity, isKnown, type Truth } from '../value/operations.ts'
import { unknown } from '../value/value.ts'
import { evaluateCondition, evaluateExpression } from './evaluate.ts'
import { type History, situationAt } from './situation.ts'

export interface Verdict {
  readonly decision: DecisionWord
  /** Index of the rule that decided, or -1: the default did. */
  readonly decidedBy: number
  /** Indices of the rules that matched, ascending, whatever `combine` makes of them. */
  readonly matched: readonly number[]
  /** Those of them that matched because their condition was unknown. */
  readonly matchedUnknown: readonly number[]
  /** Those of them that matched only because their breaker is tripped. */
  readonly lasting: readonly number[]
  /** Rules that did not match because of an exception, by rule. */
  readonly waived: readonly Waiver[]
  /** Indices of the rules that did not match because their condition was unknown. */
  readonly passedUnknown: readonly number[]
}

/** `policy`: index into `Plan.policies`. Null where it says nothing about events of this contract. */
export function decide(plan: Plan, index: number, event: EventView, history: History): Verdict | null {
  const policy = policyOf(plan, index)
  if (!policy.contracts.includes(event.contract)) return null
  const matched: number[] = []
  const matchedUnknown: number[] = []
  const lasting: number[] = []
  const waived: Waiver[] = []
  const passedUnknown: number[] = []
  policy.rules.forEach((rule, place) => {
    const condition = ruleCondition(rule, event, history)
    const own = matchesBy(rule, condition)
    if (!own && !isTripped(plan, rule, event, history)) {
      if (condition === unknown) passedUnknown.push(place)
      return
    }
    const exception = exceptionFor(plan, rule, event)
    if (exception >= 0) {
      waived.push({ rule: place, exception })
      return
    }
    matched.push(place)
    if (!own) lasting.push(place)
    else if (condition === unknown) matchedUnknown.push(place)
  })
  return { ...combine(policy, matched), matched, matchedUnknown, lasting, waived, passedUnknown }
}

/** The first exception (index into `Plan.exceptions`) that waives a rule at an event, or -1. */
export function exceptionFor(plan: Plan, rule: PlanRule, event: EventView): number {
  return plan.exceptions.findIndex(exception => {
    if (policyOf(plan, exception.policy).rules[exception.rule] !== rule) return false
    const { when, from, until } = exception
    if (event.time > until || (from !== null && event.time < from)) return false
    return when === null || evaluateCondition(when, situationAt(event, null)) === true
  })
}

function policyOf(plan: Plan, index: number): PlanPolicy {
  const policy = plan.policies[index]
  if (!policy) throw new RangeError(`the plan has no policy ${index}`)
  return policy
}

/**
 * Whether a breaker is tripped at an event: its rule matched an earlier event with the same keys by its own condition, no
 * longer ago than it lasts. What was waived does not trip it.
 */
export function isTripped(plan: Plan, rule: PlanRule, event: EventView, history: History): boolean {
  const { lasting } = rule
  if (lasting === null || !rule.contracts.includes(event.contract)) return false
  const keys = breakerKeys(lasting, event, history)
  if (keys === null) return false
  return rule.contracts
    .flatMap(contract => history.upTo(contract, event.seq - 1))
    .filter(earlier => earlier.time >= event.time - lasting.milliseconds)
    .filter(earlier => breakerKeys(lasting, earlier, history) === keys)
    .some(earlier => matchesBy(rule, ruleCondition(rule, earlier, history)) && exceptionFor(plan, rule, earlier) < 0)
}

/** What the keys of a breaker are at an event, as one text; null where one is unknown or absent: nobody's breaker. */
function breakerKeys(lasting: PlanLasting, event: EventView, history: History): string | null {
  const values = lasting.keys.map(key => evaluateExpression(key.value, situationAt(event, history)))
  if (values.some(value => !isKnown(value) || holdsUnknown(value))) return null
  return JSON.stringify(values.map(identity))
}

/** Whether a rule matches with this truth of its own condition. */
function matchesBy(rule: PlanRule, condition: Truth): boolean {
  return condition === true || (condition === unknown && matchesOnUnknown(rule))
}

/** The condition of a rule at an event; false where the rule does not concern the event's contract. */
export function ruleCondition(rule: PlanRule, event: EventView, history: History): Truth {
  if (!rule.contracts.includes(event.contract)) return false
  const { when } = rule
  if (when === null) return true
  const ask = () => evaluateCondition(when, situationAt(event, history))
  return rule.lasting === null ? ask() : history.once(rule, event.seq, ask)
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
