/**
 * What a policy makes of the rules that matched: a tree whose paths are ascending lists of matched rules, so that every list
 * is combined, and its match set made, once per run however many events have it.
 */
import type { PlanPolicy } from '../plan/plan.ts'
import { decisionWords, type MatchSet, type Waiver } from '../run/decisions.ts'
import { PairTable } from './pair-table.ts'

/** Node 0 is the root: no rule matched. Index 0 of the run's match sets is the empty one. */
export class MatchTrie {
  readonly #combine: PlanPolicy['combine']
  /** By rule: index into `decisionWords`. */
  readonly #decisions: Uint8Array
  readonly #matchSets: MatchSet[]
  /**
   * An edge is 4 * the rule + its truth: 1 true, 2 unknown, 3 only its breaker is tripped. From the root: by edge, the node, 0
   * where there is none yet.
   */
  readonly #fromRoot: Int32Array
  /** Behind those of the rules stand the edges of what exceptions waived. */
  readonly #waivers: Waiver[] = []
  /** From other nodes, and of waivers: the number of (node, edge); by number, the node. */
  readonly #edges = new PairTable()
  readonly #ends: number[] = []
  readonly #decision: number[]
  readonly #decidedBy = [-1]
  readonly #parent = [-1]
  readonly #edge = [0]
  /** By node: its match set, -1 where no event ended there yet. */
  readonly #set = [0]

  constructor(policy: PlanPolicy, matchSets: MatchSet[]) {
    this.#combine = policy.combine
    this.#decisions = Uint8Array.from(policy.rules, rule => decisionWords.indexOf(rule.decision))
    this.#decision = [decisionWords.indexOf(policy.default.decision)]
    this.#matchSets = matchSets
    this.#fromRoot = new Int32Array(policy.rules.length * 4)
  }

  /** The node for the rules of `node` and one more, with a higher index. */
  next(node: number, rule: number, truth: number): number {
    const edge = rule * 4 + truth
    if (node === 0) {
      const known = this.#fromRoot[edge] as number
      if (known !== 0) return known
      const made = this.#add(node, edge)
      this.#fromRoot[edge] = made
      return made
    }
    return this.#follow(node, edge)
  }

  /** The node for the rules of `node`, where one more, with a higher index, would match but for an exception. */
  waive(node: number, rule: number, exception: number): number {
    let place = this.#waivers.findIndex(waiver => waiver.rule === rule && waiver.exception === exception)
    if (place < 0) place = this.#waivers.push({ rule, exception }) - 1
    return this.#follow(node, this.#decisions.length * 4 + place)
  }

  #follow(node: number, edge: number): number {
    const number = this.#edges.intern(node, edge)
    if (number === this.#ends.length) this.#ends.push(this.#add(node, edge))
    return this.#ends[number] as number
  }

  /** Index into `decisionWords`. */
  decision(node: number): number {
    return this.#decision[node] as number
  }

  /** The first rule in text order that has the decision, -1 for the default. */
  decidedBy(node: number): number {
    return this.#decidedBy[node] as number
  }

  /** Index into the run's match sets. */
  matchSet(node: number): number {
    const known = this.#set[node] as number
    if (known >= 0) return known
    const rules: number[] = []
    const unknown: number[] = []
    const lasting: number[] = []
    const waived: Waiver[] = []
    for (let at = node; at > 0; at = this.#parent[at] as number) {
      const edge = this.#edge[at] as number
      const waiver = this.#waiverOf(edge)
      if (waiver) {
        waived.push(waiver)
        continue
      }
      const rule = edge >> 2
      rules.push(rule)
      if ((edge & 3) === 2) unknown.push(rule)
      if ((edge & 3) === 3) lasting.push(rule)
    }
    const set = { rules: rules.reverse(), unknown: unknown.reverse() }
    const more = {
      ...(lasting.length > 0 ? { lasting: lasting.reverse() } : {}),
      ...(waived.length > 0 ? { waived: waived.reverse() } : {}),
    }
    const made = this.#matchSets.push({ ...set, ...more }) - 1
    this.#set[node] = made
    return made
  }

  #waiverOf(edge: number): Waiver | undefined {
    return this.#waivers[edge - this.#decisions.length * 4]
  }

  #add(node: number, edge: number): number {
    const rule = edge >> 2
    const isFirst = (this.#decidedBy[node] as number) < 0
    const decides = this.#waiverOf(edge) === undefined && (isFirst || this.#overrides(node, rule))
    this.#decision.push((decides ? this.#decisions[rule] : this.#decision[node]) as number)
    this.#decidedBy.push(decides ? rule : (this.#decidedBy[node] as number))
    this.#parent.push(node)
    this.#edge.push(edge)
    return this.#set.push(-1) - 1
  }

  /** Whether a further rule takes the decision from those of the node. */
  #overrides(node: number, rule: number): boolean {
    const before = this.#decision[node] as number
    const own = this.#decisions[rule] as number
    switch (this.#combine) {
      case 'first':
        return false
      case 'strictest':
        return own > before
      case 'permit_overrides':
        return before !== permit && (own === permit || own > before)
    }
  }
}

const permit = decisionWords.indexOf('permit')
