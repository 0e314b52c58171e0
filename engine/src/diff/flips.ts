/**
 * Events that two versions of a program decide differently, as columns, each with its cause. A flip is of one policy: its
 * decision is another word, or it counts in what holds for the event in one version only.
 */
import type { Log } from '../log/columns.ts'
import type { Plan } from '../plan/plan.ts'
import type { MatchSet, RunResult } from '../run/decisions.ts'
import { type Cause, causeOf, type Ruling } from './cause.ts'
import { type ConditionPart, differingParts, type PartTruth, partTruths } from './condition-parts.ts'
import type { PlanPair, PolicyPair } from './pair.ts'

/** What a version made of an event: index into `decisionWords`, or this: it does not decide it. */
export const undecided = 4
/** Added to a decision that does not count in what holds: a policy in shadow, or not rolled out to the event. */
export const inShadow = 8

export interface Flips {
  readonly size: number
  /** Place in `PlanPair.policies`. */
  readonly policy: Uint16Array
  /** Events, in the numbers of each version's log; -1: it is no event there. */
  readonly before: Int32Array
  readonly after: Int32Array
  /** A decision, plus `inShadow`, or `undecided`. */
  readonly from: Uint8Array
  readonly to: Uint8Array
  /** Index into `causes`. */
  readonly cause: Int32Array
  readonly causes: readonly PolicyCause[]
  /** Decisions of the same word that another rule made. */
  readonly otherRule: number
}
export interface PolicyCause {
  /** Place in `PlanPair.policies`. */
  readonly policy: number
  readonly cause: Cause
  /** Of a condition: its part that came out otherwise; null: more than one thing, or no condition. */
  readonly part: ConditionPart | null
}

export interface FlipInput {
  readonly pair: PlanPair
  readonly logs: { readonly before: Log; readonly after: Log }
  readonly runs: { readonly before: RunResult; readonly after: RunResult }
  readonly codeGeneration?: boolean
}

export function flipsOf(input: FlipInput): Flips {
  return new Collector(input).all()
}

class Collector {
  readonly #input: FlipInput
  readonly #isShared: boolean
  /** By event of the older log, the event of the newer one, and back; null: they are the same. */
  readonly #afterOf: Int32Array | null
  readonly #beforeOf: Int32Array | null
  readonly #causes: PolicyCause[] = []
  readonly #causePlaces = new Map<string, number>()
  readonly #parts = new Map<string, readonly ConditionPart[]>()
  #columns = columnsOf(1024)
  #size = 0
  #otherRule = 0

  constructor(input: FlipInput) {
    this.#input = input
    const { before, after } = input.logs
    this.#isShared = before === after
    const afterOf = this.#isShared ? null : eventsIn(before, after)
    this.#afterOf = afterOf
    this.#beforeOf = afterOf && turned(afterOf, after.contractOf.length)
  }

  all(): Flips {
    const { policies } = this.#input.pair
    for (const [place, policy] of policies.entries()) if (this.#mayFlip(policy)) this.#collect(place, policy)
    this.#settleParts()
    const { policy, before, after, from, to, cause } = this.#columns
    const size = this.#size
    return {
      size,
      policy: policy.subarray(0, size),
      before: before.subarray(0, size),
      after: after.subarray(0, size),
      from: from.subarray(0, size),
      to: to.subarray(0, size),
      cause: cause.subarray(0, size),
      causes: this.#causes,
      otherRule: this.#otherRule,
    }
  }

  #mayFlip({ same }: PolicyPair): boolean {
    const { runs, pair } = this.#input
    const checked = runs.before.rejected.length + runs.after.rejected.length > 0
    const moves = pair.before.rollouts.length + pair.after.rollouts.length > 0
    return !same || !this.#isShared || checked || moves
  }

