/**
 * A mistake that keeps a command from going on, as data: functions give `T | Refusal`, and the command prints it and ends.
 * Mistakes inside `.writ` files are problems (report/problem-text.ts), those inside recorded events findings; neither is a refusal.
 */
import type { Problem, ProblemCode } from '@writ/grammar'
import type { ExitCode } from './exit-code.ts'
import type { MistakeParameters } from './mistake.ts'
import type { Io } from './terminal/io.ts'
import { printable, wrap } from './terminal/text.ts'

export interface Refusal {
  readonly refused: ProblemCode
  readonly parameters: MistakeParameters
  /** `writ.json:3:7`, where the mistake has a place in a file. */
  readonly place: string | null
}

export function refuse(code: ProblemCode, parameters: MistakeParameters, place: string | null = null): Refusal {
  return { refused: code, parameters, place }
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value
}

/** Prints the mistake on stderr and gives the exit code for it. */
export async function report(io: Io, refusal: Refusal, exit: ExitCode = 2): Promise<ExitCode> {
  // The catalogue is loaded where there is something to say; the entry of the command starts without it.
  const { mistake } = await import('./mistake.ts')
  return reportProblem(io, mistake(refusal.refused, refusal.parameters), refusal.place, exit)
}

/** As `report`, for a problem that another part of Writ made. */
export function reportProblem(io: Io, refused: Problem, place: string | null, exit: ExitCode = 2): ExitCode {
  const { paint, columns } = io.error
  const before = place === null ? '' : `${printable(place)}: `
  const label = `error ${refused.code}:`
  const [head = '', ...rest] = wrap(`${before}${label} ${printable(refused.message)}`, columns)
  io.error.write(`${[head.replace(label, paint.red(label)), ...rest.map(line => `  ${line}`)].join('\n')}\n`)
  return exit
}
