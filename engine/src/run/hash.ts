/**
 * The rolling hash of a run: two runs agree in every decision exactly if their hashes are equal. A chain of SHA-256 over
 * blocks of 4,096 decisions, so that a difference can be found block by block.
 *
 * Decisions that agree in policy, decision, deciding rule and matched rules are of one kind; kinds are numbered in order of
 * first appearance in the run. A block is, for each longest run of decisions of one kind whose seqs follow each other: the first
 * seq (less the last one before it in the block), twice the kind, plus 1 if the run is longer than 1, then its length if it
 * is; and after the first run of a kind what the kind is: policy, decision code, deciding rule plus 1, number of matched
 * rules, then each, ascending, as twice its index, plus 1 where it matched because its condition was unknown. Where breakers
 * made rules match, the decision code is 4 more, and behind the rules stands how many, then each; where exceptions waived rules,
 * it is 8 more, and behind that stands how many, then the rule and the exception of each. All numbers are unsigned
 * LEB128. The chain starts with 32 zero bytes; each link is SHA-256(previous link, block); a run without decisions has one empty
 * block.
 *
 * INVARIANT: within a policy, equal match sets have one index; else equal runs could have different hashes.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Decisions } from './decisions.ts'

/** Decisions per link of the chain. */
export const decisionsPerBlock = 4096

/** Hex of the last link. */
export function hashDecisions(decisions: Decisions): string {
  const block = new BlockWriter(decisions)
  let link: Uint8Array = new Uint8Array(32)
  let start = 0
  do {
    const end = Math.min(start + decisionsPerBlock, decisions.size)
    link = sha256.create().update(link).update(block.write(start, end)).digest()
    start = end
  } while (start < decisions.size)
  return bytesToHex(link)
}

class BlockWriter {
  readonly #decisions: Decisions
  #bytes = new Uint8Array(1 << 16)
  #size = 0
  /** By slot: kind + 1, 0 where free; a power of two, at most half full. */
  #slots = new Int32Array(256)
  /** By kind, three numbers: match set, policy and decision, deciding rule. */
  #keys = new Int32Array(128 * 3)
  #kinds = 0

  constructor(decisions: Decisions) {
    this.#decisions = decisions
  }

  /** The bytes of decisions `start` to `end`; valid until the next call. */
  write(start: number, end: number): Uint8Array {
    const { seq } = this.#decisions
    this.#size = 0
    let before = 0
    for (let i = start; i < end; ) {
      if (this.#size + longestHead > this.#bytes.length) this.#grow(longestHead)
      const first = i
      i = this.#endOfRun(first, end)
      this.#number((seq[first] as number) - before)
      before = seq[i - 1] as number
      const known = this.#kinds
      const kind = this.#kindOf(first)
      if (i - first === 1) this.#number(kind * 2)
      else {
        this.#number(kind * 2 + 1)
        this.#number(i - first)
      }
      if (kind === known) this.#define(first)
    }
    return this.#bytes.subarray(0, this.#size)
  }

  #endOfRun(first: number, end: number): number {
    const { seq, policy, decision, decidedBy, matched } = this.#decisions
    const own = { seq: seq[first] as number, policy: policy[first], decision: decision[first] }
    const by = decidedBy[first]
    const set = matched[first]
    let i = first + 1
    while (
      i < end &&
      matched[i] === set &&
      seq[i] === own.seq + i - first &&
      policy[i] === own.policy &&
      decision[i] === own.decision &&
      decidedBy[i] === by
    )
      i++
    return i
  }

  /** The kind of a decision, new or known. */
  #kindOf(i: number): number {
    const slot = this.#slotOf(i)
    const found = this.#slots[slot] as number
    if (found !== 0) return found - 1
    const kind = this.#kinds++
    if (kind * 2 >= this.#slots.length) this.#growSlots()
    if (kind * 3 === this.#keys.length) this.#keys = doubled(this.#keys)
    this.#setKey(kind, i)
    this.#slots[this.#slotOf(i)] = kind + 1
    return kind
  }

  /** The slot of the decision's kind, or a free one. */
  #slotOf(i: number): number {
    const { policy, decision, decidedBy, matched } = this.#decisions
    const set = matched[i] as number
    const word = (policy[i] as number) * 4 + (decision[i] as number)
    const by = decidedBy[i] as number
    const mask = this.#slots.length - 1
    const keys = this.#keys
    let slot = hashOf(set, word) & mask
    for (;;) {
      const at = ((this.#slots[slot] as number) - 1) * 3
      if (at < 0 || (keys[at] === set && keys[at + 1] === word && keys[at + 2] === by)) return slot
      slot = (slot + 1) & mask
    }
  }

  #setKey(kind: number, i: number): void {
    const { policy, decision, decidedBy, matched } = this.#decisions
    this.#keys[kind * 3] = matched[i] as number
    this.#keys[kind * 3 + 1] = (policy[i] as number) * 4 + (decision[i] as number)
    this.#keys[kind * 3 + 2] = decidedBy[i] as number
  }

  /** Before kind `#kinds - 1` is put in. */
  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let kind = 0; kind < this.#kinds - 1; kind++) {
      let slot = hashOf(this.#keys[kind * 3] as number, this.#keys[kind * 3 + 1] as number) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = kind + 1
    }
    this.#slots = slots
  }

  #define(i: number): void {
    const { policy, decision, decidedBy, matched, matchSets } = this.#decisions
    const set = matchSets[matched[i] as number]
    if (set === undefined) throw new Error(`decision ${i} has no match set`)
    const lasting = set.lasting ?? []
    const waived = set.waived ?? []
    const longest = longestHead + (2 + set.rules.length + lasting.length + waived.length * 2) * longestNumber
    if (this.#size + longest > this.#bytes.length) this.#grow(longest)
    this.#number(policy[i] as number)
    const more = (lasting.length > 0 ? withBreakers : 0) + (waived.length > 0 ? withWaivers : 0)
    this.#number((decision[i] as number) + more)
    this.#number((decidedBy[i] as number) + 1)
    this.#number(set.rules.length)
    for (const rule of set.rules) this.#number(rule * 2 + (set.unknown.includes(rule) ? 1 : 0))
    if (lasting.length > 0) {
      this.#number(lasting.length)
      for (const rule of lasting) this.#number(rule)
    }
    if (waived.length === 0) return
    this.#number(waived.length)
    for (const { rule, exception } of waived) {
      this.#number(rule)
      this.#number(exception)
    }
  }

  #number(value: number): void {
    let rest = value
    while (rest > 127) {
      this.#bytes[this.#size++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.#bytes[this.#size++] = rest
  }

  #grow(more: number): void {
    const bytes = new Uint8Array((this.#bytes.length + more) * 2)
    bytes.set(this.#bytes)
    this.#bytes = bytes
  }
}

/** Added to the decision code of a kind that says more than its rules. */
const withBreakers = 4
const withWaivers = 8
function hashOf(set: number, word: number): number {
  return Math.imul(set, 0x9e3779b1) ^ Math.imul(word, 0x85ebca6b)
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2)
  more.set(numbers)
  return more
}

const longestNumber = 5
const longestHead = 4 * longestNumber
