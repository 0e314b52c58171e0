/** Bytes of a stream as whole lines: what came is gathered, and given out in batches. */

const newline = 0x0a

export class LineQueue {
  #bytes: Buffer = Buffer.alloc(0)

  /** Bytes that were put in and not yet taken. */
  get length(): number {
    return this.#bytes.length
  }

  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#bytes, bytes])
  }

  /** Up to `lines` whole lines; undefined where there is none. */
  take(lines: number): Buffer | undefined {
    let end = 0
    for (let taken = 0; taken < lines; taken++) {
      const next = this.#bytes.indexOf(newline, end) + 1
      if (next === 0) break
      end = next
    }
    if (end === 0) return undefined
    const batch = this.#bytes.subarray(0, end)
    this.#bytes = this.#bytes.subarray(end)
    return batch
  }

  /** The last line of a stream that has ended; undefined where all lines were whole. */
  rest(): Buffer | undefined {
    if (this.#bytes.length === 0) return undefined
    const rest = Buffer.concat([this.#bytes, Buffer.of(newline)])
    this.#bytes = Buffer.alloc(0)
    return rest
  }
}
