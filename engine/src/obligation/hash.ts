/**
 * The rolling hash of a run goes on over its obligations: a chain of SHA-256 over blocks of 4,096 transitions, then one block of
 * the effects of approvals. A run without obligations keeps the hash of its decisions.
 *
 * A transition is its kind, its time less that of the one before; then, of one that opened, policy, rule and the opening event
 * (less the one before), else how many instances ago its instance was opened and the event that did it plus 1. An effect is the
 * event (less the one before), the effect, its instance plus 1 and the stage. All numbers are unsigned LEB128.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Obligations } from './instance.ts'

const transitionsPerBlock = 4096

/** `hash`: of the decisions. */
export function hashWithObligations(hash: string, obligations: Obligations): string {
  const { transitions, approvals } = obligations
  if (transitions.size === 0 && approvals.size === 0) return hash
  let link: Uint8Array = hexToBytes(hash)
  const writer = new TransitionWriter(obligations)
  for (let start = 0; start < transitions.size; start += transitionsPerBlock)
    link = linked(link, writer.write(start, Math.min(start + transitionsPerBlock, transitions.size)))
  if (approvals.size > 0) link = linked(link, effectBytes(obligations))
  return bytesToHex(link)
}

function linked(link: Uint8Array, block: Uint8Array): Uint8Array {
  return sha256.create().update(link).update(block).digest()
}

class TransitionWriter {
  readonly #obligations: Obligations
  readonly #bytes = new Numbers(transitionsPerBlock * 40)
  #opened = 0
  #seq = 0
  #time = 0

  constructor(obligations: Obligations) {
    this.#obligations = obligations
  }

  write(start: number, end: number): Uint8Array {
    const { transitions, instances } = this.#obligations
    const bytes = this.#bytes
    bytes.clear()
    for (let i = start; i < end; i++) {
      const kind = transitions.kind[i] as number
      const instance = transitions.instance[i] as number
      const at = transitions.at[i] as number
      bytes.add(kind)
      bytes.addSigned(at - this.#time)
      this.#time = at
      if (kind === 0) {
        const seq = instances.openedSeq[instance] as number
        bytes.add(instances.policy[instance] as number)
        bytes.add(instances.rule[instance] as number)
        bytes.add(seq - this.#seq)
        this.#seq = seq
        this.#opened++
      } else {
        bytes.add(this.#opened - instance)
        bytes.add((transitions.by[i] as number) + 1)
      }
    }
    return bytes.written()
  }
}

function effectBytes({ approvals }: Obligations): Uint8Array {
  const bytes = new Numbers(approvals.size * 20)
  let before = 0
  for (let i = 0; i < approvals.size; i++) {
    const seq = approvals.seq[i] as number
    bytes.add(seq - before)
    before = seq
    bytes.add(approvals.effect[i] as number)
    bytes.add((approvals.instance[i] as number) + 1)
    bytes.add(approvals.stage[i] as number)
  }
  return bytes.written()
}

/** Unsigned LEB128 of integers up to 2^53. */
class Numbers {
  readonly #bytes: Uint8Array
  #size = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  clear(): void {
    this.#size = 0
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
