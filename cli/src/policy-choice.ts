/** `--policy NAME`: the plan cut down to one policy. */
import { onlyPolicies, type Plan } from '@writ/engine'
import { suggestion } from './nearest.ts'
import { type Refusal, refuse } from './refusal.ts'

/** The plan with one policy only; all of it where none is named. */
export function withPolicy(plan: Plan, name: string | undefined, shown: string): Plan | Refusal {
  if (name === undefined) return plan
  const chosen = plan.policies.flatMap((policy, index) => (policy.name === name ? [index] : []))
  if (chosen.length > 0) return onlyPolicies(plan, chosen)
  const known = plan.policies.map(policy => policy.name)
  return refuse('W3023', {
    kind: 'policy',
    name,
    folder: shown,
    suggestion: suggestion(name, known),
    known: known.length === 0 ? 'It has no policies.' : `It has ${known.join(', ')}.`,
  })
}
