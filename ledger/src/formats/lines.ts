/**
 * Bytes to whole lines, in one buffer that is used again and again: a file of any size is read in the memory of its longest
 * line, and a line beyond the limit is passed over. What stands in a line is not looked at here.
 */
import { maxRecordBytes } from './limits.ts'

/**
 * Called with whole lines: `bytes[start..end)` ends with a newline; at the end of the file one is added where it lacks. Some more
 * bytes can be read behind the end.
 */
export interface LineSink {
  lines(bytes: Uint8Array, start: number, end: number): void
  /** The last line had no newline of its own: the next `lines` is that line. */
  lastLineIsOpen(): void
  /** A line was longer than the limit; it counts as a line. */
  tooLong(): void
}

const newline = 0x0a
/** Bytes behind the content: for the newline that the last line may lack, and for readers that take several bytes at once. */
const slack = 16
const pieceBytes = 1 << 20

export class LineBuffer {
  /** Made when the first bytes come, since many files are short. */
  #bytes = new Uint8Array(0)
  /** Bytes of the line that is not yet whole. */
  #held = 0
  #passing = false
  #offset: number
  readonly #sink: LineSink

  /** `offset`: where in the file the first byte is. `passing`: what comes before the first newline is passed over. */
  constructor(sink: LineSink, offset = 0, passing = false) {
    this.#sink = sink
    this.#offset = offset
    this.#passing = passing
  }

  /** Where in the file the first of the bytes is that `lines` is called with. */
  get offset(): number {
    return this.#offset
  }

  /** Room for the next bytes of the file, `wanted` or more: fill it from its start, then `feed` what was filled. */
  room(wanted = pieceBytes): Uint8Array {
    if (this.#held + wanted + slack > this.#bytes.length) {
      const larger = new Uint8Array(2 * Math.max(this.#held, wanted) + slack)
      larger.set(this.#bytes.subarray(0, this.#held))
      this.#bytes = larger
    }
    return this.#bytes.subarray(this.#held, this.#bytes.length - slack)
  }

  #filled(count: number): void {
    const end = this.#held + count
    let start = 0
    if (this.#passing) {
      const lineEnd = this.#bytes.subarray(0, end).indexOf(newline, this.#held)
      if (lineEnd < 0) {
        this.#offset += end
        this.#held = 0
        return
      }
      this.#passing = false
      start = lineEnd + 1
    }
    const whole = this.#bytes.subarray(0, end).lastIndexOf(newline) + 1
    if (whole > start) this.#sink.lines(this.#bytes, start, whole)
    const from = Math.max(whole, start)
    this.#bytes.copyWithin(0, from, end)
    this.#offset += from
    this.#held = end - from
    if (this.#held > maxRecordBytes) {
      this.#passing = true
      this.#offset += this.#held
      this.#held = 0
      this.#bytes = new Uint8Array(0)
      this.#sink.tooLong()
    }
  }

  feed(bytes: Uint8Array): void {
    if (bytes.buffer === this.#bytes.buffer) {
      this.#filled(bytes.length)
      return
    }
    for (let start = 0; start < bytes.length; ) {
      const room = this.room(Math.min(bytes.length - start, pieceBytes))
      const count = Math.min(room.length, bytes.length - start)
      room.set(bytes.subarray(start, start + count))
      this.#filled(count)
      start += count
    }
  }

  end(): void {
    if (this.#held === 0) return
    this.#bytes[this.#held++] = newline
    this.#sink.lastLineIsOpen()
    this.#sink.lines(this.#bytes, 0, this.#held)
    this.#held = 0
  }
}
