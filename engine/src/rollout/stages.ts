/**
 * What becomes of rollouts over a log: the stages that they come to, each with the moment and the figures that caused it, and
 * which decisions count because of that. Both evaluators give it (reference/rollouts.ts and pass.ts), equal in every field.
 */

import type { PlanRollout } from '../plan/plan.ts'
import { decimalText, fromInteger, multiply } from '../value/rational.ts'
import type { RolloutFigure } from './figure.ts'

/**
 * A stage is its index in `PlanRollout.stages`; -1 before the first, their number for a policy that is in force, and one more for
 * one that is rolled back.
 */
export type StageIndex = number

/** Why a rollout came to another stage. */
export type ChangeCause =
  /** The first stage begins. */
  | 'started'
  /** The stage before has lasted its time. */
  | 'over'
  /** The condition of `promote when` holds. */
  | 'promoted'
  /** The condition of `rollback when` holds. */
  | 'rolled-back'
  /** It is not in force by the time it has to be. */
  | 'expired'

export interface RolloutChange {
  /** Index into `Plan.rollouts`. */
  readonly rollout: number
  readonly cause: ChangeCause
  /** Milliseconds since the epoch: the time of the event that caused it, or the moment that passed. */
  readonly at: number
  /** The event that caused it; -1 where time did. */
  readonly by: number
  /** The first event for which it holds; behind the last one where there is none yet. */
  readonly since: number
  readonly from: StageIndex
  readonly to: StageIndex
  /** What the measures of its condition came to, in their order; empty where time did it. */
  readonly figures: readonly RolloutFigure[]
}

export interface Rollouts {
  /** In the order in which they happen. */
  readonly changes: readonly RolloutChange[]
  /** By rollout, before the first event and at the end of the run; of a run that goes on with another, before its new events. */
  readonly before: readonly StageIndex[]
  readonly stages: readonly StageIndex[]
  /** By decision: 1 where it counts in what holds for its event. Null where the plan has no rollouts: then the mode says it. */
  readonly counts: Uint8Array | null
}

export const noRollouts: Rollouts = { changes: [], before: [], stages: [], counts: null }

export const waiting: StageIndex = -1
export function inForce({ stages }: PlanRollout): StageIndex {
  return stages.length
}
export function rolledBack({ stages }: PlanRollout): StageIndex {
  return stages.length + 1
}

/** As reports call a stage: `shadow`, `canary 10%`, `in force`, `rolled back`, `waiting`. */
export function stageName(rollout: PlanRollout, stage: StageIndex): string {
  if (stage === waiting) return 'waiting'
  if (stage === inForce(rollout)) return 'in force'
  const found = rollout.stages[stage]
  if (found === undefined) return 'rolled back'
  return found.kind === 'shadow' ? 'shadow' : `canary ${decimalText(multiply(found.share, fromInteger(100)))}%`
}

/** The stage of a rollout for an event. */
export function stageAt({ changes, before }: Rollouts, rollout: number, seq: number): StageIndex {
  return changes.findLast(change => change.rollout === rollout && change.since <= seq)?.to ?? before[rollout] ?? waiting
}
