/**
 * The words that all events of a filter contain: from the parts of a filter that the word index can answer. How a page is made with
 * them is word-page.ts.
 */
import type { Filter } from './filter.ts'
import { shortened, wordsQuery } from './filter-sql.ts'
import { type Connection, tokenizer } from './schema.ts'

export interface WordsWanted {
  /** For FTS5; empty: no event can have them. */
  readonly query: string
  /** Words of which the beginning is given, as in the query. */
  readonly beginnings: readonly string[]
}

/** Null where the filter does not say that all of its events have certain words. */
export function wordsWanted(db: Connection, filter: Filter): WordsWanted | null {
  const parts = filter.kind === 'all' ? filter.of : [filter]
  const queries = parts.flatMap(part => {
    if (part.kind === 'words') return [wordsQuery(db, part.text)]
    if (part.kind !== 'is' || part.field !== 'object') return []
    const each = part.values.map(value => wordsQuery(db, shortened(value)))
    // Objects of signs only are no words.
    return each.includes('') ? [] : [each.map(one => `(${one})`).join(' OR ')]
  })
  if (queries.length === 0) return null
  const query = queries.includes('') ? '' : queries.map(one => `(${one})`).join(' AND ')
  return { query, beginnings: query.match(beginning) ?? [] }
}

/** The query with all words in place of their beginnings; null where they are too many. */
export function beginningsIn(db: Connection, { query, beginnings }: WordsWanted): string | null {
  if (beginnings.length === 0) return query
  db.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'words', 'instance')")
  const next = db.prepare<[string], string>('SELECT term FROM temp.vocabulary WHERE term > ? LIMIT 1').pluck()
  const first = db.prepare<[string], string>('SELECT term FROM temp.vocabulary WHERE term >= ? LIMIT 1').pluck()
  let whole = query
  for (const one of new Set(beginnings)) {
    const start = folded(db, one.slice(1, -2))
    if (start === null) return null
    const terms: string[] = []
    for (let term = first.get(start); term?.startsWith(start); term = next.get(term)) {
      if (terms.length === mostWords) return null
      terms.push(`"${term}"`)
    }
    if (terms.length === 0) return ''
    whole = whole.replaceAll(one, `(${terms.join(' OR ')})`)
  }
  return whole
}

/** With more words than this, asking the index for each takes longer than looking at events. */
const mostWords = 200
const beginning = /"[^"]*"\*/g

/** A word as the index writes it; null where it is none. */
function folded(db: Connection, word: string): string | null {
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.single USING fts5(text, content='', detail=none, columnsize=0, ${tokenizer});
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.singles USING fts5vocab('temp', 'single', 'row'); BEGIN`)
  try {
    db.prepare('INSERT INTO temp.single(rowid, text) VALUES (1, ?)').run(word)
    const terms = db.prepare<[], string>('SELECT term FROM temp.singles').pluck().all()
    return terms.length === 1 ? (terms[0] ?? null) : null
  } finally {
    db.exec('ROLLBACK')
  }
}
