/**
 * All events of a filter in the order of time, to be asked for by rank. Without a filter the minutes are counted instead, so that ten million
 * events cost nothing; with one, the numbers of the events are held.
 */
import { z } from 'zod'
import { type Filter, filterSchema } from './filter.ts'
import { eventsOf } from './filter-sql.ts'
import { microsecondsPerMinute } from './load.ts'
import type { ListedEvent, ListedEvents } from './page.ts'
import type { Connection } from './schema.ts'

export const selectRequestSchema = z.strictObject({ filter: filterSchema })
/** What of a selection is asked for: `limit` events from a rank on. */
export const rankRequestSchema = z.strictObject({ rank: z.int().nonnegative(), limit: z.int().min(1).max(1000) })

export class Selection {
  readonly #db: Connection
  readonly #events: ListedEvents
  readonly #ranks: Ranks

  constructor(db: Connection, events: ListedEvents, filter: Filter) {
    this.#db = db
    this.#events = events
    this.#ranks = filter.kind === 'all' && filter.of.length === 0 ? countedMinutes(db) : heldNumbers(db, filter)
  }

  /** How many there are. */
  get size(): number {
    return this.#ranks.size
  }

  /** `limit` events from a rank on, oldest first; the first is rank 0. */
  at(rank: number, limit: number): readonly ListedEvent[] {
    const from = Math.max(0, Math.min(Math.trunc(rank), this.size))
    return this.#events.byId(this.#ranks.numbers(this.#db, from, Math.min(limit, this.size - from)))
  }
}

interface Ranks {
  readonly size: number
  numbers(db: Connection, from: number, count: number): readonly number[]
}

function heldNumbers(db: Connection, filter: Filter): Ranks {
  const { sql, values } = eventsOf(db, filter)
  const rows = db
    .prepare<(string | number)[], number>(`SELECT id FROM event WHERE (${sql}) AND tick() ORDER BY time, id`)
    .pluck()
    .iterate(...values)
  let held = new Uint32Array(1024)
  let size = 0
  for (const id of rows) {
    if (size === held.length) {
      const larger = new Uint32Array(size * 2)
      larger.set(held)
      held = larger
    }
    held[size++] = id
  }
  return { size, numbers: (_, from, count) => [...held.subarray(from, from + count)] }
}

function countedMinutes(db: Connection): Ranks {
  const rows = db
    .prepare<[], [number, number]>('SELECT start, sum(n) FROM minute GROUP BY start ORDER BY start')
    .raw()
    .all()
  const starts = Float64Array.from(rows, ([start]) => start)
  /** Events before each minute. */
  const before = new Float64Array(rows.length)
  let size = 0
  for (const [place, [, n]] of rows.entries()) {
    before[place] = size
    size += n
  }
  return {
    size,
    numbers: (db_, from, count) => {
      let low = 0
      let high = starts.length
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if ((before[middle] ?? 0) <= from) low = middle
        else high = middle
      }
      return db_
        .prepare<[number, number, number], number>(
          'SELECT id FROM event WHERE time >= ? ORDER BY time, id LIMIT CAST(? AS INTEGER) OFFSET CAST(? AS INTEGER)',
        )
        .pluck()
        .all((starts[low] ?? 0) * microsecondsPerMinute, count, from - (before[low] ?? 0))
    },
  }
}
