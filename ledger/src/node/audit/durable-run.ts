/**
 * A program deciding a stream durably: the session decides, the writer makes records, the log acknowledges them, and only then are
 * the answers given out. After a crash it goes on where the log ends. Reading the stream and printing answers is the
 * command line's.
 */
import { randomFillSync } from 'node:crypto'
import { baselinesIn, begunAfter, cannotResume, type Finding, type Plan, type PlanSource } from '@writ/engine'
import { type Problem, problem } from '@writ/grammar'
import { programDigest, programText } from '../../audit/program-digest.ts'
import { RecordWriter } from '../../audit/record-writer.ts'
import { type DecidedPiece, DecidingSession } from '../../audit/session.ts'
import type { WrittenRecord } from '../../audit/written-record.ts'
import { type AuditLog, openAuditLog, type Recovered } from './audit-log.ts'
import { sha256, sha256Hex } from './hashing.ts'
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
  /** One line of JSON per entry, each with its newline; to be given out once `durable` is kept. */
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
  const refusal = otherProgram(options, recovered)
  if (refusal !== null) {
    log.abandon()
    return { ok: false, problem: problem('W4019', { start: 0, end: 0 }, { folder: options.shown, why: refusal }) }
  }
  const session = brought(options, recovered)
  const text = programText(options.plan.files, baselinesIn(options.plan))
  const program = programDigest(sha256, text)
  keepProgram(options.folder, program, text)
  log.checkpoint()
  return { ok: true, run: new DurableRun(options, log, session, program, recovered.offset), recovered }
}

/** Why the log cannot go on with this program; null: it can, or it is the one it was written with. */
function otherProgram({ plan, run }: DurableRunOptions, { state, frames }: Recovered): string | null {
  if (frames.some(frame => frame.meta.run !== run))
    return 'its last run did not end in good order, and was of another program'
  if (state === null || cannotResume(plan, state.continuation) === null) return null
  const { pending } = state.continuation.obligations
  return pending.length === 0
    ? null
    : `another program wrote it, and ${pending.length} of what that awaits or asks for is pending`
}

/** A session that has seen everything the log has. */
function brought(
  { plan, source, stream, codeGeneration }: DurableRunOptions,
  { state, frames }: Recovered,
): DecidingSession {
  const isSame = state !== null && cannotResume(plan, state.continuation) === null
  const from = state === null || isSame ? state : { ...state, continuation: begunAfter(plan, state.continuation) }
  const session = new DecidingSession({
    plan,
    source,
    stream,
    codeGeneration,
    ...(from === null ? {} : { state: from }),
  })
  // Pieces of a size of their own: decisions do not depend on where a piece ends.
  let piece: Uint8Array[] = []
  let bytes = 0
  const replay = (): void => {
    if (bytes > 0) session.decide(Buffer.concat(piece))
    piece = []
    bytes = 0
  }
  for (const { meta, lines } of frames) {
    if (meta.tick !== undefined) {
      replay()
      session.tick(meta.tick)
    }
    piece.push(lines)
    bytes += lines.length
    if (bytes > replayBytes) replay()
  }
  replay()
  return session
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
    this.#writer = new RecordWriter({ plan, program, run, stream, sha256, sha256Hex, random })
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
  /** The rolling hash of all decisions and of what lives on after them, that of one run over the whole stream. */
  get hash(): string {
    return this.#session.hash
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
    const now = this.#options.clock()
    const pieces = this.#session.decide(bytes)
    this.#offset += bytes.length
    return this.#append(pieces, now, { lines: bytes })
  }

  /**
   * It is this time now, milliseconds since the epoch: deadlines before it pass, and the log says so. Null where none does; then
   * nothing is recorded.
   */
  tick(time: number): Answered | null {
    if (this.#failure !== null) throw this.#failure
    const { nextDue } = this.#session
    if (nextDue === null || nextDue >= time) return null
    return this.#append([this.#session.tick(time)], this.#options.clock(), { lines: new Uint8Array(), tick: time })
  }

  #append(
    pieces: readonly DecidedPiece[],
    now: number,
    what: { readonly lines: Uint8Array; readonly tick?: number },
  ): Answered {
    const first = this.#log.size
    const records: WrittenRecord[] = []
    for (const piece of pieces) records.push(...this.#writer.write(piece, now, first + records.length))
    const durable = this.#log.append({ ...what, records, offset: this.#offset, run: this.#options.run })
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
    return {
      lines,
      durable,
      decisions: pieces.reduce((sum, { result }) => sum + result.decisions.size - result.firstDecision, 0),
      records: pieces.reduce((sum, piece) => sum + piece.records, 0),
      findings: pieces.flatMap(piece => piece.findings),
    }
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
      this.#log.snapshot(this.#session.state, this.#offset, this.#options.run).catch((error: unknown) => {
        this.#failure = error // told by the next batch, or by `close`
      })
  }

  /** Anchors everything and frees the directory. */
  async close(): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    await this.#log.close(this.#session.state, this.#offset, this.#options.run)
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
