/**
 * Merkle trees as in RFC 6962: hashes of leaves and nodes, roots, and the verification of inclusion and consistency proofs
 * (RFC 9162 sections 2.1.3 and 2.1.4; subtrees as in the Merkle Tree Certificates draft, section 4). Pure: the hash function is given,
 * so that Node, a browser and a test can each bring theirs. Reading and writing logs is elsewhere.
 *
 * Sizes and indices are BigInts, because proofs come from outside and may name sizes beyond 2^53.
 */

/** SHA-256 of the concatenation of the parts, 32 bytes. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array

export type ProofVerdict = { readonly valid: true } | { readonly valid: false; readonly why: string }

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)
export const hashBytes = 32

/** Hash of a leaf: SHA-256(0x00 ‖ data). */
export function leafHash(sha256: Sha256, data: Uint8Array): Uint8Array {
  return sha256(leafPrefix, data)
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodePrefix, left, right)
}

/** Root over leaf hashes; of none SHA-256(""). O(n) hashes, O(log n) memory beyond the input. */
export function rootOf(sha256: Sha256, leaves: Iterable<Uint8Array>): Uint8Array {
  const frontier = new Frontier(sha256)
  for (const leaf of leaves) frontier.append(leaf)
  return frontier.root()
}

/**
 * The right edge of a growing tree: one hash per complete subtree, largest first. Enough to append and to tell the root.
 * INVARIANT: `peaks` holds one hash for each bit that is set in `size`, most significant first.
 */
export class Frontier {
  readonly #sha256: Sha256
  readonly #peaks: Uint8Array[]
  #size: number

  /** An empty tree, or one that goes on from the peaks of an earlier one. */
  constructor(sha256: Sha256, size = 0, peaks: readonly Uint8Array[] = []) {
    this.#sha256 = sha256
    this.#size = size
    this.#peaks = [...peaks]
  }

  get size(): number {
    return this.#size
  }

  get peaks(): readonly Uint8Array[] {
    return this.#peaks
  }

  append(leaf: Uint8Array): void {
    let hash = leaf
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#peaks.pop()
      if (left === undefined) throw new Error('a frontier has fewer peaks than its size has bits')
      hash = nodeHash(this.#sha256, left, hash)
    }
    this.#peaks.push(hash)
    this.#size++
  }

  root(): Uint8Array {
    const last = this.#peaks.at(-1)
    if (last === undefined) return this.#sha256()
    return this.#peaks.slice(0, -1).reduceRight((right, left) => nodeHash(this.#sha256, left, right), last)
  }
}

/** Whether `leaf` is the leaf number `index` (from 0) of the tree of `size` leaves with this root. */
export function verifyInclusion(
  sha256: Sha256,
  proof: readonly Uint8Array[],
  claim: { readonly index: bigint; readonly size: bigint; readonly leaf: Uint8Array; readonly root: Uint8Array },
): ProofVerdict {
  const { index, size, leaf, root } = claim
  if (index < 0n || index >= size) return invalid(`leaf ${index} is not in a tree of ${size} leaves`)
  const malformed = wrongLength([leaf, root, ...proof])
  if (malformed) return malformed
  let at = index
  let last = size - 1n
  let hash = leaf
  for (const step of proof) {
    if (last === 0n) return invalid('the proof is longer than the tree is high')
    if (at % 2n === 1n || at === last) {
      hash = nodeHash(sha256, step, hash)
      while (at % 2n === 0n && at !== 0n) {
        at /= 2n
        last /= 2n
      }
    } else {
      hash = nodeHash(sha256, hash, step)
    }
    at /= 2n
    last /= 2n
  }
  if (last !== 0n) return invalid('the proof is shorter than the tree is high')
  return sameBytes(hash, root) ? { valid: true } : invalid('the proof leads to another root')
}

/**
 * Whether the tree of `newSize` leaves goes on from the tree of `oldSize` leaves. A tree without leaves proves nothing and is
 * refused, as other implementations do; compare its root with SHA-256("") where it matters.
 */
