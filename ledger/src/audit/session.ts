/**
 * Decides a stream of records piece by piece, with the same decisions as one run over all of it: keeps the records that history
 * may still ask for, and evaluates the new ones behind them. Where records come from and where decisions go is elsewhere.
 *
 * The order of a stream is the order in which its records come. A record whose time is before that of an earlier one counts as
 * happening at that time (its fields keep what they say); what was decided is never decided again.
 */
import {
  columnView,
  evaluate,
  type Finding,
  forgottenUntil,
  historyReach,
  type Log,
  LogBuilder,
  type LogView,
  type Plan,
  type PlanSource,
  presentDuration,
  presentTime,
  type RunResult,
  rational,
  reasonReadSet,
} from '@writ/engine'
import type { ProblemCode } from '@writ/grammar'
import { SourceReader } from '../decode/source-reader.ts'
import { FindingLog, type Place, type Words } from '../findings.ts'

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
  /** Latest time of an event, milliseconds since the epoch; null before the first. */
  readonly latest: number | null
  readonly kept: readonly KeptRecord[]
}
/** A record that history may still ask for. */
export interface KeptRecord {
  readonly index: number
  /** As it counts, which is not before that of any earlier record. */
  readonly time: number
  /** With its newline. */
  readonly line: Uint8Array
}

/** What one piece of the stream gave. */
export interface DecidedPiece {
  readonly log: Log
  readonly view: LogView
  readonly result: RunResult
  /** The first decision in `result` about a record of this piece; those before it were made earlier. */
  readonly firstDecision: number
  readonly rejected: ReadonlySet<number>
  /** The line of the record with this place in the stream, without its newline. */
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
  #latest: number
  #kept: readonly KeptRecord[]

  constructor(options: SessionOptions) {
    const { plan, source, state } = options
    if (source.format !== 'ndjson') throw new Error(`a stream is NDJSON, not ${source.format}`)
    this.#options = options
    // Lateness is judged here, over the whole stream; the reader sees one piece.
    this.#source = { ...source, latenessMilliseconds: Number.MAX_SAFE_INTEGER, lateMode: 'record' }
    this.#columns = withKeys(plan, reasonReadSet(plan))
    this.#reach = historyReach(plan)
    this.#records = state?.records ?? 0
    this.#latest = state?.latest ?? Number.NEGATIVE_INFINITY
    this.#kept = state?.kept ?? []
  }

  get state(): SessionState {
    return {
      records: this.#records,
      latest: Number.isFinite(this.#latest) ? this.#latest : null,
      kept: this.#kept,
    }
  }

  /** How many records history may still ask for: what each piece costs on top of its own records. */
  get kept(): number {
    return this.#kept.length
  }

  /** `bytes`: whole lines, each with its newline; empty ones are no records. */
  decide(bytes: Uint8Array): DecidedPiece {
    const { plan, codeGeneration } = this.#options
    const lines = recordLines(bytes)
    const all = this.#read(lines, new Set())
    const { findings } = all
    const { builder, latest } = all.refused.size > 0 ? this.#read(lines, all.refused) : all
    const log = builder.build()
    const result = evaluate(plan, log, { codeGeneration })
    const first = this.#records
    const rejected = new Set(result.rejected)
    const oldEvents = countBelow(log, first)
    const lineOf = (index: number): Uint8Array => {
      const line = lines[index - first]
      if (line === undefined) throw new RangeError(`record ${index} is not of this piece`)
      return line.subarray(0, -1)
    }
    this.#records += lines.length
    this.#latest = latest
    this.#kept = this.#stillNeeded(log, rejected, lines, first)
    return {
      log,
      view: columnView(log, plan.contracts),
      result,
      firstDecision: firstDecisionAfter(result, oldEvents),
      rejected,
      lineOf,
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
      return refused.has(index) ? [] : [{ line, index }]
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
    const reader = new SourceReader(this.#source, plan.contracts, builder, findings, { scanner })
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

  #stillNeeded(
    log: Log,
    rejected: ReadonlySet<number>,
    lines: readonly Uint8Array[],
    first: number,
  ): readonly KeptRecord[] {
    const old = new Map(this.#kept.map(record => [record.index, record.line]))
    const kept: KeptRecord[] = []
    for (const batch of log.batches) {
      const until = forgottenUntil(this.#reach[batch.contract] ?? null, this.#latest)
      if (until === Number.POSITIVE_INFINITY) continue
      for (let row = 0; row < batch.rows; row++) {
        const time = batch.time[row] ?? 0
        if (time <= until || rejected.has(batch.seq[row] ?? -1)) continue
        const index = batch.index[row] ?? 0
        const line = old.get(index) ?? lines[index - first]
        if (line === undefined) throw new Error(`record ${index} is neither kept nor new`)
        // A copy: the piece it stands in is larger, and is used again.
        kept.push({ index, time, line: old.has(index) ? line : line.slice() })
      }
    }
    return kept.sort((a, b) => a.index - b.index)
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

/** Events of records before `first`; they come first in the log. */
function countBelow(log: Log, first: number): number {
  let count = 0
  for (const batch of log.batches)
    for (let row = 0; row < batch.rows; row++) if ((batch.index[row] ?? 0) < first) count++
  return count
}

function firstDecisionAfter({ decisions }: RunResult, events: number): number {
  let low = 0
  let high = decisions.size
  while (low < high) {
    const middle = (low + high) >> 1
    if ((decisions.seq[middle] ?? 0) < events) low = middle + 1
    else high = middle
  }
  return low
}

/** Key fields name events in records, whether or not a rule reads them. */
function withKeys(plan: Plan, columns: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  return plan.contracts.map((contract, index) => new Set([...(columns[index] ?? []), ...contract.keyFields]))
}
