/** What makes entries of a log, and what is made of each; record-writer.ts and obligation-records.ts do. */
import type { Plan } from '@writ/engine'
import type { Sha256 } from '../tlog/merkle.ts'

export interface RecordWriterOptions {
  readonly plan: Plan
  /** Hex SHA-256 of the program's text (program-digest.ts) and identity of the run. */
  readonly program: string
  readonly run: string
  readonly stream: string
  readonly sha256: Sha256
  /** The same of one part, as 64 hex digits. */
  readonly sha256Hex: (bytes: Uint8Array) => string
  /** Random bytes, for salts; no two calls may give the same. */
  readonly random: (bytes: number) => Uint8Array
}

export interface WrittenRecord {
  /** Its bytes behind their length, as in a bundle. */
  readonly framed: Uint8Array
  /** Lines of openings, without newlines. */
  readonly openings: readonly string[]
  /** Members of its line of JSON: what is answered. */
  readonly answer: string
}
