/** How many events of each decision fall into each span of time: from the roll-ups where the filter allows, else from the events. */
import { z } from 'zod'
import { type Outcome, outcomes } from '../envelope/envelope.ts'
import { type Filter, filterSchema } from './filter.ts'
import { eventsOf } from './filter-sql.ts'
import { microsecondsPerHour, microsecondsPerMinute } from './load.ts'
import type { Connection } from './schema.ts'

export const histogramRequestSchema = z.strictObject({
  filter: filterSchema,
  /** Microseconds since 1970; the events of `to` are not counted. Null: where the events begin and end. */
  from: z.int().nullable(),
  to: z.int().nullable(),
  /** At most so many spans. */
  spans: z.int().min(1).max(5000),
})
export type HistogramRequest = z.infer<typeof histogramRequestSchema>

export interface Histogram {
  /** Microseconds since 1970, of the first span. */
  readonly from: number
  /** Of one span: a round length, so that there may be fewer spans than asked for. */
  readonly width: number
  /** Of each span, by place in `outcomes`; the first and the last hold only what lies between the times asked for. */
  readonly counts: readonly Readonly<Record<Outcome, number>>[]
}

export function histogramOf(db: Connection, { filter, from, to, spans }: HistogramRequest): Histogram {
  const first = from ?? single(db, 'SELECT min(time) FROM event') ?? 0
  const end = Math.max(first + 1, to ?? (single(db, 'SELECT max(time) FROM event') ?? first) + 1)
  const width = roundWidth((end - first) / spans, first, end, spans)
  const start = Math.floor(first / width) * width
  const counts = Array.from({ length: Math.ceil((end - start) / width) }, emptyCounts)
  const add = (time: number, outcome: number, n: number): void => {
    const span = counts[Math.floor((time - start) / width)]
    const name = outcomes[outcome]
    if (span !== undefined && name !== undefined) span[name] += n
  }
  const allowed = outcomesOnly(filter)
  const table = width % microsecondsPerHour === 0 ? hours : width % microsecondsPerMinute === 0 ? minutes : undefined
  if (allowed === null || table === undefined) {
    scan(db, filter, first, end, width, start, add)
    return { from: start, width, counts }
  }
  // The roll-ups have whole units only: what the times cut off at both ends is counted by itself.
  const inner = {
    from: Math.ceil(first / table.unit),
    to: Math.max(Math.ceil(first / table.unit), Math.floor(end / table.unit)),
  }
  for (const [unit, outcome, n] of table.rows(db, inner.from, inner.to))
    if (allowed.has(outcome)) add(unit * table.unit, outcome, n)
  const head = Math.min(inner.from * table.unit, end)
  if (head > first) scan(db, filter, first, head, width, start, add)
  const tail = Math.max(inner.to * table.unit, head)
  if (end > tail) scan(db, filter, tail, end, width, start, add)
  return { from: start, width, counts }
}

type Add = (time: number, outcome: number, n: number) => void

interface RollUp {
  readonly unit: number
  rows(db: Connection, from: number, to: number): readonly (readonly [number, number, number])[]
}

const minutes: RollUp = rollUp('minute', microsecondsPerMinute)
const hours: RollUp = rollUp('hour', microsecondsPerHour)

function rollUp(name: 'minute' | 'hour', unit: number): RollUp {
  return {
    unit,
    rows: (db, from, to) =>
      db
        .prepare<[number, number], [number, number, number]>(
          `SELECT start, outcome, n FROM ${name} WHERE start >= ? AND start < ?`,
        )
        .raw()
        .all(from, to),
  }
}

function scan(db: Connection, filter: Filter, from: number, to: number, width: number, start: number, add: Add): void {
  const { sql, values } = eventsOf(db, filter)
  // A number that is bound is a fraction to SQLite, and dividing by it gives one group for each event.
  const rows = db
    .prepare<(string | number)[], [number, number, number]>(
      `SELECT (time - CAST(? AS INTEGER)) / CAST(? AS INTEGER), outcome, count(*) FROM event
       WHERE time >= ? AND time < ? AND (${sql}) AND tick() GROUP BY 1, 2`,
    )
    .raw()
    .iterate(start, width, from, to, ...values)
  for (const [span, outcome, n] of rows) add(start + span * width, outcome, n)
}

/** The decisions that a filter allows, where it asks for nothing else; null: it asks for more. */
function outcomesOnly(filter: Filter): ReadonlySet<number> | null {
  if (filter.kind === 'outcome') return new Set(filter.values.map(value => outcomes.indexOf(value)))
  if (filter.kind !== 'all') return null
  let allowed: ReadonlySet<number> = new Set(outcomes.keys())
  for (const one of filter.of) {
    const inner = outcomesOnly(one)
    if (inner === null) return null
    allowed = new Set([...allowed].filter(one => inner.has(one)))
  }
  return allowed
}

const second = 1_000_000
const widths = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap(n => [n, n * 1000]),
  ...[1, 2, 5, 10, 15, 30].map(n => n * second),
  ...[1, 2, 5, 10, 15, 30].map(n => n * microsecondsPerMinute),
  ...[1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160, 8760].map(n => n * microsecondsPerHour),
].sort((a, b) => a - b)

/** The shortest round length that gives no more than `spans`. */
function roundWidth(least: number, from: number, to: number, spans: number): number {
  const fits = (width: number): boolean => Math.ceil((to - Math.floor(from / width) * width) / width) <= spans
  const found = widths.find(width => width >= least && fits(width))
  if (found !== undefined) return found
  let width = Math.ceil(least / microsecondsPerHour) * microsecondsPerHour
  while (!fits(width)) width *= 2
  return width
}

function emptyCounts(): Record<Outcome, number> {
  return { none: 0, permit: 0, warn: 0, hold: 0, deny: 0, error: 0 }
}

function single(db: Connection, statement: string): number | null {
  return db.prepare<[], number | null>(statement).pluck().get() ?? null
}
