/**
 * What the evaluation of a log goes on from when more of the log comes: plain data, so that it can be stored. Decisions depend on
 * history only, which the caller keeps (plan/history-reach.ts) and gives again; what lives on otherwise, and how far the rolling
 * hash has come, is here, a member per pass. Where it is stored is the ledger's.
 */
import { type MeasuresContinuation, nothingMeasured } from '../measure/continued.ts'
import type { ObligationsContinuation } from '../obligation/continued.ts'
import { nothingYet } from '../obligation/continued.ts'
import { chainObligations, unbegunChains } from '../obligation/hash.ts'
import { noObligations } from '../obligation/instance.ts'
import type { Plan } from '../plan/plan.ts'
import { noStagesYet, type RolloutsContinuation } from '../rollout/continued.ts'
import { hashWithRollouts } from '../rollout/hash.ts'
import { noRollouts } from '../rollout/stages.ts'
import type { Decisions } from './decisions.ts'
import { hashPiece, type OpenHash, unbegunHash } from './hash.ts'
import { runIdentity } from './identity.ts'

/** Raised whenever the form of a continuation changes. */
export const continuationVersion = 1

export interface Continuation {
  readonly version: typeof continuationVersion
  /** Identity of the program: rules and contracts are told by their places in it. */
  readonly program: string
  /** Events so far; the next one has this place in the whole run. */
  readonly events: number
  /** Time has come this far, milliseconds since the epoch: the deadlines before have passed; null: before the first event. */
  readonly time: number | null
  readonly hash: OpenHash
  readonly obligations: ObligationsContinuation
  readonly rollouts: RolloutsContinuation
  readonly measures: MeasuresContinuation
}

/** A log that goes on with a run. It begins with events that are over: those that history and the continuation still need. */
export interface Resumed {
  readonly continuation: Continuation
  /** Places of these events in the whole run, ascending. */
  readonly seqs: readonly number[]
}

/** Of a run that is about to begin. */
export function beginning(plan: Plan): Continuation {
  return {
    version: continuationVersion,
    program: programOf(plan),
    events: 0,
    time: null,
    hash: unbegunHash,
    obligations: nothingYet(unbegunChains),
    rollouts: noStagesYet(plan),
    measures: nothingMeasured(plan),
  }
}

/** Places of the events that have to stand in the next log besides those that history asks for, ascending, each once. */
export function neededEvents({ obligations }: Continuation): readonly number[] {
  return [...new Set(obligations.pending.map(instance => instance.seq))].sort((a, b) => a - b)
}

/** The rolling hash of the run so far. */
export function rollingHash({ hash, obligations, rollouts }: Continuation): string {
  const same = (number: number): number => number
  const decided = hashPiece(hash, noDecisions).hash
  const lived = chainObligations(decided, noObligations, obligations.chains, { seq: same, instance: same }).hash
  const counts = rollouts.stages.length === 0 ? null : new Uint8Array()
  return hashWithRollouts(lived, { ...noRollouts, counts }, rollouts.chains)
}

const noDecisions: Decisions = {
  size: 0,
  seq: new Int32Array(),
  policy: new Uint16Array(),
  decision: new Uint8Array(),
  decidedBy: new Int16Array(),
  matched: new Int32Array(),
  matchSets: [],
}

/** What is the same in a run that a changed program begins after `before`: how many events there were, and how far time has come. */
export function begunAfter(plan: Plan, { events, time }: Continuation): Continuation {
  return { ...beginning(plan), events, time }
}

/** Why a plan cannot go on from it; null where it can. */
export function cannotResume(
  plan: Plan,
  { version, program }: Pick<Continuation, 'version' | 'program'>,
): string | null {
  if (version !== continuationVersion)
    return `it has form ${version}, and this version of Writ goes on from form ${continuationVersion}`
  if (program !== programOf(plan)) return 'it is of another program, or of another version of this one'
  return null
}

const identities = new WeakMap<Plan, string>()

/** Hex SHA-256 over the text of the program and the policies that were chosen of it. */
export function programOf(plan: Plan): string {
  const known = identities.get(plan)
  if (known !== undefined) return known
  const policies = plan.policies.map(({ module, name }) => `${module}.${name}`).join(' ')
  const made = runIdentity(plan, { policies })
  identities.set(plan, made)
  return made
}
