/**
 * Leaf hashes of a Merkle tree over records of 400 bytes, as a log is written and verified. The peer is createHash of the same bytes
 * in the same process. Prints JSON lines; bench/run.ts collects them.
 */
import { createHash } from 'node:crypto'
import { sha256 } from '../ledger/src/node/audit/hashing.ts'
import { leafHash, rootOf } from '../ledger/src/tlog/merkle.ts'
import { print, rates } from './measure.ts'
import { random } from './requests.ts'

const count = 100_000
const next = random(3)
const records = Array.from({ length: 1000 }, () => Uint8Array.from({ length: 400 }, () => next(256)))
const record = (place: number): Uint8Array => records[place % records.length] ?? new Uint8Array()
let kept = 0

const leaves = (): number => {
  for (let place = 0; place < count; place++) kept ^= leafHash(sha256, record(place))[0] ?? 0
  return count
}
const peer = (): number => {
  const zero = Buffer.of(0)
  for (let place = 0; place < count; place++)
    kept ^= createHash('sha256').update(zero).update(record(place)).digest()[0] ?? 0
  return count
}
const tree = (): number => {
  function* all(): Generator<Uint8Array> {
    for (let place = 0; place < count; place++) yield leafHash(sha256, record(place))
  }
  kept ^= rootOf(sha256, all())[0] ?? 0
  return count
}

const measured = rates(5, leaves, peer)
print({
  name: 'Merkle leaf per record of 400 B',
  value: measured.value,
  goal: 1e6,
  peer: { name: 'createHash', value: measured.peers[0] ?? 0 },
})
const roots = rates(5, tree, peer)
print({
  name: 'Merkle root over records of 400 B',
  value: roots.value,
  goal: null,
  peer: { name: 'createHash', value: roots.peers[0] ?? 0 },
})
if (kept > 255) throw new Error('hashes are bytes')
