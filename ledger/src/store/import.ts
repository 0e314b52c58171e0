/**
 * Filling a store: what each source is, what of it is there already, then reading, indexes and words to search for. Ended
 * at any moment and begun again, it comes to the same store.
 */
import { setImmediate } from 'node:timers/promises'
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import type { DeclaredSource } from '../envelope/declared.ts'
import { type Detected, detectFormat, type ImportFormat, importerOf, shapeFor } from '../envelope/formats.ts'
import { lock } from '../node/audit/lock.ts'
import { reasonOf, systemCode } from '../node/system-errors.ts'
import type { Content } from './content.ts'
import { finishLoad, prepareForLoad } from './finish.ts'
import type { ImportedSource, ImportFinding, ImportResult } from './import-result.ts'
import { Loading } from './load.ts'
import { type Found, namedContents } from './named-sources.ts'
import { readSource } from './read-source.ts'
import { type Connection, openForWriting } from './schema.ts'
import { makeSearchable } from './search-pass.ts'
import { headKey, recognise, type SourceState } from './sources.ts'

export interface ImportOptions {
  /** As the user named the files and folders, and where they are. */
  readonly sources: readonly { readonly name: string; readonly path: string }[]
  /** The file of the store; made where there is none. */
  readonly store: string
  /** How messages call it. */
  readonly shown: string
  /** Instead of looking at the files. */
  readonly format?: ImportFormat
  /** Envelopes by a source that a workspace declares. */
  readonly mapping?: DeclaredSource
  /** False: no words to search for; a later import makes up for it. */
  readonly search?: boolean
  /** Of about 128 KiB each; 64 where it is not said. */
  readonly blocksPerTransaction?: number
  readonly onProgress?: (progress: ImportProgress) => void
  /** Asked often; true ends the import with what there is. */
  readonly shouldStop?: () => boolean
}

export interface ImportProgress {
  readonly phase: 'reading' | 'indexing' | 'making searchable'
  readonly done: number
  /** In bytes while reading, in events while making searchable; 0: not known. */
  readonly total: number
  readonly events: number
}

/** A user's mistake is a `problem` or a finding; throws the system's errors of the store's own file. */
export async function importInto(options: ImportOptions): Promise<ImportResult> {
  const found = namedContents(options.sources)
  if ('code' in found) return refused(found)
  const locked = lock(`${options.store}.lock`)
  if (!locked.ok) {
    const by =
      locked.holder === null ? 'somebody who cannot be told' : `process ${locked.holder.pid} on ${locked.holder.host}`
    return refused(made('W4103', { path: options.shown, by, lock: `${options.shown}.lock` }))
  }
  try {
    const opened = openForWriting(options.store)
    if (!opened.ok) return refused(opened.problem)
    const run = new Import(opened.db, options)
    try {
      return await run.all(found)
    } finally {
      run.close()
    }
  } finally {
    locked.release()
  }
}

/** Findings that are kept in words, of one import. */
const mostFindings = 1000

class Import {
  readonly #db: Connection
  readonly #options: ImportOptions
  readonly #loading: Loading
  readonly #findings = { left: mostFindings }
  readonly #sources: ImportedSource[] = []
  readonly #firstFinding: number
  #bytes = 0
  #events = 0

  constructor(db: Connection, options: ImportOptions) {
    this.#db = db
    this.#options = options
    this.#loading = new Loading(db, options.blocksPerTransaction ?? 64)
    this.#firstFinding = this.#count('SELECT coalesce(max(rowid), 0) FROM finding')
  }

  async all(found: readonly Found[]): Promise<ImportResult> {
    const total = found.reduce((sum, { bytes }) => sum + bytes, 0)
    const { shouldStop = () => false } = this.#options
    for (const one of found) {
      await this.#one(one, total)
      if (shouldStop()) return this.#result(true)
    }
    const step = async (): Promise<void> => {
      this.#tell('indexing', 0, 0)
      await setImmediate()
    }
    await finishLoad(this.#db, step)
    if (this.#options.search !== false) {
      const whole = await makeSearchable(this.#db, async (done, last) => {
        this.#tell('making searchable', done, last)
        await setImmediate()
        return !shouldStop()
      })
      if (!whole) return this.#result(true)
    }
    this.#recount()
    return this.#result(false)
  }

  close(): void {
    this.#loading.abandon()
    this.#db.pragma('wal_checkpoint(TRUNCATE)')
    this.#db.close()
  }

