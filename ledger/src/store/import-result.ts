/** What an import says when it ends: for each source what it is and what became of its records. Words for people are the command's. */
import type { Problem } from '@writ/grammar'
import type { ImportFormat } from '../envelope/formats.ts'

/** What became of one file or log. */
export interface ImportedSource {
  readonly name: string
  readonly format: ImportFormat
  /** What was seen in it. */
  readonly detected: string
  /** `known`: all of it was in the store. `continued`: a part was. `refused`: it could not be read. */
  readonly state: 'new' | 'known' | 'continued' | 'refused'
  /** The source of the store with the same content, where it had another name. */
  readonly sameAs: string | null
  /** Records: `read` = `kept` + `skipped` + `broken` + `duplicate`. Of those that were known all are duplicates. */
  readonly read: number
  readonly kept: number
  readonly skipped: number
  readonly broken: number
  readonly duplicate: number
  readonly events: number
  /** Why the end was not read. */
  readonly unfinished: string | null
  /** What was found, by code. */
  readonly findings: ReadonlyMap<string, number>
}

export interface ImportResult {
  /** Why nothing was done. */
  readonly problem: Problem | null
  readonly sources: readonly ImportedSource[]
  /** The first findings, in words. */
  readonly findings: readonly ImportFinding[]
  /** In the store, afterwards. */
  readonly events: number
  readonly searchable: number
  readonly stopped: boolean
}

export interface ImportFinding {
  readonly source: string
  readonly line: number
  readonly code: string
  readonly message: string
}
