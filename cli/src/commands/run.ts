/** `writ run`: decides a stream of events as they come, and answers once the decision is in the audit log for good. */
import { accessSync, constants, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Answered, type DurableRun, openDurableRun } from '@writ/ledger/node'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import { LineQueue } from '../line-queue.ts'
import { openProgram } from '../open-program.ts'
import { privateKey } from '../private-key.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { durableOptions, type RunSettings, recoveredText, runOptions, runSettings } from '../run-settings.ts'
import { fileInput, type StreamInput, standardInput } from '../stream-input.ts'
import { systemReason } from '../system-reason.ts'
import type { Io } from '../terminal/io.ts'
import { count, counted } from '../terminal/text.ts'

export const run: Command = {
  help: {
    name: 'run',
    summary: 'decide events as they come, into an audit log',
    description:
      'Reads events as NDJSON from standard input, decides them in the order in which they come, and prints a line per decision, as "writ simulate --format ndjson" does, with its entry in the log. A decision is printed only once it is on disk. The log is signed every so many entries or seconds, and can be checked with "writ verify". Stopped at any moment, even with kill -9, the same command goes on where the log ends.',
    positionals: [{ name: 'WORKSPACE', required: true, many: false, does: 'a folder with .writ files' }],
    options: [
      { name: 'events', value: 'FILE', does: 'read this file instead of standard input, from where the log ends' },
      { name: 'follow', value: null, does: 'wait at the end of the file for more' },
      {
        name: 'from-start',
        value: null,
        does: 'standard input begins with the first event again: pass over those that the log has decided',
      },
      {
        name: 'stream',
        value: 'NAME',
        does: 'what event references call the stream; the name of the file, or "stdin"',
      },
      { name: 'batch', value: 'N', does: 'at most so many events per flush to disk; 1024 without it' },
      ...runOptions,
    ],
    examples: [
      {
        line: 'writ run samples/airline --log audit --key payments.key --events calls.ndjson',
        does: 'decide what a file holds and go on with what is appended when called again',
      },
    ],
  },
  run: async (args, io) => {
    const program = await openProgram(args.positionals[0] ?? '.', io)
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    const events = args.value('events')
    const stream = events === undefined || events === '-' ? 'stdin' : basename(resolve(io.cwd, events))
    const settings = runSettings(program, args, stream)
    if (isRefusal(settings)) return report(io, settings)
    const key = privateKey(args.value('key'), 'signature', io.cwd)
    if (isRefusal(key)) return report(io, key)
    // Before a log is made for nothing.
    const missing = events === undefined || events === '-' ? null : whyUnreadable(events, io)
    if (missing !== null) return report(io, missing)
    const { shown, batch, tick } = settings
    try {
      const opened = openDurableRun(durableOptions(settings, key, args, io.cwd))
      if (!opened.ok) return reportProblem(io, opened.problem, null)
      const { recovered, run } = opened
      if (recovered.entries > 0 || recovered.offset > 0) io.error.write(`${recoveredText(recovered, run)}\n`)
      return await decideAll(run, { shown, batch, tick, args }, io)
    } catch (error) {
      return report(io, refuse('W4006', { folder: shown, why: systemReason(error), hint: restart }))
    }
  },
}

const restart = 'the same command goes on from there.'

async function decideAll(
  run: DurableRun,
  { shown, batch, tick, args }: Pick<RunSettings, 'shown' | 'batch' | 'tick'> & { readonly args: Arguments },
  io: Io,
): Promise<ExitCode> {
  const stop = new AbortController()
  let failure: unknown = null
  const terminated = (): void => stop.abort()
  process.once('SIGTERM', terminated)
  io.interrupted.addEventListener('abort', terminated, { once: true })
  const events = args.value('events')
  const fromStart = args.has('from-start')
  const passOver = fromStart && (events === undefined || events === '-') ? run.offset : 0
  const input = await openInput(run, events, args.has('follow'), io, stop.signal)
  if (isRefusal(input)) {
    await run.close()
    return report(io, input)
  }
  const answers = new Answers(io)
  let heard = Date.now()
  const timer = setInterval(() => {
    try {
      run.checkpointIfDue()
      // A clock that was set back starts the wait anew.
      const now = Date.now()
      if (now < heard) heard = now
      const passed = tick !== null && now - heard >= tick * 1000 ? run.tick(now) : null
      if (passed !== null) answers.give(passed)
    } catch (error) {
      failure = error
      stop.abort()
    }
  }, 500)
  try {
    const before = run.entries
    const listening = (): void => {
      heard = Date.now()
    }
    await decideInput(run, input, { batch, passOver, listening }, answers, stop.signal)
    if (failure !== null) throw failure
    clearInterval(timer)
    await run.close()
    const made = run.entries - before
    io.error.write(
      `${counted(made, 'entry', 'entries')} written; ${shown} has ${counted(run.entries, 'entry', 'entries')}, all under its checkpoint\nrolling hash ${run.hash}\n`,
    )
    return io.interrupted.aborted ? 130 : 0
  } finally {
    clearInterval(timer)
    process.off('SIGTERM', terminated)
    await input.close()
  }
}

