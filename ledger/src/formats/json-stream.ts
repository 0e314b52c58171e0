/**
 * A JSON file as a stream of its records: the elements of the array at its top, or of the one array that is a member of the object
 * at its top (`Records`), or the values at its top one after the other. Only one element is held at a time; each is read by the
 * same rules as a line (record-text.ts). What an element means is the business of the format.
 */
import type { RecordSink, Span, SpannedReader } from './format-reader.ts'
import { maxRecordBytes, maxRecordText } from './limits.ts'
import { afterMark, isSpace } from './ndjson.ts'
import { readRecord } from './record-text.ts'

/** What is at the top of the file. */
export interface JsonLayout {
  /** How findings call the format. */
  readonly format: string
  /** `values`: an object at the top is a record itself. `member`: it holds the array of records. */
  readonly objects: 'values' | 'member'
  /** With `member`: the only array that holds records, other arrays are passed over. Null: the one array there is. */
  readonly member: string | null
}

type State =
  | 'top'
  | 'after-top'
  | 'element-or-end'
  | 'element'
  | 'after-element'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'member'
  | 'after-member'
  | 'refused'

/** The value that is being collected: where it starts, on which line, how deep it is, and whether in a string of it. */
interface Collecting {
  start: number
  readonly line: number
  depth: number
  quoted: boolean
  escaped: boolean
  /** Nothing but a number or a word so far, which ends at the next comma, bracket or space. */
  scalar: boolean
}

const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const comma = 0x2c
const colon = 0x3a
const quote = 0x22

export class JsonStream implements SpannedReader {
  readonly #layout: JsonLayout
  readonly #sink: RecordSink
  #state: State = 'top'
  #bytes = new Uint8Array(1 << 16)
  #end = 0
  #at = 0
  /** Where in the file the first of the bytes at hand is. */
  #offset = 0
  #span: Span = { start: 0, end: 0 }
  #first = true
  #line = 1
  #value: Collecting | null = null
  /** Collected as what. */
  #role: 'record' | 'key' | 'other' = 'other'
  #tooLong = false
  #memberName = ''
  #arrayName: string | null = null
  /** The array of records is inside an object. */
  #inObject = false
  /** The value at the top is a record itself. */
  #topIsValue = false

  constructor(layout: JsonLayout, sink: RecordSink) {
    this.#layout = layout
    this.#sink = sink
  }

  get span(): Span {
    return this.#span
  }

  feed(bytes: Uint8Array): void {
    if (this.#state === 'refused') return
    if (this.#end + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + bytes.length))
      larger.set(this.#bytes.subarray(0, this.#end))
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
    if (this.#first) {
      if (this.#end < 3 && this.#bytes[0] === 0xef) return
      this.#first = false
      this.#at = afterMark(this.#bytes, 0)
    }
    this.#run()
    const keep = this.#value === null ? this.#at : this.#value.start
    this.#bytes.copyWithin(0, keep, this.#end)
    this.#offset += keep
    this.#end -= keep
    this.#at -= keep
    if (this.#value !== null) this.#value.start = 0
    if (this.#end > maxRecordBytes) {
      this.#tooLong = true
      this.#offset += this.#end
      this.#end = 0
      this.#at = 0
    }
  }

  end(): void {
    if (this.#state === 'refused') return
    if (this.#value !== null) {
      this.#span = { start: this.#offset + this.#value.start, end: this.#offset + this.#end }
      this.#sink.broken('W2026', this.#value.line, { what: this.#role === 'record' ? 'a record' : 'its object' })
    } else if (this.#state !== 'after-top' && this.#state !== 'top') {
      this.#sink.note('W2026', this.#line, { what: this.#inObject ? 'its object' : 'its array' })
    } else if (
      this.#state === 'after-top' &&
      this.#layout.objects === 'member' &&
      this.#inObject &&
      this.#arrayName === null
    ) {
      this.#refuse(this.#layout.member === null ? 'its object has no array' : `it has no array ${this.#layout.member}`)
    }
    this.#value = null
  }

  #run(): void {
    while (this.#at < this.#end && this.#state !== 'refused') {
      if (this.#value !== null) {
        const end = this.#collect(this.#value)
        if (end < 0) return
        this.#finish(this.#value, end)
        continue
      }
      const byte = this.#bytes[this.#at] ?? 0
      if (isSpace(byte)) {
        if (byte === 0x0a) this.#line++
        this.#at++
      } else {
        this.#token(byte)
      }
    }
  }

  #token(byte: number): void {
    const state = this.#state
    if (state === 'top') this.#top(byte)
    else if (state === 'after-top') this.#afterTop(byte)
    else if (state === 'member') this.#member(byte)
    else if (byte === closeArray && (state === 'element-or-end' || state === 'after-element')) this.#endArray()
    else if (state === 'element-or-end' || (state === 'element' && byte !== closeArray)) this.#begin('record')
    else if (byte === comma && state === 'after-element') this.#step('element')
    else if (byte === closeObject && (state === 'key-or-end' || state === 'after-member')) this.#step('after-top')
    else if (byte === quote && (state === 'key-or-end' || state === 'key')) this.#begin('key')
    else if (byte === colon && state === 'colon') this.#step('member')
    else if (byte === comma && state === 'after-member') this.#step('key')
    else this.#unexpected(byte)
  }

  #top(byte: number): void {
    if (byte === openArray) {
      this.#step('element-or-end')
    } else if (byte !== openObject) {
      this.#refuse(`it begins with ${JSON.stringify(String.fromCharCode(byte))}, not with [ or {`)
    } else if (this.#layout.objects === 'values') {
      this.#begin('record')
    } else {
      this.#inObject = true
      this.#step('key-or-end')
    }
  }

  #afterTop(byte: number): void {
    if (this.#layout.objects === 'values' && this.#topIsValue && byte === openObject) {
      this.#begin('record')
    } else {
      this.#sink.note('W2030', this.#line, { what: this.#inObject ? 'object' : this.#topIsValue ? 'record' : 'array' })
      this.#state = 'refused'
    }
  }

  #member(byte: number): void {
    const { member } = this.#layout
    if (byte !== openArray || (member !== null && this.#memberName !== member)) {
      this.#begin('other')
    } else if (this.#arrayName !== null) {
      this.#refuse(`its object has more than one array: ${this.#arrayName} and ${this.#memberName}`)
    } else {
      this.#arrayName = this.#memberName
      this.#step('element-or-end')
    }
  }

  #step(state: State): void {
    this.#at++
    this.#state = state
  }

  #endArray(): void {
    this.#step(this.#inObject ? 'after-member' : 'after-top')
  }

