/**
 * One page of the events with certain words, in the order of time, without finding all of them: the index gives events in the order of their
 * numbers, and the spans (spans.ts) say when no earlier or later one can come. After some thousands that were looked at in vain the page ends
 * where it has come to, and the next one goes on from there. Other filters are page.ts.
 */

import { type Connection, eventsPerSpan, tokenizer } from './schema.ts'
import { EventTexts, type SearchedRow, searchedColumns } from './search-pass.ts'
import { readStretches, type Stretch } from './spans.ts'
import { beginningsIn, type WordsWanted } from './words-wanted.ts'

export interface Cursor {
  readonly time: number
  readonly id: number
}

export interface WordPageRequest {
  readonly wanted: WordsWanted
  /** What else must hold, over the table `event`. */
  readonly rest: { readonly sql: string; readonly values: readonly (string | number)[] }
  readonly after: Cursor | null
  readonly newestFirst: boolean
  readonly limit: number
  /** Events up to this one are in the index. */
  readonly searchable: number
}

export interface WordPage {
  readonly ids: readonly number[]
  readonly next: Cursor | null
  /** There are fewer than asked for because so many were looked at. */
  readonly isCut: boolean
  /** How many there are in all, by how close to each other those are that were found; exact where all were. Null but for a first page. */
  readonly count: EstimatedCount | null
}

export interface EstimatedCount {
  readonly events: number
  readonly isExact: boolean
}

export function wordPage(db: Connection, request: WordPageRequest): WordPage {
  const { after, newestFirst, limit, searchable } = request
  const sign = newestFirst ? 1 : -1
  const source = candidates(db, request)
  const walks = readStretches(db).map(stretch => new Walk(stretch, newestFirst, after, searchable))
  /** In the order of the page: a greater key comes first. */
  const greater = (a: Cursor, b: Cursor): number => sign * (b.time - a.time || b.id - a.id)
  const bound = (): Walk | undefined => {
    let first: Walk | undefined
    for (const walk of walks)
      if (walk.bound !== null && (first?.bound == null || greater(walk.bound, first.bound) < 0)) first = walk
    return first
  }
  const start = after ?? bound()?.bound ?? null
  // To begin a query costs more than to go on with it.
  const [only] = walks
  if (only !== undefined && walks.length === 1) only.most = Math.min(mostTogether, limit + 1)
  const found: Cursor[] = []
  let cost = 0
  for (let walk = bound(); walk !== undefined; walk = bound()) {
    const edge = walk.bound
    if (edge === null || start === null) break
    const sure = found.filter(one => greater(one, edge) < 0).length
    if (sure > limit) break
    if (cost >= mostCost && greater(start, edge) < 0) return made(sure, edge)
    const step = source.step(walk)
    cost += step.cost
    found.push(...step.found)
  }
  return made(found.length, null)

  function made(sure: number, edge: Cursor | null): WordPage {
    const among = walks.reduce((sum, { passed }) => sum + passed, 0)
    const ordered = found.sort(greater).slice(0, sure)
    const shown = ordered.slice(0, limit)
    const last = ordered.length > limit ? shown.at(-1) : undefined
    // The first that was not looked at comes right behind it.
    const next = last ?? (edge === null ? null : { time: edge.time, id: edge.id + sign })
    const isWhole = walks.every(walk => walk.bound === null)
    const events = isWhole ? found.length : Math.round((found.length / Math.max(1, among)) * searchable)
    const count = after === null ? { events, isExact: isWhole } : null
    return { ids: shown.map(({ id }) => id), next, isCut: last === undefined && edge !== null, count }
  }
}

/** In events that are looked up; some ten milliseconds. */
const mostCost = 3000
const mostTogether = 256
const costOfQuery = 30
const costOfText = 5

/** A way through a stretch, from one end of the page's order to the other. */
class Walk {
  readonly #stretch: Stretch
  readonly #newestFirst: boolean
  readonly #lowest: number
  readonly #highest: number
  /** The next event to look at. */
  #at: number
  #begin: number
  /** Events that are looked for together. */
  width = 1 << 16
  most = 32

