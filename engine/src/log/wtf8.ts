/**
 * Strings to bytes and back. UTF-8, except that a lone surrogate, which JSON can name and JavaScript can hold, keeps its own
 * three bytes (WTF-8) where UTF-8 would lose it: so every string has one sequence of bytes and every sequence one string.
 * Checking bytes that come from outside is the decoder's business; here they are trusted.
 */

/** Writes `text` to `target` from `offset` and returns the end; `target` must have room for three bytes per UTF-16 unit. */
export function encodeInto(text: string, target: Uint8Array, offset: number): number {
  let end = offset
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      target[end++] = unit
    } else if (unit < 0x800) {
      target[end++] = 0xc0 | (unit >> 6)
      target[end++] = 0x80 | (unit & 0x3f)
    } else {
      const next = isHigh(unit) ? text.charCodeAt(i + 1) : 0
      if (isLow(next)) {
        const point = 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff)
        target[end++] = 0xf0 | (point >> 18)
        target[end++] = 0x80 | ((point >> 12) & 0x3f)
        target[end++] = 0x80 | ((point >> 6) & 0x3f)
        target[end++] = 0x80 | (point & 0x3f)
        i++
      } else {
        target[end++] = 0xe0 | (unit >> 12)
        target[end++] = 0x80 | ((unit >> 6) & 0x3f)
        target[end++] = 0x80 | (unit & 0x3f)
      }
    }
  }
  return end
}

/** The string of well-formed bytes. */
export function decode(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let at = start
  while (at < end) {
    // A plain array: most strings are short, and a typed one costs more than they do.
    const units: number[] = []
    // A code point may need two units, hence the margin.
    while (at < end && units.length < blockUnits - 1) {
      const first = bytes[at++] ?? 0
      if (first < 0x80) {
        units.push(first)
      } else if (first < 0xe0) {
        units.push(((first & 0x1f) << 6) | ((bytes[at++] ?? 0) & 0x3f))
      } else if (first < 0xf0) {
        const second = bytes[at++] ?? 0
        units.push(((first & 0x0f) << 12) | ((second & 0x3f) << 6) | ((bytes[at++] ?? 0) & 0x3f))
      } else {
        const second = bytes[at++] ?? 0
        const third = bytes[at++] ?? 0
        const point =
          ((first & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | ((bytes[at++] ?? 0) & 0x3f)
        units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff))
      }
    }
    text += String.fromCharCode(...units)
  }
  return text
}

const blockUnits = 4096

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}
function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
