/** Rows of the list: pages by keyset, names in place of numbers, and the events that belong together. */
import { z } from 'zod'
import { type Kind, kinds, type Outcome, outcomes } from '../envelope/envelope.ts'
import { importerOf, isImportFormat } from '../envelope/formats.ts'
import { parseJson } from '../raw/json.ts'
import type { EvidenceReader } from './evidence.ts'
import { type Filter, filterSchema, noFilter } from './filter.ts'
import { eventsOf, isIndexed, isNarrowed, needsWords, shortened } from './filter-sql.ts'
import { isPartial, saysItsChain, timeIsInferred } from './load.ts'
import type { Connection } from './schema.ts'
import { lastEvent, readState } from './state.ts'
import { type EstimatedCount, wordPage } from './word-page.ts'
import { wordsWanted } from './words-wanted.ts'

export interface ListedEvent {
  readonly id: number
  /** Microseconds since 1970. */
  readonly time: number
  /** The record had none; it is that of the record before. */
  readonly timeInferred: boolean
  readonly kind: Kind
  readonly outcome: Outcome
  readonly actor: string | null
  readonly action: string | null
  readonly object: string | null
  readonly rule: string | null
  readonly policy: string | null
  /** Something of what was decided on is not in the record. */
  readonly partial: boolean
  readonly source: string
  readonly format: string
  readonly line: number
}

export const pageRequestSchema = z.strictObject({
  filter: filterSchema,
  /** The last event of the page before; null: from the beginning. */
  after: z.strictObject({ time: z.int(), id: z.int().nonnegative() }).nullable(),
  newestFirst: z.boolean(),
  limit: z.int().min(1).max(1000),
})
export type PageRequest = z.infer<typeof pageRequestSchema>

export const chainRequestSchema = z.strictObject({ id: z.int().positive(), most: z.int().min(1).max(1000) })
export type ChainRequest = z.infer<typeof chainRequestSchema>

export interface Page {
  readonly events: readonly ListedEvent[]
  /** For the next page; null: there is none. */
  readonly next: { readonly time: number; readonly id: number } | null
  /** There are fewer events than asked for only because very many were looked at: `next` goes on. */
  readonly isCut: boolean
  /** How many events were searched for words, and of how many, by number: others are not in the page. Null: it is about no words. */
  readonly searched: { readonly to: number; readonly of: number } | null
  /** How many there are in all, for the first page of words that all of them contain; null elsewhere: a selection or a histogram counts. */
  readonly count: EstimatedCount | null
}

interface Row {
  readonly id: number
  readonly time: number
  readonly outcome: number
  readonly kind: number
  readonly flags: number
  readonly actor: number | null
  readonly action: number | null
  readonly rule: number | null
  readonly policy: number | null
  readonly object: string | null
  readonly chain: number | null
  readonly source: number
  readonly line: number
  readonly part: number
  readonly pos: number
  readonly length: number
}

const columns =
  'event.id, time, outcome, kind, flags, actor, action, rule, policy, object, chain, source, line, part, pos, length'
const mostTerms = 100_000

export class ListedEvents {
  readonly #db: Connection
  readonly #terms = new Map<number, string>()
  readonly #sources = new Map<number, { readonly name: string; readonly format: string; readonly mapping: string }>()

  constructor(db: Connection) {
    this.#db = db
  }

