/**
 * The identity of a run: runs of equal identity give equal decisions, so that a rolling hash that differs is a mistake of the
 * engine. What the recorded events were is told by whoever read them.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Baseline } from '../plan/baseline.ts'
import { baselinesIn } from '../plan/baselines-in.ts'
import type { Plan } from '../plan/plan.ts'
import { zonesIn } from '../plan/zones-in.ts'

/** Raised whenever the same program over the same events may decide otherwise than before. */
export const semanticsVersion = 1

/**
 * Hex SHA-256 over the text of the program, the version of the language's meaning, the data of the time zones it counts in and of its
 * baselines, and `extra`: digests of the recorded events, the mode of the run, whatever else decides. Members of `extra` count in the order of
 * their names.
 */
export function runIdentity(plan: Plan, extra: Readonly<Record<string, string | number | boolean | null>>): string {
  const files = plan.files.map(file => [file.path, file.text])
  const settings = Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1))
  const zones = zonesIn(plan).map(({ name, data }) => `zone ${name} ${data}`)
  const baselines = baselinesIn(plan).map(baselineParts)
  const parts = ['writ run', semanticsVersion, files, settings, zones, ...(baselines.length === 0 ? [] : [baselines])]
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))))
}

function baselineParts(baseline: Baseline): unknown {
  const { name, counts } = baseline
  if (baseline.of === 'texts') return [name, counts, baseline.values]
  return [name, counts, baseline.edges.map(({ n, d }) => `${n}/${d}`), baseline.currency]
}
