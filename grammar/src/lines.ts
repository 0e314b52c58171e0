/** Offsets to lines and columns and back. All are 0-based; columns count UTF-16 units. */

export interface Position {
  readonly line: number
  readonly column: number
}

export interface LineIndex {
  /** How many lines the text has; at least 1. */
  readonly count: number
  /** The position of `offset`; offsets outside of the text are moved to its ends. */
  position(offset: number): Position
  /** The offset of a position; columns behind the end of a line are moved to its end. */
  offset(line: number, column: number): number
}

/** Finds the line starts of `text` once; lookups are binary searches. Lines end with \n, \r\n or \r. */
export function lineIndex(text: string): LineIndex {
  const starts = lineStarts(text)
  const endOf = (line: number): number => {
    const next = starts[line + 1]
    if (next === undefined) return text.length
    return text.charCodeAt(next - 1) === 10 && text.charCodeAt(next - 2) === 13 ? next - 2 : next - 1
  }
  return {
    count: starts.length,
    position(offset) {
      const at = Math.max(0, Math.min(offset, text.length))
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= at) low = middle
        else high = middle - 1
      }
      return { line: low, column: at - (starts[low] ?? 0) }
    },
    offset(line, column) {
      if (line < 0) return 0
      const start = starts[line]
      if (start === undefined) return text.length
      return Math.min(start + Math.max(0, column), endOf(line))
    },
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1)
  }
  return starts
}
