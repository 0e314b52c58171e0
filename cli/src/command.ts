/**
 * What a command of `writ` is: its words for `--help`, the options it takes, and one function. The table of commands is in
 * main.ts; each command's own file in commands/ is loaded only when it is asked for, because start-up time is counted.
 */
import type { Arguments } from './arguments.ts'
import type { CommandHelp } from './command-help.ts'
import type { ExitCode } from './exit-code.ts'
import type { Io } from './terminal/io.ts'

export interface Command {
  readonly help: CommandHelp
  /** Gives the exit code. */
  readonly run: (args: Arguments, io: Io) => Promise<ExitCode>
}
