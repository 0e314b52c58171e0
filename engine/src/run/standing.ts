/** Whether one decision of a run counts, for reports and records: what of it rollouts decide. What holds for events is effective.ts. */
import type { Plan } from '../plan/plan.ts'
import { stageAt, stageName } from '../rollout/stages.ts'
import type { RunResult } from './decisions.ts'

export interface DecisionStanding {
  /** Whether it counts in what holds for its event. */
  readonly counts: boolean
  /** The stage of the rollout of its policy, as reports call it; null: the policy has none. */
  readonly stage: string | null
}

/** Null where the plan has no rollouts: then the mode of the policy says it. `place`: of the decision in its columns. */
export function decisionStanding(
  plan: Plan,
  { decisions, rollouts }: Pick<RunResult, 'decisions' | 'rollouts'>,
  place: number,
): DecisionStanding | null {
  if (rollouts.counts === null) return null
  const index = plan.rollouts.findIndex(one => one.policy === decisions.policy[place])
  const rollout = plan.rollouts[index]
  const stage = rollout ? stageName(rollout, stageAt(rollouts, index, decisions.seq[place] ?? 0)) : null
  return { counts: rollouts.counts[place] === 1, stage }
}
