/**
 * Stages of rollouts, a second time: that the recorded changes follow each other as the rollout says, and from them, whether a
 * decision counts. What conditions came to is taken from the record of the run.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { StandingWitness } from '../explain/witness.ts'
import type { PlanRollout } from '../plan/plan.ts'
import type { RolloutChange, Rollouts } from '../rollout/stages.ts'
import type { Doubt } from './claims.ts'
import { datum, vague } from './datum.ts'
import type { Place } from './meaning.ts'
import { json } from './request.ts'

/** Doubts what an explanation says of rollouts; without the record of the run nothing may be said of them. */
export function standingDoubt(
  policy: number,
  claimed: StandingWitness | undefined,
  rollouts: Rollouts | undefined,
  at: Place,
): Doubt | null {
  if (!rollouts) return claimed ? { where: 'standing', why: 'the stages of the run are not given' } : null
  const broken = at.plan.rollouts.flatMap((rollout, index) => brokenChange(rollout, index, rollouts, at) ?? [])[0]
  if (broken) return broken
  const right = standing(policy, rollouts, at)
  return JSON.stringify(claimed ?? null) === JSON.stringify(right)
    ? null
    : { where: 'standing', why: `it is ${JSON.stringify(right)}` }
}

/** The first change up to the event that does not follow from the one before. */
function brokenChange(rollout: PlanRollout, index: number, { changes, before }: Rollouts, at: Place): Doubt | null {
  let stage = before[index] ?? -1
  let began: number | null = stage === -1 ? 0 : null
  for (const [place, change] of changes.entries()) {
    if (change.rollout !== index || change.since > at.now.seq) continue
    const why = change.from === stage ? wrong(rollout, change, stage, began, at) : `it does not begin at stage ${stage}`
    if (why !== null) return { where: `rollouts.changes[${place}]`, why }
    stage = change.to
    began = change.at
  }
  return null
}

/** `began`: null where the stage began before this piece of the run. */
function wrong(
  rollout: PlanRollout,
  { cause, at: moment, by, since, from, to }: RolloutChange,
  stage: number,
  began: number | null,
  { view }: Place,
): string | null {
  const back = rollout.stages.length + 1
  if (stage >= rollout.stages.length) return 'the rollout is over'
  const goesTo = cause === 'expired' || cause === 'rolled-back' ? back : from + 1
  if (to !== goesTo) return `it leads to stage ${goesTo}`
  if (by >= 0) {
    if (moment !== view.event(by).time) return `event ${by} has another time`
    if (since !== (cause === 'started' ? by : by + 1)) return 'it holds from another event on'
  }
  const lasts = rollout.stages[stage]?.milliseconds ?? null
  switch (cause) {
    case 'started':
      return moment === (rollout.from ?? (by < 0 ? null : moment)) ? null : 'it begins at another moment'
    case 'over':
      return rollout.promote === null && lasts !== null && (began === null || moment === began + lasts)
        ? null
        : 'the stage lasts another time'
    case 'promoted':
      return rollout.promote !== null && (began === null || moment >= began + (lasts ?? 0))
        ? null
        : 'the stage has not lasted its time'
    case 'rolled-back':
      return rollout.rollback === null ? 'it has no condition for that' : null
    case 'expired':
      return moment === rollout.until ? null : 'it is not over then'
  }
}

function standing(policy: number, rollouts: Rollouts, at: Place): StandingWitness | null {
  const { plan, now } = at
  const own = plan.rollouts.findIndex(one => one.policy === policy)
  const replacing = plan.rollouts.map((one, index) => ({ one, index })).filter(({ one }) => one.replaces === policy)
  if (own < 0 && replacing.length === 0) return null
  const rollout = own < 0 ? null : stageOf(own, rollouts, at)
  const isIn = rollout ? rollout.isIn : plan.policies[policy]?.mode === 'enforce'
  const other = replacing.find(
    ({ one, index }) =>
      plan.policies[one.policy]?.contracts.some(contract => contract === now.contract) &&
      stageOf(index, rollouts, at).isIn,
  )
  const replacedBy = isIn && other ? other.one.policy : null
  return { counts: isIn && replacedBy === null, rollout, replacedBy }
}

function stageOf(index: number, rollouts: Rollouts, at: Place): NonNullable<StandingWitness['rollout']> {
  const rollout = at.plan.rollouts[index]
  let stage = rollouts.before[index] ?? -1
  for (const change of rollouts.changes) if (change.rollout === index && change.since <= at.now.seq) stage = change.to
  const found = rollout?.stages[stage]
  if (!rollout || found?.kind !== 'canary')
    return { rollout: index, stage, bucket: null, isIn: stage === rollout?.stages.length }
  const keys = found.keys.map(key => datum(at.now.value([key])))
  const values = keys.map(json)
  if (keys.some(vague) || values.includes('null')) return { rollout: index, stage, bucket: null, isIn: false }
  const digest = bytesToHex(sha256(utf8ToBytes(`[${[JSON.stringify(rollout.name), ...values].join(',')}]`)))
  const bucket = Number.parseInt(digest.slice(0, 8), 16)
  const isBelow = BigInt(bucket) * found.share.d < found.share.n * 2n ** 32n
  return { rollout: index, stage, bucket, isIn: isBelow }
}
