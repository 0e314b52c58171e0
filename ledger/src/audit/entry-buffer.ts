/**
 * Entries as they stand in a bundle, each behind its length in two bytes: text becomes bytes right where the journal, the tree and the
 * bundle take them from, many entries to one buffer. Which entries there are is record-writer.ts; what a bundle is, tlog/tiles.ts.
 */
import { maximumEntryBytes } from '../tlog/tiles.ts'

const lengthBytes = 2
const usualBytes = 1 << 18

/** INVARIANT: bytes that were given out are never written again; a buffer that is full is left to whoever holds parts of it. */
export class EntryBuffer {
  readonly #encoder = new TextEncoder()
  #bytes = new Uint8Array(0)
  #used = 0

  /** The text behind its length; null where it has more bytes than an entry may have. */
  framed(text: string): Uint8Array | null {
    if (text.length > maximumEntryBytes) return null
    // UTF-8 has at most three bytes for each UTF-16 unit.
    if (this.#bytes.length - this.#used < lengthBytes + 3 * text.length) {
      this.#bytes = new Uint8Array(Math.max(usualBytes, lengthBytes + 3 * text.length))
      this.#used = 0
    }
    const start = this.#used
    const { written } = this.#encoder.encodeInto(text, this.#bytes.subarray(start + lengthBytes))
    if (written > maximumEntryBytes) return null
    this.#bytes[start] = written >> 8
    this.#bytes[start + 1] = written & 255
    this.#used = start + lengthBytes + written
    return this.#bytes.subarray(start, this.#used)
  }
}
