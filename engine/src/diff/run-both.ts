/**
 * Two versions of a program over one log, with the work that they have in common done once: a policy that means the same is not
 * decided again. Each result equals that of a run of its version alone, in every field and in the hash (test/diff).
 */
import { combine } from '../explain/combine.ts'
import type { Log } from '../log/columns.ts'
import { hashWithMeasures } from '../measure/hash.ts'
import { measure } from '../measure/measure.ts'
import { hashWithObligations } from '../obligation/hash.ts'
import { settle } from '../obligation/settle.ts'
import { onlyPolicies } from '../plan/only-policies.ts'
import type { Plan } from '../plan/plan.ts'
import { chainRollouts, hashWithRollouts, unbegunRolloutChains } from '../rollout/hash.ts'
import { rollOut } from '../rollout/pass.ts'
import { type Decisions, type MatchSet, noticeCodes, type RunNotice, type RunResult } from '../run/decisions.ts'
import { type EvaluateOptions, evaluate } from '../run/evaluate.ts'
import { hashDecisions } from '../run/hash.ts'
import { byRule } from '../run/notice-order.ts'
import type { PlanPair, PolicyPair } from './pair.ts'
import { checksAlike } from './shared-log.ts'

export interface BothRuns {
  readonly before: RunResult
  readonly after: RunResult
  /** How many policies of `after` were decided again. */
  readonly decidedAgain: number
}

export type BothOptions = Pick<EvaluateOptions, 'codeGeneration' | 'closeAt' | 'generateAfter'>

/** `logs`: one and the same where the versions share it (`onSharedLog`). */
export function runBoth(
  pair: PlanPair,
  logs: { readonly before: Log; readonly after: Log },
  options: BothOptions = {},
): BothRuns {
  const before = evaluate(pair.before, logs.before, options)
  const kept = pair.policies.filter(({ same }) => same)
  // What a check takes out is in no window: then nothing is as it was.
  if (logs.before !== logs.after || kept.length === 0 || !checksAlike(pair.before, pair.after)) {
    const after = evaluate(pair.after, logs.after, options)
    return { before, after, decidedAgain: pair.after.policies.length }
  }
  const again = pair.policies
    .flatMap(({ after, same }) => (same || after === null ? [] : [after]))
    .sort((a, b) => a - b)
  const partial = again.length === 0 ? null : evaluate(barePlan(pair.after, again), logs.after, options)
  return { before, after: completed(pair, logs.after, before, partial, again, options), decidedAgain: again.length }
}

/** Only what decides: the rest is worked out over all decisions. */
function barePlan(plan: Plan, policies: readonly number[]): Plan {
  const bare = onlyPolicies(plan, policies)
  return { ...bare, indicators: [], objectives: [], rollouts: [], properties: [] }
}

function completed(
  pair: PlanPair,
  log: Log,
  before: RunResult,
  partial: RunResult | null,
  again: readonly number[],
  options: BothOptions,
): RunResult {
  const plan = pair.after
  const decisions = joined(pair, before.decisions, partial?.decisions ?? null, again)
  const rejectedRows = rejectedRowsOf(plan, log, before.rejected)
  const events = log.contractOf.length
  const ending = options.closeAt === undefined ? null : { closedAt: options.closeAt }
  const generateAfter = options.codeGeneration === false ? Number.POSITIVE_INFINITY : (options.generateAfter ?? 10_000)
  const run = { plan, log, decisions, rejectedRows, events, over: 0, seqOf: (seq: number) => seq, ending }
  const { obligations, notices } = settle({ ...run, generateAfter, resumed: null })
  // INVARIANT: the checks of a contract are the same, in the same order.
  const { failedChecks } = before
  const { measures } = measure({ ...run, obligations, failedChecks, before: null })
  const { rollouts } = rollOut({ ...run, obligations, before: null })
  const hash = hashWithMeasures(hashWithObligations(hashDecisions(decisions), obligations), measures)
  const chains = chainRollouts(unbegunRolloutChains, rollouts)
  return {
    decisions,
    rejected: before.rejected,
    failedChecks,
    notices: [...keptNotices(pair, before.notices, partial?.notices ?? [], again), ...notices].sort(byRule),
    obligations,
    measures,
    rollouts,
    hash: hashWithRollouts(hash, rollouts, chains),
  }
}

