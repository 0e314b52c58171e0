/**
 * Filters as conditions of SQLite over the table `event`. Names become numbers of `term` first, so that a name that never occurs costs nothing;
 * only numbers and bound values reach the statement, never text of the user.
 */
import { kinds, outcomes } from '../envelope/envelope.ts'
import { microseconds } from '../envelope/times.ts'
import type { Filter, NamedField } from './filter.ts'
import { mostNameLength } from './load.ts'
import type { Connection } from './schema.ts'
import { readState } from './state.ts'

export interface Condition {
  readonly sql: string
  readonly values: readonly (string | number)[]
}

/** The events of a filter: those that are not searched yet are none of a filter that needs the index of words. */
export function eventsOf(db: Connection, filter: Filter, inOrder = false): Condition {
  const { sql, values } = conditionOf(db, filter, inOrder)
  return needsWords(filter) ? { sql: `(${sql}) AND id <= ${readState(db, 'searchable')}`, values } : { sql, values }
}

/**
 * A condition that is true or false of every event, never null. `inOrder`: only the first events in the order of time are wanted, so that
 * events with common words are better met on the way than all found and sorted.
 */
function conditionOf(db: Connection, filter: Filter, inOrder = false): Condition {
  switch (filter.kind) {
    case 'all':
      return combined(db, filter.of, ' AND ', '1', inOrder)
    case 'any':
      return combined(db, filter.of, ' OR ', '0', inOrder)
    case 'not': {
      const { sql, values } = conditionOf(db, filter.of, inOrder)
      return { sql: `NOT (${sql})`, values }
    }
    case 'is':
      return isOneOf(db, filter.field, filter.values, inOrder)
    case 'starts':
      return startsWith(filter.field, filter.text)
    case 'outcome':
      return outcomeIs(codesOf(filter.values))
    case 'about':
      return { sql: `kind IN (${filter.values.map(value => kinds.indexOf(value)).join(',')})`, values: [] }
    case 'time':
      return between(filter.from, filter.before)
    case 'words':
      return contains(db, filter.text, inOrder)
  }
}

/** The query of FTS5 for words of a user: each quoted, so that nothing of it is an operator. Empty: it has no words. */
export function wordsQuery(db: Connection, text: string): string {
  const query = quotedWords(text, signs)
  // The tokenizer knows the letters of an older Unicode: what it would cut in two is asked for without such letters.
  return isOneTokenEach(db, query) ? query : quotedWords(text, oldSigns)
}

const signs = /[\p{L}\p{N}\p{Co}\p{M}.:/@_-]+/gu
const oldSigns =
  /[\w.:/@\u00c0-\u024f\u0386-\u0481\u05d0-\u05ea\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3-]+/gu

function isOneTokenEach(db: Connection, query: string): boolean {
  if (query === '') return true
  try {
    db.prepare('SELECT rowid FROM words WHERE words MATCH ? LIMIT 1').get(query)
    return true
  } catch {
    // An index without positions refuses phrases, which is what a word of several tokens is.
    return false
  }
}

/** The index holds no positions, so each token is asked for by itself. */
function quotedWords(text: string, alphabet: RegExp): string {
  return text
    .split(/\s+/)
    .flatMap(word => {
      const isPrefix = word.length > 1 && word.endsWith('*')
      return ((isPrefix ? word.slice(0, -1) : word).match(alphabet) ?? []).map((token, place, all) =>
        isPrefix && place === all.length - 1 ? `"${token}"*` : `"${token}"`,
      )
    })
    .join(' AND ')
}

/** Whether the filter is answered by the index of words, so that it knows of those events only that are in it. */
export function needsWords(filter: Filter): boolean {
  if (filter.kind === 'all' || filter.kind === 'any') return filter.of.some(needsWords)
  if (filter.kind === 'not') return needsWords(filter.of)
  return filter.kind === 'words' || (filter.kind === 'is' && filter.field === 'object')
}

/** Fields with an index of names: of one name there are few events. */
export function isIndexed(field: NamedField): boolean {
  return field === 'actor' || field === 'action' || field === 'rule'
}

