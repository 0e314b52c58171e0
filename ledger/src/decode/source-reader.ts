/**
 * All files of one source, from bytes to events: each file by the reader of its format, and lines of JSON by a scanner made for
 * what the maps of the source read.
 */
import type { LogBuilder, PlanContract, PlanSource } from '@writ/engine'
import type { ProblemCode } from '@writ/grammar'
import type { FindingLog, Words } from '../findings.ts'
import type { FormatReader } from '../formats/format-reader.ts'
import { formatReader } from '../formats/readers.ts'
import { EventMapper } from '../map/event-mapper.ts'
import { MappingContext, type RecordCounts } from '../map/mapping-context.ts'
import type { Json } from '../raw/json.ts'
import { generatedScanner } from './generated-scanner.ts'
import { interpretedScanner } from './line-scanner.ts'
import { type CountingSink, ScannedLines } from './scanned-lines.ts'
import { type TokenMapper, type TokenPlaces, tokenMapper } from './token-mapper.ts'
import type { LineScanner } from './tokens.ts'

export interface SourceReaderOptions {
  /** `none`: every line by JSON.parse. Without it, generated. */
  readonly scanner?: 'generated' | 'interpreted' | 'none'
  /** Lines to look at before code is generated. */
  readonly patience?: number
  /** What a reader that is done had made, for the same source and columns: code for lines is made once. */
  readonly decoder?: LineDecoder | null
}

/** What lines of JSON are read with; `null` where they are not scanned. */
export interface LineDecoder extends TokenPlaces {
  readonly scan: LineScanner
}

export class SourceReader {
  readonly #context: MappingContext
  readonly #mapper: EventMapper
  readonly #lines: TokenMapper | null
  readonly decoder: LineDecoder | null

  constructor(
    source: PlanSource,
    contracts: readonly PlanContract[],
    builder: LogBuilder,
    findings: FindingLog,
    { scanner = 'generated', patience, decoder = null }: SourceReaderOptions = {},
  ) {
    this.#context = new MappingContext(source, contracts, builder, findings)
    this.#mapper = new EventMapper(this.#context)
    const mapper = source.format === 'ndjson' && scanner !== 'none' ? tokenMapper(this.#context, decoder) : null
    this.#lines = mapper
    if (mapper === null || decoder !== null) {
      this.decoder = decoder
      return
    }
    const { tree, tokens } = mapper
    const interpreted = interpretedScanner(tree, tokens)
    const scan = scanner === 'generated' ? generatedScanner(tree, tokens, interpreted, patience) : interpreted.scan
    this.decoder = { tree, tokens, scan }
  }

  get counts(): Readonly<RecordCounts> {
    return this.#context.counts
  }

  /** A reader for the next file; the one before has ended. Its records get their places from 0, or those in `places`. */
  file(name: string, places: ArrayLike<number> | null = null): FormatReader {
    this.#context.beginFile(name)
    const records = new FileRecords(this.#mapper, name, places)
    if (this.#lines !== null && this.decoder !== null) return new ScannedLines(this.decoder.scan, this.#lines, records)
    return formatReader(this.#context.source.format, records)
  }
}

class FileRecords implements CountingSink {
  readonly #mapper: EventMapper
  readonly #file: string
  readonly #places: ArrayLike<number> | null
  #next = 0

  constructor(mapper: EventMapper, file: string, places: ArrayLike<number> | null) {
    this.#mapper = mapper
    this.#file = file
    this.#places = places
  }

  nextIndex(): number {
    return this.#placeOf(this.#next++)
  }
  record(raw: Json, line: number | null): void {
    this.#mapper.record(raw, line, this.nextIndex())
  }
  broken(code: ProblemCode, line: number | null, words: Words): void {
    const { findings, counts } = this.#mapper.context
    findings.add(code, { file: this.#file, line, index: this.nextIndex() }, null, words)
    counts.records++
    counts.leftOut++
  }
  note(code: ProblemCode, line: number | null, words: Words): void {
    this.#mapper.context.findings.add(code, { file: this.#file, line, index: this.#placeOf(this.#next) }, null, words)
  }

  #placeOf(record: number): number {
    return this.#places === null ? record : (this.#places[record] ?? record)
  }
}
