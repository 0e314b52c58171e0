/**
 * The rolling hash of a run takes in its obligations: a chain of SHA-256 over blocks of 4,096 transitions, and one over blocks of
 * 4,096 effects of approvals, each starting with 32 zero bytes and ending with the block that is not full, if any. The hash of the run is
 * SHA-256(hash of its decisions, last link of the transitions, last link of the effects). A run without obligations keeps the hash
 * of its decisions.
 *
 * A transition is its kind, its time less that of the one before; then, of one that opened, policy, rule and the opening event
 * (less the one before), else how many instances ago its instance was opened and the event that did it plus 1. An effect is the
 * event (less the one before), the effect, its instance plus 1 and the stage. All numbers are unsigned LEB128. Events and instances
 * are numbered over the whole run, so that a run in pieces has the hash of the run in one.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { linked } from '../run/hash.ts'
import type { Obligations } from './instance.ts'

const perBlock = 4096

/** Where the chains of a run stand that goes on; plain data. */
export interface OpenChains {
  readonly transitions: OpenChain
  readonly effects: OpenChain
  /** Of all transitions so far: instances opened, the event that opened the last one, the time of the last one. */
  readonly opened: number
  readonly seq: number
  readonly time: number
  /** The event of the last effect. */
  readonly effectSeq: number
}
export interface OpenChain {
  /** Hex of the last link over a whole block, and of the block that is open, with how many it has. */
  readonly link: string
  readonly block: string
  readonly count: number
}

const unbegun: OpenChain = { link: '00'.repeat(32), block: '', count: 0 }
export const unbegunChains: OpenChains = {
  transitions: unbegun,
  effects: unbegun,
  opened: 0,
  seq: 0,
  time: 0,
  effectSeq: 0,
}

/** How events and instances of a piece are numbered over the whole run. */
export interface Numbering {
  readonly seq: (seq: number) => number
  readonly instance: (place: number) => number
}

const itself: Numbering = { seq: seq => seq, instance: place => place }

/** `hash`: of the decisions. */
export function hashWithObligations(hash: string, obligations: Obligations): string {
  return chainObligations(hash, obligations, unbegunChains, itself).hash
}

/** The hash of a run up to the end of a piece. `hash`: of its decisions up to there; `obligations`: of the piece. */
export function chainObligations(
  hash: string,
  obligations: Obligations,
  before: OpenChains,
  numbering: Numbering,
): { readonly hash: string; readonly after: OpenChains } {
  const transitions = new Chain(before.transitions)
  const effects = new Chain(before.effects)
  const last = addTransitions(transitions, obligations, before, numbering)
  const effectSeq = addEffects(effects, obligations, before.effectSeq, numbering)
  const after = { transitions: transitions.open(), effects: effects.open(), ...last, effectSeq }
  if (transitions.isEmpty && effects.isEmpty) return { hash, after }
  const whole = sha256.create().update(hexToBytes(hash)).update(transitions.last()).update(effects.last())
  return { hash: bytesToHex(whole.digest()), after }
}

function addTransitions(
  chain: Chain,
  { transitions, instances }: Obligations,
  before: OpenChains,
  numbering: Numbering,
): Pick<OpenChains, 'opened' | 'seq' | 'time'> {
  let { opened, seq, time } = before
  const { bytes } = chain
  for (let i = 0; i < transitions.size; i++) {
    const kind = transitions.kind[i] as number
    const instance = transitions.instance[i] as number
    const at = transitions.at[i] as number
    bytes.add(kind)
    bytes.addSigned(at - time)
    time = at
    if (kind === 0) {
      const own = numbering.seq(instances.openedSeq[instance] as number)
      bytes.add(instances.policy[instance] as number)
      bytes.add(instances.rule[instance] as number)
      bytes.add(own - seq)
      seq = own
      opened++
    } else {
      const by = transitions.by[i] as number
      bytes.add(opened - numbering.instance(instance))
      bytes.add(by < 0 ? 0 : numbering.seq(by) + 1)
    }
    chain.added()
  }
  return { opened, seq, time }
}

function addEffects(chain: Chain, { approvals }: Obligations, before: number, numbering: Numbering): number {
  const { bytes } = chain
  let last = before
  for (let i = 0; i < approvals.size; i++) {
    const seq = numbering.seq(approvals.seq[i] as number)
    const instance = approvals.instance[i] as number
    bytes.add(seq - last)
    last = seq
    bytes.add(approvals.effect[i] as number)
    bytes.add(instance < 0 ? 0 : numbering.instance(instance) + 1)
    bytes.add(approvals.stage[i] as number)
    chain.added()
  }
  return last
}

class Chain {
  readonly bytes = new Numbers()
  #link: Uint8Array
  #count: number
  #isBegun: boolean

  constructor({ link, block, count }: OpenChain) {
    this.#link = hexToBytes(link)
    this.#count = count
    this.#isBegun = link !== unbegun.link || count > 0
    this.bytes.begin(hexToBytes(block))
  }

  get isEmpty(): boolean {
    return !this.#isBegun
  }

  /** After the bytes of one more. */
  added(): void {
    this.#isBegun = true
    this.bytes.reserve()
    if (++this.#count < perBlock) return
    this.#link = linked(this.#link, this.bytes.written())
    this.#count = 0
    this.bytes.begin(new Uint8Array())
  }

  last(): Uint8Array {
    return this.#count === 0 ? this.#link : linked(this.#link, this.bytes.written())
  }

  open(): OpenChain {
    return { link: bytesToHex(this.#link), block: bytesToHex(this.bytes.written()), count: this.#count }
  }
}

/** Unsigned LEB128 of integers up to 2^53. */
class Numbers {
  #bytes = new Uint8Array(1024)
  #size = 0

  begin(bytes: Uint8Array): void {
    this.#size = 0
    this.reserve(bytes.length)
    this.#bytes.set(bytes)
    this.#size = bytes.length
  }

  /** Makes room for `more` bytes, and for the numbers of one item behind. */
  reserve(more = 0): void {
    const needed = this.#size + more + longestItem
    if (needed <= this.#bytes.length) return
    const bytes = new Uint8Array(needed * 2)
    bytes.set(this.#bytes.subarray(0, this.#size))
    this.#bytes = bytes
  }

  add(value: number): void {
    let rest = value
    // Beyond 32 bits, in steps that no bit operation cuts.
    while (rest > 0x7fffffff) {
      this.#bytes[this.#size++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      this.#bytes[this.#size++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.#bytes[this.#size++] = rest
  }

  /** Zigzag: times before 1970 come first in their log. */
  addSigned(value: number): void {
    this.add(value < 0 ? -2 * value - 1 : 2 * value)
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }
}

const longestItem = 5 * 8
