/**
 * Simulation for a client: one log per workspace, attached by name or path, run in a thread of its own; counts by rule, events,
 * evidence and tests on demand. Only where there is Node: recorded logs are on disks.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { decisionWords } from '@writ/engine'
import type { SourceFile } from '@writ/grammar'
import * as z from 'zod/mini'
import { rangeOf, type Snapshot } from '../workspace/snapshot.ts'
import { uriOfKey } from '../workspace/uri.ts'
import { followDebug } from './debug.ts'
import type { Place, Session } from './session.ts'
import {
  attachRequest,
  detachRequest,
  type EvidenceResult,
  eventsRequest,
  evidenceRequest,
  type FromThread,
  type SimulatedPolicy,
  type SimulatedRule,
  type SimulationResult,
  simulationChangedNotification,
  simulationRequest,
  type TestTextResult,
  type Texts,
  type ThreadProgram,
  type ToThread,
  testTextRequest,
} from './simulation-messages.ts'
import type { PlacedMark, ThreadData } from './simulation-thread.ts'

const placeSchema = z.object({ uri: z.string() })
const attachSchema = z.object({ uri: z.string(), path: z.optional(z.string()) })
const policySchema = z.object({ uri: z.string(), policy: z.string() })
const eventSchema = z.extend(policySchema, { seq: z.int().check(z.minimum(0)) })
const eventsSchema = z.extend(policySchema, {
  rule: z.nullable(z.string()),
  which: z.enum(['matched', 'decided', 'flipped']),
  offset: z.int().check(z.minimum(0)),
  limit: z.int().check(z.minimum(1), z.maximum(1000)),
  filter: z.string().check(z.maxLength(1000)),
})
const evidenceSchema = z.extend(eventSchema, { width: z.int().check(z.minimum(20), z.maximum(1000)) })

/** `thread`: where the file of simulation-thread.ts is. */
export function followSimulation(session: Session, thread: string | URL): void {
  const { connection } = session
  const running = new Map<string, Simulation>()
  const simulationOf = (params: unknown): Simulation | undefined => {
    const place = session.workspace.find(placeSchema.parse(params).uri)
    return place ? running.get(place.snapshot.root) : undefined
  }
  session.onChecked(() => {
    for (const snapshot of session.workspace.snapshots()) running.get(snapshot.root)?.program(snapshot)
  })
  connection.onRequest(attachRequest, async (params: unknown) => {
    const { uri, path } = attachSchema.parse(params)
    const place = await session.placeOf(uri)
    if (!place) return
    running.get(place.snapshot.root)?.end()
    const simulation = new Simulation(place.snapshot, thread, () => {
      void connection.sendNotification(simulationChangedNotification).catch(() => undefined)
    })
    running.set(place.snapshot.root, simulation)
    await simulation.attach(() => session.workspace.find(uri)?.snapshot ?? place.snapshot, path)
  })
  connection.onRequest(detachRequest, (params: unknown) => {
    const simulation = simulationOf(params)
    simulation?.end()
    for (const [root, one] of running) if (one === simulation) running.delete(root)
    void connection.sendNotification(simulationChangedNotification)
  })
  connection.onRequest(simulationRequest, async (params: unknown): Promise<SimulationResult> => {
    const place = await session.placeOf(placeSchema.parse(params).uri)
    const simulation = place && running.get(place.snapshot.root)
    return place && simulation ? simulation.result(place) : nothing
  })
  connection.onRequest(eventsRequest, (params: unknown) => {
    const asked = eventsSchema.parse(params)
    return simulationOf(asked)?.ask({ kind: 'events', params: asked }) ?? null
  })
  connection.onRequest(evidenceRequest, async (params: unknown): Promise<EvidenceResult | null> => {
    const asked = evidenceSchema.parse(params)
    const place = await session.placeOf(asked.uri)
    const found = await simulationOf(asked)?.ask({ kind: 'evidence', params: asked })
    return place && found ? placed(place.snapshot, found) : null
  })
  connection.onRequest(testTextRequest, async (params: unknown): Promise<TestTextResult | null> => {
    const asked = eventSchema.parse(params)
    const text = await simulationOf(asked)?.ask({ kind: 'test', params: asked })
    return typeof text === 'string' ? { text } : null
  })
  followDebug(session, (snapshot, question) => {
    const simulation = running.get(snapshot.root)
    return simulation ? simulation.ask({ kind: 'debug', params: question }) : Promise.resolve(null)
  })
  connection.onExit(() => {
    for (const simulation of running.values()) simulation.end()
  })
}