/** Whether all of the filter's events have a name of a few, so that a decision is better looked at than looked up. */
export function isNarrowed(filter: Filter): boolean {
  if (filter.kind === 'all') return filter.of.some(isNarrowed)
  return filter.kind === 'is' && isIndexed(filter.field)
}

function combined(db: Connection, filters: readonly Filter[], word: string, none: string, inOrder: boolean): Condition {
  if (filters.length === 0) return { sql: none, values: [] }
  const narrowed = word === ' AND ' && filters.some(isNarrowed)
  const parts = filters.map(one =>
    // The sign keeps SQLite from the index of decisions, which it takes for as good as that of names.
    narrowed && one.kind === 'outcome'
      ? { sql: `+outcome IN (${codesOf(one.values).join(',')})`, values: [] }
      : conditionOf(db, one, inOrder),
  )
  return { sql: parts.map(({ sql }) => `(${sql})`).join(word), values: parts.flatMap(({ values }) => values) }
}

function isOneOf(db: Connection, field: NamedField, names: readonly string[], inOrder: boolean): Condition {
  if (field === 'source' || field === 'format') {
    const column = field === 'source' ? 'name' : 'format'
    const ids = db
      .prepare<string[], number>(`SELECT id FROM source WHERE ${column} IN (${names.map(() => '?').join(',')})`)
      .pluck()
      .all(...names)
    return ids.length === 0 ? never : { sql: `source IN (${ids.join(',')})`, values: [] }
  }
  if (field === 'object') {
    const values = names.map(shortened)
    const exact = `object IN (${values.map(() => '?').join(',')})`
    // Objects have no index of their own; the words of an event contain its object (search-pass.ts).
    const words = values.map(value => wordsQuery(db, value))
    const known = words.every(query => query !== '') && !inOrder
    const found = known ? ` AND id IN (SELECT rowid FROM words WHERE words MATCH ? AND tick())` : ''
    const query = words.map(one => `(${one})`).join(' OR ')
    return { sql: `object IS NOT NULL AND ${exact}${found}`, values: known ? [...values, query] : values }
  }
  const find = db.prepare<[string], number>('SELECT id FROM term WHERE text = ?').pluck()
  const ids = names.flatMap(name => find.get(shortened(name)) ?? [])
  return ids.length === 0 ? never : { sql: `${field} IS NOT NULL AND ${field} IN (${ids.join(',')})`, values: [] }
}

const never: Condition = { sql: '0', values: [] }

function startsWith(field: NamedField, text: string): Condition {
  // GLOB compares by code point, and everything but the last star stands for itself.
  const values = [`${text.slice(0, mostNameLength).replace(/[*?[]/g, sign => `[${sign}]`)}*`]
  if (field === 'object') return { sql: 'object IS NOT NULL AND object GLOB ?', values }
  return { sql: `${field} IS NOT NULL AND ${field} IN (SELECT id FROM term WHERE text GLOB ?)`, values }
}

function codesOf(names: readonly (typeof outcomes)[number][]): readonly number[] {
  return names.map(name => outcomes.indexOf(name))
}

function outcomeIs(codes: readonly number[]): Condition {
  const sql = `outcome IN (${codes.join(',')})`
  // The words of the partial index, so that it is used.
  return { sql: codes.every(code => code >= 2) ? `${sql} AND outcome >= 2` : sql, values: [] }
}

function between(from: string | null, before: string | null): Condition {
  const start = from === null ? null : microseconds(from)
  const end = before === null ? null : microseconds(before)
  const parts = [start === null ? [] : ['time >= ?'], end === null ? [] : ['time < ?']].flat()
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), values: [start ?? [], end ?? []].flat() }
}

function contains(db: Connection, text: string, inOrder: boolean): Condition {
  const query = wordsQuery(db, text)
  if (query === '') return never
  // On the way through events in order each is asked for by itself: not all that contain the words have to be found.
  if (inOrder) return { sql: 'EXISTS (SELECT 1 FROM words WHERE words MATCH ? AND rowid = event.id)', values: [query] }
  return { sql: 'id IN (SELECT rowid FROM words WHERE words MATCH ? AND tick())', values: [query] }
}

/** A name as it stands in the list. */
export function shortened(text: string): string {
  return text.length <= mostNameLength ? text : `${text.slice(0, mostNameLength)}…`
}
