/** The rolling hash of a run goes on over what was measured: one block, the canonical JSON of its figures. A plan that measures nothing keeps the hash it has. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Measures } from './figures.ts'

export function hashWithMeasures(hash: string, measures: Measures): string {
  const { endedAt, indicators, objectives, qualities, freshness } = measures
  if (indicators.length + qualities.length + freshness.length === 0) return hash
  const text = JSON.stringify([
    endedAt,
    indicators.map(({ keys, leftOut }) => [
      leftOut,
      keys.map(({ key, value, points, good }) => [key, value, points, good]),
    ]),
    objectives.map(({ keys }) =>
      keys.map(({ key, value, points, good, met, remaining, breaches, alerts }) => [
        [key, value, points, good, met, remaining],
        breaches.map(episodeParts),
        alerts.map(episodes => episodes.map(episodeParts)),
      ]),
    ),
    qualities.map(({ contract, quality, value, points, good, episodes }) => [
      [contract, quality, value, points, good],
      episodes.map(episodeParts),
    ]),
    freshness.map(({ contract, lastAt, gaps }) => [
      contract,
      lastAt,
      gaps.map(({ from, seq, until }) => [from, seq, until]),
    ]),
  ])
  return bytesToHex(sha256.create().update(hexToBytes(hash)).update(utf8ToBytes(text)).digest())
}

type EpisodeOf = Measures['qualities'][number]['episodes'][number]

function episodeParts({ from, seq, until, figures, points, good, worst }: EpisodeOf) {
  return [from, seq, until, figures, points, good, worst]
}
