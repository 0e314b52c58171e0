/**
 * A recorded log, from a path to columns: finds the files, gives each to its source, reads them in order and says what is wrong
 * with them. How bytes become records is in formats/, how records become events in map/, what the events mean in the engine.
 */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Finding, type Log, LogBuilder, type Plan, type PlanSource } from '@writ/engine'
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import { SourceReader } from '../decode/source-reader.ts'
import { FindingLog } from '../findings.ts'
import { type EventFiles, eventFiles } from './event-files.ts'
import { readBytes, readHead } from './file-bytes.ts'
import { contradicts, type SourcedFile, sourceFiles } from './file-sources.ts'
import { reasonOf, systemCode } from './system-errors.ts'

export interface OpenOptions {
  /** Name of the source to read with, where the plan has several. */
  readonly source?: string
  /** Every field is read, and any finding makes `problem` W2066. */
  readonly strict?: boolean
  readonly onProgress?: (progress: Progress) => void
  /** Asked some times per megabyte; true ends the reading with what there is. */
  readonly shouldStop?: () => boolean
  /** Per contract, the columns to fill (`readSet(plan)`); all without it. Only what is read is held against the contract. */
  readonly columns?: readonly ReadonlySet<string>[]
  /** False where code must not be generated; the result is the same. */
  readonly codeGeneration?: boolean
}

export interface Progress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly events: number
}

export interface OpenedEvents {
  /** Empty where `problem` is not null; what was read so far where `stopped`. */
  readonly log: Log
  /** Why the log could not be opened. */
  readonly problem: Problem | null
  /** The first thousand, in the order of the files. */
  readonly findings: readonly Finding[]
  /** How often, by code. */
  readonly findingCounts: ReadonlyMap<string, number>
  readonly records: number
  /** Records that no map of the source takes. */
  readonly skipped: number
  /** Records that are no events because of a finding. */
  readonly leftOut: number
  /** Files that were read. */
  readonly files: number
  /** Of the files as they are, packed or not. */
  readonly bytes: number
  /** SHA-256 over the names and contents of the files, hex: the log's part in the identity of a run. Means nothing where `stopped`. */
  readonly digest: string
  readonly stopped: boolean
  /** By file whose source revises: how late (milliseconds) an event may come before it revises what was decided. */
  readonly revising: ReadonlyMap<string, number>
}

/** Reads the file or folder of events at `path` with the plan's sources. A user's mistake is a `problem` or a finding; the promise is always kept. */
export async function openEvents(plan: Plan, path: string, options: OpenOptions = {}): Promise<OpenedEvents> {
  const reading = new Reading(plan, path, options)
  if (plan.contracts.length === 0) return reading.refuse('W2068', { path })
  const sources = chosenSources(plan, options.source)
  if (sources === null) {
    const names = plan.sources.map(source => source.name).join(', ')
    return reading.refuse('W2065', { source: options.source ?? '', sources: names === '' ? 'none' : names })
  }
  try {
    const found = eventFiles(path)
    const sourcing = sourceFiles(plan, sources, found)
    if ('ambiguous' in sourcing) return reading.refuse('W2064', { path, sources: sourcing.ambiguous.join(', ') })
    if ('unknown' in sourcing) {
      const advice = 'Declare a source with its format.'
      return reading.refuse('W2063', { path, format: 'log of a known format', reason: sourcing.unknown.words, advice })
    }
    if (sourcing.files.length === 0) return reading.refuse(...nothingFits(path, sources))
    return await reading.read(found, sourcing.files)
  } catch (error) {
    const code = systemCode(error)
    if (code === null) throw error
    if (code === 'ENOENT') return reading.refuse('W2060', { path })
    return reading.refuse('W2067', { path, reason: reasonOf(code) })
  }
}

class Reading {
  readonly #plan: Plan
  readonly #path: string
  readonly #options: OpenOptions
  readonly #findings = new FindingLog()
  readonly #builder: LogBuilder
  readonly #readers = new Map<PlanSource, SourceReader>()
  #files = 0
  #bytes = 0
  #stopped = false
  readonly #revising = new Map<string, number>()
  readonly #digest = createHash('sha256')

  constructor(plan: Plan, path: string, options: OpenOptions) {
    this.#plan = plan
    this.#path = path
    this.#options = options
    // Strict is about the whole log, not about what this program happens to read.
    this.#builder = new LogBuilder(plan.contracts, options.strict ? undefined : options.columns)
  }

