/** One change between two versions of a contract, as data: what changed, where it stands in both texts, and what it means for readers. */
import type { Span } from '@writ/grammar'
import { type ChangeId, changeKind, type Verdict, verdictUnder } from './catalogue.ts'

export interface ContractChange {
  /** In the catalogue (catalogue.ts, docs/contract-changes.md). */
  readonly kind: ChangeId
  /** `events.Paid`, by its newer name. */
  readonly contract: string
  /** `address.city`, `items[].sku`; empty: of the contract as a whole. */
  readonly path: string
  /** What changed, as a sentence without its point. */
  readonly what: string
  /** As written or shown; null: not there. */
  readonly before: string | null
  readonly after: string | null
  readonly old: ChangePlace | null
  readonly new: ChangePlace | null
  /** A value, or a record in words, that one side may have and the other cannot read; null where none was found. */
  readonly witness: string | null
}

export interface ChangePlace {
  readonly path: string
  readonly span: Span
}

/** Why a change is judged as it is, and what to do. */
export function reasonOf(change: ContractChange): string {
  return changeKind(change.kind).reason
}
export function adviceOf(change: ContractChange): string {
  return changeKind(change.kind).advice
}

/** The verdicts of a change by mode; a transitive mode has the verdict of its word, against every version. */
export function verdictsOf({ kind }: ContractChange): Readonly<Record<'backward' | 'forward' | 'full', Verdict>> {
  return {
    backward: verdictUnder('backward', kind),
    forward: verdictUnder('forward', kind),
    full: verdictUnder('full', kind),
  }
}
