/**
 * The thread that holds a recorded log and runs the program over it, so that typing never waits for a million events. It gets texts and
 * gives counts; a newer text stops the run of an older one. What is counted is ../simulation's.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type Checked, check, columnView, type LogView, type Plan } from '@writ/engine'
import { parse, type SourceFile } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import { answerDebug } from '../debug/answer.ts'
import { evidenceOf, testOf } from '../simulation/evidence.ts'
import { eventPage } from '../simulation/rows.ts'
import { type PolicyResult, Simulator } from '../simulation/simulator.ts'
import type { EvidenceMark, FromThread, ThreadPolicy, ThreadProgram, ToThread } from './simulation-messages.ts'

/** What the server shares: the newest revision that it has sent. */
export interface ThreadData {
  readonly newest: Int32Array
}

const port = parentPort
if (port === null) throw new Error('this is a thread of the language server')
const { newest }: ThreadData = workerData
const send = (message: FromThread): void => port.postMessage(message)

let path: string | null = null
let base: Plan | null = null
let simulator: Simulator | null = null
let view: LogView | null = null
let shown: {
  readonly plan: Plan
  readonly results: readonly PolicyResult[]
  readonly files: ReadonlyMap<string, SourceFile>
  readonly checked: Checked
} | null = null
let files = new Map<string, SourceFile>()
let checked: Checked | undefined
let signature = ''
let generation = 0
let latest: { readonly revision: number; readonly program: ThreadProgram } | null = null
let isPlanned = false

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'attach':
      path = message.path
      base = message.base === null ? null : planOf({ ...message.program, files: message.base })
      simulator = null
      plan()
      return
    case 'program':
      latest = message
      plan()
      return
    default:
      send({ kind: 'answer', id: message.id, result: guarded(() => answer(message)) })
  }
})

/** A log that grows, shrinks, vanishes or comes back is read again. */
setInterval(() => {
  if (path === null || signatureOf(path) === signature) return
  simulator = null
  plan()
}, 2000).unref()

function plan(): void {
  if (isPlanned) return
  isPlanned = true
  setImmediate(() => {
    isPlanned = false
    void run().catch((error: unknown) => {
      send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
    })
  })
}

async function run(): Promise<void> {
  if (latest === null || path === null) return
  const { revision } = latest
  const program = current(latest.program)
  const [ownFiles, ownCheck] = [files, checked]
  // While there are errors the numbers of before stand, marked as old by the server.
  if (program === null || !ownCheck) {
    if (shown === null)
      send({ kind: 'failed', message: 'The program has errors: it is simulated when they are mended.' })
    return
  }
  if (simulator === null || !simulator.fits(program)) {
    const made = await read(program, path)
    if (made === null) return
    simulator = made
    view = columnView(made.log, program.contracts)
    if (latest.revision !== revision) return plan()
  }
  const began = performance.now()
  const results = simulator.update(program, () => Atomics.load(newest, 0) !== revision)
  // A newer text is on its way: nobody waits for these numbers.
  if (results === null || Atomics.load(newest, 0) !== revision) return
  shown = { plan: program, results, files: ownFiles, checked: ownCheck }
  send({
    kind: 'ready',
    revision,
    events: simulator.log.contractOf.length,
    milliseconds: performance.now() - began,
    compared: base !== null,
    policies: results.map(policyCounts),
  })
}

/** Null where it has errors. */
function current({ files: texts, baselines }: ThreadProgram): Plan | null {
  const parsed = new Map(texts.map(({ path: name, text }) => [name, parse(name, text, files.get(name))]))
  checked = check([...parsed.values()], checked, { baselines })
  files = parsed
  return checked.plan
}

function planOf({ files: texts, baselines }: ThreadProgram): Plan | null {
  const parsed = texts.map(({ path: name, text }) => parse(name, text))
  return check(parsed, undefined, { baselines }).plan
}

async function read(program: Plan, from: string): Promise<Simulator | null> {
  const mine = ++generation
  signature = signatureOf(from)
  const opened = await openEvents(program, from, {
    shouldStop: () => mine !== generation,
    onProgress: ({ bytesRead, bytesTotal }) => send({ kind: 'reading', bytes: bytesRead, of: bytesTotal }),
  })
  if (opened.stopped || mine !== generation) return null
  if (opened.problem !== null) {
    send({ kind: 'failed', message: `${opened.problem.code}: ${opened.problem.message}` })
    return null
  }
  return new Simulator(opened.log, program, base)
}

function policyCounts({ run: { name, rules, counts, kinds, byDefault }, flips }: PolicyResult): ThreadPolicy {
  return {
    policy: name,
    kinds,
    byDefault,
    flipped: flips?.places.length ?? null,
    rules: rules.map((rule, i) => ({
      rule,
      matched: counts[i]?.matched ?? 0,
      decided: counts[i]?.decided ?? 0,
      flipped: flips === null ? null : (flips.byRule[i] ?? 0),
    })),
  }
}

type Question = Exclude<ToThread, { readonly kind: 'attach' | 'program' }>

/** Null where what is asked about is not there any more. */
function answer(question: Question): unknown {
  if (shown === null || view === null) return null
  if (question.kind === 'debug') {
    const { plan: debugged, results, ...texts } = shown
    return answerDebug({ plan: debugged, view, runs: results.map(({ run: one }) => one), ...texts }, question.params)
  }
  const result = shown.results.find(({ run: { name } }) => name === question.params.policy)
  if (!result) return null
  switch (question.kind) {
    case 'events': {
      const { rule, which } = question.params
      const index = rule === null ? null : result.run.rules.indexOf(rule)
      return index === -1 ? null : eventPage(shown.plan, view, result, index, which, question.params)
    }
    case 'evidence': {
      const { plan: program } = shown
      const page = evidenceOf(program, view, question.params.seq, result.index, question.params.width)
      // Places as offsets: the server knows the texts, and turns them into positions.
      return {
        ...page,
        marks: page.marks.map(({ span, ...mark }) => ({
          ...mark,
          path: program.files[span.file]?.path ?? '',
          start: span.start,
          end: span.end,
        })),
      }
    }
    case 'test':
      return testOf(shown.plan, view, question.params.seq, result.index)
  }
}

/** A mark as the thread gives it. */
export interface PlacedMark extends Omit<EvidenceMark, 'uri' | 'range'> {
  readonly path: string
  readonly start: number
  readonly end: number
}

function guarded(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    // An event that is gone, of a log that was read again: there is nothing to show.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Changes with the names, sizes and times of the files; `gone` where there are none. */
function signatureOf(at: string): string {
  try {
    const status = statSync(at)
    if (!status.isDirectory()) return `${status.size} ${status.mtimeMs}`
    const names = readdirSync(at, { recursive: true, encoding: 'utf8' }).slice(0, mostFiles)
    return names
      .map(name => {
        const { size, mtimeMs } = statSync(join(at, name))
        return `${name} ${size} ${mtimeMs}`
      })
      .join('\n')
  } catch {
    // Reading it says what is wrong, in the ledger's words.
    return 'gone'
  }
}
const mostFiles = 10_000
