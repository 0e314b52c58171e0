/** Version numbers of contracts and policies: which part has to be raised, and whether it was. */
import type { Bump } from './catalogue.ts'
import { changeKind } from './catalogue.ts'
import type { ContractChange } from './change.ts'

type Parts = readonly [number, number, number]

/** What the changes ask for together; null: nothing, or only what is advice. */
export function bumpOf(changes: readonly ContractChange[]): 'major' | 'minor' | null {
  const bumps = changes.map(change => changeKind(change.kind).bump)
  return bumps.includes('major') ? 'major' : bumps.includes('minor') ? 'minor' : null
}

/** The lowest number that says it. Before 1.0.0 nothing is promised, and the minor number says that something changed. */
export function raised(version: string, bump: Bump): string {
  const [major, minor, patch] = partsOf(version)
  if (bump === 'major' && major > 0) return `${major + 1}.0.0`
  return bump === 'patch' ? `${major}.${minor}.${patch + 1}` : `${major}.${minor + 1}.0`
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [partsOf(a), partsOf(b)]
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]
}

function partsOf(version: string): Parts {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return [major, minor, patch]
}
