/** From a place in the evidence back to bytes: the block, held against its digest, and the record in it. */
import type { Statement } from 'better-sqlite3'
import { restore } from './blocks.ts'
import type { Connection } from './schema.ts'

export interface Evidence {
  readonly bytes: Buffer
  /** False: the block is not what was imported, and `bytes` are empty. */
  readonly sound: boolean
}

interface BlockRow {
  readonly start: number
  readonly length: number
  readonly digest: Buffer
  readonly packed: Buffer
}

/** Remembers the last blocks, because neighbours are mostly asked for together. */
export class EvidenceReader {
  readonly #find: Statement<[number], BlockRow>
  readonly #held = new Map<number, { readonly end: number; readonly bytes: Buffer | null }>()

  constructor(db: Connection) {
    this.#find = db.prepare(
      'SELECT start, length, digest, packed FROM block WHERE start <= CAST(? AS INTEGER) ORDER BY start DESC LIMIT 1',
    )
  }

  read(pos: number, length: number): Evidence {
    for (const [start, { end, bytes }] of this.#held)
      if (start <= pos && pos + length <= end) return part(bytes, pos - start, length)
    const block = this.#find.get(pos)
    if (block === undefined || pos + length > block.start + block.length) return part(null, 0, 0)
    const bytes = restore(block.packed, block.length, block.digest)
    if (this.#held.size >= mostBlocks) this.#held.clear()
    this.#held.set(block.start, { end: block.start + block.length, bytes })
    return part(bytes, pos - block.start, length)
  }
}

const mostBlocks = 4

function part(block: Buffer | null, from: number, length: number): Evidence {
  return block === null
    ? { bytes: Buffer.alloc(0), sound: false }
    : { bytes: block.subarray(from, from + length), sound: true }
}
