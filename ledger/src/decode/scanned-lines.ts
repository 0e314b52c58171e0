/**
 * NDJSON by a scanner: a line that it understands becomes an event without becoming an object, any other goes the way of
 * formats/ndjson.ts. What comes out is the same.
 */
import type { FormatReader, RecordSink } from '../formats/format-reader.ts'
import { maxRecordText } from '../formats/limits.ts'
import { LineBuffer, type LineSink } from '../formats/lines.ts'
import { afterMark } from '../formats/ndjson.ts'
import { readRecord } from '../formats/record-text.ts'
import { skipSpace } from './skip.ts'
import type { TokenMapper } from './token-mapper.ts'
import type { LineScanner } from './tokens.ts'

/** A sink that also gives places to records that it never sees. */
export interface CountingSink extends RecordSink {
  nextIndex(): number
}

export class ScannedLines implements FormatReader, LineSink {
  readonly #buffer = new LineBuffer(this)
  readonly #scan: LineScanner
  readonly #mapper: TokenMapper
  readonly #sink: CountingSink
  #line = 0
  #open = false

  readonly room = (): Uint8Array => this.#buffer.room()

  constructor(scan: LineScanner, mapper: TokenMapper, sink: CountingSink) {
    this.#scan = scan
    this.#mapper = mapper
    this.#sink = sink
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
      const line = ++this.#line
      const begin = line === 1 ? afterMark(bytes, from) : from
      const first = skipSpace(bytes, begin)
      if (bytes[first] === 0x0a) {
        from = first + 1
        continue
      }
      const next = this.#scan(bytes, first)
      if (next >= 0) {
        this.#mapper.record(line, this.#sink.nextIndex())
        from = next
        continue
      }
      const lineEnd = bytes.indexOf(0x0a, first)
      const value = readRecord(bytes, begin, lineEnd, line, this.#sink, this.#open)
      if (value !== undefined) this.#sink.record(value, line)
      from = lineEnd + 1
    }
  }
  lastLineIsOpen(): void {
    this.#open = true
  }
  tooLong(): void {
    this.#line++
    this.#sink.broken('W2022', this.#line, { limit: maxRecordText })
  }
}
