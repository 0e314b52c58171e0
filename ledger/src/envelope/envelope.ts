/**
 * The common envelope: what records of all formats have in common, for lists, filters and charts. It is read off a record and
 * never stands for it; the record's bytes are kept beside it (store/). Which member becomes what is said by the importers.
 */
import type { Json } from '../raw/json.ts'

/** What a record is about; stored by place, so that names are only ever added at the end. */
export const kinds = ['action', 'decision', 'message', 'result'] as const
export type Kind = (typeof kinds)[number]

/** How it was decided, `none` where nothing was; stored by place, so that names are only ever added at the end. */
export const outcomes = ['none', 'permit', 'warn', 'hold', 'deny', 'error'] as const
export type Outcome = (typeof outcomes)[number]

export interface Envelope {
  readonly kind: Kind
  /** Microseconds since 1970; null where the record has no time of its own. */
  readonly time: number | null
  readonly actor: string | null
  readonly action: string | null
  readonly object: string | null
  readonly outcome: Outcome
  /** The rule that decided. */
  readonly rule: string | null
  /** The policy, with its version or revision. */
  readonly policy: string | null
  /** What belongs together has the same: a trace, a session, a request. */
  readonly chain: string | null
  /** Identity that the source gave: the same record delivered twice has the same. */
  readonly identity: string | null
  /** Something that the policy saw was taken out of the record: it cannot be decided again. */
  readonly partial: boolean
}

/** One of the events of a record, and what of the record is about it: what a search looks into. */
export interface Part {
  readonly envelope: Envelope
  readonly about: Json
  /** Its place among all that the record holds, where some of that is left out. */
  readonly place?: number
}

/** Makes envelopes of the records of one file, in order. */
export interface Importer {
  /** A text: why the record is none of this format; it is left out then. */
  parts(raw: Json): readonly Part[] | string
}

/** An envelope of what is given. */
export function envelope(known: Partial<Envelope>): Envelope {
  return { ...blank, ...known }
}

const blank: Envelope = {
  kind: 'action',
  time: null,
  actor: null,
  action: null,
  object: null,
  outcome: 'none',
  rule: null,
  policy: null,
  chain: null,
  identity: null,
  partial: false,
}