  #collect(place: number, policy: PolicyPair): void {
    const { logs, runs, pair } = this.#input
    const was = placesOf(runs.before, policy.before, logs.before.contractOf.length)
    const is = placesOf(runs.after, policy.after, logs.after.contractOf.length)
    const words = new Map<string, number>()
    const [countsBefore, countsAfter] = [countsIn(pair.before, runs.before), countsIn(pair.after, runs.after)]
    const look = (before: number, after: number): void => {
      const [one, other] = [was[before] ?? -1, is[after] ?? -1]
      if (one < 0 && other < 0) return
      const from = one < 0 ? undecided : (runs.before.decisions.decision[one] ?? 0) + (countsBefore(one) ? 0 : inShadow)
      const to =
        other < 0 ? undecided : (runs.after.decisions.decision[other] ?? 0) + (countsAfter(other) ? 0 : inShadow)
      if (from === to) {
        if (one >= 0 && other >= 0 && this.#isOtherRule(policy, one, other)) this.#otherRule++
        return
      }
      if (isNothing(policy, from, to)) return
      const contract = after >= 0 ? (logs.after.contractOf[after] ?? 0) : (logs.before.contractOf[before] ?? 0)
      const cause = this.#causeAt(place, policy, one, other, contract, after >= 0, words, from, to)
      this.#put(place, before, after, from, to, cause)
    }
    if (this.#afterOf === null) for (let seq = 0; seq < was.length; seq++) look(seq, seq)
    else {
      for (let seq = 0; seq < is.length; seq++) look(this.#beforeOf?.[seq] ?? -1, seq)
      for (let seq = 0; seq < was.length; seq++) if ((this.#afterOf[seq] ?? -1) < 0) look(seq, -1)
    }
  }

  #isOtherRule(policy: PolicyPair, one: number, other: number): boolean {
    const { before, after } = this.#input.runs
    const old = before.decisions.decidedBy[one] ?? -1
    return (old < 0 ? -1 : (policy.afterOf[old] ?? -1)) !== (after.decisions.decidedBy[other] ?? -1)
  }

  /** Remembered by everything it depends on. */
  #causeAt(
    place: number,
    policy: PolicyPair,
    one: number,
    other: number,
    contract: number,
    inAfter: boolean,
    known: Map<string, number>,
    from: number,
    to: number,
  ): number {
    const { before, after } = this.#input.runs
    const [was, is] = [before.decisions, after.decisions]
    const key = `${was.matched[one]} ${is.matched[other]} ${was.decidedBy[one]} ${is.decidedBy[other]} ${from} ${to} ${contract} ${inAfter}`
    const found = known.get(key)
    if (found !== undefined) return found
    const cause = this.#cause(policy, one, other, contract, inAfter, from, to)
    const index = this.#placeOf(place, cause)
    known.set(key, index)
    return index
  }

  #cause(
    policy: PolicyPair,
    one: number,
    other: number,
    contract: number,
    inAfter: boolean,
    from: number,
    to: number,
  ): Cause {
    if (policy.before === null) return { kind: 'policy-added' }
    if (policy.after === null) return { kind: 'policy-removed' }
    if (one < 0 || other < 0) return { kind: 'contract', of: inAfter ? 'after' : 'before', contract }
    const { runs, pair } = this.#input
    const cause = causeOf(
      pair,
      policy,
      rulingAt(runs.before, one, from < inShadow),
      rulingAt(runs.after, other, to < inShadow),
      contract,
    )
    if (cause.kind !== 'condition' || this.#partsOf(policy, cause.rule).length > 0) return cause
    const rule = policy.rules[cause.rule]
    const lasts =
      pair.before.policies[policy.before]?.rules[rule?.before ?? -1]?.lasting ??
      pair.after.policies[policy.after]?.rules[rule?.after ?? -1]?.lasting
    return { kind: lasts ? 'lasting' : 'history', rule: cause.rule }
  }

  #placeOf(policy: number, cause: Cause): number {
    const key = `${policy} ${JSON.stringify(cause)}`
    const found = this.#causePlaces.get(key)
    if (found !== undefined) return found
    const own = this.#input.pair.policies[policy]
    const parts = cause.kind === 'condition' && own ? this.#partsOf(own, cause.rule) : []
    const index = this.#causes.push({ policy, cause, part: partOf(cause, parts) }) - 1
    this.#causePlaces.set(key, index)
    return index
  }

  #partsOf(policy: PolicyPair, place: number): readonly ConditionPart[] {
    const key = `${policy.name} ${place}`
    const known = this.#parts.get(key)
    if (known) return known
    const { before, after } = this.#input.pair
    const rule = policy.rules[place]
    const was = before.policies[policy.before ?? -1]?.rules[rule?.before ?? -1]
    const is = after.policies[policy.after ?? -1]?.rules[rule?.after ?? -1]
    const found = was && is ? differingParts({ plan: before, when: was.when }, { plan: after, when: is.when }) : []
    this.#parts.set(key, found)
    return found
  }

  /** Where a condition differs in several parts, the one is named that came out otherwise at the event. */
  #settleParts(): void {
    const { pair, logs, codeGeneration } = this.#input
    const asked: { readonly cause: number; readonly first: number; readonly parts: readonly ConditionPart[] }[] = []
    const probes: { part: ConditionPart; old: readonly number[]; now: readonly number[] }[] = []
    for (const [index, { policy, cause }] of this.#causes.entries()) {
      const own = pair.policies[policy]
      if (cause.kind !== 'condition' || !own) continue
      const parts = this.#partsOf(own, cause.rule)
      if (parts.length < 2) continue
      const rule = own.rules[cause.rule]
      const old = pair.before.policies[own.before ?? -1]?.rules[rule?.before ?? -1]?.contracts ?? []
      const now = pair.after.policies[own.after ?? -1]?.rules[rule?.after ?? -1]?.contracts ?? []
      asked.push({ cause: index, first: probes.length, parts })
      probes.push(...parts.map(part => ({ part, old, now })))
    }
    if (asked.length === 0) return
    const options = codeGeneration === undefined ? {} : { codeGeneration }
    const before = partTruths(
      pair.before,
      logs.before,
      probes.map(({ part, old }) => ({ condition: part.before, neutral: part.neutral, contracts: old })),
      options,
    )
    const after = partTruths(
      pair.after,
      logs.after,
      probes.map(({ part, now }) => ({ condition: part.after, neutral: part.neutral, contracts: now })),
      options,
    )
    const byCause = new Map(asked.map(one => [one.cause, one]))
    for (let flip = 0; flip < this.#size; flip++) {
      const one = byCause.get(this.#columns.cause[flip] ?? -1)
      if (one) this.#columns.cause[flip] = this.#withPart(one, flip, before, after)
    }
  }

