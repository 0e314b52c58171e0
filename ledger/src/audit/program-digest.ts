/** What a record names its program by: the hash of all texts of the workspace, so that a policy cannot be shown with another's rules. */
import type { Baseline, PlanFile } from '@writ/engine'
import type { Sha256 } from '../tlog/merkle.ts'
import { canonicalJson } from './canonical-json.ts'

/**
 * The text that is hashed, and kept beside the log: canonical JSON of the files in the order of their paths, and of the baselines
 * that rules hold values against, where there are any.
 */
export function programText(files: readonly PlanFile[], baselines: readonly Baseline[] = []): string {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return canonicalJson({
    files: sorted.map(({ path, text }) => ({ path, text })),
    form: 'writ program 1',
    ...(baselines.length === 0 ? {} : { baselines: baselines.map(baselineJson) }),
  })
}

/** Hex SHA-256 of the text. */
export function programDigest(sha256: Sha256, text: string): string {
  return Array.from(sha256(new TextEncoder().encode(text)), byte => byte.toString(16).padStart(2, '0')).join('')
}

function baselineJson(baseline: Baseline) {
  const { name, counts } = baseline
  if (baseline.of === 'texts') return { name, counts: [...counts], values: [...baseline.values] }
  const edges = baseline.edges.map(({ n, d }) => `${n}/${d}`)
  return { name, counts: [...counts], edges, currency: baseline.currency }
}