async function openInput(
  run: DurableRun,
  events: string | undefined,
  follow: boolean,
  io: Io,
  stop: AbortSignal,
): Promise<StreamInput | Refusal> {
  if (events === undefined || events === '-') return standardInput(io, stop)
  try {
    const path = resolve(io.cwd, events)
    const { size } = statSync(path)
    if (size < run.offset) return refuse('W4010', { input: events, bytes: count(size), decided: count(run.offset) })
    return await fileInput(path, run.offset, follow, stop)
  } catch (error) {
    return unreadable(events, error)
  }
}

function whyUnreadable(events: string, io: Io): Refusal | null {
  try {
    accessSync(resolve(io.cwd, events), constants.R_OK)
    return null
  } catch (error) {
    return unreadable(events, error)
  }
}

function unreadable(path: string, error: unknown): Refusal {
  return refuse('W3011', {
    path,
    why: systemReason(error),
    hint: 'Name a file of events, or none for standard input.',
  })
}

async function decideInput(
  run: DurableRun,
  input: StreamInput,
  what: { readonly batch: number; readonly passOver: number; readonly listening: () => void },
  answers: Answers,
  stop: AbortSignal,
): Promise<void> {
  const queue = new LineQueue()
  let left = what.passOver
  // One batch is decided while the one before becomes durable; its answers wait for that.
  const decide = async (lines: Uint8Array): Promise<void> => {
    what.listening()
    const decided = run.decide(lines)
    await answers.given()
    answers.give(decided)
  }
  try {
    for (let piece = await input.next(); piece !== undefined; piece = await input.next()) {
      const passed = Math.min(left, piece.length)
      left -= passed
      queue.push(piece.subarray(passed))
      const size = Math.max(what.batch, run.worthwhile)
      for (let lines = queue.take(size); lines !== undefined && !stop.aborted; lines = queue.take(size))
        await decide(lines)
    }
    const rest = stop.aborted ? undefined : queue.rest()
    if (rest !== undefined) await decide(rest)
  } finally {
    await answers.given()
    answers.finish()
  }
}

/** Prints answers in their order, each once it is durable. */
class Answers {
  readonly #io: Io
  readonly #findings: ReturnType<typeof findingPrinter>
  #answering: Promise<void> = Promise.resolve()

  constructor(io: Io) {
    this.#io = io
    this.#findings = findingPrinter(io)
  }

  give({ lines, durable, findings }: Answered): void {
    const before = this.#answering
    this.#answering = before.then(async () => {
      await durable
      this.#io.output.write(lines)
      this.#findings.print(findings)
      await this.#io.output.drained()
    })
    // A failure is told where it is waited for.
    this.#answering.catch(() => {})
  }

  /** Kept when all answers so far are printed. */
  given(): Promise<void> {
    return this.#answering
  }

  finish(): void {
    this.#findings.finish()
  }
}

const mostFindings = 100

/** What records broke, on standard error. */
function findingPrinter(io: Io) {
  let told = 0
  let more = 0
  return {
    print: (findings: ReturnType<DurableRun['decide']>['findings']): void => {
      for (const { code, message, file, index } of findings) {
        if (told++ < mostFindings) io.error.write(`${file}:${index}: ${code} ${message}\n`)
        else more++
      }
    },
    finish: (): void => {
      if (more > 0) io.error.write(`… and ${counted(more, 'finding')} more\n`)
    },
  }
}
