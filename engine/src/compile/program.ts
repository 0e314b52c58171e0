/**
 * The program of one contract: given its rows, writes the decisions of all policies that speak of it. How conditions are
 * compiled is conditions.ts; the order in which contracts take turns is run/evaluate.ts.
 */
import type { Batch } from '../log/columns.ts'
import type { Plan } from '../plan/plan.ts'
import { noticeCodes, type RunNotice } from '../run/decisions.ts'
import type { MatchTrie } from './match-trie.ts'
import { type ContractRule, policiesOf, type RuleGroup } from './rules.ts'

/** Where decisions are written. */
export interface DecisionColumns {
  readonly seq: Int32Array
  readonly policy: Uint16Array
  readonly decision: Uint8Array
  readonly decidedBy: Int16Array
  readonly matched: Int32Array
}

export class ContractProgram {
  /** Decisions per event of the contract. */
  readonly decisionsPerEvent: number
  readonly #seq: Int32Array
  readonly #policies: Uint16Array
  readonly #tries: readonly MatchTrie[]
  readonly #rules: readonly ContractRule[]
  readonly #group: RuleGroup
  readonly #hits: Int32Array
  readonly #unknownCount: Float64Array
  readonly #unknownFirst: Int32Array

  constructor(plan: Plan, batch: Batch, rules: readonly ContractRule[], group: RuleGroup, tries: readonly MatchTrie[]) {
    this.#seq = batch.seq
    this.#policies = Uint16Array.from(policiesOf(plan, batch.contract))
    this.decisionsPerEvent = this.#policies.length
    this.#tries = Array.from(this.#policies, policy => trieAt(tries, policy))
    this.#rules = rules
    this.#group = group
    this.#hits = new Int32Array(rules.length)
    this.#unknownCount = new Float64Array(rules.length)
    this.#unknownFirst = new Int32Array(rules.length)
  }

  /** Decides rows `from` to `end` into the columns from place `at` on; returns the place behind. */
  decide(from: number, end: number, out: DecisionColumns, at: number): number {
    const policies = this.decisionsPerEvent
    const group = this.#group
    const hits = this.#hits
    const first = this.#tries[0]
    if (first === undefined) return at
    const rootDecision = first.decision(0)
    for (let row = from; row < end; row++) {
      const seq = this.#seq[row] as number
      const found = group(row, hits)
      if (found === 0 && policies === 1) {
        out.seq[at] = seq
        out.policy[at] = this.#policies[0] as number
        out.decision[at] = rootDecision
        out.decidedBy[at] = -1
        out.matched[at] = 0
        at++
      } else {
        this.#write(seq, found, out, at)
        at += policies
      }
    }
    return at
  }

  /** How often rules were unknown, in no particular order. */
  notices(): readonly RunNotice[] {
    return this.#rules.flatMap(({ place, policy, rule, matchesOnUnknown }) => {
      const count = this.#unknownCount[place] as number
      const code = matchesOnUnknown ? noticeCodes.matchedOnUnknown : noticeCodes.passedOnUnknown
      return count === 0 ? [] : [{ code, policy, rule, count, firstSeq: this.#unknownFirst[place] as number }]
    })
  }

  #write(seq: number, found: number, out: DecisionColumns, at: number): void {
    let hit = 0
    for (let place = 0; place < this.decisionsPerEvent; place++) {
      const trie = this.#tries[place] as MatchTrie
      let node = 0
      for (; hit < found; hit++) {
        const code = this.#hits[hit] as number
        const rule = this.#rules[code >> 2] as ContractRule
        if (rule.policyPlace !== place) break
        const isUnknown = (code & 3) === 2
        if (isUnknown) this.#note(rule.place, seq)
        if (!isUnknown || rule.matchesOnUnknown) node = trie.next(node, rule.rule, isUnknown)
      }
      out.seq[at + place] = seq
      out.policy[at + place] = this.#policies[place] as number
      out.decision[at + place] = trie.decision(node)
      out.decidedBy[at + place] = trie.decidedBy(node)
      out.matched[at + place] = trie.matchSet(node)
    }
  }

  #note(place: number, seq: number): void {
    if (this.#unknownCount[place] === 0) this.#unknownFirst[place] = seq
    this.#unknownCount[place] = (this.#unknownCount[place] as number) + 1
  }
}

function trieAt(tries: readonly MatchTrie[], policy: number): MatchTrie {
  const trie = tries[policy]
  if (trie === undefined) throw new RangeError(`the plan has no policy ${policy}`)
  return trie
}
