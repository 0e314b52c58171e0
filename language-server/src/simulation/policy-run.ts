/**
 * One policy over a whole log, with what an editor shows beside its rules: how many events each matched and decided, and which are
 * decided otherwise than by an earlier version. A policy that has not changed is not run again (simulator.ts).
 */
import {
  type DecidedPolicy,
  type Decisions,
  decide,
  decisionWords,
  type Log,
  onlyPolicies,
  type Plan,
  redecide,
} from '@writ/engine'

export interface PolicyRun {
  /** `module.policy` */
  readonly name: string
  /** Names of its rules, by index; also for whoever compares versions. */
  readonly rules: readonly string[]
  readonly counts: readonly RuleCounts[]
  readonly decisions: Decisions
  /** By index of `decisionWords`. */
  readonly kinds: readonly number[]
  readonly byDefault: number
}
export interface RuleCounts {
  readonly matched: number
  readonly decided: number
}

/** `before`: an earlier state of the policy over the same log; then only rules that changed are run, where that is enough. Null where it was stopped. */
export function runPolicy(
  plan: Plan,
  index: number,
  log: Log,
  shouldStop: () => boolean,
  before: DecidedPolicy | null = null,
): PolicyRun | null {
  const policy = plan.policies[index]
  if (!policy) throw new RangeError(`the plan has no policy ${index}`)
  const again = before === null ? 'whole' : redecide(before, plan, index, log, { shouldStop })
  const decisions = again === 'whole' ? decide(onlyPolicies(plan, [index]), log, { shouldStop }) : again
  if (decisions === null) return null
  const decided = new Float64Array(policy.rules.length + 1)
  const kinds = new Float64Array(decisionWords.length)
  const sets = new Float64Array(decisions.matchSets.length)
  for (let place = 0; place < decisions.size; place++) {
    const rule = (decisions.decidedBy[place] ?? -1) + 1
    const kind = decisions.decision[place] ?? 0
    const set = decisions.matched[place] ?? 0
    decided[rule] = (decided[rule] ?? 0) + 1
    kinds[kind] = (kinds[kind] ?? 0) + 1
    sets[set] = (sets[set] ?? 0) + 1
  }
  const matched = new Float64Array(policy.rules.length)
  for (const [set, times] of sets.entries())
    for (const rule of decisions.matchSets[set]?.rules ?? []) matched[rule] = (matched[rule] ?? 0) + times
  return {
    name: `${policy.module}.${policy.name}`,
    rules: policy.rules.map(rule => rule.name),
    counts: policy.rules.map((_, rule) => ({ matched: matched[rule] ?? 0, decided: decided[rule + 1] ?? 0 })),
    decisions,
    kinds: [...kinds],
    byDefault: decided[0] ?? 0,
  }
}

export interface Flips {
  /** Places in the decisions of the run that is shown; ascending. */
  readonly places: Int32Array
  /** For each of them, what the earlier version decided: index of `decisionWords`. */
  readonly before: Uint8Array
  /** For each of them, the rule of the run that is shown whose namesake decided before; -1 for the default, or where there is none. */
  readonly beforeRule: Int32Array
  /** By rule of the run that is shown: flips that it decides, or that the rule of its name decided before. */
  readonly byRule: readonly number[]
}

/** Events that both versions decide, and decide differently. INVARIANT: both ran over the same log. */
export function flipsOf(now: PolicyRun, before: PolicyRun): Flips {
  const [a, b] = [now.decisions, before.decisions]
  const placeOf = new Map(now.rules.map((name, rule) => [name, rule]))
  const wasRule = before.rules.map(name => placeOf.get(name) ?? -1)
  const byRule = new Float64Array(now.rules.length)
  let places = new Int32Array(1024)
  let befores = new Uint8Array(1024)
  let beforeRules = new Int32Array(1024)
  let size = 0
  let other = 0
  for (let place = 0; place < a.size; place++) {
    const seq = a.seq[place] ?? 0
    while (other < b.size && (b.seq[other] ?? 0) < seq) other++
    if (b.seq[other] !== seq || b.decision[other] === a.decision[place]) continue
    if (size === places.length) {
      const [longer, more, rules] = [new Int32Array(size * 2), new Uint8Array(size * 2), new Int32Array(size * 2)]
      longer.set(places)
      more.set(befores)
      rules.set(beforeRules)
      places = longer
      befores = more
      beforeRules = rules
    }
    places[size] = place
    const own = a.decidedBy[place] ?? -1
    const was = wasRule[b.decidedBy[other] ?? -1] ?? -1
    beforeRules[size] = was
    befores[size++] = b.decision[other] ?? 0
    if (own >= 0) byRule[own] = (byRule[own] ?? 0) + 1
    if (was >= 0 && was !== own) byRule[was] = (byRule[was] ?? 0) + 1
  }
  return {
    places: places.subarray(0, size),
    before: befores.subarray(0, size),
    beforeRule: beforeRules.subarray(0, size),
    byRule: [...byRule],
  }
}
