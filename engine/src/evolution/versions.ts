/** The numbers that contracts and policies had, when each came, and what came with it: for those who look at a declaration today. */
import type { SourceFile } from '@writ/grammar'
import type { Committed, EarlierState } from './committed.ts'
import { versionChanges } from './compare.ts'

export interface PastVersion {
  readonly version: string
  /** The first state that has it. */
  readonly label: string
  readonly date: string | null
  /** Of contracts: what changed from the number before, in words. */
  readonly changes: readonly string[]
}

/** By module and name, `events.Paid`; the oldest first. `states` from the oldest to the newest. */
export function versionsOf(
  states: readonly EarlierState[],
  committed: Committed | null,
): ReadonlyMap<string, readonly PastVersion[]> {
  const found = new Map<string, Map<string, PastVersion>>()
  const seen = new Set<SourceFile>()
  for (const { label, date = null, files } of states)
    for (const file of files) {
      // States share the files that did not change between them.
      if (seen.has(file)) continue
      seen.add(file)
      for (const [name, version] of numbersIn(file)) {
        const versions = found.get(name) ?? new Map<string, PastVersion>()
        found.set(name, versions)
        if (!versions.has(version)) versions.set(version, { version, label, date, changes: [] })
      }
    }
  return new Map([...found].map(([name, versions]) => [name, withChanges([...versions.values()], name, committed)]))
}

function numbersIn({ declarations }: SourceFile): readonly (readonly [name: string, version: string])[] {
  let module = ''
  return declarations.flatMap(({ syntax }) => {
    if (syntax.kind === 'module') module = syntax.name.text
    if ((syntax.kind !== 'contract' && syntax.kind !== 'policy') || syntax.version === null) return []
    return [[`${module}.${syntax.name.text}`, syntax.version.text] as const]
  })
}

function withChanges(
  versions: readonly PastVersion[],
  name: string,
  committed: Committed | null,
): readonly PastVersion[] {
  const forms = new Map(committed?.released.get(name)?.map(({ version }) => [version.contract.version, version]))
  return versions.map((past, place) => {
    const before = forms.get(versions[place - 1]?.version ?? '')
    const now = forms.get(past.version)
    return before && now ? { ...past, changes: versionChanges(before, now).map(({ what }) => what) } : past
  })
}
