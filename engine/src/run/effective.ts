/**
 * What holds for an event when several policies decide it: the strictest of their decisions, so that a lower layer can
 * tighten what a higher one allows and never loosen it. Policies in shadow do not count, by their mode or by their rollout.
 */
import type { Plan } from '../plan/plan.ts'
import type { RunResult } from './decisions.ts'

/** One row per event that a policy which enforces decides, in the order of the log. */
export interface EffectiveDecisions {
  readonly size: number
  readonly seq: Int32Array
  /** Index into `decisionWords`. */
  readonly decision: Uint8Array
  /** The policy that gave it: of equally strict ones that of the highest layer, then the first of the plan. */
  readonly policy: Uint16Array
}

/** A pure function of a run, so that nothing of it has to be stored or hashed. */
export function effectiveDecisions(
  plan: Plan,
  { decisions, rollouts: { counts } }: Pick<RunResult, 'decisions' | 'rollouts'>,
): EffectiveDecisions {
  const ranks = plan.policies.map(policy => rankOf(plan, policy.layer))
  const enforces = plan.policies.map(policy => policy.mode === 'enforce')
  const seq = new Int32Array(decisions.size)
  const decision = new Uint8Array(decisions.size)
  const policy = new Uint16Array(decisions.size)
  let size = 0
  for (let place = 0; place < decisions.size; place++) {
    const own = decisions.policy[place] ?? 0
    if (counts === null ? enforces[own] !== true : counts[place] !== 1) continue
    const event = decisions.seq[place] ?? 0
    const strictness = decisions.decision[place] ?? 0
    if (size === 0 || seq[size - 1] !== event) {
      seq[size] = event
      decision[size] = strictness
      policy[size++] = own
      continue
    }
    const before = decision[size - 1] ?? 0
    const isHigher = (ranks[own] ?? 0) < (ranks[policy[size - 1] ?? 0] ?? 0)
    if (strictness < before || (strictness === before && !isHigher)) continue
    decision[size - 1] = strictness
    policy[size - 1] = own
  }
  return {
    size,
    seq: seq.subarray(0, size),
    decision: decision.subarray(0, size),
    policy: policy.subarray(0, size),
  }
}

/** 0 is the highest layer; policies without one stand below all layers. */
function rankOf(plan: Plan, layer: string | null): number {
  const rank = layer === null ? -1 : plan.layers.indexOf(layer)
  return rank < 0 ? plan.layers.length : rank
}
