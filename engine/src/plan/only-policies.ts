/** A plan cut down to some of its policies: what names policies by their index has to move with them. */
import type { Plan } from './plan.ts'

/** `policies`: indices into `Plan.policies`, in the order that they are to have. Exceptions to rules of others are left out. */
export function onlyPolicies(plan: Plan, policies: readonly number[]): Plan {
  return {
    ...plan,
    policies: policies.flatMap(index => plan.policies[index] ?? []),
    exceptions: plan.exceptions.flatMap(exception => {
      const policy = policies.indexOf(exception.policy)
      return policy < 0 ? [] : [{ ...exception, policy }]
    }),
  }
}
