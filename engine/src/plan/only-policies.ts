/** A plan cut down to some of its policies: what names policies by their index has to move with them. */
import type { PlanIndicator } from './measure.ts'
import type { Plan, PlanGate } from './plan.ts'

/** `policies`: indices into `Plan.policies`, in the order that they are to have. Exceptions to rules of others, rollouts and what is measured of others, and properties that speak of others are left out. */
export function onlyPolicies(plan: Plan, policies: readonly number[]): Plan {
  const indicators = plan.indicators.map(indicator => movedIndicator(indicator, policies))
  const kept = indicators.flatMap((indicator, index) => (indicator === null ? [] : index))
  return {
    ...plan,
    indicators: indicators.filter(indicator => indicator !== null),
    objectives: plan.objectives.flatMap(objective => {
      const indicator = kept.indexOf(objective.indicator)
      return indicator < 0 ? [] : [{ ...objective, indicator }]
    }),
    policies: policies.flatMap(index => plan.policies[index] ?? []),
    exceptions: plan.exceptions.flatMap(exception => {
      const policy = policies.indexOf(exception.policy)
      return policy < 0 ? [] : [{ ...exception, policy }]
    }),
    properties: plan.properties.flatMap(property => {
      const claims = property.claims.flatMap(claim => {
        const policy = claim.by === null ? -1 : policies.indexOf(claim.by.policy)
        return policy < 0 || claim.by === null ? [] : [{ ...claim, by: { ...claim.by, policy } }]
      })
      return claims.length < property.claims.length ? [] : [{ ...property, claims }]
    }),
    rollouts: plan.rollouts.flatMap(rollout => {
      const policy = policies.indexOf(rollout.policy)
      const replaces = rollout.replaces === null ? -1 : policies.indexOf(rollout.replaces)
      const gates = [rollout.promote, rollout.rollback].map(gate => gate && movedGate(gate, policies, kept))
      const [promote = null, rollback = null] = gates
      if (policy < 0) return []
      return [{ ...rollout, policy, replaces: replaces < 0 ? null : replaces, promote, rollback }]
    }),
  }
}

function movedIndicator(indicator: PlanIndicator, policies: readonly number[]): PlanIndicator | null {
  const { of } = indicator
  if (of.kind === 'events') return indicator
  const policy = policies.indexOf(of.policy)
  return policy < 0 ? null : { ...indicator, of: { ...of, policy } }
}

/** What is measured of others is measured no more: then a condition is unknown. */
function movedGate(gate: PlanGate, policies: readonly number[], indicators: readonly number[]): PlanGate {
  const measures = gate.measures.map(one =>
    one.kind === 'indicator'
      ? { ...one, indicator: indicators.indexOf(one.indicator) }
      : { ...one, policy: policies.indexOf(one.policy) },
  )
  return { ...gate, measures }
}
