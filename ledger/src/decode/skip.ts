/**
 * Passing over JSON in bytes: as strict as `JSON.parse` about what is a value, without making any. A negative result means "ask
 * JSON.parse": the bytes may be no JSON, or something that is not worth being fast at.
 *
 * INVARIANT: the bytes end with a newline, and no JSON value of a line contains one; so every loop here ends without looking at
 * lengths. Behind the newline eight bytes more can be read.
 */

const quote = 0x22
const backslash = 0x5c

/** White space inside a line. */
export function skipSpace(b: Uint8Array, start: number): number {
  let i = start
  for (;;) {
    const byte = b[i]
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return i
    i++
  }
}

/** From behind the opening quote to behind the closing one. */
export function skipString(b: Uint8Array, view: DataView, start: number): number {
  let i = start
  for (;;) {
    i = oddByte(view, i)
    const byte = b[i] as number
    if (byte === quote) return i + 1
    i = byte === backslash ? escapeEnd(b, i) : byte >= 0xc2 && byte <= 0xf4 ? sequenceEnd(b, i) : -1
    if (i < 0) return -1
  }
}

/** As `skipString`, but where the string has an escape, the place is negated. */
export function plainStringEnd(b: Uint8Array, view: DataView, start: number): number {
  let i = start
  for (;;) {
    i = oddByte(view, i)
    const byte = b[i] as number
    if (byte === quote) return i + 1
    if (byte === backslash) {
      const end = skipString(b, view, i)
      return end < 0 ? -1 : -end
    }
    i = byte >= 0xc2 && byte <= 0xf4 ? sequenceEnd(b, i) : -1
    if (i < 0) return -1
  }
}

/**
 * The next byte of a string that is a quote, a backslash, a control character or no ASCII. Four bytes at a time: the bits left in
 * `odd` mark such bytes; a higher one may be marked wrongly, the lowest never is.
 */
function oddByte(view: DataView, start: number): number {
  for (let i = start; ; i += 4) {
    const word = view.getInt32(i, true)
    const quotes = word ^ 0x22222222
    const backslashes = word ^ 0x5c5c5c5c
    const odd =
      (((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | (word - 0x20202020) | word) &
      0x80808080
    if (odd !== 0) return i + ((31 - Math.clz32(odd & -odd)) >>> 3)
  }
}

/** Behind the escape that begins at `start` with a backslash. */
export function escapeEnd(b: Uint8Array, start: number): number {
  switch (b[start + 1]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return start + 2
    case 0x75:
      for (let i = start + 2; i < start + 6; i++) {
        const byte = b[i] as number
        const isHex = (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
        if (!isHex) return -1
      }
      return start + 6
    default:
      return -1
  }
}

/** Behind the UTF-8 sequence of two to four bytes at `start`; refuses overlong forms, surrogates and what is beyond U+10FFFF. */
export function sequenceEnd(b: Uint8Array, start: number): number {
  const first = b[start] as number
  const second = b[start + 1] as number
  if ((second & 0xc0) !== 0x80) return -1
  if (first < 0xe0) return start + 2
  if (((b[start + 2] as number) & 0xc0) !== 0x80) return -1
  if (first < 0xf0) {
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return -1
    return start + 3
  }
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return -1
  return ((b[start + 3] as number) & 0xc0) === 0x80 ? start + 4 : -1
}

/** Behind the number at `start`, which is a digit or a minus. */
export function skipNumber(b: Uint8Array, start: number): number {
  let i = start
  if (b[i] === 0x2d) i++
  if (b[i] === 0x30) {
    i++
  } else {
    if (!isDigit(b[i] as number)) return -1
    do i++
    while (isDigit(b[i] as number))
  }
  if (b[i] === 0x2e) {
    i++
    if (!isDigit(b[i] as number)) return -1
    do i++
    while (isDigit(b[i] as number))
  }
  if (((b[i] as number) | 0x20) === 0x65) {
    i++
    if (b[i] === 0x2b || b[i] === 0x2d) i++
    if (!isDigit(b[i] as number)) return -1
    do i++
    while (isDigit(b[i] as number))
  }
  return i
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Behind `true`, `false` or `null` at `start`. */
export function skipWord(b: Uint8Array, start: number): number {
  const first = b[start]
  if (first === 0x74) return b[start + 1] === 0x72 && b[start + 2] === 0x75 && b[start + 3] === 0x65 ? start + 4 : -1
  if (first === 0x6e) return b[start + 1] === 0x75 && b[start + 2] === 0x6c && b[start + 3] === 0x6c ? start + 4 : -1
  if (first !== 0x66) return -1
  const isFalse = b[start + 1] === 0x61 && b[start + 2] === 0x6c && b[start + 3] === 0x73 && b[start + 4] === 0x65
  return isFalse ? start + 5 : -1
}

/** Behind the value at `start`, which is no white space. */
export function skipValue(b: Uint8Array, view: DataView, start: number): number {
  const first = b[start] as number
  if (first === quote) return skipString(b, view, start + 1)
  if (first === 0x7b || first === 0x5b) return skipNested(b, view, start)
  return first === 0x2d || isDigit(first) ? skipNumber(b, start) : skipWord(b, start)
}

/** Which of the brackets around are objects, from the outermost; deeper nesting is left to JSON.parse. */
const inObject = new Uint8Array(256)

/** Behind the object or list at `start`. */
function skipNested(b: Uint8Array, view: DataView, start: number): number {
  let i = start
  let depth = 0
  for (;;) {
    // A value begins at i; where it opens a bracket, the loop goes on inside.
    const byte = b[i] as number
    if (byte === 0x7b) {
      if (depth === inObject.length) return -1
      i = skipSpace(b, i + 1)
      if (b[i] !== 0x7d) {
        inObject[depth++] = 1
        i = keyEnd(b, view, i)
        if (i < 0) return -1
        continue
      }
      i++
    } else if (byte === 0x5b) {
      if (depth === inObject.length) return -1
      i = skipSpace(b, i + 1)
      if (b[i] !== 0x5d) {
        inObject[depth++] = 0
        continue
      }
      i++
    } else {
      i =
        byte === quote ? skipString(b, view, i + 1) : byte === 0x2d || isDigit(byte) ? skipNumber(b, i) : skipWord(b, i)
      if (i < 0) return -1
    }
    // A value ended at i: close brackets until there is another.
    for (;;) {
      if (depth === 0) return i
      i = skipSpace(b, i)
      const next = b[i]
      const isObject = inObject[depth - 1] === 1
      if (next === 0x2c) {
        i = skipSpace(b, i + 1)
        if (isObject) {
          i = keyEnd(b, view, i)
          if (i < 0) return -1
        }
        break
      }
      if (next !== (isObject ? 0x7d : 0x5d)) return -1
      depth--
      i++
    }
  }
}

/** From the quote of a key to its value. */
function keyEnd(b: Uint8Array, view: DataView, start: number): number {
  if (b[start] !== quote) return -1
  const end = skipString(b, view, start + 1)
  if (end < 0) return -1
  const colon = skipSpace(b, end)
  return b[colon] === 0x3a ? skipSpace(b, colon + 1) : -1
}
