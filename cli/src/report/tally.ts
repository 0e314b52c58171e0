/** Counts over the decisions of a run: by kind, by policy, and how often each rule matched and decided. */
import { decisionWords, effectiveDecisions, type MatchSet, type Plan, type RunResult } from '@writ/engine'

export interface Tally {
  /** By index of `decisionWords`. */
  readonly decisions: readonly number[]
  readonly policies: readonly PolicyTally[]
  readonly effective: EffectiveTally
  /** By index of `Plan.exceptions`: for how many events it waived its rule. */
  readonly exceptions: readonly number[]
}
/** What holds for events: the strictest decision of the policies that enforce. */
export interface EffectiveTally {
  /** Events that such a policy decides. */
  readonly total: number
  /** By index of `decisionWords`. */
  readonly decisions: readonly number[]
  /** By policy: for how many events its decision is the one that holds. */
  readonly given: readonly number[]
  /** By policy: events for which it does not count, and would decide more strictly, or less, than what holds. */
  readonly stricter: readonly number[]
  readonly milder: readonly number[]
}
export interface PolicyTally {
  /** Index into `Plan.policies`. */
  readonly policy: number
  readonly total: number
  readonly decisions: readonly number[]
  readonly rules: readonly RuleTally[]
  /** How often the default decided. */
  readonly byDefault: number
}
export interface RuleTally {
  readonly rule: number
  readonly matched: number
  readonly decided: number
  /** Of `matched`: because the condition was unknown. */
  readonly unknown: number
  /** The first event it decided; null where it decided none. */
  readonly firstSeq: number | null
}

export function tally(plan: Plan, result: RunResult): Tally {
  const { decisions } = result
  const width = Math.max(1, ...plan.policies.map(policy => policy.rules.length)) + 1
  const kinds = new Float64Array(plan.policies.length * decisionWords.length)
  const decided = new Float64Array(plan.policies.length * width)
  const firstSeq = new Int32Array(plan.policies.length * width).fill(-1)
  const sets = plan.policies.map(() => new Map<number, number>())
  for (let place = 0; place < decisions.size; place++) {
    const policy = decisions.policy[place] ?? 0
    const slot = policy * width + (decisions.decidedBy[place] ?? -1) + 1
    add(kinds, policy * decisionWords.length + (decisions.decision[place] ?? 0))
    add(decided, slot)
    if ((firstSeq[slot] ?? -1) < 0) firstSeq[slot] = decisions.seq[place] ?? 0
    const bySet = sets[policy]
    const set = decisions.matched[place] ?? 0
    bySet?.set(set, (bySet.get(set) ?? 0) + 1)
  }
  const policies = plan.policies.map((policy, index): PolicyTally => {
    const own = decisionWords.map((_, kind) => kinds[index * decisionWords.length + kind] ?? 0)
    const matched = new Float64Array(width)
    const unknown = new Float64Array(width)
    for (const [set, times] of sets[index] ?? []) {
      for (const rule of decisions.matchSets[set]?.rules ?? []) add(matched, rule, times)
      for (const rule of decisions.matchSets[set]?.unknown ?? []) add(unknown, rule, times)
    }
    return {
      policy: index,
      total: own.reduce((sum, kind) => sum + kind, 0),
      decisions: own,
      rules: policy.rules.map((_, rule) => {
        const first = firstSeq[index * width + rule + 1] ?? -1
        return {
          rule,
          matched: matched[rule] ?? 0,
          decided: decided[index * width + rule + 1] ?? 0,
          unknown: unknown[rule] ?? 0,
          firstSeq: first < 0 ? null : first,
        }
      }),
      byDefault: decided[index * width] ?? 0,
    }
  })
  return {
    decisions: decisionWords.map((_, kind) => policies.reduce((sum, policy) => sum + (policy.decisions[kind] ?? 0), 0)),
    policies,
    effective: effectiveTally(plan, result),
    exceptions: exceptionUses(plan, sets, decisions.matchSets),
  }
}

function exceptionUses(
  plan: Plan,
  sets: readonly ReadonlyMap<number, number>[],
  matchSets: readonly MatchSet[],
): readonly number[] {
  const uses = new Float64Array(plan.exceptions.length)
  for (const bySet of sets)
    for (const [set, times] of bySet)
      for (const { exception } of matchSets[set]?.waived ?? []) add(uses, exception, times)
  return [...uses]
}

function effectiveTally(plan: Plan, result: RunResult): EffectiveTally {
  const {
    decisions,
    rollouts: { counts },
  } = result
  const effective = effectiveDecisions(plan, result)
  const kinds = new Float64Array(decisionWords.length)
  const given = new Float64Array(plan.policies.length)
  const stricter = new Float64Array(plan.policies.length)
  const milder = new Float64Array(plan.policies.length)
  for (let row = 0; row < effective.size; row++) {
    add(kinds, effective.decision[row] ?? 0)
    add(given, effective.policy[row] ?? 0)
  }
  let row = 0
  for (let place = 0; place < decisions.size; place++) {
    const seq = decisions.seq[place] ?? 0
    while (row < effective.size && (effective.seq[row] ?? 0) < seq) row++
    const policy = decisions.policy[place] ?? 0
    const counted = counts === null ? plan.policies[policy]?.mode !== 'shadow' : counts[place] === 1
    if (counted || effective.seq[row] !== seq) continue
    const own = decisions.decision[place] ?? 0
    const holds = effective.decision[row] ?? 0
    if (own > holds) add(stricter, policy)
    if (own < holds) add(milder, policy)
  }
  return {
    total: effective.size,
    decisions: [...kinds],
    given: [...given],
    stricter: [...stricter],
    milder: [...milder],
  }
}

function add(counts: Float64Array, slot: number, amount = 1): void {
  counts[slot] = (counts[slot] ?? 0) + amount
}
