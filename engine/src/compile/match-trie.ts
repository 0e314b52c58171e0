/**
 * What a policy makes of the rules that matched: a tree whose paths are ascending lists of matched rules, so that every list
 * is combined, and its match set made, once per run however many events have it.
 */
import type { PlanPolicy } from '../plan/plan.ts'
import { decisionWords, type MatchSet } from '../run/decisions.ts'

/** Node 0 is the root: no rule matched. */
export class MatchTrie {
  /** By node: index into `decisionWords`. */
  readonly decision: number[] = []
  /** By node: index of the deciding rule, -1 for the default. */
  readonly decidedBy: number[] = []
  /** By node: index into the run's match sets. */
  readonly matchSet: number[] = []
  readonly #policy: PlanPolicy
  readonly #matchSets: MatchSet[]
  readonly #children: Map<number, number>[] = []
  readonly #sets: MatchSet[] = []

  /** New match sets are appended to `matchSets`, whose first one is the empty one. */
  constructor(policy: PlanPolicy, matchSets: MatchSet[]) {
    this.#policy = policy
    this.#matchSets = matchSets
    this.#add({ rules: [], unknown: [] }, 0)
  }

  /** The node for the rules of `node` and one more, with a higher index. */
  next(node: number, rule: number, onUnknown: boolean): number {
    const children = this.#children[node] as Map<number, number>
    const edge = rule * 2 + (onUnknown ? 1 : 0)
    const known = children.get(edge)
    if (known !== undefined) return known
    const set = this.#sets[node] as MatchSet
    const grown = { rules: [...set.rules, rule], unknown: onUnknown ? [...set.unknown, rule] : set.unknown }
    const added = this.#add(grown, this.#matchSets.push(grown) - 1)
    children.set(edge, added)
    return added
  }

  #add(set: MatchSet, index: number): number {
    const { decision, decidedBy } = combine(this.#policy, set.rules)
    this.decision.push(decision)
    this.decidedBy.push(decidedBy)
    this.matchSet.push(index)
    this.#sets.push(set)
    return this.#children.push(new Map()) - 1
  }
}

/** The decision is the default's where nothing matched; else the first of its rules in text order decides. */
function combine(policy: PlanPolicy, rules: readonly number[]): { decision: number; decidedBy: number } {
  const decisions = rules.map(rule => decisionCode(policy, rule))
  const [first] = decisions
  if (first === undefined) return { decision: decisionWords.indexOf(policy.default.decision), decidedBy: -1 }
  const strictest = Math.max(...decisions)
  const decision =
    policy.combine === 'first' ? first : policy.combine === 'permit_overrides' && decisions.includes(0) ? 0 : strictest
  return { decision, decidedBy: rules[decisions.indexOf(decision)] ?? -1 }
}

function decisionCode(policy: PlanPolicy, rule: number): number {
  const word = policy.rules[rule]?.decision
  if (word === undefined) throw new RangeError(`${policy.name} has no rule ${rule}`)
  return decisionWords.indexOf(word)
}
