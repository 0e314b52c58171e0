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
 * block. A run that is decided in pieces has the hash of the run in one: `hashPiece` goes on inside a block.
 *
 * INVARIANT: within a policy, equal match sets have one index; else equal runs could have different hashes.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Decisions, MatchSet } from './decisions.ts'

/** Decisions per link of the chain. */
export const decisionsPerBlock = 4096

/** Hex of the last link. */
export function hashDecisions(decisions: Decisions): string {
  return bytesToHex(chained(new BlockWriter(decisions), new Uint8Array(32), 0, decisions.size).last)
}

/** Where the hash of a run stands that goes on: plain data, kinds and seqs being those of the whole run. */
export interface OpenHash {
  /** Hex of the last link over a whole block. */
  readonly link: string
  /** Every kind of decision so far, in order of first appearance; the first `known` are from before the block that is open. */
  readonly kinds: readonly DecisionKind[]
  readonly known: number
  /** The block that is open: first seq, kind, and how many decisions of that kind follow each other. */
  readonly block: readonly (readonly [seq: number, kind: number, length: number])[]
}
export interface DecisionKind {
  readonly policy: number
  readonly decision: number
  readonly decidedBy: number
  readonly set: MatchSet
}

export const unbegunHash: OpenHash = { link: bytesToHex(new Uint8Array(32)), kinds: [], known: 0, block: [] }

/** The hash of the run up to the end of a piece of it. `decisions`: those of the piece, with the seqs of the whole run. */
export function hashPiece(before: OpenHash, decisions: Decisions): { readonly hash: string; readonly after: OpenHash } {
  const { joined, learnt } = withBefore(before, decisions)
  const writer = new BlockWriter(joined)
  for (let i = 0; i < learnt; i++) writer.learn(i)
  const { last, whole, start, known } = chained(writer, hexToBytes(before.link), learnt, joined.size)
  const block: [number, number, number][] = []
  for (let i = start; i < joined.size; ) {
    const end = writer.endOfRun(i, joined.size)
    block.push([joined.seq[i] as number, writer.kindOf(i), end - i])
    i = end
  }
  const after = { link: bytesToHex(whole), kinds: writer.firsts().map(i => kindAt(joined, i)), known, block }
  return { hash: bytesToHex(last), after }
}

interface Chain {
  readonly last: Uint8Array
  /** The link before the block that is open, where that begins, and how many kinds were known there. */
  readonly whole: Uint8Array
  readonly start: number
  readonly known: number
}

function chained(writer: BlockWriter, link: Uint8Array, first: number, size: number): Chain {
  let whole = link
  let known = writer.kinds
  let start = first
  for (; size - start >= decisionsPerBlock; start += decisionsPerBlock) {
    whole = linked(whole, writer.write(start, start + decisionsPerBlock))
    known = writer.kinds
  }
  const isWhole = start === size && whole.some(byte => byte !== 0)
  return { last: isWhole ? whole : linked(whole, writer.write(start, size)), whole, start, known }
}

/** The next link of a chain. */
export function linked(link: Uint8Array, block: Uint8Array): Uint8Array {
  return sha256.create().update(link).update(block).digest()
}

/** One decision of each kind known before the open block, then that block, then the piece. */
function withBefore({ kinds, known, block }: OpenHash, piece: Decisions): { joined: Decisions; learnt: number } {
  const open = block.reduce((sum, [, , length]) => sum + length, 0)
  const size = known + open + piece.size
  const matchSets = [...piece.matchSets]
  const seq = new Int32Array(size)
  const policy = new Uint16Array(size)
  const decision = new Uint8Array(size)
  const decidedBy = new Int16Array(size)
  const matched = new Int32Array(size)
  const setOf = setFinder(piece, matchSets)
  const sets = kinds.map(kind => setOf(kind.policy, kind.set))
  const put = (at: number, end: number, number: number, first: number): void => {
    const kind = kinds[number]
    if (kind === undefined) throw new RangeError(`kind ${number} of decisions is not told`)
    for (let i = at; i < end; i++) seq[i] = first + i - at
    policy.fill(kind.policy, at, end)
    decision.fill(kind.decision, at, end)
    decidedBy.fill(kind.decidedBy, at, end)
    matched.fill(sets[number] as number, at, end)
  }
  for (let number = 0; number < known; number++) put(number, number + 1, number, 0)
  let at = known
  for (const [first, number, length] of block) {
    put(at, at + length, number, first)
    at += length
  }
  seq.set(piece.seq, at)
  policy.set(piece.policy, at)
  decision.set(piece.decision, at)
  decidedBy.set(piece.decidedBy, at)
  matched.set(piece.matched, at)
  return { joined: { size, seq, policy, decision, decidedBy, matched, matchSets }, learnt: known }
}