  page(request: PageRequest): Page {
    const { filter, after, newestFirst, limit } = request
    const searched = needsWords(filter) ? searchedPart(this.#db) : null
    const wanted = wordsWanted(this.#db, filter)
    const hasFew = this.#hasFew(filter)
    if (searched !== null && wanted !== null && !hasFew) {
      const rest = eventsOf(this.#db, withoutWords(filter), true)
      const page = wordPage(this.#db, { ...request, wanted, rest, searchable: searched.to })
      return { events: this.byId(page.ids), next: page.next, isCut: page.isCut, searched, count: page.count }
    }
    const order = newestFirst ? 'DESC' : 'ASC'
    const parts = alternatives(filter).map(one => {
      const { sql, values } = eventsOf(this.#db, one, hasFew)
      const behind = after === null ? '' : ` AND (time, id) ${newestFirst ? '<' : '>'} (?, ?)`
      const cursor = after === null ? [] : [after.time, after.id]
      return this.#db
        .prepare<(string | number)[], Row>(
          `SELECT ${columns} FROM event WHERE (${sql}) AND tick()${behind} ORDER BY time ${order}, id ${order} LIMIT ${limit + 1}`,
        )
        .all(...values, ...cursor)
    })
    const sign = newestFirst ? -1 : 1
    const rows =
      parts.length === 1 ? (parts[0] ?? []) : parts.flat().sort((a, b) => sign * (a.time - b.time || a.id - b.id))
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return {
      events: shown.map(row => this.#listed(row)),
      next: last === undefined ? null : { time: last.time, id: last.id },
      isCut: false,
      searched,
      count: null,
    }
  }

  /** In the order of the numbers; such as are not there are left out. */
  byId(ids: readonly number[]): readonly ListedEvent[] {
    const select = this.#db.prepare<[number], Row>(`SELECT ${columns} FROM event WHERE id = ?`)
    return ids.flatMap(id => {
      const row = select.get(id)
      return row === undefined ? [] : [this.#listed(row)]
    })
  }

  chain(evidence: EvidenceReader, id: number, most: number): readonly ListedEvent[] {
    const one = this.#db.prepare<[number], Row>(`SELECT ${columns} FROM event WHERE id = ?`).get(id)
    if (one === undefined) return []
    if (one.chain === null) {
      const rows = this.#db
        .prepare<[number, number, number, number], Row>(
          `SELECT ${columns} FROM event WHERE id BETWEEN ? AND ? AND pos = ? ORDER BY id LIMIT ?`,
        )
        .all(one.id - one.part, one.id + mostPartsBehind, one.pos, most)
      return rows.map(row => this.#listed(row))
    }
    const wanted = this.#chainOf(evidence, one)
    const found: ListedEvent[] = []
    const rows = this.#db
      .prepare<[number], Row>(`SELECT ${columns} FROM event WHERE chain = ? AND tick() ORDER BY time, id`)
      .iterate(one.chain)
    for (const row of rows) {
      // Different ids may have the same number.
      if (row.id !== id && this.#chainOf(evidence, row) !== wanted) continue
      found.push(this.#listed(row))
      if (found.length === most) break
    }
    return found
  }

  /** The correlation id of an event, of which the row has a number only. */
  #chainOf(evidence: EvidenceReader, row: Row): string | null {
    const { format, mapping } = this.#source(row.source)
    if (!isImportFormat(format)) return null
    if (!saysItsChain(format, mapping))
      return (
        this.#db.prepare<[number], string>('SELECT text FROM chain_text WHERE event = ?').pluck().get(row.id) ?? null
      )
    const { bytes } = evidence.read(row.pos, row.length)
    const raw = parseJson(bytes.toString('utf8'))
    if (!('value' in raw)) return null
    const parts = importerOf(format).parts(raw.value)
    return typeof parts === 'string' ? null : (parts[row.part]?.envelope.chain ?? null)
  }

  /** Whether all of its events have one name of a few events, so that these are better looked at one by one than words are looked for. */
  #hasFew(filter: Filter): boolean {
    if (filter.kind === 'all') return filter.of.some(one => this.#hasFew(one))
    if (filter.kind !== 'is' || !isIndexed(filter.field) || readState(this.#db, 'finished') < lastEvent(this.#db))
      return false
    const count = this.#db
      .prepare<[string, string], number>(
        'SELECT n FROM facet JOIN term ON term.id = facet.term WHERE field = ? AND text = ?',
      )
      .pluck()
    return filter.values.reduce((sum, value) => sum + (count.get(filter.field, shortened(value)) ?? 0), 0) <= few
  }

  #listed(row: Row): ListedEvent {
    const { name, format } = this.#source(row.source)
    return {
      id: row.id,
      time: row.time,
      timeInferred: (row.flags & timeIsInferred) !== 0,
      kind: kinds[row.kind] ?? 'action',
      outcome: outcomes[row.outcome] ?? 'none',
      actor: this.#term(row.actor),
      action: this.#term(row.action),
      object: row.object,
      rule: this.#term(row.rule),
      policy: this.#term(row.policy),
      partial: (row.flags & isPartial) !== 0,
      source: name,
      format,
      line: row.line,
    }
  }

  #term(id: number | null): string | null {
    if (id === null) return null
    const held = this.#terms.get(id)
    if (held !== undefined) return held
    const text = this.#db.prepare<[number], string>('SELECT text FROM term WHERE id = ?').pluck().get(id) ?? ''
    if (this.#terms.size >= mostTerms) this.#terms.clear()
    this.#terms.set(id, text)
    return text
  }

  #source(id: number): { readonly name: string; readonly format: string; readonly mapping: string } {
    const held = this.#sources.get(id)
    if (held !== undefined) return held
    const found = this.#db
      .prepare<[number], { readonly name: string; readonly format: string; readonly mapping: string }>(
        'SELECT name, format, mapping FROM source WHERE id = ?',
      )
      .get(id) ?? { name: '', format: '', mapping: '' }
    this.#sources.set(id, found)
    return found
  }
}

const few = 1000

/** What a filter says besides words, which the index has answered then. */
function withoutWords(filter: Filter): Filter {
  if (filter.kind === 'words') return noFilter
  return filter.kind === 'all' ? { kind: 'all', of: filter.of.filter(({ kind }) => kind !== 'words') } : filter
}

function searchedPart(db: Connection): { readonly to: number; readonly of: number } {
  return { to: readState(db, 'searchable'), of: lastEvent(db) }
}

const mostPartsBehind = 200_000
const mostAlternatives = 12

/**
 * A filter as several that no event fits two of, each of one name at most: along an index, SQLite can give each of them in the order of
 * time, and of all of them together it could not.
 */
function alternatives(filter: Filter): readonly Filter[] {
  if (filter.kind === 'outcome' || (filter.kind === 'is' && isIndexed(filter.field))) return split(filter)
  if (filter.kind !== 'all') return [filter]
  const narrowed = isNarrowed(filter)
  const place = filter.of.findIndex(
    one =>
      ((one.kind === 'outcome' && !narrowed) || (one.kind === 'is' && isIndexed(one.field))) && split(one).length > 1,
  )
  const found = filter.of[place]
  if (found === undefined) return [filter]
  return split(found).map(one => ({ kind: 'all', of: filter.of.with(place, one) }))
}

function split(filter: Filter): readonly Filter[] {
  if (filter.kind === 'is') {
    const values = [...new Set(filter.values)]
    return values.length > mostAlternatives ? [filter] : values.map(value => ({ ...filter, values: [value] }))
  }
  if (filter.kind === 'outcome') {
    const values = [...new Set(filter.values)]
    return values.every(value => outcomes.indexOf(value) >= 2)
      ? values.map(value => ({ ...filter, values: [value] }))
      : [filter]
  }
  return [filter]
}
