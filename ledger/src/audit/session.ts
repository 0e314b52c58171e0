/**
 * Decides a stream of records piece by piece, with the same decisions as one run over all of it: keeps the records that history
 * or something pending may still ask for, evaluates the new ones behind them, and goes on with what lives on. Where records come
 * from and where decisions go is elsewhere; what a tick is in a stream is tick.ts.
 *
 * The order of a stream is the order in which its records come. A record whose time is before that of an earlier one, or before
 * a tick, counts as happening at that time (its fields keep what they say); what was decided is never decided again.
 */
import {
  beginning,
  type Continuation,
  columnView,
  type Evaluation,
  evaluate,
  type Finding,
  forgottenUntil,
  historyReach,
  type Log,
  LogBuilder,
  type LogView,
  neededEvents,
  type Plan,
  type PlanSource,
  presentDuration,
  presentTime,
  rational,
  reasonReadSet,
  rollingHash,
} from '@writ/engine'
import type { ProblemCode } from '@writ/grammar'
import { type LineDecoder, SourceReader } from '../decode/source-reader.ts'
import { FindingLog, type Place, type Words } from '../findings.ts'
import { tickOf } from './tick.ts'

export interface SessionOptions {
  readonly plan: Plan
  /** How records become events; its format is NDJSON. */
  readonly source: PlanSource
  /** The name of the stream in event references. */
  readonly stream: string
  /** False where code must not be generated; the decisions are the same. */
  readonly codeGeneration: boolean
  /** Where the session goes on; without it at the beginning of the stream. */
  readonly state?: SessionState
}

/** All that later decisions depend on. */
export interface SessionState {
  /** Records so far: the place of the next one. */
  readonly records: number
  readonly kept: readonly KeptRecord[]
  readonly continuation: Continuation
}
/** A record that history, or something pending, may still ask for. */
export interface KeptRecord {
  readonly index: number
  /** The place of its event in the whole run. */
  readonly seq: number
  /** As it counts, which is not before that of any earlier record. */
  readonly time: number
  /** With its newline. */
  readonly line: Uint8Array
}

/** What one piece of the stream gave. */
export interface DecidedPiece {
  readonly log: Log
  readonly view: LogView
  /** Its decisions before `firstDecision` were made earlier. */
  readonly result: Evaluation
  /** Events of the log before this one are from earlier pieces. */
  readonly firstEvent: number
  /** The time that has come behind the events of the piece; null: no tick ends it. */
  readonly tick: number | null
  readonly rejected: ReadonlySet<number>
  /** The line of a record of the log, by its place in the stream, without its newline. */
  readonly lineOf: (index: number) => Uint8Array
  /** What records of this piece broke; counts by code. */
  readonly findings: readonly Finding[]
  readonly findingCounts: ReadonlyMap<string, number>
  readonly records: number
}

export class DecidingSession {
  readonly #options: SessionOptions
  readonly #source: PlanSource
  readonly #columns: readonly ReadonlySet<string>[]
  readonly #reach: ReturnType<typeof historyReach>
  #records: number
  #kept: readonly KeptRecord[]
  #continuation: Continuation
  #decoder: LineDecoder | null = null

  constructor(options: SessionOptions) {
    const { plan, source, state } = options
    if (source.format !== 'ndjson') throw new Error(`a stream is NDJSON, not ${source.format}`)
    this.#options = options
    // Lateness is judged here, over the whole stream; the reader sees one piece.
    this.#source = { ...source, latenessMilliseconds: Number.MAX_SAFE_INTEGER, lateMode: 'record' }
    this.#columns = withKeys(plan, reasonReadSet(plan))
    this.#reach = historyReach(plan)
    this.#records = state?.records ?? 0
    this.#kept = state?.kept ?? []
    this.#continuation = state?.continuation ?? beginning(plan)
  }

