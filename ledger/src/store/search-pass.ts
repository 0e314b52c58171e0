/**
 * Making events searchable, after they are there: the texts and numbers of each event go into a word index, some ten thousand events to
 * a transaction. It goes on where it was ended.
 */
import { importerOf, isImportFormat } from '../envelope/formats.ts'
import { words } from '../envelope/members.ts'
import { type Json, parseJson } from '../raw/json.ts'
import { EvidenceReader } from './evidence.ts'
import type { Connection } from './schema.ts'
import { lastEvent, readState, writeState } from './state.ts'

/** Characters of an event that are searched. */
const mostSearched = 20_000
const eventsPerTransaction = 100_000

export interface SearchedRow {
  readonly id: number
  readonly source: number
  readonly part: number
  readonly pos: number
  readonly length: number
  readonly format: string
  readonly object: string | null
}

export const searchedColumns = 'event.id, event.source, part, pos, length, format, object'

/** False where it was ended before the last event. `step` is called after each transaction with how far it is; false ends it. */
export async function makeSearchable(
  db: Connection,
  step: (done: number, total: number) => Promise<boolean>,
): Promise<boolean> {
  const last = lastEvent(db)
  // Words are gathered in memory before they are written: with little room the index is merged again and again.
  // Merged is what sixteen transactions wrote, once, and not after each of them.
  if (readState(db, 'searchable') < last)
    db.exec("INSERT INTO words(words, rank) VALUES ('hashsize', 67108864), ('automerge', 0)")
  const select = db.prepare<[number, number], SearchedRow>(
    `SELECT ${searchedColumns} FROM event JOIN source ON source.id = event.source
     WHERE event.id > ? ORDER BY event.id LIMIT ?`,
  )
  const insert = db.prepare('INSERT INTO words(rowid, text) VALUES (?, ?)')
  const texts = new EventTexts(db)
  for (let from = readState(db, 'searchable'); from < last; ) {
    const rows = select.all(from, eventsPerTransaction)
    db.transaction(() => {
      for (const row of rows) insert.run(row.id, texts.of(row))
      from = rows.at(-1)?.id ?? last
      writeState(db, 'searchable', from)
    })()
    if (!(await step(from, last))) return false
  }
  return true
}

/** What an event is found by. */
export class EventTexts {
  readonly #evidence: EvidenceReader
  /** The parts of the last record: those of one record follow each other. */
  #record: { readonly pos: number; readonly texts: readonly string[] } = { pos: -1, texts: [] }

  constructor(db: Connection) {
    this.#evidence = new EvidenceReader(db)
  }

  of({ pos, length, part, format, object }: SearchedRow): string {
    if (this.#record.pos !== pos) this.#record = { pos, texts: this.#texts(pos, length, format) }
    // INVARIANT: an event is found by its object, which filters rely on (filter-sql.ts); some importers put it together.
    return `${this.#record.texts[part] ?? ''} ${object ?? ''}`
  }

  #texts(pos: number, length: number, format: string): readonly string[] {
    const { bytes } = this.#evidence.read(pos, length)
    if (format === 'csv') return [bytes.toString('utf8').slice(0, mostSearched)]
    const raw = parsed(bytes)
    if (raw === undefined || !isImportFormat(format)) return []
    // Formats whose records are single events need no envelope to be searched.
    if (format !== 'chat' && format !== 'opentelemetry') return [words(raw, mostSearched)]
    const parts = importerOf(format).parts(raw)
    return typeof parts === 'string' ? [] : parts.map(({ about }) => words(about, mostSearched))
  }
}

function parsed(bytes: Buffer): Json | undefined {
  const read = parseJson(bytes.toString('utf8'))
  return 'value' in read ? read.value : undefined
}
