/** What the parts of a verification share: how problems are told, and what is computed over and over. */
import type { ProblemCode } from '@writ/grammar'
import { opens, parseOpening } from '../../audit/commitment.ts'
import { parseEntry } from '../../audit/record.ts'
import type { Sha256 } from '../../tlog/merkle.ts'
import type { Signatures } from '../../tlog/signed-note.ts'
import { sha256, signatures } from './hashing.ts'

/** A problem as its parts: the code, where it is, and the words of its message. */
export type ReportProblem = (
  code: ProblemCode,
  place: { readonly file?: string; readonly from?: number; readonly to?: number },
  words?: Readonly<Record<string, string | number>>,
) => void

/**
 * Functions of their arguments alone. Whoever verifies nearly the same log a million times brings ones that remember.
 */
export interface VerifyTools {
  readonly sha256: Sha256
  readonly signatures: Signatures
  readonly parseEntry: typeof parseEntry
  readonly parseOpening: typeof parseOpening
  readonly opens: typeof opens
  /** Checks the group of up to 256 entries with this index. */
  readonly group: <T>(index: number, check: () => T) => T
}

export const usualTools: VerifyTools = {
  sha256,
  signatures,
  parseEntry,
  parseOpening,
  opens,
  group: (_, check) => check(),
}
