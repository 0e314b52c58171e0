/**
 * What stands between the condition of a rule and its match: a tripped breaker makes it match, an exception takes the match
 * away. Wraps the group of rules, which knows nothing of either.
 */
import type { Log } from '../log/columns.ts'
import type { Plan, PlanException, PlanLasting, PlanRule } from '../plan/plan.ts'
import { Breaker } from './breaker.ts'
import { checkCondition } from './conditions.ts'
import type { Condition, ContractRule, RuleGroup } from './rules.ts'
import type { Scope } from './scope.ts'

export interface GovernedGroup {
  /** As the group that is wrapped, with truth 3 where only the breaker is tripped, and 0 where an exception waives the rule. */
  readonly group: RuleGroup
  /** By place of a rule: the exception that waived it at the row asked last. */
  readonly waivers: Int32Array
}

/** Of one run. INVARIANT: groups made by `around` are asked for every event in the order of the log, each once. */
export class Governance {
  readonly #plan: Plan
  readonly #log: Log
  readonly #breakers = new Map<PlanRule, Breaker>()

  constructor(plan: Plan, log: Log) {
    this.#plan = plan
    this.#log = log
  }

  around(group: RuleGroup, rules: readonly ContractRule[], scope: Scope): GovernedGroup {
    const waivers = new Int32Array(rules.length)
    const watched = rules.flatMap(rule => this.#watched(rule, scope) ?? [])
    if (watched.length === 0) return { group, waivers }
    const times = scope.current.batch.time
    const governed: RuleGroup = (row, hits) => {
      const time = times[row] as number
      let found = group(row, hits)
      let at = 0
      for (const { place, matchesOnUnknown, breaker, keyOf, exceptions } of watched) {
        while (at < found && (hits[at] as number) >> 2 < place) at++
        const truth = at < found && (hits[at] as number) >> 2 === place ? (hits[at] as number) & 3 : 0
        const own = truth === 1 || (truth === 2 && matchesOnUnknown)
        const key = keyOf(row)
        if (!own && breaker?.isTripped(key, time) !== true) continue
        const waiver = exceptionAt(exceptions, row, time)
        if (waiver < 0 && own) {
          breaker?.trip(key, time)
          continue
        }
        if (truth === 0) {
          hits.copyWithin(at + 1, at, found)
          found++
        }
        hits[at] = place * 4 + (waiver < 0 ? 3 : 0)
        waivers[place] = waiver
      }
      return found
    }
    return { group: governed, waivers }
  }

  /** Null where a rule matches by its condition alone. */
  #watched({ place, policy, rule: index, matchesOnUnknown }: ContractRule, scope: Scope): Watched | null {
    const rule = this.#plan.policies[policy]?.rules[index]
    const exceptions = this.#plan.exceptions.flatMap((exception, number) =>
      exception.policy === policy && exception.rule === index ? [compiled(exception, number, scope)] : [],
    )
    if (!rule || (rule.lasting === null && exceptions.length === 0)) return null
    const breaker = rule.lasting && this.#breaker(rule, rule.lasting)
    return { place, matchesOnUnknown, breaker, keyOf: breaker?.keyAt(scope) ?? (() => -1), exceptions }
  }

  #breaker(rule: PlanRule, lasting: PlanLasting): Breaker {
    const breaker = this.#breakers.get(rule) ?? new Breaker(rule, lasting, this.#log)
    this.#breakers.set(rule, breaker)
    return breaker
  }
}

interface Watched {
  readonly place: number
  readonly matchesOnUnknown: boolean
  readonly breaker: Breaker | null
  readonly keyOf: (row: number) => number
  readonly exceptions: readonly CompiledException[]
}

interface CompiledException {
  readonly number: number
  readonly from: number
  readonly until: number
  readonly holds: Condition | null
}

function compiled({ from, until, when }: PlanException, number: number, scope: Scope): CompiledException {
  return { number, from: from ?? Number.NEGATIVE_INFINITY, until, holds: when && checkCondition(when, scope) }
}

/** The first exception that holds at a row, or -1. */
function exceptionAt(exceptions: readonly CompiledException[], row: number, time: number): number {
  for (const { number, from, until, holds } of exceptions)
    if (time >= from && time <= until && (holds === null || holds(row) === 1)) return number
  return -1
}
