/**
 * Writing what was read of one source: blocks of evidence with the events in them, the counts of the source, and the roll-ups, in one
 * transaction after the other. What is committed always ends where a block ends, so that whoever goes on cuts the same blocks.
 */
import type { Statement } from 'better-sqlite3'
import { type Envelope, kinds, outcomes } from '../envelope/envelope.ts'
import type { Block } from './blocks.ts'
import { keyOf, smallKeyOf } from './keys.ts'
import type { Connection } from './schema.ts'
import type { SourceState } from './sources.ts'
import { lastEvent } from './state.ts'
import { Terms } from './terms.ts'

/** An event without its names as numbers. */
export interface EventRow {
  readonly envelope: Envelope
  readonly time: number
  readonly line: number
  readonly part: number
  /** In the content of the source. */
  readonly at: number
  readonly length: number
}

/** Bits of `event.flags`. */
export const timeIsInferred = 1
export const isPartial = 2

export const microsecondsPerMinute = 60_000_000
export const microsecondsPerHour = 3_600_000_000

/** Longer names and objects are cut in the list; the evidence has them whole. */
export const mostNameLength = 300

type Columns = readonly (number | string | null)[]

export class Loading {
  readonly #db: Connection
  readonly #terms: Terms
  readonly #many: Statement<[Columns]>
  readonly #one: Statement<[Columns]>
  readonly #chain: Statement<[number, string]>
  readonly #block: Statement<[number, number, number, number, Buffer, Buffer]>
  readonly #minute: Statement<[number, number, number]>
  readonly #hour: Statement<[number, number, number]>
  readonly #tally: Statement<[number, string, number]>
  readonly #finding: Statement<[number, number, string, string]>
  readonly #state: Statement<[Readonly<Record<string, number | string | null>>]>
  #next: number
  readonly #blocksPerTransaction: number
  #blocksOpen = 0

