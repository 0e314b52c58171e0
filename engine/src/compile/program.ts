/**
 * The program of one contract: given its rows, writes the decisions of all policies that speak of it. How conditions are
 * compiled is conditions.ts; the order in which contracts take turns is run/evaluate.ts.
 */
import type { Batch } from '../log/columns.ts'
import type { Plan } from '../plan/plan.ts'
import { noticeCodes, type RunNotice } from '../run/decisions.ts'
import type { GovernedGroup } from './governance.ts'
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
  /** By rule: the place of its policy, its index there, and whether it matches on unknown. */
  readonly #policyPlaces: Uint16Array
  readonly #indices: Uint16Array
  readonly #matchesOnUnknown: Uint8Array
  readonly #group: RuleGroup
  readonly #waivers: Int32Array
  readonly #hits: Int32Array
  readonly #unknownCount: Float64Array
  readonly #unknownFirst: Int32Array

  constructor(
    plan: Plan,
    batch: Batch,
    rules: readonly ContractRule[],
    governed: GovernedGroup,
    tries: readonly MatchTrie[],
  ) {
    this.#seq = batch.seq
    this.#policies = Uint16Array.from(policiesOf(plan, batch.contract))
    this.decisionsPerEvent = this.#policies.length
    this.#tries = Array.from(this.#policies, policy => trieAt(tries, policy))
    this.#rules = rules
    this.#policyPlaces = Uint16Array.from(rules, rule => rule.policyPlace)
    this.#indices = Uint16Array.from(rules, rule => rule.rule)
    this.#matchesOnUnknown = Uint8Array.from(rules, rule => (rule.matchesOnUnknown ? 1 : 0))
    this.#group = governed.group
    this.#waivers = governed.waivers
    this.#hits = new Int32Array(rules.length)
    this.#unknownCount = new Float64Array(rules.length)
    this.#unknownFirst = new Int32Array(rules.length)
  }

  /** Decides rows `from` to `end` into the columns from place `at` on; returns the place behind. */
  decide(from: number, end: number, out: DecisionColumns, at: number): number {
    const policies = this.decisionsPerEvent
    if (policies === 0) return at
    this.#writeDefaults(from, end, out, at)
    const group = this.#group
    const hits = this.#hits
    for (let row = from, place = at; row < end; row++, place += policies) {
      const found = group(row, hits)
      if (found !== 0) this.#write(row, found, out, place)
    }
    return at + (end - from) * policies
  }

  /** How often rules were unknown, in no particular order. */
  notices(): readonly RunNotice[] {
    return this.#rules.flatMap(({ place, policy, rule, matchesOnUnknown }) => {
      const count = this.#unknownCount[place] as number
      const code = matchesOnUnknown ? noticeCodes.matchedOnUnknown : noticeCodes.passedOnUnknown
      return count === 0 ? [] : [{ code, policy, rule, count, firstSeq: this.#unknownFirst[place] as number }]
    })
  }

  forgetNotices(): void {
    this.#unknownCount.fill(0)
  }

  /** As if no rule matched, which is so for most events: in bulk where there is one policy only. */
  #writeDefaults(from: number, end: number, out: DecisionColumns, at: number): void {
    const policies = this.decisionsPerEvent
    if (policies === 1 && end - from >= worthBulk) {
      const behind = at + end - from
      out.seq.set(this.#seq.subarray(from, end), at)
      out.policy.fill(this.#policies[0] as number, at, behind)
      out.decision.fill((this.#tries[0] as MatchTrie).decision(0), at, behind)
      out.decidedBy.fill(-1, at, behind)
      out.matched.fill(0, at, behind)
      return
    }
    for (let row = from, next = at; row < end; row++)
      for (let place = 0; place < policies; place++, next++) {
        out.seq[next] = this.#seq[row] as number
        out.policy[next] = this.#policies[place] as number
        out.decision[next] = (this.#tries[place] as MatchTrie).decision(0)
        out.decidedBy[next] = -1
        out.matched[next] = 0
      }
  }

  #write(row: number, found: number, out: DecisionColumns, at: number): void {
    let hit = 0
    while (hit < found) {
      const policyPlace = this.#policyPlaces[(this.#hits[hit] as number) >> 2] as number
      const trie = this.#tries[policyPlace] as MatchTrie
      let node = 0
      for (; hit < found; hit++) {
        const code = this.#hits[hit] as number
        const rule = code >> 2
        if (this.#policyPlaces[rule] !== policyPlace) break
        const truth = code & 3
        if (truth === 2) this.#note(rule, this.#seq[row] as number)
        if (truth === 0) node = trie.waive(node, this.#indices[rule] as number, this.#waivers[rule] as number)
        else if (truth !== 2 || this.#matchesOnUnknown[rule] === 1)
          node = trie.next(node, this.#indices[rule] as number, truth)
      }
      if (node === 0) continue
      const place = at + policyPlace
      out.decision[place] = trie.decision(node)
      out.decidedBy[place] = trie.decidedBy(node)
      out.matched[place] = trie.matchSet(node)
    }
  }

  #note(place: number, seq: number): void {
    if (this.#unknownCount[place] === 0) this.#unknownFirst[place] = seq
    this.#unknownCount[place] = (this.#unknownCount[place] as number) + 1
  }
}

/** From this many rows on, filling whole stretches is faster than writing each. */
const worthBulk = 16

function trieAt(tries: readonly MatchTrie[], policy: number): MatchTrie {
  const trie = tries[policy]
  if (trie === undefined) throw new RangeError(`the plan has no policy ${policy}`)
  return trie
}
