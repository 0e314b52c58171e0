/**
 * One source from its content to rows: records by the reader of its shape, envelopes by its importer, blocks cut where records end. A
 * record that the content breaks off in is left for the next time, when there is more of it.
 */

import { type ProblemCode, problem } from '@writ/grammar'
import type { Importer } from '../envelope/envelope.ts'
import { type ImportFormat, recordReader, type Shape } from '../envelope/formats.ts'
import type { Words } from '../findings.ts'
import type { RecordSink, SpannedReader } from '../formats/format-reader.ts'
import { maxRecordBytes } from '../formats/limits.ts'
import type { Json } from '../raw/json.ts'
import { blockBytes, PendingContent } from './blocks.ts'
import type { Content } from './content.ts'
import { type EventRow, type Loading, saysItsChain } from './load.ts'
import type { SourceState } from './sources.ts'

export interface SourceReading {
  readonly source: SourceState
  readonly format: ImportFormat
  readonly importer: Importer
  readonly loading: Loading
  /** Findings that are kept in words, over all sources of an import. */
  readonly findings: { left: number }
  readonly onRaw: (bytes: number) => void
  /** Told of records and events as they are read. */
  readonly onBlock: (state: SourceState) => void
  readonly shouldStop: () => boolean
}

export interface SourceEnd {
  readonly state: SourceState
  readonly stopped: boolean
  /** Why the content ends within a record. */
  readonly unfinished: string | null
  /** What was wrong, by code, in this reading. */
  readonly codes: ReadonlyMap<string, number>
}

/** Reads on from where `source` ends, to the end of the content. Throws the system's errors. */
export async function readSource(content: Content, reading: SourceReading): Promise<SourceEnd> {
  const records = new SourceRecords(reading)
  const { source } = reading
  // Lines stand for themselves; of everything else the reader has to see the beginning.
  // The last byte that was read is the newline, or shows that it was not yet there.
  const from =
    source.shape === 'lines' && source.format !== 'chat' && source.mapping === '' && source.line > 0
      ? source.bytes - 1
      : 0
  const shape = { shape: shapeOf(source.shape), member: source.member }
  const reader = recordReader(shape, source.format, records, from === 0 ? 0 : source.line, from)
  records.begin(reader, from)
  let stopped = false
  for await (const piece of content.pieces(from, reading.onRaw)) {
    records.add(piece)
    reader.feed(piece)
    records.cutOverlong()
    stopped = reading.shouldStop()
    if (stopped) break
  }
  if (!stopped) {
    reader.end(content.fault !== null)
    records.finish(content.fault)
  }
  records.commit(!stopped)
  return { state: records.state, stopped, unfinished: records.unfinished, codes: records.codes }
}

class SourceRecords implements RecordSink {
  readonly #reading: SourceReading
  readonly #pending: PendingContent
  #reader: SpannedReader | null = null
  #fed = 0
  #source: SourceState
  /** As of the last block. */
  #saved: SourceState
  #events: EventRow[] = []
  #notes = new Map<string, number>()
  #findings: [number, string, string][] = []
  #record = 0
  /** Where the last whole record ended. */
  #whole: number
  unfinished: string | null = null
  readonly codes = new Map<string, number>()

  constructor(reading: SourceReading) {
    this.#reading = reading
    this.#source = reading.source
    this.#saved = reading.source
    this.#pending = new PendingContent(reading.source.bytes)
    this.#whole = reading.source.bytes
  }

  get state(): SourceState {
    return this.#saved
  }

  begin(reader: SpannedReader, from: number): void {
    this.#reader = reader
    this.#fed = from
  }