  /** `blocksPerTransaction`: how much is lost at most when it is ended. */
  constructor(db: Connection, blocksPerTransaction: number) {
    this.#blocksPerTransaction = blocksPerTransaction
    this.#db = db
    this.#terms = new Terms(db)
    const row = `(${Array.from({ length: columnCount }, () => '?').join(',')})`
    const insert = `INSERT INTO event(${columnNames}) VALUES `
    this.#many = db.prepare(insert + Array.from({ length: rowsPerInsert }, () => row).join(','))
    this.#one = db.prepare(insert + row)
    this.#block = db.prepare('INSERT INTO block(start, length, source, at, digest, packed) VALUES (?, ?, ?, ?, ?, ?)')
    this.#chain = db.prepare('INSERT INTO chain_text(event, text) VALUES (?, ?)')
    const upsert = (table: string): string =>
      `INSERT INTO ${table}(start, outcome, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`
    this.#minute = db.prepare(upsert('minute'))
    this.#hour = db.prepare(upsert('hour'))
    this.#tally = db.prepare(
      'INSERT INTO tally(source, code, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
    )
    this.#finding = db.prepare('INSERT INTO finding(source, line, code, message) VALUES (?, ?, ?, ?)')
    this.#state = db.prepare(`UPDATE source SET name = @name, bytes = @bytes, line = @line, last = @last, read = @read,
      kept = @kept, skipped = @skipped, broken = @broken, duplicate = @duplicate, events = @events, complete = @complete
      WHERE id = @id`)
    this.#next = evidenceEnd(db)
  }

  /** Everything since the last call of `commit` is one transaction. `keepsChains`: a record does not say by itself what it belongs to. */
  block(source: number, block: Block, events: readonly EventRow[], keepsChains: boolean): void {
    this.#begin()
    const start = this.#next
    this.#block.run(start, block.length, source, block.at, block.digest, block.packed)
    this.#next += block.length
    this.#blocksOpen++
    this.#insert(events, source, start - block.at)
    if (keepsChains) this.#keepChains(events)
    this.#rollUp(events)
  }

  state(source: SourceState): void {
    this.#begin()
    this.#state.run(source)
  }

  note(source: number, code: string, times: number): void {
    this.#begin()
    this.#tally.run(source, code, times)
  }

  finding(source: number, line: number, code: string, message: string): void {
    this.#begin()
    this.#finding.run(source, line, code, message)
  }

  /** Whether there is enough for a transaction. */
  get isFull(): boolean {
    return this.#blocksOpen >= this.#blocksPerTransaction
  }

  commit(): void {
    if (this.#db.inTransaction) this.#db.exec('COMMIT')
    this.#blocksOpen = 0
  }

  /** Takes back what is not committed. */
  abandon(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK')
    this.#terms.forget()
    this.#next = evidenceEnd(this.#db)
    this.#blocksOpen = 0
  }

  #begin(): void {
    if (!this.#db.inTransaction) this.#db.exec('BEGIN IMMEDIATE')
  }

  #insert(events: readonly EventRow[], source: number, shift: number): void {
    let values: (number | string | null)[] = []
    let rows = 0
    for (const event of events) {
      this.#columns(values, event, source, shift)
      if (++rows % rowsPerInsert !== 0) continue
      this.#many.run(values)
      values = []
    }
    for (let from = 0; from < values.length; from += columnCount) this.#one.run(values.slice(from, from + columnCount))
  }

  #keepChains(events: readonly EventRow[]): void {
    // INVARIANT: events get numbers one after the other, and those of the block are the last.
    const behind = lastEvent(this.#db) + 1
    for (const [place, { envelope }] of events.entries())
      if (envelope.chain !== null) this.#chain.run(behind - events.length + place, envelope.chain)
  }

  #columns(values: (number | string | null)[], event: EventRow, source: number, shift: number): void {
    const { envelope } = event
    values.push(
      event.time,
      outcomes.indexOf(envelope.outcome),
      kinds.indexOf(envelope.kind),
      (envelope.time === null ? timeIsInferred : 0) | (envelope.partial ? isPartial : 0),
      this.#term(envelope.actor),
      this.#term(envelope.action),
      this.#term(envelope.rule),
      this.#term(envelope.policy),
      short(envelope.object),
      envelope.chain === null ? null : smallKeyOf(envelope.chain),
      envelope.identity === null ? null : keyOf(envelope.identity),
      source,
      event.line,
      event.part,
      event.at + shift,
      event.length,
    )
  }

  #term(text: string | null): number | null {
    const name = short(text)
    return name === null ? null : this.#terms.number(name)
  }

  #rollUp(events: readonly EventRow[]): void {
    const minutes = new Map<number, number>()
    const hours = new Map<number, number>()
    for (const { time, envelope } of events) {
      const outcome = outcomes.indexOf(envelope.outcome)
      add(minutes, Math.floor(time / microsecondsPerMinute) * outcomeRoom + outcome)
      add(hours, Math.floor(time / microsecondsPerHour) * outcomeRoom + outcome)
    }
    for (const [key, n] of minutes) this.#minute.run(Math.floor(key / outcomeRoom), mod(key), n)
    for (const [key, n] of hours) this.#hour.run(Math.floor(key / outcomeRoom), mod(key), n)
  }
}

/** Whether what a record belongs to can be read off the record alone, without those before it, a header, or the maps of a workspace. */
export function saysItsChain(format: string, mapping: string): boolean {
  return mapping === '' && format !== 'csv' && format !== 'chat'
}

/** Where the next block begins; the last one ends furthest. */
export function evidenceEnd(db: Connection): number {
  return db.prepare<[], number>('SELECT start + length FROM block ORDER BY start DESC LIMIT 1').pluck().get() ?? 0
}

const columnNames =
  'time, outcome, kind, flags, actor, action, rule, policy, object, chain, identity, source, line, part, pos, length'
const columnCount = 16
const rowsPerInsert = 16
const outcomeRoom = 16

function short(text: string | null): string | null {
  return text === null || text.length <= mostNameLength ? text : `${text.slice(0, mostNameLength)}…`
}

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function mod(key: number): number {
  return key - Math.floor(key / outcomeRoom) * outcomeRoom
}