/** The decisions of what was kept, as the newer version numbers them, among those that were made again. */
function joined(pair: PlanPair, kept: Decisions, made: Decisions | null, again: readonly number[]): Decisions {
  const renumber = new Renumbering(pair, kept)
  const pairs = policiesBefore(pair)
  const most = kept.size + (made?.size ?? 0)
  const seq = new Int32Array(most)
  const policy = new Uint16Array(most)
  const decision = new Uint8Array(most)
  const decidedBy = new Int16Array(most)
  const matched = new Int32Array(most)
  let size = 0
  let other = 0
  const put = (at: number, of: number, word: number, rule: number, set: number): void => {
    // At one event decisions are in the order of the policies; mostly they come so.
    let place = size++
    while (place > 0 && seq[place - 1] === at && (policy[place - 1] ?? 0) > of) {
      seq[place] = at
      policy[place] = policy[place - 1] ?? 0
      decision[place] = decision[place - 1] ?? 0
      decidedBy[place] = decidedBy[place - 1] ?? 0
      matched[place] = matched[place - 1] ?? 0
      place--
    }
    seq[place] = at
    policy[place] = of
    decision[place] = word
    decidedBy[place] = rule
    matched[place] = set
  }
  const takeUpTo = (end: number): void => {
    if (made === null) return
    for (; other < made.size && (made.seq[other] ?? 0) <= end; other++) {
      const of = again[made.policy[other] ?? 0] ?? 0
      const set = renumber.own(of, made.matchSets, made.matched[other] ?? 0)
      put(made.seq[other] ?? 0, of, made.decision[other] ?? 0, made.decidedBy[other] ?? -1, set)
    }
  }
  for (let place = 0; place < kept.size; place++) {
    const old = kept.policy[place] ?? 0
    const own = pairs[old]
    if (own === undefined || !own.same || own.after === null) continue
    const at = kept.seq[place] ?? 0
    takeUpTo(at)
    const set = renumber.kept(own, kept.matched[place] ?? 0)
    put(at, own.after, kept.decision[place] ?? 0, renumber.decidedBy(set), set)
  }
  takeUpTo(Number.POSITIVE_INFINITY)
  return {
    size,
    seq: seq.subarray(0, size),
    policy: policy.subarray(0, size),
    decision: decision.subarray(0, size),
    decidedBy: decidedBy.subarray(0, size),
    matched: matched.subarray(0, size),
    matchSets: renumber.sets,
  }
}

function policiesBefore(pair: PlanPair): readonly (PolicyPair | undefined)[] {
  const found: PolicyPair[] = []
  for (const policy of pair.policies) if (policy.before !== null) found[policy.before] = policy
  return found
}

/** Match sets of both runs in the numbers of the newer plan, each once per policy. */
class Renumbering {
  readonly sets: MatchSet[] = []
  readonly #pair: PlanPair
  readonly #old: readonly MatchSet[]
  /** By policy of the newer plan and set of the run it comes from. */
  readonly #known: Int32Array[] = []
  readonly #decidedBy: number[] = []
  readonly #exceptions: ReadonlyMap<string, number>
  #cut: readonly number[] | null = null

  constructor(pair: PlanPair, kept: Decisions) {
    this.#pair = pair
    this.#old = kept.matchSets
    this.#exceptions = exceptionPlaces(pair.after)
  }

  decidedBy(set: number): number {
    return this.#decidedBy[set] ?? -1
  }