  /** Content, also such as was read before. */
  add(piece: Uint8Array): void {
    const known = Math.max(0, this.#source.bytes - this.#fed)
    this.#fed += piece.length
    if (known < piece.length) this.#pending.add(piece.subarray(known))
  }

  record(raw: Json, line: number | null): void {
    const { start, end } = this.#span()
    const parts = this.#reading.importer.parts(raw)
    this.#record++
    // Read before; the importer has seen it, because what comes may rest on it.
    if (end <= this.#source.bytes) return
    const place = line ?? this.#record
    let { last, kept, skipped, events } = this.#source
    if (typeof parts === 'string') {
      skipped++
      this.#found('W4110', place, { format: this.#reading.format, why: parts })
    } else {
      kept++
      for (const [order, { envelope, place: part = order }] of parts.entries()) {
        const time = envelope.time ?? last
        if (envelope.time === null && this.#reading.format !== 'chat')
          this.#found('W4111', place, { format: this.#reading.format })
        last = time
        this.#events.push({ envelope, time, line: place, part, at: start, length: end - start })
        events++
      }
    }
    this.#source = { ...this.#source, last, kept, skipped, events, read: this.#source.read + 1 }
    this.#ended(end, place)
  }

  broken(code: ProblemCode, line: number | null, words: Words): void {
    const { end } = this.#span()
    this.#record++
    if (code === 'W2026') {
      this.unfinished = 'a record'
      return
    }
    // A record that was too long has no bytes that are kept apart from the others.
    if (end < this.#source.bytes || (end === this.#source.bytes && end > 0)) return
    this.#source = { ...this.#source, broken: this.#source.broken + 1, read: this.#source.read + 1 }
    this.#found(code, line ?? this.#record, words)
    // A line that is too long is told before it ends.
    this.#ended(code === 'W2022' && this.#source.shape === 'lines' ? this.#whole : end, line ?? this.#record)
  }

  note(code: ProblemCode, line: number | null, words: Words): void {
    if (code === 'W2026') this.unfinished = 'its last part'
    else if (this.#span().end >= this.#source.bytes) this.#found(code, line ?? this.#record, words)
  }

  /** A record that is too long to be read must not be held either. */
  cutOverlong(): void {
    if (this.#pending.length > maxRecordBytes + 8 * blockBytes) this.#cut(this.#pending.at + this.#pending.length)
  }

  finish(fault: Content['fault']): void {
    if (fault?.kind === 'cut') this.unfinished ??= 'its packed data'
    if (fault?.kind === 'broken') this.#found('W2027', this.#source.line, { reason: fault.reason })
    const end = this.unfinished === null ? this.#pending.at + this.#pending.length : this.#whole
    if (end > this.#pending.at) this.#cut(end)
  }

  /** Everything up to the last block, or to the end, is there from now on. */
  commit(complete: boolean): void {
    if (complete) {
      this.#saved = { ...this.#source, complete: 1 }
      this.#tell()
    }
    const { loading, onBlock } = this.#reading
    loading.state(this.#saved)
    loading.commit()
    onBlock(this.#saved)
  }

  #span(): { readonly start: number; readonly end: number } {
    if (this.#reader === null) throw new Error('records come after begin')
    return this.#reader.span
  }

  #ended(end: number, line: number): void {
    this.#whole = Math.max(end, this.#whole)
    this.#source = { ...this.#source, line }
    if (this.#whole - this.#pending.at >= blockBytes) this.#cut(this.#whole)
  }

  #cut(before: number): void {
    const keepsChains = !saysItsChain(this.#reading.format, this.#source.mapping)
    this.#reading.loading.block(this.#source.id, this.#pending.cut(before), this.#events, keepsChains)
    this.#tell()
    this.#events = []
    this.#source = { ...this.#source, bytes: before }
    this.#saved = this.#source
    if (this.#reading.loading.isFull) this.commit(false)
  }

  #tell(): void {
    const { loading, source, findings } = this.#reading
    for (const [code, times] of this.#notes) loading.note(source.id, code, times)
    for (const [line, code, message] of this.#findings) {
      if (findings.left-- > 0) loading.finding(source.id, line, code, message)
    }
    this.#notes = new Map()
    this.#findings = []
  }

  #found(code: ProblemCode, line: number, words: Words): void {
    this.#notes.set(code, (this.#notes.get(code) ?? 0) + 1)
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
    if (this.#findings.length >= this.#reading.findings.left) return
    const { message } = problem(code, { start: 0, end: 0 }, typeof words === 'function' ? words() : words)
    this.#findings.push([line, code, message])
  }
}

function shapeOf(name: string): Shape {
  switch (name) {
    case 'csv':
    case 'array':
    case 'values':
    case 'member':
      return name
    default:
      return 'lines'
  }
}
