/** How far a search is, on stderr, once it has taken a second: what it is about, and how much of its budget is used. */
import type { Output } from './io.ts'
import { count, cut } from './text.ts'

export interface SearchProgress {
  /** `done` of at most `budget`; cheap to call often. */
  update(what: string, done: number, budget: number): void
  /** Takes the line away. */
  finish(): void
}

export function searchProgress(output: Output, wanted: boolean, now: () => number): SearchProgress {
  if (!output.terminal && !wanted) return { update: () => {}, finish: () => {} }
  let next = now() + (wanted ? 50 : 1000)
  let drawn = false
  return {
    update: (what, done, budget) => {
      const time = now()
      if (time < next) return
      next = time + (output.terminal ? 100 : 2000)
      const line = cut(`searching  ${what}: ${count(done)} of at most ${count(budget)}`, output.columns - 1)
      output.write(output.terminal ? `\r${line}\u001b[K` : `${line}\n`)
      drawn = true
    },
    finish: () => {
      if (drawn && output.terminal) output.write('\r\u001b[K')
    },
  }
}