/** Finds the match set of a policy that is equal, so that it keeps its one index; adds it where the piece has none. */
function setFinder(piece: Decisions, matchSets: MatchSet[]): (policy: number, set: MatchSet) => number {
  const keyOf = (policy: number, { rules, unknown, lasting = [], waived = [] }: MatchSet): string =>
    JSON.stringify([policy, rules, unknown, lasting, waived.map(({ rule, exception }) => [rule, exception])])
  const known = new Map<string, number>()
  const seen = new Set<number>()
  for (let i = 0; i < piece.size; i++) {
    const place = piece.matched[i] as number
    const policy = piece.policy[i] as number
    if (seen.has(policy * matchSets.length + place)) continue
    seen.add(policy * matchSets.length + place)
    known.set(keyOf(policy, matchSets[place] ?? noRules), place)
  }
  return (policy, set) => {
    const key = keyOf(policy, set)
    const place = known.get(key) ?? matchSets.push(set) - 1
    known.set(key, place)
    return place
  }
}

const noRules: MatchSet = { rules: [], unknown: [] }

function kindAt({ policy, decision, decidedBy, matched, matchSets }: Decisions, i: number): DecisionKind {
  const set = matchSets[matched[i] as number] ?? noRules
  return { policy: policy[i] ?? 0, decision: decision[i] ?? 0, decidedBy: decidedBy[i] ?? 0, set }
}

class BlockWriter {
  readonly #decisions: Decisions
  #bytes = new Uint8Array(1 << 16)
  #size = 0
  /** By slot: kind + 1, 0 where free; a power of two, at most half full. */
  #slots = new Int32Array(256)
  /** By kind, three numbers: match set, policy and decision, deciding rule. */
  #keys = new Int32Array(128 * 3)
  /** By kind: a decision of it. */
  readonly #firsts: number[] = []

  constructor(decisions: Decisions) {
    this.#decisions = decisions
  }

  /** How many kinds there are so far. */
  get kinds(): number {
    return this.#firsts.length
  }
  /** By kind: the place of a decision of it. */
  firsts(): readonly number[] {
    return this.#firsts
  }
  /** Numbers the kind of a decision as one that was defined before. */
  learn(i: number): void {
    this.kindOf(i)
  }

  /** The bytes of decisions `start` to `end`; valid until the next call. */
  write(start: number, end: number): Uint8Array {
    const { seq } = this.#decisions
    this.#size = 0
    let before = 0
    for (let i = start; i < end; ) {
      if (this.#size + longestHead > this.#bytes.length) this.#grow(longestHead)
      const first = i
      i = this.endOfRun(first, end)
      this.#number((seq[first] as number) - before)
      before = seq[i - 1] as number
      const known = this.kinds
      const kind = this.kindOf(first)
      if (i - first === 1) this.#number(kind * 2)
      else {
        this.#number(kind * 2 + 1)
        this.#number(i - first)
      }
      if (kind === known) this.#define(first)
    }
    return this.#bytes.subarray(0, this.#size)
  }

  /** Behind the longest run of decisions of one kind whose seqs follow each other. */
  endOfRun(first: number, end: number): number {
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
  kindOf(i: number): number {
    const slot = this.#slotOf(i)
    const found = this.#slots[slot] as number
    if (found !== 0) return found - 1
    const kind = this.#firsts.push(i) - 1
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

  /** Before the last kind is put in. */
  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let kind = 0; kind < this.kinds - 1; kind++) {
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