  constructor(stretch: Stretch, newestFirst: boolean, after: Cursor | null, searchable: number) {
    this.#stretch = stretch
    this.#newestFirst = newestFirst
    this.#lowest = Math.max(1, stretch.first * eventsPerSpan)
    this.#highest = Math.min(searchable, (stretch.first + stretch.from.length) * eventsPerSpan - 1)
    this.#at = newestFirst ? this.#highest : this.#lowest
    while (after !== null && this.bound !== null && this.#isBefore(after)) this.#skipSpan()
    this.#begin = this.#at
  }

  /** No event that is still to come stands before it; null: none is to come. */
  get bound(): Cursor | null {
    if (this.#at < this.#lowest || this.#at > this.#highest) return null
    const { latest, earliest } = this.#stretch
    return { time: (this.#newestFirst ? latest : earliest)[this.#span] ?? 0, id: this.#at }
  }

  get passed(): number {
    return Math.abs(this.#at - this.#begin)
  }

  /** The next events by number, at most so many. */
  window(width: number): { readonly low: number; readonly high: number } {
    return this.#newestFirst
      ? { low: Math.max(this.#lowest, this.#at - width + 1), high: this.#at }
      : { low: this.#at, high: Math.min(this.#highest, this.#at + width - 1) }
  }

  /** Everything up to and with this event was looked at. */
  passedTo(id: number): void {
    this.#at = this.#newestFirst ? id - 1 : id + 1
  }

  get #span(): number {
    return Math.floor(this.#at / eventsPerSpan) - this.#stretch.first
  }

  /** Whether all events of the span come before the page begins. */
  #isBefore(after: Cursor): boolean {
    const { from, to } = this.#stretch
    const low = (this.#span + this.#stretch.first) * eventsPerSpan
    if (this.#newestFirst) {
      const time = from[this.#span] ?? 0
      return time > after.time || (time === after.time && low >= after.id)
    }
    const time = to[this.#span] ?? 0
    return time < after.time || (time === after.time && low + eventsPerSpan - 1 <= after.id)
  }

  #skipSpan(): void {
    const low = (this.#span + this.#stretch.first) * eventsPerSpan
    this.#at = this.#newestFirst ? low - 1 : low + eventsPerSpan
  }
}

interface Step {
  readonly found: readonly Cursor[]
  readonly cost: number
}

/** Looks at the next events of a walk. */
interface Candidates {
  step(walk: Walk): Step
}

function candidates(db: Connection, request: WordPageRequest): Candidates {
  const { wanted, rest, after, newestFirst } = request
  const behind = after === null ? '' : ` AND (time, id) ${newestFirst ? '<' : '>'} (?, ?)`
  const values = [...rest.values, ...(after === null ? [] : [after.time, after.id])]
  const look = db.prepare<(string | number)[], Cursor>(
    `SELECT time, id FROM event WHERE id = ? AND tick() AND (${rest.sql})${behind}`,
  )
  const those = (ids: readonly number[]): readonly Cursor[] => ids.flatMap(id => look.get(id, ...values) ?? [])
  const query = beginningsIn(db, wanted)
  return query === null ? inTexts(db, request, those) : inIndex(db, request, query, those)
}

function inIndex(
  db: Connection,
  { newestFirst }: WordPageRequest,
  query: string,
  those: (ids: readonly number[]) => readonly Cursor[],
): Candidates {
  const find = db
    .prepare<[string, number, number, number], number>(
      `SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? AND tick() ORDER BY rowid ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
    )
    .pluck()
  const weight = costOfQuery + query.length / 8
  return {
    step(walk) {
      const { low, high } = walk.window(walk.width)
      const ids = query === '' ? [] : find.all(query, low, high, walk.most)
      const last = ids.at(-1)
      if (last === undefined || ids.length < walk.most) walk.passedTo(newestFirst ? low : high)
      else walk.passedTo(last)
      // Where there is little, more is looked through at once; what two words have not in common cannot be ended within.
      if (ids.length < walk.most) walk.width = Math.min(walk.width * 4, 1 << 20)
      walk.most = Math.min(walk.most * 2, mostTogether)
      return { found: those(ids), cost: weight + ids.length }
    },
  }
}

const textsTogether = 256

/** Beginnings of very many words: events are looked at one by one, with an index of their own, so that words are the same words. */
function inTexts(
  db: Connection,
  { wanted, newestFirst }: WordPageRequest,
  those: (ids: readonly number[]) => readonly Cursor[],
): Candidates {
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.near USING fts5(text, detail=none, columnsize=0, ${tokenizer})`)
  const texts = new EventTexts(db)
  const select = db.prepare<[number, number], SearchedRow>(
    `SELECT ${searchedColumns} FROM event JOIN source ON source.id = event.source WHERE event.id BETWEEN ? AND ? AND tick() ORDER BY event.id`,
  )
  const insert = db.prepare('INSERT INTO temp.near(rowid, text) VALUES (?, ?)')
  const find = db.prepare<[string], number>('SELECT rowid FROM temp.near WHERE near MATCH ? ORDER BY rowid').pluck()
  const matching = (rows: readonly SearchedRow[]): readonly number[] => {
    db.exec('BEGIN')
    try {
      for (const row of rows) insert.run(row.id, texts.of(row))
      return find.all(wanted.query)
    } finally {
      db.exec('ROLLBACK')
    }
  }
  return {
    step(walk) {
      const { low, high } = walk.window(textsTogether)
      const rows = select.all(low, high)
      const ids = matching(rows)
      walk.passedTo(newestFirst ? low : high)
      return { found: those(ids), cost: costOfQuery + rows.length * costOfText + ids.length }
    },
  }
}
