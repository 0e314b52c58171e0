/**
 * Comma-separated values with a header (RFC 4180): every row is an object of strings. A cell without quotes and without content is
 * missing; `""` is the empty string. A name with dots, `address.city`, is a path. Where the header has no comma, semicolons or tabs separate.
 */
import type { JsonObject } from '../raw/json.ts'
import { decodeText, isWellFormed } from '../raw/text.ts'
import type { RecordSink, Span, SpannedReader } from './format-reader.ts'
import { maxRecordBytes, maxRecordText } from './limits.ts'
import { afterMark, isBlank } from './ndjson.ts'

export class CsvReader implements SpannedReader {
  readonly #sink: RecordSink
  #bytes = new Uint8Array(1 << 16)
  #end = 0
  /** Up to here the bytes are known to belong to the row that starts the buffer. */
  #scanned = 0
  #quoted = false
  /** Where the last quoted text ended: a quote right behind it goes on with it. */
  #closed = -2
  #passing = false
  /** Line on which the row begins, and line breaks inside of it. */
  #line = 1
  #breaks = 0
  #header: readonly string[] | null = null
  #separator = ','
  #refused = false
  /** Where in the file the first of the bytes at hand is. */
  #offset = 0
  #span: Span = { start: 0, end: 0 }

  constructor(sink: RecordSink) {
    this.#sink = sink
  }

  get span(): Span {
    return this.#span
  }

  feed(bytes: Uint8Array): void {
    if (this.#refused) return
    if (this.#end + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + bytes.length))
      larger.set(this.#bytes.subarray(0, this.#end))
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
    this.#rows()
    if (this.#end > maxRecordBytes) {
      this.#passing = true
      this.#offset += this.#end
      this.#end = 0
      this.#scanned = 0
    }
  }

  end(cut: boolean): void {
    if (this.#refused) return
    this.#span = { start: this.#offset, end: this.#offset + this.#end }
    if (this.#quoted && !this.#passing) this.#sink.broken('W2026', this.#line, { what: 'a quoted cell' })
    else if (this.#end > 0 && cut) this.#sink.broken('W2026', this.#line, { what: 'a row' })
    else if (this.#end > 0 && !this.#passing) this.#row(0, this.#end)
    else if (this.#passing) this.#sink.broken('W2022', this.#line, { limit: maxRecordText })
    this.#end = 0
  }

  #rows(): void {
    const bytes = this.#bytes
    let start = 0
    for (let i = this.#scanned; i < this.#end; i++) {
      const byte = bytes[i]
      if (byte === 0x22) {
        if (this.#quoted) {
          this.#quoted = false
          this.#closed = i
        } else {
          // Elsewhere in a cell a quote is a character like others.
          this.#quoted = this.#closed === i - 1 || this.#beginsCell(start, i)
        }
      } else if (byte === 0x0a) {
        this.#breaks++
        if (this.#quoted) continue
        this.#span = { start: this.#offset + start, end: this.#offset + i }
        if (this.#passing) this.#sink.broken('W2022', this.#line, { limit: maxRecordText })
        else this.#row(start, i)
        this.#passing = false
        this.#line += this.#breaks
        this.#breaks = 0
        start = i + 1
        if (this.#refused) return
      }
    }
    bytes.copyWithin(0, start, this.#end)
    this.#offset += start
    this.#end -= start
    this.#closed -= start
    this.#scanned = this.#end
  }

  #beginsCell(start: number, at: number): boolean {
    if (this.#header === null) {
      const before = this.#bytes[at - 1] ?? 0
      return at === afterMark(this.#bytes, start) || ',;\t'.includes(String.fromCharCode(before))
    }
    return at === start || this.#bytes[at - 1] === this.#separator.charCodeAt(0)
  }

  #row(start: number, end: number): void {
    const from = this.#header === null ? afterMark(this.#bytes, start) : start
    const to = end > from && this.#bytes[end - 1] === 0x0d ? end - 1 : end
    if (isBlank(this.#bytes, from, to)) return
    const text = decodeText(this.#bytes, from, to)
    if (this.#header === null) {
      this.#readHeader(text)
      return
    }
    const cells = cellsOf(text, this.#separator)
    if (typeof cells === 'number') {
      this.#sink.broken('W2032', this.#line, { cell: cells })
    } else if (cells.length !== this.#header.length) {
      this.#sink.broken('W2025', this.#line, { cells: cells.length, columns: this.#header.length })
    } else {
      if (text.includes('\ufffd') && !isWellFormed(this.#bytes, from, to)) this.#sink.note('W2024', this.#line, {})
      this.#sink.record(rowObject(this.#header, cells), this.#line)
    }
  }

  #readHeader(text: string): void {
    this.#separator = text.includes(',') ? ',' : text.includes(';') ? ';' : text.includes('\t') ? '\t' : ','
    const cells = cellsOf(text, this.#separator)
    const names = typeof cells === 'number' ? [] : cells.map(cell => (cell ?? '').trim())
    const twice = names.find((name, i) => names.indexOf(name) < i)
    const reason =
      typeof cells === 'number'
        ? 'text stands after a closing quote in its header'
        : names.includes('')
          ? 'its header has a cell without a name'
          : twice === undefined
            ? null
            : `its header names ${JSON.stringify(twice)} twice`
    if (reason !== null) {
      this.#refused = true
      this.#sink.note('W2029', this.#line, { format: 'csv', reason })
    }
    this.#header = names
  }
}

function rowObject(header: readonly string[], cells: readonly (string | null)[]): JsonObject {
  if (!header.some(name => name.includes('.'))) {
    return Object.fromEntries(header.map((name, i): [string, string | null] => [name, cells[i] ?? null]))
  }
  const row: Members = Object.create(null)
  header.forEach((name, i) => {
    const path = name.split('.')
    const last = path.pop() ?? ''
    let around = row
    for (const part of path) {
      const inner = around[part]
      const members: Members = typeof inner === 'object' && inner !== null ? inner : Object.create(null)
      around[part] = members
      around = members
    }
    around[last] = cells[i] ?? null
  })
  return row
}

interface Members {
  [name: string]: string | null | Members
}

/** The cells of a row, null where one is empty without quotes; the number (from 1) of a cell with text after its closing quote. */
function cellsOf(row: string, separator: string): readonly (string | null)[] | number {
  if (!row.includes('"')) return row.split(separator).map(cell => (cell === '' ? null : cell))
  const cells: (string | null)[] = []
  let at = 0
  for (;;) {
    if (row[at] === '"') {
      let text = ''
      let from = at + 1
      let quote = row.indexOf('"', from)
      while (quote >= 0 && row[quote + 1] === '"') {
        text += row.slice(from, quote + 1)
        from = quote + 2
        quote = row.indexOf('"', from)
      }
      if (quote < 0) return cells.length + 1
      cells.push(text + row.slice(from, quote))
      at = quote + 1
      if (at < row.length && row[at] !== separator) return cells.length
    } else {
      const end = row.indexOf(separator, at)
      const cell = row.slice(at, end < 0 ? row.length : end)
      cells.push(cell === '' ? null : cell)
      at = end < 0 ? row.length : end
    }
    if (at >= row.length) return cells
    at++
    if (at === row.length) {
      cells.push(null)
      return cells
    }
  }
}
