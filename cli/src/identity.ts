/**
 * The identity of a run: runs of equal identity give equal decisions. A SHA-256 over everything that decides: the texts of the
 * program, the version of the language's meaning, the data of the time zones it counts in, the mode, and the names and contents of the recorded files.
 */
import { hash } from 'node:crypto'
import { type Plan, zonesIn } from '@writ/engine'
import type { Delays } from './simulated-answers.ts'

/** Raised whenever the same program over the same events may decide otherwise than before. */
export const semanticsVersion = 1

export interface RunMode {
  /** Name of the policy that alone is run; null: all. */
  readonly policy: string | null
  readonly source: string | null
  readonly strict: boolean
  /** When the log was closed; null or left out: it ends open. */
  readonly closeAt?: number | null
  /** Delays of simulated answers; null or left out: the recorded approvals. */
  readonly delays?: Delays | null
}

/** `digest`: of the log, as the ledger gives it. */
export function runIdentity(plan: Plan, mode: RunMode, digest: string): string {
  // Files in the order of their paths, each with its length, so that no two programs give the same text.
  const files = plan.files.map(file => [file.path, file.text] as const)
  const parts = ['writ run', semanticsVersion, mode.policy, mode.source, mode.strict, digest, files]
  const closed = mode.closeAt === null || mode.closeAt === undefined ? [] : [mode.closeAt]
  const answered = mode.delays ? [mode.delays] : []
  const zones = zonesIn(plan).map(({ name, data }) => `zone ${name} ${data}`)
  return hash('sha256', JSON.stringify([...parts, ...closed, ...answered, ...zones]))
}
