/**
 * Where a command reads and writes: the standard streams with what is known about the terminal behind them, and Ctrl-C as a
 * signal. A reader that goes away (`writ … | head`) ends the process quietly.
 */
import { systemReason } from '../system-reason.ts'
import { type Paint, paintFor } from './paint.ts'

export interface Io {
  readonly output: Output
  readonly error: Output
  readonly input: AsyncIterable<Uint8Array>
  readonly cwd: string
  /** Aborted by the first Ctrl-C; the second ends the process at once. Listening starts when it is first read. */
  readonly interrupted: AbortSignal
}

export interface Output {
  readonly terminal: boolean
  /** Width to lay text out for; 100 where there is no terminal. */
  readonly columns: number
  readonly paint: Paint
  write(text: string): void
  /** Resolves when the stream has taken what was written: what streams large outputs waits for it. */
  drained(): Promise<void>
}

/** The streams of this process. */
export function processIo(): Io {
  let controller: AbortController | undefined
  return {
    output: outputOf(process.stdout),
    error: outputOf(process.stderr),
    get input() {
      return process.stdin
    },
    cwd: process.cwd(),
    get interrupted() {
      controller ??= interruption()
      return controller.signal
    },
  }
}

/** Widest line that reports use even on a wider terminal. */
const widest = 120

function outputOf(stream: NodeJS.WriteStream): Output {
  const terminal = stream.isTTY === true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has what it wanted, and there is nobody left to tell.
    if (error.code === 'EPIPE') process.exit(0)
    if (stream === process.stdout) {
      process.stderr.write(`error W3030: standard output cannot be written: ${systemReason(error)}.\n`)
    }
    process.exit(2)
  })
  return {
    terminal,
    columns: Math.max(40, Math.min(widest, columnsOf(stream))),
    paint: paintFor(terminal, process.env),
    write: text => void stream.write(text),
    drained: async () => {
      if (stream.writableNeedDrain) await new Promise<void>(resolve => stream.once('drain', resolve))
    },
  }
}

function columnsOf(stream: NodeJS.WriteStream): number {
  if (stream.isTTY === true && stream.columns > 0) return stream.columns
  const told = Number(process.env.COLUMNS)
  return Number.isInteger(told) && told > 0 ? told : 100
}

function interruption(): AbortController {
  const controller = new AbortController()
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  })
  return controller
}