  get state(): SessionState {
    return { records: this.#records, kept: this.#kept, continuation: this.#continuation }
  }

  /** The rolling hash of all that was decided, and of what lives on. */
  get hash(): string {
    return rollingHash(this.#continuation)
  }

  /** The earliest deadline of anything pending; null: there is none. */
  get nextDue(): number | null {
    const due = this.#continuation.obligations.pending.flatMap(instance => instance.due ?? [])
    return due.length === 0 ? null : due.reduce((least, one) => Math.min(least, one))
  }

  /** Latest time of an event or a tick. */
  get #latest(): number {
    return this.#continuation.time ?? Number.NEGATIVE_INFINITY
  }

  /** How many records history may still ask for: what each piece costs on top of its own records. */
  get kept(): number {
    return this.#kept.length
  }

  /** `bytes`: whole lines, each with its newline; empty ones are no records. A tick among them ends a piece. */
  decide(bytes: Uint8Array): readonly DecidedPiece[] {
    const pieces: DecidedPiece[] = []
    let lines: Uint8Array[] = []
    for (const line of recordLines(bytes)) {
      const tick = tickOf(line)
      lines.push(line)
      if (tick === null) continue
      pieces.push(this.#piece(lines, tick))
      lines = []
    }
    return lines.length > 0 || pieces.length === 0 ? [...pieces, this.#piece(lines, null)] : pieces
  }

  /** It is this time now, which no record of the stream says. */
  tick(time: number): DecidedPiece {
    return this.#piece([], time)
  }

  /** `tick`: the last of the lines is one, or none of them is and it comes from elsewhere. */
  #piece(lines: readonly Uint8Array[], tick: number | null): DecidedPiece {
    const { plan, codeGeneration } = this.#options
    const all = this.#read(lines, new Set())
    const { findings } = all
    const { builder, latest } = all.refused.size > 0 ? this.#read(lines, all.refused) : all
    const log = builder.build()
    const before = this.#kept
    const resume = { continuation: this.#continuation, seqs: before.map(record => record.seq) }
    const reached = tick === null ? {} : { reached: Math.max(tick, latest) }
    const result = evaluate(plan, log, { codeGeneration, resume, continues: true, ...reached })
    const { continuation } = result
    if (continuation === null) throw new Error('a piece of a stream has no end to go on from')
    const first = this.#records
    const rejected = new Set(result.rejected)
    const old = new Map(before.map(record => [record.index, record.line]))
    const lineOf = (index: number): Uint8Array => {
      const line = old.get(index) ?? lines[index - first]
      if (line === undefined) throw new RangeError(`record ${index} is neither kept nor of this piece`)
      return line
    }
    this.#records += lines.length
    this.#kept = this.#stillNeeded(log, rejected, continuation, index =>
      old.has(index) ? lineOf(index) : lineOf(index).slice(),
    )
    this.#continuation = continuation
    return {
      log,
      view: columnView(log, plan.contracts),
      result,
      firstEvent: before.length,
      tick: reached.reached ?? null,
      rejected,
      lineOf: index => lineOf(index).subarray(0, -1),
      findings: findings.listed,
      findingCounts: findings.counts,
      records: lines.length,
    }
  }

  /** The kept records and the new ones behind them. `refused`: places of records that come too late to be taken. */
  #read(lines: readonly Uint8Array[], refused: ReadonlySet<number>): ReadPiece {
    const { plan, stream, codeGeneration, source } = this.#options
    const findings = new NewFindings(this.#records)
    const taken = lines.flatMap((line, place) => {
      const index = this.#records + place
      return refused.has(index) || tickOf(line) !== null ? [] : [{ line, index }]
    })
    const builder = new StreamBuilder(plan, this.#columns, {
      source,
      kept: this.#kept,
      first: this.#records,
      latest: this.#latest,
      stream,
      findings,
      alreadyRefused: refused.size > 0,
    })
    const scanner = codeGeneration ? 'generated' : 'interpreted'
    const reader = new SourceReader(this.#source, plan.contracts, builder, findings, {
      scanner,
      decoder: this.#decoder,
    })
    this.#decoder = reader.decoder
    const file = reader.file(
      stream,
      [...this.#kept, ...taken].map(record => record.index),
    )
    file.feed(joined([...this.#kept, ...taken].map(record => record.line)))
    file.end(false)
    const expected = this.#kept.length + taken.length
    if (reader.counts.records !== expected)
      throw new Error(`${expected} lines were read as ${reader.counts.records} records`)
    return { builder, findings, refused: builder.refused, latest: builder.latest }
  }

  /** `lineOf`: a copy where it is of the new piece, which is larger, and is used again. */
  #stillNeeded(
    log: Log,
    rejected: ReadonlySet<number>,
    continuation: Continuation,
    lineOf: (index: number) => Uint8Array,
  ): readonly KeptRecord[] {
    const { length } = this.#kept
    const needed = new Set(neededEvents(continuation))
    const latest = continuation.time ?? Number.NEGATIVE_INFINITY
    const untils = log.batches.map(batch => forgottenUntil(this.#reach[batch.contract] ?? null, latest))
    const kept: KeptRecord[] = []
    for (let own = 0; own < log.contractOf.length; own++) {
      const contract = log.contractOf[own] ?? 0
      const row = log.rowOf[own] ?? 0
      const time = log.batches[contract]?.time[row] ?? 0
      const seq = this.#kept[own]?.seq ?? this.#continuation.events + own - length
      if (!needed.has(seq) && (time <= (untils[contract] ?? 0) || rejected.has(own))) continue
      const index = log.batches[contract]?.index[row] ?? 0
      kept.push({ index, seq, time, line: lineOf(index) })
    }
    return kept
  }
}

interface ReadPiece {
  readonly builder: LogBuilder
  readonly findings: FindingLog
  readonly refused: ReadonlySet<number>
  readonly latest: number
}

/** Findings about kept records were reported when they were new. */
class NewFindings extends FindingLog {
  readonly #first: number

  constructor(first: number) {
    super()
    this.#first = first
  }

  override add(code: ProblemCode, place: Place, path: string | null, words: Words): void {
    // Lines are those of the piece, which say nothing about the stream.
    if (place.index === null || place.index >= this.#first) super.add(code, { ...place, line: null }, path, words)
  }
}

interface StreamPlace {
  readonly source: PlanSource
  readonly kept: readonly KeptRecord[]
  readonly first: number
  readonly latest: number
  readonly stream: string
  readonly findings: FindingLog
  readonly alreadyRefused: boolean
}

/** Puts events in the order of the stream: kept ones at the time they were given, new ones not before any earlier one. */
class StreamBuilder extends LogBuilder {
  readonly refused = new Set<number>()
  latest: number
  readonly #place: StreamPlace
  readonly #times: ReadonlyMap<number, number>

  constructor(plan: Plan, columns: readonly ReadonlySet<string>[], place: StreamPlace) {
    super(plan.contracts, columns)
    this.#place = place
    this.latest = place.latest
    this.#times = new Map(place.kept.map(record => [record.index, record.time]))
  }

  override place(contract: number, time: number, file: number, index: number): void {
    super.place(contract, this.#counted(time, index), file, index)
  }

  #counted(time: number, index: number): number {
    if (index < this.#place.first) return this.#times.get(index) ?? time
    if (time >= this.latest) {
      this.latest = time
      return time
    }
    this.#late(time, index)
    return this.latest
  }

  #late(time: number, index: number): void {
    const { source, findings, stream, alreadyRefused } = this.#place
    const late = this.latest - time
    if (late <= source.latenessMilliseconds) return
    const refuses = source.lateMode === 'reject'
    if (refuses) this.refused.add(index)
    if (refuses && alreadyRefused) throw new Error(`record ${index} is late only where others are left out`)
    findings.add('W2008', { file: stream, line: null, index }, null, () => ({
      time: presentTime(rational(BigInt(time))),
      late: presentDuration(rational(BigInt(late))),
      lateness: presentDuration(rational(BigInt(source.latenessMilliseconds))),
      handled: refuses ? 'it is left out, as the source says' : 'it counts as happening when it came',
    }))
  }
}

/** The lines of a piece that are records. */
function recordLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(newline, start) + 1
    if (end === 0) throw new Error('a piece of a stream is whole lines')
    let first = start
    while (first < end && isSpace(bytes[first] ?? 0)) first++
    if (first < end) lines.push(bytes.subarray(start, end))
    start = end
  }
  return lines
}

const newline = 0x0a
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0))
  let at = 0
  for (const line of lines) {
    bytes.set(line, at)
    at += line.length
  }
  return bytes
}

/** Key fields name events in records, whether or not a rule reads them. */
function withKeys(plan: Plan, columns: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  return plan.contracts.map((contract, index) => new Set([...(columns[index] ?? []), ...contract.keyFields]))
}
