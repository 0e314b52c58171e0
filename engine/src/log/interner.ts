/**
 * The dictionary of a log while it is read: every different string gets one code, whether it comes as UTF-8 bytes of a file or
 * as a string. The bytes of all strings stand in one array; a JavaScript string is made when somebody asks for its text.
 */
import type { Dictionary } from './columns.ts'
import { decode, encodeInto } from './wtf8.ts'

/** The hash that `internBytes` expects: from `hashSeed`, for each byte `hash = Math.imul(hash ^ byte, hashPrime)` (FNV-1a). */
export const hashSeed = 0x811c9dc5 | 0
export const hashPrime = 0x01000193

/** Gives codes 0, 1, 2 … in the order in which different strings are met. */
export class Interner implements Dictionary {
  #size = 0
  /** Code + 1 by slot, 0 where free; a power of two, at most half full. */
  #slots = new Int32Array(1 << 10)
  #hashes = new Int32Array(1 << 9)
  /** The bytes of code c stand from starts[c] to starts[c + 1]. */
  #starts = new Uint32Array((1 << 9) + 1)
  #bytes = new Uint8Array(1 << 14)
  #scratch = new Uint8Array(1 << 10)
  readonly #texts: (string | undefined)[] = []

  get size(): number {
    return this.#size
  }

  text(code: number): string {
    if (code < 0 || code >= this.#size) throw new RangeError(`the dictionary has no code ${code}`)
    const known = this.#texts[code]
    if (known !== undefined) return known
    const text = decode(this.#bytes, this.#starts[code] ?? 0, this.#starts[code + 1] ?? 0)
    this.#texts[code] = text
    return text
  }

  find(text: string): number {
    const end = this.#encode(text)
    const hash = hashOf(this.#scratch, 0, end)
    const found = this.#slots[this.#slotOf(this.#scratch, 0, end, hash)] ?? 0
    return found === 0 ? -3 : found - 1
  }

  /** The code of `text`, new or known. */
  intern(text: string): number {
    const end = this.#encode(text)
    return this.internBytes(this.#scratch, 0, end, hashOf(this.#scratch, 0, end))
  }

  /** The code of bytes `start` to `end`, which are well-formed UTF-8 and have this hash. */
  internBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slot = this.#slotOf(bytes, start, end, hash)
    const found = this.#slots[slot] ?? 0
    return found !== 0 ? found - 1 : this.#add(bytes, start, end, hash, slot)
  }

  #encode(text: string): number {
    if (this.#scratch.length < text.length * 3) this.#scratch = new Uint8Array(text.length * 4)
    return encodeInto(text, this.#scratch, 0)
  }

  #slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const hashes = this.#hashes
    const starts = this.#starts
    const own = this.#bytes
    const mask = slots.length - 1
    const length = end - start
    let slot = (hash ^ (hash >>> 15)) & mask
    for (;;) {
      const code = (slots[slot] as number) - 1
      if (code < 0) return slot
      if (hashes[code] === hash) {
        const from = starts[code] as number
        if ((starts[code + 1] as number) - from === length) {
          let i = 0
          while (i < length && own[from + i] === bytes[start + i]) i++
          if (i === length) return slot
        }
      }
      slot = (slot + 1) & mask
    }
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = this.#size++
    const from = this.#starts[code] ?? 0
    const to = from + end - start
    if (to > 0xffff_ffff) throw new RangeError('the different strings of one log may have 4 GiB at most')
    if (to > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(to, this.#bytes.length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    for (let i = start, j = from; i < end; i++, j++) this.#bytes[j] = bytes[i] as number
    if (code === this.#hashes.length) {
      this.#hashes = resized(this.#hashes, new Int32Array(code * 2))
      this.#starts = resized(this.#starts, new Uint32Array(code * 2 + 1))
    }
    this.#hashes[code] = hash
    this.#starts[code + 1] = to
    this.#slots[slot] = code + 1
    if (this.#size * 2 > this.#slots.length) this.#rehash()
    return code
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let code = 0; code < this.#size; code++) {
      const hash = this.#hashes[code] ?? 0
      let slot = (hash ^ (hash >>> 15)) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = code + 1
    }
    this.#slots = slots
  }
}

/** The hash of bytes that `internBytes` expects. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashSeed
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), hashPrime)
  return hash
}

function resized<A extends Int32Array | Uint32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
