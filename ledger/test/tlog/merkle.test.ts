/** Our proofs against vectors that nobody here wrote (transparency-dev/merkle, Apache-2.0), and against the definition. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  Frontier,
  leafHash,
  nodeHash,
  rootOf,
  type Sha256,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from '../../src/tlog/merkle.ts'

const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

const folder = 'ledger/test/tlog/vectors/rfc6962/testdata'
type Vector = Readonly<Record<string, string | bigint | boolean | readonly string[] | null>>

/** Sizes in the vectors go beyond 2^53, so that integers are read as BigInts. */
function readVector(path: string): Vector {
  const quoted = readFileSync(path, 'utf8').replace(/": (\d+)([,\n])/g, '": "#$1"$2')
  return JSON.parse(quoted, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('#') ? BigInt(value.slice(1)) : value,
  )
}
const integer = (value: Vector[string] | undefined): bigint => BigInt(typeof value === 'bigint' ? value : 0n)
const bytes = (value: unknown): Uint8Array => new Uint8Array(Buffer.from(String(value), 'base64'))
const hashes = (value: Vector[string] | undefined): Uint8Array[] => (Array.isArray(value) ? value.map(bytes) : [])

const kinds: Readonly<Record<string, (v: Vector) => boolean>> = {
  inclusion: v =>
    verifyInclusion(sha256, hashes(v.proof), {
      index: integer(v.leafIdx),
      size: integer(v.treeSize),
      leaf: bytes(v.leafHash),
      root: bytes(v.root),
    }).valid,
  consistency: v =>
    verifyConsistency(sha256, hashes(v.proof), {
      oldSize: integer(v.size1),
      newSize: integer(v.size2),
      oldRoot: bytes(v.root1),
      newRoot: bytes(v.root2),
    }).valid,
  subtreeinclusion: v =>
    verifySubtreeInclusion(sha256, hashes(v.proof), {
      index: integer(v.leafIdx),
      start: integer(v.start),
      end: integer(v.end),
      leaf: bytes(v.leafHash),
      root: bytes(v.root),
    }).valid,
  subtreeconsistency: v =>
    verifySubtreeConsistency(sha256, hashes(v.proof), {
      start: integer(v.start),
      end: integer(v.end),
      size: integer(v.size),
      subtreeRoot: bytes(v.root1),
      root: bytes(v.root2),
    }).valid,
}

describe.each(Object.entries(kinds))('%s vectors', (kind, verify) => {
  const files = globSync(`${folder}/${kind}/**/*.json`).sort()
  test('all are there', () => expect(files.length).toBeGreaterThan(90))
  test.each(files.map(file => file.slice(folder.length + 1)))('%s', name => {
    const vector = readVector(`${folder}/${name}`)
    expect(verify(vector)).toBe(vector.wantErr === false)
  })
})

describe('trees', () => {
  const leaves = Array.from({ length: 130 }, (_, i) => leafHash(sha256, Uint8Array.of(i)))
  /** RFC 6962 section 2.1, word by word. */
  function definition(from: number, to: number): Uint8Array {
    if (to === from) return sha256()
    if (to - from === 1) return leaves[from] ?? sha256()
    let split = 1
    while (split * 2 < to - from) split *= 2
    return nodeHash(sha256, definition(from, from + split), definition(from + split, to))
  }
  test('the frontier gives the root of the definition for every size to 130', () => {
    const frontier = new Frontier(sha256)
    for (let size = 0; size <= leaves.length; size++) {
      expect(Buffer.from(frontier.root()).toString('hex')).toBe(Buffer.from(definition(0, size)).toString('hex'))
      const next = leaves[size]
      if (next) frontier.append(next)
    }
  })
  test('a frontier goes on from its peaks', () => {
    const first = new Frontier(sha256)
    for (const leaf of leaves.slice(0, 77)) first.append(leaf)
    const second = new Frontier(sha256, first.size, first.peaks)
    for (const leaf of leaves.slice(77)) second.append(leaf)
    expect(second.root()).toEqual(rootOf(sha256, leaves))
  })
})
