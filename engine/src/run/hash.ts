/**
 * The rolling hash of a run: two runs agree in every decision exactly if their hashes are equal. A chain of SHA-256 over
 * blocks of 4,096 decisions, so that a difference can be found block by block.
 *
 * Bytes of a decision, numbers little-endian: seq (4), policy (2), decision code (1), decidedBy (2, -1 for the default),
 * number of matched rules (2), then per matched rule, ascending, its index (2) with bit 15 set where it matched because its
 * condition was unknown. The chain starts with 32 zero bytes; each link is SHA-256(previous link, bytes of the block); a run
 * without decisions has one empty block.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Decisions, MatchSet } from './decisions.ts'

/** Decisions per link of the chain. */
export const decisionsPerBlock = 4096

/** Hex of the last link. */
export function hashDecisions(decisions: Decisions): string {
  const matchBytes = decisions.matchSets.map(bytesOfMatchSet)
  let link: Uint8Array = new Uint8Array(32)
  let start = 0
  do {
    const end = Math.min(start + decisionsPerBlock, decisions.size)
    link = sha256
      .create()
      .update(link)
      .update(blockBytes(decisions, matchBytes, start, end))
      .digest()
    start = end
  } while (start < decisions.size)
  return bytesToHex(link)
}

const headBytes = 9
const unknownFlag = 0x8000

function blockBytes(decisions: Decisions, matchBytes: readonly Uint8Array[], start: number, end: number): Uint8Array {
  let size = 0
  for (let i = start; i < end; i++) size += headBytes + matchBytesOf(decisions, matchBytes, i).length
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (let i = start; i < end; i++) {
    view.setUint32(at, decisions.seq[i] ?? 0, true)
    view.setUint16(at + 4, decisions.policy[i] ?? 0, true)
    view.setUint8(at + 6, decisions.decision[i] ?? 0)
    view.setInt16(at + 7, decisions.decidedBy[i] ?? 0, true)
    const matched = matchBytesOf(decisions, matchBytes, i)
    bytes.set(matched, at + headBytes)
    at += headBytes + matched.length
  }
  return bytes
}

function matchBytesOf(decisions: Decisions, matchBytes: readonly Uint8Array[], i: number): Uint8Array {
  const bytes = matchBytes[decisions.matched[i] ?? -1]
  if (!bytes) throw new Error(`decision ${i} has no match set`)
  return bytes
}

function bytesOfMatchSet(set: MatchSet): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * set.rules.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, set.rules.length, true)
  set.rules.forEach((rule, i) => {
    view.setUint16(2 + 2 * i, set.unknown.includes(rule) ? rule | unknownFlag : rule, true)
  })
  return bytes
}
