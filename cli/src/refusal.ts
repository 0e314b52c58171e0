/**
 * A mistake that keeps a command from going on, as data: functions give `T | Refusal`, and the command prints it and ends.
 * Mistakes inside `.writ` files are problems (report/problem-text.ts), those inside recorded events findings; neither is a refusal.
 */
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import type { ExitCode } from './exit-code.ts'
import type { Io } from './terminal/io.ts'
import { printable, wrap } from './terminal/text.ts'

export interface Refusal {
  readonly refused: Problem
  /** `writ.json:3:7`, where the mistake has a place in a file. */
  readonly place: string | null
}

export function refuse(
  code: ProblemCode,
  parameters: Readonly<Record<string, string | number>>,
  place: string | null = null,
): Refusal {
  return { refused: problem(code, { start: 0, end: 0 }, parameters), place }
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value
}

/** Prints the mistake on stderr and gives the exit code for it. */
export function report(io: Io, refusal: Refusal, exit: ExitCode = 2): ExitCode {
  const { paint, columns } = io.error
  const place = refusal.place === null ? '' : `${printable(refusal.place)}: `
  const [head = '', ...rest] = wrap(
    `${place}error ${refusal.refused.code}: ${printable(refusal.refused.message)}`,
    columns,
  )
  const lead = `${place}error ${refusal.refused.code}:`
  const first = head.startsWith(lead)
    ? `${place}${paint.red(`error ${refusal.refused.code}:`)}${head.slice(lead.length)}`
    : head
  io.error.write(`${[first, ...rest.map(line => `  ${line}`)].join('\n')}\n`)
  return exit
}