const nothing: SimulationResult = {
  state: 'none',
  message: 'No log is attached.',
  log: null,
  events: 0,
  stale: false,
  base: null,
  milliseconds: 0,
  rules: [],
  policies: [],
}

type Ready = Extract<FromThread, { readonly kind: 'ready' }>
type Question = Extract<ToThread, { readonly id: number }>

class Simulation {
  readonly #newest = new Int32Array(new SharedArrayBuffer(4))
  readonly #thread: Worker
  readonly #changed: () => void
  readonly #waiting = new Map<number, (result: unknown) => void>()
  readonly #folder: string
  #state: SimulationResult['state'] = 'reading'
  #message = ''
  #log: string | null = null
  #ready: Ready | null = null
  #sent: Snapshot | null = null
  #revision = 0
  #questions = 0
  #ended = false

  constructor(snapshot: Snapshot, thread: string | URL, changed: () => void) {
    this.#folder = fileURLToPath(uriOfKey(snapshot.root))
    this.#changed = changed
    const workerData: ThreadData = { newest: this.#newest }
    this.#thread = new Worker(thread, { workerData })
    this.#thread.on('message', (message: FromThread) => this.#receive(message))
    this.#thread.on('error', error => this.#fail(`the simulation ended: ${error.message}`))
    this.#thread.unref()
  }

  /** `newest`: the program, which may change while git is asked. */
  async attach(newest: () => Snapshot, given: string | undefined): Promise<void> {
    const path = this.#pathOf(given)
    if (path === null) {
      this.#fail('writ.json names no log. Attach a file or folder of recorded events.')
      return
    }
    this.#log = path
    this.#message = 'reading'
    this.#changed()
    const base = await committed(this.#folder)
    const snapshot = newest()
    this.#tell({
      kind: 'attach',
      path: isAbsolute(path) ? path : join(this.#folder, path),
      base,
      program: programOf(snapshot),
    })
    // A newer one may have come while git was asked.
    if (this.#sent === null) this.program(snapshot)
  }

  /** A newer program; the same one is not run again. */
  program(snapshot: Snapshot): void {
    if (this.#isSent(snapshot)) return
    this.#sent = snapshot
    this.#revision++
    Atomics.store(this.#newest, 0, this.#revision)
    this.#tell({ kind: 'program', revision: this.#revision, program: programOf(snapshot) })
    if (this.#ready) this.#changed()
  }

  #isSent({ files, baselines }: Snapshot): boolean {
    return this.#sent?.files === files && this.#sent.baselines === baselines
  }

  ask(question: { readonly kind: Question['kind']; readonly params: unknown }): Promise<unknown> {
    if (this.#ended) return Promise.resolve(null)
    const id = ++this.#questions
    return new Promise(done => {
      this.#waiting.set(id, done)
      this.#thread.postMessage({ ...question, id })
    })
  }

  result({ snapshot, file }: Place): SimulationResult {
    const ready = this.#ready
    const rules: SimulatedRule[] = []
    const policies: SimulatedPolicy[] = []
    if (ready) placeCounts(file, ready, rules, policies)
    return {
      state: this.#state,
      message: this.#message,
      log: this.#log,
      events: ready?.events ?? 0,
      // A text with errors is not run: the numbers are of the last one without.
      stale: ready !== null && (ready.revision !== this.#revision || !this.#isSent(snapshot)),
      base: ready?.compared === true ? 'HEAD' : null,
      milliseconds: ready?.milliseconds ?? 0,
      rules,
      policies,
    }
  }

  end(): void {
    this.#ended = true
    for (const done of this.#waiting.values()) done(null)
    this.#waiting.clear()
    void this.#thread.terminate()
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case 'reading':
        this.#state = 'reading'
        this.#message = `reading, ${Math.floor((100 * message.bytes) / Math.max(1, message.of))} %`
        this.#changed()
        return
      case 'failed':
        this.#fail(message.message)
        return
      case 'ready':
        this.#ready = message
        this.#state = 'ready'
        this.#message = `${message.events} events`
        this.#changed()
        return
      case 'answer':
        this.#waiting.get(message.id)?.(message.result)
        this.#waiting.delete(message.id)
    }
  }

  #fail(message: string): void {
    this.#state = 'failed'
    this.#message = message
    this.#changed()
  }

  #tell(message: ToThread): void {
    this.#thread.postMessage(message)
  }

  /** A name in `writ.json`, the first one there, or a path. */
  #pathOf(given: string | undefined): string | null {
    const named = namedLogs(join(this.#folder, 'writ.json'))
    if (given === undefined) return [...named.values()][0] ?? null
    return named.get(given) ?? given
  }
}

function programOf({ files, baselines }: Snapshot): ThreadProgram {
  return { files: [...files].map(([path, { text }]) => ({ path, text })), baselines }
}

function placeCounts(file: SourceFile, ready: Ready, rules: SimulatedRule[], policies: SimulatedPolicy[]): void {
  const head = file.declarations.find(({ syntax }) => syntax.kind === 'module')
  const module = head?.syntax.kind === 'module' ? head.syntax.name.text : ''
  for (const { start, syntax } of file.declarations) {
    if (syntax.kind !== 'policy') continue
    const name = `${module}.${syntax.name.text}`
    const found = ready.policies.find(({ policy }) => policy === name)
    if (!found) continue
    const at = (span: { readonly start: number; readonly end: number }) =>
      rangeOf(file, { start: start + span.start, end: start + span.end })
    const [permit = 0, warn = 0, hold = 0, deny = 0] = decisionWords.map((_, kind) => found.kinds[kind] ?? 0)
    const { byDefault, flipped } = found
    policies.push({ range: at(syntax.name.span), policy: name, permit, warn, hold, deny, byDefault, flipped })
    for (const item of syntax.items) {
      if (item.kind !== 'rule') continue
      const counts = found.rules.find(({ rule }) => rule === item.name.text)
      if (counts) rules.push({ range: at(item.name.span), policy: name, ...counts })
    }
  }
}

function placed(snapshot: Snapshot, found: unknown): EvidenceResult {
  const { lines, text, marks } = found as Omit<EvidenceResult, 'marks'> & { readonly marks: readonly PlacedMark[] }
  return {
    lines,
    text,
    marks: marks.flatMap(({ path, start, end, ...mark }) => {
      const file = snapshot.files.get(path)
      const uri = snapshot.uris.get(path)
      return file && uri !== undefined ? [{ ...mark, uri, range: rangeOf(file, { start, end }) }] : []
    }),
  }
}

const logsSchema = z.object({ events: z.optional(z.record(z.string(), z.object({ path: z.string() }))) })

/** Logs by name; none where the file is being written. */
function namedLogs(path: string): ReadonlyMap<string, string> {
  if (!existsSync(path)) return new Map()
  try {
    const settings = logsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return new Map(Object.entries(settings.data?.events ?? {}).map(([name, log]) => [name, log.path]))
  } catch {
    // No JSON at the moment.
    return new Map()
  }
}

const run = promisify(execFile)
const mostBytes = 50_000_000

/** The `.writ` files of the folder as they are in HEAD; null where there is no git, or nothing is committed. */
async function committed(folder: string): Promise<Texts | null> {
  const options = { cwd: folder, maxBuffer: mostBytes, timeout: 20_000, windowsHide: true }
  try {
    const { stdout } = await run('git', ['ls-tree', '-r', '-z', '--name-only', 'HEAD', '.'], options)
    const names = stdout.split('\0').filter(name => name.endsWith('.writ'))
    const texts: { path: string; text: string }[] = []
    for (const path of names) texts.push({ path, text: (await run('git', ['show', `HEAD:./${path}`], options)).stdout })
    return texts.length === 0 ? null : texts
  } catch {
    // Not a repository, no commit yet, or no git: there is nothing to compare with, and the result says so.
    return null
  }
}
