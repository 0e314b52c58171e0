/**
 * What a scanner found in one line, by slot of the raw tree: kind, place in the bytes, and for strings the hash of their bytes, for
 * numbers their digits. No values are made; token-values.ts makes those that are needed.
 */

export const tokenMissing = 0
export const tokenNull = 1
export const tokenTrue = 2
export const tokenFalse = 3
/** A number of at most 15 digits, without an exponent: `numbers` / 10^`scales`. */
export const tokenNumber = 4
/** Any other number. */
export const tokenLongNumber = 5
/** A string without escapes; start and end leave the quotes out. */
export const tokenString = 6
/** A string with escapes; start and end leave the quotes out. */
export const tokenEscaped = 7
export const tokenObject = 8
export const tokenList = 9

export class Tokens {
  /** Of the buffer that the places are in. */
  bytes: Uint8Array = new Uint8Array()
  /** The same buffer. */
  view: DataView = new DataView(this.bytes.buffer)
  readonly kinds: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly hashes: Int32Array
  readonly numbers: Float64Array
  readonly scales: Uint8Array

  constructor(size: number) {
    this.kinds = new Uint8Array(size)
    this.starts = new Int32Array(size)
    this.ends = new Int32Array(size)
    this.hashes = new Int32Array(size)
    this.numbers = new Float64Array(size)
    this.scales = new Uint8Array(size)
  }

  /** The places that follow are in this buffer. */
  use(bytes: Uint8Array): void {
    if (this.bytes === bytes) return
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

/** Fills the tokens from the line that begins at `start`: gives the place behind its newline, or -1: ask JSON.parse. */
export type LineScanner = (bytes: Uint8Array, start: number) => number
