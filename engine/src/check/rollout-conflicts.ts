/** Rollouts that meet: two of one policy, and two that take each other's place. What one says by itself is rollouts.ts. */
import { type Problem, problem } from '@writ/grammar'
import type { PolicySignature } from '../bind/signature.ts'
import type { Unit } from '../bind/unit.ts'
import type { RolloutBody } from './rollouts.ts'

/** Problems of the later of two rollouts that do not go together, by place in the workspace. */
export function rolloutProblems(units: readonly Unit[]): readonly { readonly unit: Unit; readonly problem: Problem }[] {
  const found: { readonly unit: Unit; readonly problem: Problem }[] = []
  const rollouts = new Map<PolicySignature, { readonly name: string; readonly replaces: PolicySignature | null }>()
  for (const unit of units) {
    const { syntax } = unit
    const body = syntax.kind === 'rollout' ? (unit.body?.value as RolloutBody | null) : null
    if (syntax.kind !== 'rollout' || !body) continue
    const { policy, replaces } = body
    const other = rollouts.get(policy)
    if (other) {
      const parameters = { policy: policy.name, other: other.name }
      found.push({ unit, problem: problem('W0863', syntax.policy.span, parameters) })
      continue
    }
    const item = syntax.items.find(one => one.kind === 'replaces')
    const seen = new Set<PolicySignature>()
    let next = replaces
    while (next !== null && next !== policy && !seen.has(next)) {
      seen.add(next)
      next = rollouts.get(next)?.replaces ?? null
    }
    if (item && next === policy) {
      const reason = `${replaces?.name ?? ''} takes the place of ${policy.name} itself, so that neither would count`
      found.push({ unit, problem: problem('W0866', item.span, { reason }) })
    }
    rollouts.set(policy, { name: syntax.name.text, replaces })
  }
  return found
}