  #withPart(
    {
      cause,
      first,
      parts,
    }: { readonly cause: number; readonly first: number; readonly parts: readonly ConditionPart[] },
    flip: number,
    before: PartTruth,
    after: PartTruth,
  ): number {
    const [old, now] = [this.#columns.before[flip] ?? -1, this.#columns.after[flip] ?? -1]
    const part = parts.findIndex((_, index) => before(first + index, old) !== after(first + index, now))
    const known = this.#causes[cause]
    if (known?.cause.kind !== 'condition' || part < 0) return cause
    return this.#placeOf(known.policy, { ...known.cause, part })
  }

  #put(policy: number, before: number, after: number, from: number, to: number, cause: number): void {
    if (this.#size === this.#columns.policy.length) this.#columns = grown(this.#columns)
    const columns = this.#columns
    const at = this.#size++
    columns.policy[at] = policy
    columns.before[at] = before
    columns.after[at] = after
    columns.from[at] = from
    columns.to[at] = to
    columns.cause[at] = cause
  }
}

function partOf(cause: Cause, parts: readonly ConditionPart[]): ConditionPart | null {
  if (cause.kind !== 'condition') return null
  return parts[parts.length === 1 ? 0 : cause.part] ?? null
}

/** A policy that comes and permits, or that goes and permitted, leaves the event as it is; and one in shadow that permits anyway. */
function isNothing(policy: PolicyPair, from: number, to: number): boolean {
  const isPermit = (state: number) => state % inShadow === 0
  if (policy.before === null || policy.after === null) return isPermit(policy.before === null ? to : from)
  return isPermit(from) && isPermit(to)
}

function rulingAt({ decisions }: RunResult, place: number, counts: boolean): Ruling {
  const none: MatchSet = { rules: [], unknown: [] }
  return {
    decision: decisions.decision[place] ?? 0,
    decidedBy: decisions.decidedBy[place] ?? -1,
    set: decisions.matchSets[decisions.matched[place] ?? 0] ?? none,
    counts,
  }
}

/** Tells of a place among the decisions whether it counts in what holds. */
export function countsIn(plan: Plan, { decisions, rollouts: { counts } }: RunResult): (place: number) => boolean {
  if (counts !== null) return place => counts[place] === 1
  const enforces = plan.policies.map(({ mode }) => mode === 'enforce')
  return place => enforces[decisions.policy[place] ?? -1] === true
}

/** By event: the place of the policy's decision, or -1. */
function placesOf({ decisions }: RunResult, policy: number | null, events: number): Int32Array {
  const places = new Int32Array(events).fill(-1)
  if (policy === null) return places
  for (let place = 0; place < decisions.size; place++)
    if (decisions.policy[place] === policy) places[decisions.seq[place] ?? 0] = place
  return places
}

/** By event of `before`: the same record in `after`, or -1. */
function eventsIn(before: Log, after: Log): Int32Array {
  const files = new Map(after.files.map((file, index) => [file, index]))
  const perFile = 2 ** 32
  const places = new Map<number, number>()
  for (const { rows, file, index, seq } of after.batches)
    for (let row = 0; row < rows; row++) places.set((file[row] ?? 0) * perFile + (index[row] ?? 0), seq[row] ?? -1)
  const found = new Int32Array(before.contractOf.length).fill(-1)
  for (const { rows, file, index, seq } of before.batches)
    for (let row = 0; row < rows; row++) {
      const own = files.get(before.files[file[row] ?? -1] ?? '')
      if (own !== undefined) found[seq[row] ?? 0] = places.get(own * perFile + (index[row] ?? 0)) ?? -1
    }
  return found
}

function turned(places: Int32Array, size: number): Int32Array {
  const back = new Int32Array(size).fill(-1)
  for (const [seq, place] of places.entries()) if (place >= 0) back[place] = seq
  return back
}

type Columns = ReturnType<typeof columnsOf>

function columnsOf(size: number) {
  return {
    policy: new Uint16Array(size),
    before: new Int32Array(size),
    after: new Int32Array(size),
    from: new Uint8Array(size),
    to: new Uint8Array(size),
    cause: new Int32Array(size),
  }
}

function grown(columns: Columns): Columns {
  const larger = columnsOf(columns.policy.length * 2)
  larger.policy.set(columns.policy)
  larger.before.set(columns.before)
  larger.after.set(columns.after)
  larger.from.set(columns.from)
  larger.to.set(columns.to)
  larger.cause.set(columns.cause)
  return larger
}
