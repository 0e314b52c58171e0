/** The nearest word of a list to one that was misspelt: for "did you mean". */

/** The word that needs the fewest edits (insert, delete, replace, swap of neighbours) to become `word`; null where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = word.length <= 3 ? 1 : word.length <= 7 ? 2 : 3
  if (word.length > 64) return null
  let best: string | null = null
  let fewest = limit + 1
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= fewest) continue
    const edits = distance(word.toLowerCase(), candidate.toLowerCase())
    // A short word is near to almost anything; it must keep more than half of its letters.
    if (edits < fewest && edits * 2 < Math.max(word.length, candidate.length)) {
      best = candidate
      fewest = edits
    }
  }
  return best
}

function distance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + same,
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      }
      current.push(least)
    }
    before = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
