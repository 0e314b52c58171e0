/**
 * The rolling hash of a run goes on over its rollouts, where its plan has any: one chain over their changes, a link each, and one
 * over a bit for each decision that says whether it counts, a link for every 4,096. A run of a plan without rollouts keeps the
 * hash that it has.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { RolloutChange, Rollouts } from './stages.ts'

/** How far the chains have come: plain data, so that a run can go on from it. */
export interface RolloutChains {
  /** Hex of the last links. */
  readonly changes: string
  readonly counts: string
  /** Of the decisions behind the last link: a character each, 1 where it counts. */
  readonly open: string
}

export const unbegunRolloutChains: RolloutChains = {
  changes: '00'.repeat(32),
  counts: '00'.repeat(32),
  open: '',
}

/** `hash`: of decisions and obligations. */
export function hashWithRollouts(hash: string, { counts }: Rollouts, chains: RolloutChains): string {
  if (counts === null) return hash
  const last = linked(chains.counts, utf8ToBytes(chains.open))
  return linked(linked(hash, hexToBytes(chains.changes)), hexToBytes(last))
}

/** The chains behind a run or a piece of one; `seqOf` gives events their place in the whole run. */
export function chainRollouts(
  chains: RolloutChains,
  { changes, counts }: Rollouts,
  firstDecision = 0,
  seqOf: (seq: number) => number = seq => seq,
): RolloutChains {
  const last = changes.reduce((link, change) => linked(link, utf8ToBytes(changeText(change, seqOf))), chains.changes)
  let link = chains.counts
  let open = chains.open
  const size = counts?.length ?? 0
  for (let at = firstDecision; at < size; ) {
    const end = Math.min(size, at + decisionsPerBlock - open.length)
    for (let i = at; i < end; i++) open += counts?.[i] === 1 ? '1' : '0'
    at = end
    if (open.length < decisionsPerBlock) break
    link = linked(link, utf8ToBytes(open))
    open = ''
  }
  return { changes: last, counts: link, open }
}

const decisionsPerBlock = 4096

function changeText(change: RolloutChange, seqOf: (seq: number) => number): string {
  const { rollout, cause, at, by, since, from, to, figures } = change
  const told = figures.map(({ value, of }) => [value, of])
  return JSON.stringify([rollout, cause, at, by < 0 ? -1 : seqOf(by), seqOf(since), from, to, told])
}

function linked(link: string, bytes: Uint8Array): string {
  return bytesToHex(sha256.create().update(hexToBytes(link)).update(bytes).digest())
}
