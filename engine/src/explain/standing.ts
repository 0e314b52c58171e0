/** Whether a decision counts because of rollouts: at which stage its policy is, in which bucket the event, and what takes its place. */
import type { EventView } from '../log/view.ts'
import type { Plan } from '../plan/plan.ts'
import { bucketOf, bucketText, thresholdOf } from '../rollout/bucket.ts'
import { inForce, type Rollouts, stageAt } from '../rollout/stages.ts'
import type { StandingWitness } from './witness.ts'

/** Null where no rollout has a say about the policy. `policy`: index into `Plan.policies`. */
export function standingOf(plan: Plan, event: EventView, policy: number, rollouts: Rollouts): StandingWitness | null {
  const replacing = plan.rollouts.filter(({ replaces }) => replaces === policy)
  const index = plan.rollouts.findIndex(rollout => rollout.policy === policy)
  if (index < 0 && replacing.length === 0) return null
  const rollout = rolloutWitness(plan, event, index, rollouts)
  const isIn = rollout === null ? plan.policies[policy]?.mode === 'enforce' : rollout.isIn
  const by = replacing.find(
    other =>
      plan.policies[other.policy]?.contracts.includes(event.contract) &&
      rolloutWitness(plan, event, plan.rollouts.indexOf(other), rollouts)?.isIn,
  )
  const replacedBy = isIn && by ? by.policy : null
  return { counts: isIn && replacedBy === null, rollout, replacedBy }
}

function rolloutWitness(plan: Plan, event: EventView, index: number, rollouts: Rollouts): StandingWitness['rollout'] {
  const rollout = plan.rollouts[index]
  if (!rollout) return null
  const stage = stageAt(rollouts, index, event.seq)
  const found = rollout.stages[stage]
  if (found?.kind !== 'canary') return { rollout: index, stage, bucket: null, isIn: stage === inForce(rollout) }
  const text = bucketText(
    rollout.name,
    found.keys.map(key => event.value([key])),
  )
  const bucket = text === null ? null : bucketOf(text)
  return { rollout: index, stage, bucket, isIn: bucket !== null && bucket < thresholdOf(found.share) }
}
