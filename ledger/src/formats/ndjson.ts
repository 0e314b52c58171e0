/** One JSON object per line. Empty lines are no records; the byte order mark of the first line is passed over. */
import type { RecordSink, Span, SpannedReader } from './format-reader.ts'
import { maxRecordText } from './limits.ts'
import { LineBuffer, type LineSink } from './lines.ts'
import { readRecord } from './record-text.ts'

export class NdjsonReader implements SpannedReader, LineSink {
  readonly #buffer: LineBuffer
  readonly #sink: RecordSink
  #line: number
  #open = false
  #span: Span = { start: 0, end: 0 }

  /** `line`, `offset`: how many lines and bytes of the file come before what is fed, which begins with the last byte of a line. */
  constructor(sink: RecordSink, line = 0, offset = 0) {
    this.#buffer = new LineBuffer(this, offset, line > 0)
    this.#sink = sink
    this.#line = line
  }

  get span(): Span {
    return this.#span
  }

  feed(bytes: Uint8Array): void {
    this.#buffer.feed(bytes)
  }
  end(): void {
    this.#buffer.end()
  }

  lines(bytes: Uint8Array, start: number, end: number): void {
    let from = start
    while (from < end) {
      const lineEnd = bytes.indexOf(0x0a, from)
      this.#line++
      const first = this.#line === 1 ? afterMark(bytes, from) : from
      if (!isBlank(bytes, first, lineEnd)) {
        this.#span = { start: this.#buffer.offset + first, end: this.#buffer.offset + lineEnd }
        const value = readRecord(bytes, first, lineEnd, this.#line, this.#sink, this.#open)
        if (value !== undefined) this.#sink.record(value, this.#line)
      }
      from = lineEnd + 1
    }
  }
  lastLineIsOpen(): void {
    this.#open = true
  }
  tooLong(): void {
    this.#line++
    this.#span = { start: this.#buffer.offset, end: this.#buffer.offset }
    this.#sink.broken('W2022', this.#line, { limit: maxRecordText })
  }
}

/** The place after a byte order mark. */
export function afterMark(bytes: Uint8Array, start: number): number {
  return bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? start + 3 : start
}

/** Whether there is only white space. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isSpace(bytes[i] ?? 0)) return false
  return true
}

/** What JSON takes for white space. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
