/**
 * What was committed of contracts and policies: each number of a contract with the form it last had, and what policies meant in
 * the newest state. Who reads the states (git, a folder) is not here; what is made of them is history-problems.ts.
 */
import type { SourceFile } from '@writ/grammar'
import { check } from '../check/check.ts'
import { type ContractPart, type ContractVersion, contractPart } from './contract-part.ts'
import { policyMeaning } from './meaning.ts'

/** The files of a workspace as they once were. */
export interface EarlierState {
  /** As messages name it: `HEAD`, `3f2a9c1`, `released/2.1.0`. */
  readonly label: string
  /** `2026-03-14`, where it is known. */
  readonly date?: string
  readonly files: readonly SourceFile[]
}

export interface CommittedVersion {
  readonly label: string
  readonly version: ContractVersion
}

export interface Committed {
  readonly newest: {
    readonly label: string
    readonly part: ContractPart
    readonly policies: ReadonlyMap<string, CommittedPolicy>
  }
  /** By contract; the numbers it had, the one that was there last at the end. */
  readonly released: ReadonlyMap<string, readonly CommittedVersion[]>
  /** Why some states are not in it; null: all are. */
  readonly cutOff: string | null
}

export interface CommittedPolicy {
  readonly version: string
  readonly meaning: string
}

/** `states` from the oldest to the newest. Null where there are none, or the contracts of the newest have errors. */
export function committed(states: readonly EarlierState[], cutOff: string | null = null): Committed | null {
  const last = states.at(-1)
  if (last === undefined) return null
  const released = new Map<string, Map<string, CommittedVersion>>()
  let part: ContractPart | null = null
  let read = ''
  for (const { label, files } of states) {
    const key = contractTexts(files)
    if (key === read) continue
    read = key
    part = contractPart(files)
    for (const [name, version] of part.contracts) {
      const numbers = released.get(name) ?? new Map<string, CommittedVersion>()
      released.set(name, numbers)
      // Put in again, so that the number that was there last stands at the end.
      numbers.delete(version.contract.version)
      numbers.set(version.contract.version, { label, version })
    }
  }
  if (part === null || part.errors.length > 0) return null
  return {
    newest: { label: last.label, part, policies: meanings(last.files) },
    released: new Map([...released].map(([name, numbers]) => [name, [...numbers.values()]])),
    cutOff,
  }
}

function contractTexts(files: readonly SourceFile[]): string {
  return files
    .flatMap(({ path, declarations }) => [
      path,
      ...declarations
        .filter(({ syntax }) => ['module', 'use', 'contract', 'type', 'define'].includes(syntax.kind))
        .map(({ text }) => text),
    ])
    .join('\n')
}

/** Empty where the state does not check. */
function meanings(files: readonly SourceFile[]): ReadonlyMap<string, CommittedPolicy> {
  if (!files.some(({ declarations }) => declarations.some(({ syntax }) => syntax.kind === 'policy'))) return new Map()
  const { plan } = check(files)
  if (plan === null) return new Map()
  return new Map(
    plan.policies.map((policy, index) => [
      `${policy.module}.${policy.name}`,
      { version: policy.version, meaning: policyMeaning(plan, index) },
    ]),
  )
}
