/**
 * Makes inclusion and consistency proofs (RFC 6962 section 2.1) from the hashes of complete subtrees, wherever they are
 * kept: in memory, or in tiles. Their verification is in merkle.ts and shares nothing with this but the hash of a node.
 */
import { nodeHash, type Sha256 } from './merkle.ts'

/** Hash of the complete subtree of 2^level leaves that begins at leaf index * 2^level. */
export type ReadHash = (level: number, index: number) => Uint8Array

/** Siblings from the leaf to the root's child; `index` < `size`. */
export function inclusionProof(sha256: Sha256, read: ReadHash, index: number, size: number): Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} is not in a tree of ${size} leaves`)
  return path(sha256, read, index, 0, size)
}

/** That the tree of `newSize` leaves goes on from the one of `oldSize`; 0 < oldSize <= newSize. */
export function consistencyProof(sha256: Sha256, read: ReadHash, oldSize: number, newSize: number): Uint8Array[] {
  if (!(oldSize > 0 && oldSize <= newSize))
    throw new RangeError(`no consistency proof from ${oldSize} to ${newSize} leaves`)
  return subproof(sha256, read, oldSize, 0, newSize, true)
}

/** Root of the leaves `from` (inclusive) to `to` (exclusive) where `from` is a multiple of a power of two not below their number. */
export function rangeRoot(sha256: Sha256, read: ReadHash, from: number, to: number): Uint8Array {
  const width = to - from
  if (width === 0) return sha256()
  const level = Math.log2(width)
  if (Number.isInteger(level)) return read(level, from / width)
  const split = from + splitOf(width)
  return nodeHash(sha256, rangeRoot(sha256, read, from, split), rangeRoot(sha256, read, split, to))
}

function path(sha256: Sha256, read: ReadHash, index: number, from: number, to: number): Uint8Array[] {
  if (to - from === 1) return []
  const split = from + splitOf(to - from)
  return index < split
    ? [...path(sha256, read, index, from, split), rangeRoot(sha256, read, split, to)]
    : [...path(sha256, read, index, split, to), rangeRoot(sha256, read, from, split)]
}

function subproof(sha256: Sha256, read: ReadHash, old: number, from: number, to: number, whole: boolean): Uint8Array[] {
  if (old === to) return whole ? [] : [rangeRoot(sha256, read, from, to)]
  const split = from + splitOf(to - from)
  return old <= split
    ? [...subproof(sha256, read, old, from, split, whole), rangeRoot(sha256, read, split, to)]
    : [...subproof(sha256, read, old, split, to, false), rangeRoot(sha256, read, from, split)]
}

/** The largest power of two below `width`; `width` > 1. */
function splitOf(width: number): number {
  let split = 1
  while (split * 2 < width) split *= 2
  return split
}
