/**
 * What each rule of a program needs to be decided again: the fields it reads of which contracts, how far back, and whether it can be
 * sure of what it finds there. Replay holds it against what a log discloses.
 */
import {
  forgottenUntil,
  type HistoryReach,
  historyReach,
  type Plan,
  type PlanRule,
  readSet,
  reasonReadSet,
} from '@writ/engine'

export interface RuleNeeds {
  /** By contract, the fields its condition reads. */
  readonly reads: readonly ReadonlySet<string>[]
  /** By contract, the fields that its texts and obligations read as well. */
  readonly tells: readonly ReadonlySet<string>[]
  /** By contract, how far back it looks; null: not at all. */
  readonly reach: readonly (HistoryReach | null)[]
  /**
   * An unknown value makes the rule unknown, and nothing else. Not so where an event with an unknown key is in nobody's window, or
   * an exception that is unknown does not waive.
   */
  readonly simple: boolean
}

/** By policy and rule. `policies[p].rules[-1]` is the default: what its text reads. */
export function needsOf(
  plan: Plan,
): readonly { readonly rules: readonly RuleNeeds[]; readonly byDefault: RuleNeeds }[] {
  const bare = {
    ...plan,
    contracts: plan.contracts.map(contract => ({ ...contract, checks: [], module: '' })),
    roles: [],
  }
  return plan.policies.map((policy, index) => {
    const needs = (rules: readonly PlanRule[], exceptions: Plan['exceptions']): RuleNeeds => {
      const asked = rules.map(rule => ({ ...rule, approval: null, expectation: null }))
      const none = { ...policy.default, because: null }
      const one = { ...bare, policies: [{ ...policy, rules: asked, default: none }], exceptions }
      const telling = rules.length === 0 ? { ...one, policies: [{ ...policy, rules: [] }] } : one
      const reach = historyReach(telling)
      return {
        reads: readSet(one),
        tells: reasonReadSet(telling),
        reach,
        simple: reach.every(one => one === null) && exceptions.every(exception => exception.when === null),
      }
    }
    return {
      rules: policy.rules.map((rule, place) =>
        needs(
          [rule],
          plan.exceptions.flatMap(exception =>
            exception.policy === index && exception.rule === place ? [{ ...exception, policy: 0, rule: 0 }] : [],
          ),
        ),
      ),
      byDefault: needs([], []),
    }
  })
}

/** Where the gaps of a log lie, as far as it was walked through. */
export class GapMap {
  /** By contract and field, the time of the last event that lacks it. */
  readonly #last: readonly Map<string, number>[]

  constructor(contracts: number) {
    this.#last = Array.from({ length: contracts }, () => new Map())
  }

  /** To be called for each event in their order, before its decisions are looked at. */
  pass(contract: number, time: number, gaps: ReadonlyMap<string, unknown>): void {
    for (const key of gaps.keys()) this.#last[contract]?.set(key, time)
  }

  /** Fields that the rule may have read at `time` (`CONTRACT.FIELD` by place) and that are not there. */
  between(
    needs: Pick<RuleNeeds, 'reads' | 'reach'>,
    time: number,
  ): readonly { readonly contract: number; readonly key: string }[] {
    return needs.reads.flatMap((paths, contract) => {
      const until = forgottenUntil(needs.reach[contract] ?? null, time)
      const last = this.#last[contract]
      if (last === undefined || last.size === 0 || until === Number.POSITIVE_INFINITY) return []
      return [...last].flatMap(([key, at]) => (at > until && isRead(paths, key) ? [{ contract, key }] : []))
    })
  }
}

/** A path to a record stands for what is in it, and what is in it for whether it is there. */
export function isRead(paths: ReadonlySet<string>, key: string): boolean {
  if (paths.has(key)) return true
  for (const path of paths) if (key.startsWith(`${path}.`) || path.startsWith(`${key}.`)) return true
  return false
}
