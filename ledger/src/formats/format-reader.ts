/**
 * What every format gives: bytes go in by pieces, records come out. Readers hold one record at most; they know nothing of
 * files, streams or contracts.
 */
import type { ProblemCode } from '@writ/grammar'
import type { Words } from '../findings.ts'
import type { Json } from '../raw/json.ts'

export interface FormatReader {
  /** Where the next bytes may be put instead of elsewhere; `feed` then gets just that. */
  readonly room?: () => Uint8Array
  /** The next bytes of the file; they may change after the call. */
  feed(bytes: Uint8Array): void
  /** `cut`: the file should have gone on (its compressed data is incomplete). */
  end(cut: boolean): void
}

/** A reader that also tells where records are. */
export interface SpannedReader extends FormatReader {
  /** During a call of the sink about a record: its bytes in the content of the file. */
  readonly span: Span
}

/** Bytes `start` to `end` of the content of a file, unpacked. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where the records of one file go, in order. Every record, readable or not, has the next place in the file. */
export interface RecordSink {
  record(raw: Json, line: number | null): void
  /** A record that cannot be read. */
  broken(code: ProblemCode, line: number | null, words: Words): void
  /** Something about a record that goes on (`place` is the next record's), or about the file. */
  note(code: ProblemCode, line: number | null, words: Words): void
}
