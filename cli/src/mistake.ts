/**
 * The words of a mistake on the command line, for refusal.ts to load when there is one to report. A file of its own, so that the
 * command starts without the problem catalogue.
 */
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import { suggestion } from './nearest.ts'

/** What could have been meant by a word: becomes ` Did you mean NAME?`, or nothing. */
export interface Misspelt {
  readonly written: string
  readonly known: readonly string[]
}

export type MistakeParameters = Readonly<Record<string, string | number | Misspelt>>

export function mistake(code: ProblemCode, parameters: MistakeParameters): Problem {
  const words = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'object' ? suggestion(value.written, value.known) : value,
  ])
  return problem(code, { start: 0, end: 0 }, Object.fromEntries(words))
}
