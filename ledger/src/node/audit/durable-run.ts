/**
 * A program deciding a stream durably: the session decides, the writer makes records, the log acknowledges them, and only then are
 * the answers given out. After a crash it goes on where the log ends. Reading the stream and printing answers is the
 * command line's.
 */
import { randomFillSync } from 'node:crypto'
import type { Finding, Plan, PlanSource } from '@writ/engine'
import type { Problem } from '@writ/grammar'
import { programDigest, programText } from '../../audit/program-digest.ts'
import { RecordWriter } from '../../audit/record-writer.ts'
import { DecidingSession } from '../../audit/session.ts'
import { type AuditLog, openAuditLog, type Recovered } from './audit-log.ts'
import { sha256 } from './hashing.ts'
import type { SigningKey } from './keys.ts'
import { keepProgram } from './tree-files.ts'

export interface DurableRunOptions {
  readonly plan: Plan
  readonly source: PlanSource
  readonly stream: string
  /** Identity of the run: program, meaning of the language, mode; hex. */
  readonly run: string
  readonly folder: string
  /** The folder as messages name it. */
  readonly shown: string
  readonly key: SigningKey
  readonly codeGeneration: boolean
  /** Milliseconds since 1970; may go backwards. */
  readonly clock: () => number
  /** A checkpoint after so many entries, or so many milliseconds with new entries. */
  readonly checkpointEntries: number
  readonly checkpointMilliseconds: number
  /** Length of the journal at which a snapshot takes its place; 64 MiB without it. */
  readonly journalBytes?: number
}

export interface Answered {
  /** One line of JSON per decision, each with its newline; to be given out once `durable` is kept. */
  readonly lines: string
  readonly durable: Promise<void>
  readonly decisions: number
  readonly records: number
  readonly findings: readonly Finding[]
}

export type OpenedRun =
  | { readonly ok: true; readonly run: DurableRun; readonly recovered: Recovered }
  | { readonly ok: false; readonly problem: Problem }

/** Opens the log and brings the session up to date. Throws the system's errors. */
export function openDurableRun(options: DurableRunOptions): OpenedRun {
  const opened = openAuditLog(options.folder, options.shown, options.key)
  if (!opened.ok) return opened
  const { log, recovered } = opened
  const { plan, source, stream, codeGeneration } = options
  const session = new DecidingSession({ plan, source, stream, codeGeneration, state: recovered.state })
  // Pieces of a size of their own: decisions do not depend on where a piece ends.
  let piece: Uint8Array[] = []
  let bytes = 0
  const replay = (): void => {
    if (bytes > 0) session.decide(Buffer.concat(piece))
    piece = []
    bytes = 0
  }
  for (const frame of recovered.frames) {
    piece.push(frame.lines)
    bytes += frame.lines.length
    if (bytes > replayBytes) replay()
  }
  replay()
  const text = programText(plan.files)
  const program = programDigest(sha256, text)
  keepProgram(options.folder, program, text)
  log.checkpoint()
  return { ok: true, run: new DurableRun(options, log, session, program, recovered.offset), recovered }
}

const replayBytes = 4 << 20
const usualJournalBytes = 64 << 20

export class DurableRun {
  readonly #options: DurableRunOptions
  readonly #log: AuditLog
  readonly #session: DecidingSession
  readonly #writer: RecordWriter
  #offset: number
  #checkpointAt: number
  #failure: unknown = null

  constructor(options: DurableRunOptions, log: AuditLog, session: DecidingSession, program: string, offset: number) {
    this.#options = options
    this.#log = log
    this.#session = session
    this.#offset = offset
    const { plan, run, stream } = options
    this.#writer = new RecordWriter({ plan, program, run, stream, sha256, random })
    this.#checkpointAt = options.clock()
  }

  /** Bytes of the stream that are decided. */
  get offset(): number {
    return this.#offset
  }
  /** Records of the stream that are decided. */
  get records(): number {
    return this.#session.state.records
  }
  get entries(): number {
    return this.#log.size
  }
  get anchored(): number {
    return this.#log.anchored
  }
  /** How many records a batch should have at least, so that what history keeps is not read too often. */
  get worthwhile(): number {
    return Math.ceil(this.#session.kept / 4)
  }

  /**
   * `bytes`: whole lines. The next ones may be decided while these become durable. Throws the system's errors, also those of a
   * batch before.
   */
  decide(bytes: Uint8Array): Answered {
    if (this.#failure !== null) throw this.#failure
    const { clock, run } = this.#options
    const now = clock()
    const piece = this.#session.decide(bytes)
    const first = this.#log.size
    const records = this.#writer.write(piece, now, first)
    this.#offset += bytes.length
    const durable = this.#log.append({ records, lines: bytes, offset: this.#offset, run })
    durable.catch((error: unknown) => {
      this.#failure = error
    })
    let lines = ''
    for (const [place, record] of records.entries()) lines += `{"entry":${first + place},${record.answer}}\n`
    try {
      this.checkpointIfDue(now)
    } catch (error) {
      this.#failure = error // the decisions are durable all the same, and are to be answered
    }
    return { lines, durable, decisions: records.length, records: piece.records, findings: piece.findings }
  }

  /** To be called now and then while no record comes. */
  checkpointIfDue(now: number = this.#options.clock()): void {
    if (this.#failure !== null) throw this.#failure
    const { checkpointEntries, checkpointMilliseconds } = this.#options
    // A clock that was set back starts the wait anew.
    if (now < this.#checkpointAt) this.#checkpointAt = now
    const waiting = this.#log.size - this.#log.anchored
    if (waiting >= checkpointEntries || (waiting > 0 && now - this.#checkpointAt >= checkpointMilliseconds)) {
      this.#log.checkpoint()
      this.#checkpointAt = now
    }
    if (this.#log.snapshotDue(this.#options.journalBytes ?? usualJournalBytes))
      this.#log.snapshot(this.#session.state, this.#offset).catch((error: unknown) => {
        this.#failure = error // told by the next batch, or by `close`
      })
  }

  /** Anchors everything and frees the directory. */
  async close(): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    await this.#log.close(this.#session.state, this.#offset)
  }
}

const pool = new Uint8Array(1 << 16)
let used = pool.length

/** Random bytes from a pool, since a system call per salt is slow. */
function random(bytes: number): Uint8Array {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.slice(used - bytes, used)
}