  async read(found: EventFiles, files: readonly SourcedFile[]): Promise<OpenedEvents> {
    const total = files.reduce((bytes, { file }) => bytes + file.bytes, 0)
    let paused = performance.now()
    for (const sourced of files) {
      const refusal = await this.#readFile(sourced, total, found.isFolder)
      if (refusal !== null) return refusal
      if (this.#stopped) break
      if (performance.now() - paused > 40) {
        await setImmediate()
        paused = performance.now()
      }
    }
    return this.#result()
  }

  refuse(code: ProblemCode, words: Readonly<Record<string, string | number>>): OpenedEvents {
    return this.#opened(new LogBuilder(this.#plan.contracts, this.#options.columns).build(), problemOf(code, words))
  }

  async #readFile({ file, source }: SourcedFile, total: number, inFolder: boolean): Promise<OpenedEvents | null> {
    const { onProgress, shouldStop } = this.#options
    const before = this.#bytes
    const wholeFile = { file: file.name, line: null, index: null }
    try {
      const head = readHead(file.path)
      const look = contradicts(source.format, head.bytes)
      if (look !== null && !inFolder) {
        const advice =
          look.format === null
            ? 'Name another file.'
            : `Declare a source with format ${look.format}, or name another file.`
        return this.refuse('W2063', { path: this.#path, format: source.format, reason: look.words, advice })
      }
      if (look !== null) {
        this.#findings.add('W2029', wholeFile, null, { format: source.format, reason: look.words })
        return null
      }
      if (source.lateMode === 'revise') this.#revising.set(file.name, source.latenessMilliseconds)
      const reader = this.#reader(source).file(file.name)
      const end = await readBytes(file.path, head.packing, {
        ...(reader.room === undefined ? {} : { room: reader.room }),
        piece: bytes => reader.feed(bytes),
        progress: bytes => {
          this.#bytes = Math.min(this.#bytes + bytes, before + file.bytes)
          onProgress?.({ bytesRead: this.#bytes, bytesTotal: total, events: this.#builder.size })
        },
        shouldStop: () => shouldStop?.() ?? false,
      })
      this.#files++
      this.#bytes = before + file.bytes
      this.#stopped = end.stopped
      this.#digest.update(`${file.name}\0${end.digest}\n`)
      if (!end.stopped) reader.end(end.fault !== null)
      if (end.fault?.kind === 'cut') this.#findings.add('W2026', wholeFile, null, { what: 'its packed data' })
      if (end.fault?.kind === 'broken') this.#findings.add('W2027', wholeFile, null, { reason: end.fault.reason })
      return null
    } catch (error) {
      const code = systemCode(error)
      // A single file that cannot be read is the caller's refusal; one of many is a finding.
      if (code === null || !inFolder) throw error
      this.#findings.add('W2031', wholeFile, null, { reason: reasonOf(code) })
      return null
    }
  }

  #reader(source: PlanSource): SourceReader {
    const known = this.#readers.get(source)
    if (known !== undefined) return known
    const { contracts } = this.#plan
    const scanner = this.#options.codeGeneration === false ? 'interpreted' : 'generated'
    const reader = new SourceReader(source, contracts, this.#builder, this.#findings, { scanner })
    this.#readers.set(source, reader)
    return reader
  }

  #result(): OpenedEvents {
    const events = this.#builder.size
    const log = this.#builder.build()
    if (events === 0 && !this.#stopped) {
      return this.#opened(log, problemOf('W2062', { path: this.#path, reason: this.#whyEmpty() }))
    }
    const [first] = this.#findings.listed
    if (this.#options.strict && first !== undefined) {
      const place = first.line === null ? first.file : `${first.file}:${first.line}`
      const { total } = this.#findings
      const findings = total === 1 ? '1 finding' : `${total} findings`
      const words = { path: this.#path, findings, first: `${place}: ${first.message}` }
      return this.#opened(log, problemOf('W2066', words))
    }
    return this.#opened(log, null)
  }

  #whyEmpty(): string {
    const { records, skipped } = this.#counts()
    const [first] = this.#findings.listed
    if (this.#bytes === 0) return this.#files === 1 ? 'the file is empty' : 'its files are empty'
    if (records > 0 && skipped === records) {
      const names = [...this.#readers.keys()].map(source => source.name).join(', ')
      return `no map of source ${names} takes any of its ${records} records`
    }
    if (first !== undefined)
      return `${first.line === null ? '' : `line ${first.line}: `}${first.message.replace(/\.$/, '')}`
    return 'there is no record in it'
  }

  #counts(): { readonly records: number; readonly skipped: number; readonly leftOut: number } {
    let records = 0
    let skipped = 0
    let leftOut = 0
    for (const { counts } of this.#readers.values()) {
      records += counts.records
      skipped += counts.skipped
      leftOut += counts.leftOut
    }
    return { records, skipped, leftOut }
  }

  #opened(log: Log, why: Problem | null): OpenedEvents {
    return {
      log,
      problem: why,
      findings: this.#findings.listed,
      findingCounts: this.#findings.counts,
      ...this.#counts(),
      files: this.#files,
      bytes: this.#bytes,
      digest: this.#digest.copy().digest('hex'),
      stopped: this.#stopped,
      revising: this.#revising,
    }
  }
}

/** Null: there is no source of that name. Empty: the plan declares none. */
function chosenSources(plan: Plan, name: string | undefined): readonly PlanSource[] | null {
  if (name === undefined) return plan.sources
  const chosen = plan.sources.filter(source => source.name === name)
  return chosen.length === 0 ? null : chosen
}

function nothingFits(
  path: string,
  sources: readonly PlanSource[],
): [ProblemCode, Readonly<Record<string, string | number>>] {
  const patterns = sources.flatMap(source => source.files).join(', ')
  if (sources.length === 0 || patterns === '') {
    const reason = 'no file in it ends in .ndjson, .jsonl, .json or .csv (or these with .gz or .zst)'
    return ['W2062', { path, reason: sources.length === 0 ? reason : 'the folder has no files' }]
  }
  return ['W2061', { path, patterns, source: sources.map(source => source.name).join(', ') }]
}

function problemOf(code: ProblemCode, words: Readonly<Record<string, string | number>>): Problem {
  return problem(code, { start: 0, end: 0 }, words)
}