  async #one(found: Found, total: number): Promise<void> {
    const before = this.#bytes
    try {
      await this.#read(found.content(), found, total)
    } catch (error) {
      const code = systemCode(error)
      if (code === null) throw error
      this.#loading.abandon()
      this.#refuse(found.name, 'ndjson', 'it cannot be read', made('W2031', { reason: reasonOf(code) }))
    }
    this.#bytes = before + found.bytes
  }

  async #read(content: Content, found: Found, total: number): Promise<void> {
    const how = this.#how(content, found)
    if ('unknown' in how) {
      this.#refuse(found.name, 'ndjson', how.unknown, made('W4104', { why: how.unknown }))
      return
    }
    const { mapping } = this.#options
    const recognised = await recognise(this.#db, content, how.format, mapping?.key ?? '')
    if (recognised.kind === 'known') {
      this.#known(content.name, how, recognised.source, recognised.whole)
      return
    }
    prepareForLoad(this.#db, found.bytes)
    const continued = recognised.kind === 'continued'
    const source = continued
      ? this.#renamed(recognised.source, content.name)
      : this.#added(content, how, mapping?.key ?? '')
    const end = await readSource(content, {
      source,
      format: how.format,
      importer: mapping?.importer(content.name) ?? importerOf(how.format),
      loading: this.#loading,
      findings: this.#findings,
      onRaw: bytes => {
        this.#bytes += bytes
      },
      onBlock: state => this.#tell('reading', this.#bytes, total, state.events - source.events),
      shouldStop: this.#options.shouldStop ?? (() => false),
    })
    this.#events += end.state.events - source.events
    const since = (name: 'read' | 'kept' | 'skipped' | 'broken' | 'duplicate' | 'events'): number =>
      end.state[name] - source[name]
    this.#sources.push({
      name: content.name,
      format: how.format,
      detected: how.words,
      state: continued && source.read > 0 ? 'continued' : 'new',
      sameAs: null,
      read: since('read') + source.read,
      kept: since('kept'),
      skipped: since('skipped'),
      broken: since('broken'),
      duplicate: source.read,
      events: since('events'),
      unfinished: end.unfinished,
      findings: end.codes,
    })
  }

  #how(content: Content, found: Found): Detected | { readonly unknown: string } {
    const { format, mapping } = this.#options
    if (found.isLog)
      return { format: 'writ-log', shape: 'lines', member: null, words: 'it is the folder of an audit log' }
    if (mapping !== undefined) return { ...mapping.layout(content.head), words: `source ${mapping.name} reads it` }
    if (format === undefined) return detectFormat(content.head)
    return { format, ...shapeFor(format, content.head), words: 'its format was named' }
  }

  #known(name: string, how: Detected, source: SourceState, whole: boolean): void {
    this.#sources.push({
      name,
      format: how.format,
      detected: how.words,
      state: 'known',
      sameAs: source.name === name ? null : source.name,
      // Of a part of a source it is not known how many records it has without reading it.
      read: whole ? source.read : 0,
      kept: 0,
      skipped: 0,
      broken: 0,
      duplicate: whole ? source.read : 0,
      events: 0,
      unfinished: null,
      findings: new Map(),
    })
  }

  #refuse(name: string, format: ImportFormat, detected: string, why: Problem): void {
    this.#sources.push({
      name,
      format,
      detected,
      state: 'refused',
      sameAs: null,
      read: 0,
      kept: 0,
      skipped: 0,
      broken: 0,
      duplicate: 0,
      events: 0,
      unfinished: why.message,
      findings: new Map([[why.code, 1]]),
    })
  }

  #added(content: Content, how: Detected, mapping: string): SourceState {
    const state = {
      name: content.name,
      format: how.format,
      shape: how.shape,
      member: how.member,
      mapping,
      head: headKey(content.head),
      base: content.changed,
      last: content.changed,
    }
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO source(name, format, shape, member, mapping, head, base, last, bytes, line, read, kept, skipped, broken, duplicate,
          events, complete) VALUES (@name, @format, @shape, @member, @mapping, @head, @base, @last, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
      )
      .run(state)
    const none = { bytes: 0, line: 0, read: 0, kept: 0, skipped: 0, broken: 0, duplicate: 0, events: 0, complete: 0 }
    return { ...state, ...none, id: Number(lastInsertRowid) }
  }

  /** A file that was renamed and went on has its newest name. */
  #renamed(source: SourceState, name: string): SourceState {
    return { ...source, name, complete: 0 }
  }

  /** Events that turned out to be delivered twice were counted as kept. */
  #recount(): void {
    const after = this.#db.prepare<
      [string],
      Pick<SourceState, 'kept' | 'duplicate' | 'events' | 'read' | 'skipped' | 'broken'>
    >('SELECT * FROM source WHERE name = ? ORDER BY id DESC LIMIT 1')
    this.#sources.forEach((source, place) => {
      const now = source.state === 'new' ? after.get(source.name) : undefined
      if (now === undefined) return
      const { kept, duplicate, events } = now
      this.#sources[place] = { ...source, kept, duplicate, events }
    })
  }

  #tell(phase: ImportProgress['phase'], done: number, total: number, more = 0): void {
    this.#options.onProgress?.({ phase, done, total, events: this.#events + more })
  }

  #result(stopped: boolean): ImportResult {
    const findings = this.#db
      .prepare<[number], ImportFinding>(
        `SELECT source.name AS source, finding.line, code, message FROM finding JOIN source ON source.id = finding.source
         WHERE finding.rowid > ? ORDER BY finding.rowid`,
      )
      .all(this.#firstFinding)
    return {
      problem: null,
      sources: this.#sources,
      findings,
      events: this.#count('SELECT count(*) FROM event'),
      searchable: this.#count("SELECT value FROM state WHERE name = 'searchable'"),
      stopped,
    }
  }

  #count(statement: string): number {
    return this.#db.prepare<[], number>(statement).pluck().get() ?? 0
  }
}

function refused(why: Problem): ImportResult {
  return { problem: why, sources: [], findings: [], events: 0, searchable: 0, stopped: false }
}

function made(code: ProblemCode, words: Readonly<Record<string, string | number>>): Problem {
  return problem(code, { start: 0, end: 0 }, words)
}
