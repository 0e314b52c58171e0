/** Where rollouts stand at the end of a piece of a run: plain data, from which the next piece goes on (run/continuation.ts). */

import type { Plan } from '../plan/plan.ts'
import { type RolloutChains, unbegunRolloutChains } from './hash.ts'
import type { MeasureState } from './hit-window.ts'
import { type StageIndex, waiting } from './stages.ts'

export interface RolloutsContinuation {
  /** In the order of the plan. */
  readonly stages: readonly RolloutState[]
  readonly chains: RolloutChains
}
export interface RolloutState {
  readonly stage: StageIndex
  /** When the stage began, milliseconds since the epoch; 0 before the first. */
  readonly began: number
  /** Those of `promote when`, then those of `rollback when`. */
  readonly measures: readonly MeasureState[]
}

/** Of a run that is about to begin. */
export function noStagesYet(plan: Plan): RolloutsContinuation {
  const stages = plan.rollouts.map(({ promote, rollback }) => ({
    stage: waiting,
    began: 0,
    measures: [promote, rollback].flatMap(gate => gate?.measures.map(() => nothingMeasured) ?? []),
  }))
  return { stages, chains: unbegunRolloutChains }
}

const nothingMeasured: MeasureState = { times: [], hits: [], count: 0, hitCount: 0 }