  #begin(role: 'record' | 'key' | 'other'): void {
    this.#role = role
    this.#tooLong = false
    this.#value = { start: this.#at, line: this.#line, depth: 0, quoted: false, escaped: false, scalar: true }
  }

  /** Where the value ends; -1 where the bytes at hand end before. Only brackets and quotes are looked at. */
  #collect(value: Collecting): number {
    const bytes = this.#bytes
    let i = this.#at
    for (; i < this.#end; i++) {
      const byte = bytes[i]
      if (value.quoted) {
        if (value.escaped) value.escaped = false
        else if (byte === 0x5c) value.escaped = true
        else if (byte === quote) {
          value.quoted = false
          if (value.depth === 0) return i + 1
        } else if (byte === 0x0a) this.#line++
        continue
      }
      if (byte === quote) {
        value.quoted = true
        value.scalar = false
      } else if (byte === openObject || byte === openArray) {
        value.depth++
        value.scalar = false
      } else if (byte === closeObject || byte === closeArray) {
        if (value.depth === 0) return i
        if (--value.depth === 0) return i + 1
      } else if (byte === 0x0a) {
        if (value.depth === 0) return i
        this.#line++
      } else if (value.depth === 0 && (byte === comma || byte === 0x20 || byte === 0x0d || byte === 0x09)) {
        return i
      }
    }
    this.#at = i
    return -1
  }

  #finish(value: Collecting, end: number): void {
    this.#value = null
    this.#at = end
    if (this.#role === 'key') {
      this.#state = 'colon'
      const name = this.#tooLong ? undefined : readRecord(this.#bytes, value.start, end, value.line, this.#sink, false)
      if (typeof name === 'string') this.#memberName = name
      else this.#state = 'refused'
      return
    }
    if (this.#role === 'other') {
      const other = this.#tooLong ? undefined : readRecord(this.#bytes, value.start, end, value.line, this.#sink, false)
      this.#state = other === undefined ? 'refused' : 'after-member'
      return
    }
    this.#topIsValue ||= this.#state === 'top'
    this.#state = this.#topIsValue ? 'after-top' : 'after-element'
    this.#span = { start: this.#offset + value.start, end: this.#offset + end }
    if (this.#tooLong) {
      this.#sink.broken('W2022', value.line, { limit: maxRecordText })
      return
    }
    const record = readRecord(this.#bytes, value.start, end, value.line, this.#sink, false)
    if (record !== undefined) this.#sink.record(record, value.line)
  }

  #unexpected(byte: number): void {
    const found = JSON.stringify(String.fromCharCode(byte))
    this.#sink.broken('W2020', this.#line, { reason: `unexpected ${found} between records`, found })
    this.#state = 'refused'
  }

  #refuse(reason: string): void {
    this.#sink.note('W2029', this.#line, { format: this.#layout.format, reason })
    this.#state = 'refused'
  }
}