export function verifyConsistency(
  sha256: Sha256,
  proof: readonly Uint8Array[],
  claim: {
    readonly oldSize: bigint
    readonly newSize: bigint
    readonly oldRoot: Uint8Array
    readonly newRoot: Uint8Array
  },
): ProofVerdict {
  const { oldSize, newSize, oldRoot, newRoot } = claim
  if (oldSize <= 0n) return invalid('a tree without leaves proves nothing')
  return verifySubtreeConsistency(sha256, proof, {
    start: 0n,
    end: oldSize,
    size: newSize,
    subtreeRoot: oldRoot,
    root: newRoot,
  })
}

/** Whether the leaf number `index` of the whole log is in the subtree of leaves `start` (inclusive) to `end` (exclusive). */
export function verifySubtreeInclusion(
  sha256: Sha256,
  proof: readonly Uint8Array[],
  claim: {
    readonly index: bigint
    readonly start: bigint
    readonly end: bigint
    readonly leaf: Uint8Array
    readonly root: Uint8Array
  },
): ProofVerdict {
  const { index, start, end, leaf, root } = claim
  if (!isSubtree(start, end)) return invalid(`leaves ${start} to ${end} are no subtree`)
  return verifyInclusion(sha256, proof, { index: index - start, size: end - start, leaf, root })
}

/** Whether the subtree of leaves `start` to `end` (exclusive) is part of the tree of `size` leaves. */
export function verifySubtreeConsistency(
  sha256: Sha256,
  proof: readonly Uint8Array[],
  claim: {
    readonly start: bigint
    readonly end: bigint
    readonly size: bigint
    readonly subtreeRoot: Uint8Array
    readonly root: Uint8Array
  },
): ProofVerdict {
  const { start, end, size, subtreeRoot, root } = claim
  if (end > size) return invalid(`a tree of ${size} leaves has no leaf ${end - 1n}`)
  if (start === end) {
    const empty = proof.length === 0 && sameBytes(subtreeRoot, sha256())
    return empty ? { valid: true } : invalid('a part without leaves has the root SHA-256("") and an empty proof')
  }
  if (!isSubtree(start, end)) return invalid(`leaves ${start} to ${end} are no subtree`)
  const malformed = wrongLength(proof)
  if (malformed) return malformed
  let first = start
  let last = end - 1n
  let edge = size - 1n
  const up = (): void => {
    first /= 2n
    last /= 2n
    edge /= 2n
  }
  // Below the largest complete subtree that ends at `last`, old and new tree are the same; the proof begins above it.
  const onEdge = last === edge
  while (first !== last && (onEdge || last % 2n === 1n)) up()
  const steps = [...proof]
  const begin = first === last ? subtreeRoot : steps.shift()
  if (begin === undefined) return invalid('the proof is empty')
  let subtree = begin
  let whole = begin
  for (const step of steps) {
    if (edge === 0n) return invalid('the proof is longer than the tree is high')
    if (last % 2n === 1n || last === edge) {
      if (first < last) subtree = nodeHash(sha256, step, subtree)
      whole = nodeHash(sha256, step, whole)
      while (last % 2n === 0n) up()
    } else {
      whole = nodeHash(sha256, whole, step)
    }
    up()
  }
  if (edge !== 0n) return invalid('the proof is shorter than the tree is high')
  if (!sameBytes(subtree, subtreeRoot)) return invalid('the proof leads to another root of the older part')
  return sameBytes(whole, root) ? { valid: true } : invalid('the proof leads to another root')
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let place = 0; place < a.length; place++) if (a[place] !== b[place]) return false
  return true
}

/** A subtree starts at a multiple of the smallest power of two that is not below its size. */
function isSubtree(start: bigint, end: bigint): boolean {
  if (start < 0n || start >= end) return false
  let width = 1n
  while (width < end - start) width *= 2n
  return start % width === 0n
}

function wrongLength(hashes: readonly Uint8Array[]): ProofVerdict | undefined {
  return hashes.some(hash => hash.length !== hashBytes) ? invalid('a hash does not have 32 bytes') : undefined
}

function invalid(why: string): ProofVerdict {
  return { valid: false, why }
}
