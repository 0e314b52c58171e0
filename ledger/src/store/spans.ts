/**
 * Between which times the events of each thousand lie, and the stretches in which time goes on with the numbers of the events: by them
 * events that are found in the order of their numbers are put into the order of time without finding all.
 */
import { type Connection, eventsPerSpan } from './schema.ts'

/** Writes the spans of all events behind `finished`. */
export function writeSpans(db: Connection, finished: number): void {
  const first = Math.floor(finished / eventsPerSpan)
  db.prepare('DELETE FROM span WHERE place >= ?').run(first)
  db.prepare(
    `INSERT INTO span SELECT id / ${eventsPerSpan}, min(time), max(time) FROM event WHERE id >= ? GROUP BY 1 ORDER BY 1`,
  ).run(first * eventsPerSpan)
}

/** Spans that follow each other; of `latest` the times up to each place, of `earliest` those from it on. */
export interface Stretch {
  readonly first: number
  readonly from: Float64Array
  readonly to: Float64Array
  /** The latest time up to and with each span. */
  readonly latest: Float64Array
  /** The earliest time in each span and behind it. */
  readonly earliest: Float64Array
}

/** More than these are joined: that is right as well, and only takes longer. */
const mostStretches = 64

export function readStretches(db: Connection): readonly Stretch[] {
  const rows = db
    .prepare<[], [number, number, number]>('SELECT place, start, until FROM span ORDER BY place')
    .raw()
    .all()
  const cuts = rows.flatMap(([place, , until], at) => {
    const before = rows[at - 1]
    return before === undefined || place !== before[0] + 1 || until < before[1] ? [at] : []
  })
  const each = Math.ceil(cuts.length / mostStretches)
  const begins = cuts.filter((_, place) => place % Math.max(1, each) === 0)
  return begins.map((begin, place) => stretchOf(rows.slice(begin, begins[place + 1] ?? rows.length)))
}

/** What is missing between two places has no events. */
function stretchOf(rows: readonly (readonly [number, number, number])[]): Stretch {
  const first = rows[0]?.[0] ?? 0
  const length = (rows.at(-1)?.[0] ?? first) - first + 1
  const from = new Float64Array(length).fill(Number.POSITIVE_INFINITY)
  const to = new Float64Array(length).fill(Number.NEGATIVE_INFINITY)
  for (const [place, start, until] of rows) {
    from[place - first] = start
    to[place - first] = until
  }
  const latest = to.slice()
  const earliest = from.slice()
  for (let at = 1; at < length; at++) latest[at] = Math.max(latest[at] ?? 0, latest[at - 1] ?? 0)
  for (let at = length - 2; at >= 0; at--) earliest[at] = Math.min(earliest[at] ?? 0, earliest[at + 1] ?? 0)
  return { first, from, to, latest, earliest }
}
