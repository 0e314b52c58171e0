/** Changes held against what a contract promises: which break its mode, and how far its number has to be raised for them. */
import { type Mode, type Verdict, verdictUnder } from './catalogue.ts'
import type { ContractChange } from './change.ts'
import { contractChanges, modeOf } from './compare.ts'
import type { ContractPart, ContractVersion } from './contract-part.ts'
import { bumpOf, compareVersions, raised } from './version.ts'

/** The changes of one contract between two states, judged. */
export interface JudgedContract {
  /** `events.Paid`. */
  readonly contract: string
  readonly old: ContractVersion | null
  readonly new: ContractVersion | null
  readonly mode: Mode
  readonly modeFrom: 'declared' | 'given' | 'default'
  readonly changes: readonly { readonly change: ContractChange; readonly verdict: Verdict }[]
  /** The number that the newer version needs at least; null: nothing asks for another, or it has one that is high enough. */
  readonly needed: string | null
}

/** What registries judge by where nothing is said. */
export const defaultMode: Mode = { word: 'backward', transitive: false }

/** Contracts without any change are left out. `given` goes before what contracts declare. */
export function judgedContracts(
  before: ContractPart,
  after: ContractPart,
  given: Mode | null,
): readonly JudgedContract[] {
  const byContract = new Map<string, ContractChange[]>()
  for (const change of contractChanges(before, after)) {
    const known = byContract.get(change.contract)
    if (known) known.push(change)
    else byContract.set(change.contract, [change])
  }
  return [...byContract].map(([contract, changes]) => {
    const now = after.contracts.get(contract) ?? null
    const old = before.contracts.get(contract) ?? movedFrom(before, changes)
    // What went is judged by what it promised while it was there.
    const promising = now ?? old
    const declared = promising && modeOf(promising)
    const mode = given ?? declared ?? defaultMode
    return {
      contract,
      old,
      new: now,
      mode,
      modeFrom: given ? 'given' : declared ? 'declared' : 'default',
      changes: changes.map(change => ({ change, verdict: verdictUnder(mode.word, change.kind) })),
      needed: old && now && neededVersion(old, now, changes),
    }
  })
}

/** Null where the number is high enough, or there is none in the text: who writes none promises none. */
export function neededVersion(
  old: ContractVersion,
  now: ContractVersion,
  changes: readonly ContractChange[],
): string | null {
  if (now.syntax.version === null) return null
  const [was, is] = [old.contract.version, now.contract.version]
  const bump = bumpOf(changes)
  const least = bump === null ? was : raised(was, bump)
  return compareVersions(is, least) < 0 ? least : null
}

function movedFrom(before: ContractPart, changes: readonly ContractChange[]): ContractVersion | null {
  const move = changes.find(({ kind }) => kind === 'S11.moved')
  return (move?.before != null && before.contracts.get(move.before)) || null
}
