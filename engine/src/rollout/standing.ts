/**
 * Which policies count at an event: by mode, by the stage of their rollout, and because no other one takes their place. What
 * would hold without one of them is here too, for the figures of rollouts.
 */
import { columnReader } from '../compile/column-values.ts'
import type { Batch, Log } from '../log/columns.ts'
import type { Plan, PlanRollout } from '../plan/plan.ts'
import { bucketOf, bucketText, thresholdOf } from './bucket.ts'
import { inForce, type StageIndex } from './stages.ts'

/** A rollout, and where it stands now. */
interface Staged {
  readonly rollout: PlanRollout
  readonly stage: StageIndex
}

export class Standing {
  readonly #enforces: readonly boolean[]
  readonly #canaries: readonly (Canary | null)[]
  readonly #rollouts: readonly (Staged | null)[]
  /** By policy: those that take its place. */
  readonly #replacing: readonly (readonly number[])[]
  /** By policy, of the current event: its decision, or -1; and whether it counts by its mode and stage. */
  readonly #decision: Int8Array
  readonly #isIn: Uint8Array
  /** The policies that decide the current event. */
  #own: readonly number[] = []

  constructor(plan: Plan, log: Log, rollouts: readonly Staged[]) {
    this.#enforces = plan.policies.map(policy => policy.mode === 'enforce')
    this.#rollouts = plan.policies.map((_, index) => rollouts.find(({ rollout }) => rollout.policy === index) ?? null)
    this.#canaries = this.#rollouts.map(found => (found === null ? null : new Canary(found.rollout, log)))
    this.#replacing = plan.policies.map((_, index) =>
      rollouts.flatMap(({ rollout }) => (rollout.replaces === index ? [rollout.policy] : [])),
    )
    this.#decision = new Int8Array(plan.policies.length).fill(-1)
    this.#isIn = new Uint8Array(plan.policies.length)
  }

  /** An event, with its decisions at the places from `first` to `end` of the columns. */
  enter(
    policy: ArrayLike<number>,
    decision: ArrayLike<number>,
    first: number,
    end: number,
    contract: number,
    row: number,
  ): void {
    for (const index of this.#own) this.#decision[index] = -1
    const own: number[] = []
    for (let i = first; i < end; i++) {
      const index = policy[i] as number
      own.push(index)
      this.#decision[index] = decision[i] as number
      this.#isIn[index] = this.#counting(index, contract, row) ? 1 : 0
    }
    this.#own = own
  }

  /** Whether the policy decides the current event. */
  decides(policy: number): boolean {
    return (this.#decision[policy] as number) >= 0
  }

  /** Whether a policy of the current event counts, where the policy `without` is left out altogether; -1: none is. */
  counts(policy: number, without: number): boolean {
    if (this.#isIn[policy] !== 1) return false
    for (const other of this.#replacing[policy] as readonly number[])
      if (other !== without && this.decides(other) && this.#isIn[other] === 1) return false
    return true
  }

  /** What would hold for the current event without a policy; a permit where no other one decides. */
  without(policy: number): number {
    let strictest = 0
    for (const other of this.#own) {
      if (other === policy || !this.counts(other, policy)) continue
      strictest = Math.max(strictest, this.#decision[other] as number)
    }
    return strictest
  }

  #counting(policy: number, contract: number, row: number): boolean {
    if (this.#enforces[policy] !== true) return false
    const found = this.#rollouts[policy] ?? null
    if (found === null || found.stage === inForce(found.rollout)) return true
    return (
      found.rollout.stages[found.stage]?.kind === 'canary' &&
      this.#canaries[policy]?.isIn(found.stage, contract, row) === true
    )
  }
}

/** The buckets of the events of a rollout's policy. */
class Canary {
  readonly #thresholds: readonly number[]
  readonly #bucketAt: readonly ((row: number) => number)[]

  constructor(rollout: PlanRollout, log: Log) {
    const known = new Map<string, number>()
    this.#thresholds = rollout.stages.map(stage => (stage.kind === 'canary' ? thresholdOf(stage.share) : 0))
    const keys = rollout.stages.find(stage => stage.kind === 'canary')?.keys ?? []
    this.#bucketAt = log.batches.map(batch => bucketReader(rollout.name, keys, log, batch, known))
  }

  isIn(stage: StageIndex, contract: number, row: number): boolean {
    const bucket = (this.#bucketAt[contract] as (row: number) => number)(row)
    return bucket >= 0 && bucket < (this.#thresholds[stage] as number)
  }
}

/** The bucket of each row; -1 where a key is unknown or absent, which is in no canary. */
function bucketReader(
  rollout: string,
  keys: readonly string[],
  log: Log,
  batch: Batch,
  known: Map<string, number>,
): (row: number) => number {
  const columns = keys.map(key => batch.columns.get(key))
  const found = columns.filter(column => column !== undefined)
  if (found.length < keys.length || keys.length === 0) return () => -1
  const readers = found.map(column => columnReader(log, column))
  const bucketAt = (row: number): number => {
    const text = bucketText(
      rollout,
      readers.map(read => read(row)),
    )
    if (text === null) return -1
    const bucket = known.get(text) ?? bucketOf(text)
    known.set(text, bucket)
    return bucket
  }
  const [only] = found
  if (found.length > 1 || only?.kind !== 'code') return bucketAt
  const byCode = new Map<number, number>()
  return row => {
    const code = only.values[row] as number
    const bucket = byCode.get(code) ?? bucketAt(row)
    byCode.set(code, bucket)
    return bucket
  }
}
