/**
 * The dictionary of a log while it is read: every different string gets one code, whether it comes as UTF-8 bytes of a file or
 * as a string. The bytes of all strings stand in one array; a JavaScript string is made when somebody asks for its text.
 */
import type { Dictionary } from './columns.ts'
import { decode, encodeInto } from './wtf8.ts'

/** Bytes that must be readable behind those of a string, since strings are hashed and compared four bytes at a time. */
export const internSlack = 4

/** Gives codes 0, 1, 2 … in the order in which different strings are met. */
export class Interner implements Dictionary {
  #size = 0
  /** Code + 1 by slot, 0 where free; a power of two, at most half full. */
  #slots = new Int32Array(1 << 10)
  #hashes = new Int32Array(1 << 9)
  /** The bytes of code c stand from starts[c] to starts[c + 1]. */
  #starts = new Uint32Array((1 << 9) + 1)
  #bytes = new Uint8Array((1 << 14) + internSlack)
  #view = new DataView(this.#bytes.buffer)
  #scratch = new Uint8Array((1 << 10) + internSlack)
  #scratchView = new DataView(this.#scratch.buffer)
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

  byteLength(code: number): number {
    return (this.#starts[code + 1] ?? 0) - (this.#starts[code] ?? 0)
  }

  find(text: string): number {
    const end = this.#encode(text)
    const view = this.#scratchView
    const found = this.#slots[this.#slotOf(view, 0, end, hashOf(view, 0, end))] ?? 0
    return found === 0 ? -3 : found - 1
  }

  /** The code of `text`, new or known. */
  intern(text: string): number {
    const end = this.#encode(text)
    return this.internBytes(this.#scratchView, 0, end, hashOf(this.#scratchView, 0, end))
  }

  /** The code of the bytes from `start` to `end`, which are well-formed UTF-8 and have this hash (`hashOf`). */
  internBytes(bytes: DataView, start: number, end: number, hash: number): number {
    const slot = this.#slotOf(bytes, start, end, hash)
    const found = this.#slots[slot] ?? 0
    return found !== 0 ? found - 1 : this.#add(bytes, start, end, hash, slot)
  }

  #encode(text: string): number {
    const room = text.length * 3 + internSlack
    if (this.#scratch.length < room) {
      this.#scratch = new Uint8Array(room * 2)
      this.#scratchView = new DataView(this.#scratch.buffer)
    }
    return encodeInto(text, this.#scratch, 0)
  }

  #slotOf(bytes: DataView, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const hashes = this.#hashes
    const starts = this.#starts
    const own = this.#view
    const mask = slots.length - 1
    const length = end - start
    let slot = hash & mask
    for (;;) {
      const code = (slots[slot] as number) - 1
      if (code < 0) return slot
      if (hashes[code] === hash) {
        const from = starts[code] as number
        if ((starts[code + 1] as number) - from === length) {
          let i = 0
          const words = length & ~3
          while (i < words && own.getInt32(from + i, true) === bytes.getInt32(start + i, true)) i += 4
          if (i === words) {
            const rest = own.getInt32(from + i, true) ^ bytes.getInt32(start + i, true)
            if ((rest & lastMask(length)) === 0) return slot
          }
        }
      }
      slot = (slot + 1) & mask
    }
  }

  #add(bytes: DataView, start: number, end: number, hash: number, slot: number): number {
    const code = this.#size++
    const from = this.#starts[code] ?? 0
    const to = from + end - start
    if (to > 0xffff_ffff) throw new RangeError('the different strings of one log may have 4 GiB at most')
    if (to + internSlack > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(to, this.#bytes.length * 2) + internSlack)
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    for (let i = start, j = from; i < end; i++, j++) this.#bytes[j] = bytes.getUint8(i)
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
      let slot = hash & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = code + 1
    }
    this.#slots = slots
  }
}

/** The hash of bytes that `internBytes` expects; reads up to `internSlack` bytes behind the end, which have no influence. */
export function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = end - start
  let i = start
  for (const words = start + ((end - start) & ~3); i < words; i += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(i, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (bytes.getInt32(i, true) & lastMask(end - start)), 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** The bytes of the last word that belong to a string of this length; none where it ends with a whole word. */
function lastMask(length: number): number {
  return (1 << ((length & 3) << 3)) - 1
}

function resized<A extends Int32Array | Uint32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