  kept(own: PolicyPair, set: number): number {
    const after = own.after ?? 0
    const known = this.#at(after, this.#old.length)
    const found = known[set] ?? -1
    if (found >= 0) return found
    const old = this.#old[set] ?? { rules: [], unknown: [] }
    const moved = (rules: readonly number[]) => rules.map(rule => own.afterOf[rule] ?? -1).sort((a, b) => a - b)
    const waived = old.waived?.map(({ rule, exception }) => ({
      rule: own.afterOf[rule] ?? -1,
      exception: this.#exceptionOf(own, rule, exception),
    }))
    return this.#add(after, known, set, {
      rules: moved(old.rules),
      unknown: moved(old.unknown),
      ...(old.lasting ? { lasting: moved(old.lasting) } : {}),
      ...(waived ? { waived: waived.sort((a, b) => a.rule - b.rule) } : {}),
    })
  }

  /** Of a policy that was decided again. */
  own(policy: number, sets: readonly MatchSet[], set: number): number {
    const known = this.#at(policy, sets.length)
    const found = known[set] ?? -1
    if (found >= 0) return found
    const { waived, ...made } = sets[set] ?? { rules: [], unknown: [] }
    const whole = waived?.map(({ rule, exception }) => ({ rule, exception: this.#cutExceptions()[exception] ?? -1 }))
    return this.#add(policy, known, set, { ...made, ...(whole ? { waived: whole } : {}) })
  }

  #at(policy: number, size: number): Int32Array {
    const known = this.#known[policy] ?? new Int32Array(size).fill(-1)
    this.#known[policy] = known
    return known
  }

  #add(policy: number, known: Int32Array, set: number, made: MatchSet): number {
    const own = this.#pair.after.policies[policy]
    const index = this.sets.push(made) - 1
    known[set] = index
    if (own) this.#decidedBy[index] = combine(own, made.rules).decidedBy
    return index
  }

  /** Exceptions of one rule keep their order where the rule means the same. */
  #exceptionOf({ before, after, afterOf }: PolicyPair, rule: number, exception: number): number {
    const own = this.#pair.before.exceptions
    const place = own.slice(0, exception).filter(one => one.policy === before && one.rule === rule).length
    return this.#exceptions.get(`${after} ${afterOf[rule]} ${place}`) ?? -1
  }

  /** A plan that is cut down keeps the order of the exceptions that are left. */
  #cutExceptions(): readonly number[] {
    if (this.#cut !== null) return this.#cut
    const again = new Set(this.#pair.policies.flatMap(({ after, same }) => (same || after === null ? [] : [after])))
    this.#cut = this.#pair.after.exceptions.flatMap(({ policy }, index) => (again.has(policy) ? [index] : []))
    return this.#cut
  }
}

/** By policy, rule, and place among the exceptions of the rule. */
function exceptionPlaces(plan: Plan): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const counts = new Map<string, number>()
  for (const [index, { policy, rule }] of plan.exceptions.entries()) {
    const key = `${policy} ${rule}`
    const place = counts.get(key) ?? 0
    found.set(`${key} ${place}`, index)
    counts.set(key, place + 1)
  }
  return found
}

function rejectedRowsOf(plan: Plan, log: Log, rejected: Int32Array): readonly (Uint8Array | null)[] {
  const rows = plan.contracts.map(({ checks }, index) =>
    checks.some(check => check.otherwise === 'reject') ? new Uint8Array(log.batches[index]?.rows ?? 0) : null,
  )
  for (const seq of rejected) {
    const own = rows[log.contractOf[seq] ?? -1]
    if (own) own[log.rowOf[seq] ?? -1] = 1
  }
  return rows
}

const ofDecisions: ReadonlySet<string> = new Set([noticeCodes.matchedOnUnknown, noticeCodes.passedOnUnknown])

function keptNotices(
  pair: PlanPair,
  kept: readonly RunNotice[],
  made: readonly RunNotice[],
  again: readonly number[],
): readonly RunNotice[] {
  const pairs = policiesBefore(pair)
  return [
    ...kept.flatMap(notice => {
      const own = pairs[notice.policy]
      if (!ofDecisions.has(notice.code) || !own?.same || own.after === null) return []
      return [{ ...notice, policy: own.after, rule: own.afterOf[notice.rule] ?? -1 }]
    }),
    ...made.flatMap(notice =>
      ofDecisions.has(notice.code) ? [{ ...notice, policy: again[notice.policy] ?? -1 }] : [],
    ),
  ]
}
