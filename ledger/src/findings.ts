/**
 * What a log breaks, collected while it is read: every finding is counted, the first thousand are kept in words. What the
 * codes mean is in the catalogue (W20xx); which of them a file or record gets is decided where it is read.
 */
import type { Finding } from '@writ/engine'
import { type ProblemCode, problem } from '@writ/grammar'

/** Findings that are kept in words. */
export const maxListed = 1000

export interface Place {
  readonly file: string
  readonly line: number | null
  readonly index: number | null
}

/** The values of the message's holes; a function where making them costs something. */
export type Words = Readonly<Record<string, string | number>> | (() => Readonly<Record<string, string | number>>)

export class FindingLog {
  readonly listed: Finding[] = []
  readonly #counts = new Map<string, number>()

  add(code: ProblemCode, place: Place, path: string | null, words: Words): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
    if (this.listed.length >= maxListed) return
    const { message } = problem(code, { start: 0, end: 0 }, typeof words === 'function' ? words() : words)
    this.listed.push({ code, message, file: place.file, line: place.line, index: place.index, path })
  }

  /** How often, by code. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  get total(): number {
    let total = 0
    for (const count of this.#counts.values()) total += count
    return total
  }
}
