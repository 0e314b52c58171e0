/** What is known of which entries of a log: ranges that follow each other without gaps, each with one state. */

/**
 * anchored: under a signature that is trusted. unanchored: consistent, but nothing trusted says so yet. unverifiable: what is needed
 * is not there. contradictory: not what was signed.
 */
export type EntryState = 'anchored' | 'unanchored' | 'unverifiable' | 'contradictory'

export interface EntryRange {
  readonly from: number
  /** Inclusive. */
  readonly to: number
  readonly state: EntryState
}

const severity: readonly EntryState[] = ['anchored', 'unanchored', 'unverifiable', 'contradictory']

/** Later marks win over earlier ones where they are worse. */
export class RangeMap {
  #ranges: EntryRange[] = []

  /** `to` is inclusive; nothing where `from` > `to`. */
  mark(from: number, to: number, state: EntryState): void {
    if (from > to) return
    const worse = (other: EntryState): boolean => severity.indexOf(other) >= severity.indexOf(state)
    const pieces: EntryRange[] = []
    let next = from
    for (const range of this.#ranges) {
      if (range.to < from || range.from > to) {
        pieces.push(range)
        continue
      }
      if (range.from < from) pieces.push({ ...range, to: from - 1 })
      const first = Math.max(range.from, from)
      const last = Math.min(range.to, to)
      if (next < first) pieces.push({ from: next, to: first - 1, state })
      pieces.push({ from: first, to: last, state: worse(range.state) ? range.state : state })
      if (range.to > to) pieces.push({ ...range, from: to + 1 })
      next = last + 1
    }
    if (next <= to) pieces.push({ from: next, to, state })
    this.#ranges = merged(pieces.sort((a, b) => a.from - b.from))
  }

  get ranges(): readonly EntryRange[] {
    return this.#ranges
  }
}

/** `entry 7`, `entries 7 to 12`. */
export function entriesText(from: number, to: number): string {
  return from === to ? `entry ${from}` : to < from ? 'no entry' : `entries ${from} to ${to}`
}

function merged(ranges: readonly EntryRange[]): EntryRange[] {
  const out: EntryRange[] = []
  for (const range of ranges) {
    const last = out.at(-1)
    if (last !== undefined && last.state === range.state && last.to + 1 === range.from)
      out[out.length - 1] = { ...last, to: range.to }
    else out.push(range)
  }
  return out
}
