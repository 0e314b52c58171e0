/**
 * The checker of explanations: re-derives every claim from the plan and the recorded events alone.
 *
 * INVARIANT: nothing here or beside it imports run-time code of the engine or the grammar, so that a mistake there cannot
 * excuse itself. Only types are shared; a test reads the imports. RE2 and SHA-256 come from libraries of others.
 */
import type { DecisionWord } from '@writ/grammar'
import type { Explanation, RuleWitness, Witness } from '../explain/witness.ts'
import type { LogView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import type { Rollouts } from '../rollout/stages.ts'
import { type Doubt, doubtAbout } from './claims.ts'
import { datum, truth } from './datum.ts'
import { lastTrip, waiverAt } from './governance.ts'
import { type Place, takenOut } from './meaning.ts'
import { reason } from './reason.ts'
import { standingDoubt } from './standing.ts'
import type { Verification } from './verification.ts'

export { verifyObligation } from './obligations.ts'
export type { Verification } from './verification.ts'

/**
 * Whether the explanation follows from the plan and the events of the log, claim by claim; what it says of rollouts, from their
 * changes in the record of the run.
 */
export function verifyExplanation(
  plan: Plan,
  view: LogView,
  explanation: Explanation,
  rollouts?: Rollouts,
): Verification {
  const doubt = doubtful(plan, view, explanation, rollouts)
  return doubt ? { accepted: false, ...doubt } : { accepted: true }
}

function doubtful(plan: Plan, view: LogView, explanation: Explanation, rollouts?: Rollouts): Doubt | null {
  const { policy: index, seq, rules } = explanation
  const policy = plan.policies[index]
  if (!policy) return { where: 'policy', why: `the plan has no policy ${index}` }
  if (!Number.isInteger(seq) || seq < 0 || seq >= view.size) return { where: 'seq', why: `the log has no event ${seq}` }
  const now = view.event(seq)
  const at: Place = { plan, view, now, events: new Map([[0, now]]), elements: new Map() }
  if (!policy.contracts.includes(now.contract))
    return { where: 'seq', why: 'the policy does not decide about this event' }
  if (takenOut(now, at)) return { where: 'seq', why: 'a check of its contract takes this event out of the log' }
  if (rules.length !== policy.rules.length) return { where: 'rules', why: 'every rule is to be explained, once' }
  for (const [i, rule] of policy.rules.entries()) {
    const witness = rules[i]
    const doubt = witness ? ruleDoubt(rule, i, witness, at) : { where: `rules[${i}]`, why: 'it is missing' }
    if (doubt) return doubt
  }
  return (
    decisionDoubt(policy, explanation) ??
    reasonDoubt(policy, explanation, at) ??
    standingDoubt(index, explanation.standing, rollouts, at)
  )
}

function ruleDoubt(rule: PlanRule, index: number, witness: RuleWitness, at: Place): Doubt | null {
  const where = `rules[${index}]`
  if (witness.rule !== index) return { where: `${where}.rule`, why: 'rules are to be explained in order' }
  if (!rule.contracts.includes(at.now.contract)) {
    const bare = witness.condition === null && !witness.trip && !witness.waiver
    if (witness.outcome !== 'not-concerned') return { where: `${where}.outcome`, why: 'it is not-concerned' }
    return bare ? null : { where, why: 'there is nothing to say of it' }
  }
  const doubt = conditionDoubt(rule.when, witness.condition, `${where}.condition`, at)
  if (doubt) return doubt
  const held = witness.condition === null ? true : truth(datum(witness.condition.value))
  const safe = rule.decision === 'deny' || rule.decision === 'hold'
  const own = held ? 'matched' : held === null && safe ? 'matched-unknown' : null
  const trip = own === null ? lastTrip(rule, at) : null
  const waiver = own || trip ? waiverAt(rule, at) : -1
  const outcome = waiver >= 0 ? 'waived' : (own ?? (trip ? 'matched-lasting' : 'not-matched'))
  if (witness.outcome !== outcome) return { where: `${where}.outcome`, why: `it is ${outcome}` }
  if (witness.trip?.seq !== trip?.seq || witness.trip?.until !== trip?.until)
    return { where: `${where}.trip`, why: trip ? `it is event ${trip.seq} until ${trip.until}` : 'there is none' }
  return waiverDoubt(waiver, witness, where, at)
}

function waiverDoubt(waiver: number, witness: RuleWitness, where: string, at: Place): Doubt | null {
  const exception = at.plan.exceptions[waiver]
  if ((witness.waiver?.exception ?? -1) !== waiver) return { where: `${where}.waiver`, why: `it is ${waiver}` }
  if (!exception || !witness.waiver) return null
  return conditionDoubt(exception.when, witness.waiver.condition, `${where}.waiver.condition`, at)
}

function conditionDoubt(when: Expr | null, witness: Witness | null, where: string, at: Place): Doubt | null {
  if (when === null) return witness === null ? null : { where, why: 'there is none' }
  return witness ? doubtAbout(when, at, witness, where) : { where, why: 'it is missing' }
}

const strictness: readonly DecisionWord[] = ['deny', 'hold', 'warn', 'permit']

function decisionDoubt(policy: PlanPolicy, explanation: Explanation): Doubt | null {
  const matched = policy.rules
    .map((rule, index) => ({ index, decision: rule.decision }))
    .filter(({ index }) => explanation.rules[index]?.outcome.startsWith('matched'))
  const order = policy.combine === 'permit_overrides' ? (['permit', ...strictness] as const) : strictness
  const strictest = order.find(word => matched.some(({ decision }) => decision === word))
  const decision = policy.combine === 'first' ? matched[0]?.decision : strictest
  const decidedBy = matched.find(one => one.decision === decision)?.index ?? -1
  const right = decision ?? policy.default.decision
  if (explanation.decision !== right) return { where: 'decision', why: `it is ${right}` }
  return explanation.decidedBy === decidedBy ? null : { where: 'decidedBy', why: `it is ${decidedBy}` }
}

function reasonDoubt(policy: PlanPolicy, explanation: Explanation, at: Place): Doubt | null {
  const expected = reason(policy, explanation.decidedBy, at)
  return explanation.reason === expected ? null : { where: 'reason', why: `it is “${expected}”` }
}
