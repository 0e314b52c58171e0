/**
 * Evidence: the content of sources in blocks of about 128 KiB, cut where a record ends, packed with zstd, each with the SHA-256 of its
 * bytes. Joined, the blocks of a source are its content up to where it was read, byte for byte.
 */
import { createHash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

export interface Block {
  /** Where in the source it begins. */
  readonly at: number
  readonly length: number
  readonly digest: Buffer
  readonly packed: Buffer
}

/** Bytes after which a block is cut at the next end of a record. */
export const blockBytes = 128 * 1024

/** The content that is not yet in a block. */
export class PendingContent {
  #bytes = Buffer.allocUnsafe(4 * blockBytes)
  #start = 0
  #end = 0
  #at: number

  /** `at`: where in the source the next byte is. */
  constructor(at: number) {
    this.#at = at
  }

  /** Where in the source the pending content begins. */
  get at(): number {
    return this.#at
  }
  get length(): number {
    return this.#end - this.#start
  }

  add(piece: Uint8Array): void {
    if (this.#end + piece.length > this.#bytes.length) {
      const needed = this.length + piece.length
      const bytes = needed * 2 > this.#bytes.length ? Buffer.allocUnsafe(needed * 2) : this.#bytes
      bytes.set(this.#bytes.subarray(this.#start, this.#end))
      this.#bytes = bytes
      this.#end = this.length
      this.#start = 0
    }
    this.#bytes.set(piece, this.#end)
    this.#end += piece.length
  }

  /** Takes away what comes before a place of the source. */
  cut(before: number): Block {
    const length = before - this.#at
    if (length <= 0 || length > this.length) throw new RangeError(`no block of ${length} of ${this.length} bytes`)
    const bytes = this.#bytes.subarray(this.#start, this.#start + length)
    const block = { at: this.#at, length, digest: digestOf(bytes), packed: pack(bytes) }
    this.#start += length
    this.#at = before
    return block
  }
}

export function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** The bytes of a block; null where they are not what was put in. */
export function restore(packed: Uint8Array, length: number, digest: Uint8Array): Buffer | null {
  try {
    const bytes = zstdDecompressSync(packed, { maxOutputLength: Math.max(length, 1) })
    return bytes.length === length && digestOf(bytes).equals(digest) ? bytes : null
  } catch {
    // Packed data that was changed cannot be unpacked.
    return null
  }
}

function pack(bytes: Uint8Array): Buffer {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } })
}
