/** What a record names its program by: the hash of all texts of the workspace, so that a policy cannot be shown with another's rules. */
import type { PlanFile } from '@writ/engine'
import type { Sha256 } from '../tlog/merkle.ts'
import { canonicalJson } from './canonical-json.ts'

/** The text that is hashed, and kept beside the log: canonical JSON of the files in the order of their paths. */
export function programText(files: readonly PlanFile[]): string {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return canonicalJson({ files: sorted.map(({ path, text }) => ({ path, text })), form: 'writ program 1' })
}

/** Hex SHA-256 of the text. */
export function programDigest(sha256: Sha256, text: string): string {
  return Array.from(sha256(new TextEncoder().encode(text)), byte => byte.toString(16).padStart(2, '0')).join('')
}
