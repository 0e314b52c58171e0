/**
 * Whether a store is sound: every block has its digest, every event lies in a block of its source, the roll-ups say what the events say. And
 * a digest of all that it holds, by which two stores can be held against each other.
 */
import { createHash } from 'node:crypto'
import { restore } from './blocks.ts'
import { microsecondsPerHour, microsecondsPerMinute } from './load.ts'
import type { Connection } from './schema.ts'

export interface StoreCheck {
  readonly events: number
  readonly blocks: number
  /** SHA-256 over sources, events and evidence, hex; equal for stores that came from the same imports, however often these were ended. */
  readonly digest: string
  /** What is wrong, in words; empty where nothing is. */
  readonly faults: readonly string[]
}

export function checkStore(db: Connection): StoreCheck {
  const hash = createHash('sha256')
  const faults: string[] = []
  const sources = rows(
    db,
    'SELECT id, name, format, bytes, read, kept, skipped, broken, duplicate, events FROM source ORDER BY id',
  )
  for (const row of sources) {
    hash.update(`${row.join('\t')}\n`)
    const [id, name, , , read, kept, skipped, broken, duplicate, events] = row
    const sum = Number(kept) + Number(skipped) + Number(broken) + Number(duplicate)
    if (read !== sum) faults.push(`${name}: of ${read} records ${sum} are accounted for`)
    const held = single(db, `SELECT count(*) FROM event WHERE source = ${Number(id)}`)
    if (held !== events) faults.push(`${name}: it has ${held} events, not ${events}`)
  }
  let blocks = 0
  const select = db.prepare<[], BlockRow>('SELECT start, length, source, digest, packed FROM block ORDER BY start')
  for (const { start, length, source, digest, packed } of select.iterate()) {
    blocks++
    hash.update(`${start}\t${length}\t${source}\n`).update(digest)
    if (restore(packed, length, digest) === null) faults.push(`the block at ${start} is not what was imported`)
  }
  const astray = single(
    db,
    `SELECT count(*) FROM event WHERE NOT EXISTS (SELECT 1 FROM block WHERE block.start = (SELECT max(start) FROM block WHERE start <= event.pos)
      AND event.pos + event.length <= block.start + block.length AND block.source = event.source)`,
  )
  if (astray > 0) faults.push(`${astray} events have no evidence`)
  for (const row of db.prepare<[], Row>(eventTexts).raw().iterate()) hash.update(`${row.join('\t')}\n`)
  for (const [table, per] of [
    ['minute', microsecondsPerMinute],
    ['hour', microsecondsPerHour],
  ] as const) {
    const found = rows(db, `SELECT start, outcome, n FROM ${table} ORDER BY start, outcome`)
    const wanted = rows(
      db,
      `SELECT (time - ((time % ${per}) + ${per}) % ${per}) / ${per} AS start, outcome, count(*) FROM event GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      faults.push(`the roll-up by ${table} is not what the events say`)
  }
  return { events: single(db, 'SELECT count(*) FROM event'), blocks, digest: hash.digest('hex'), faults }
}

interface BlockRow {
  readonly start: number
  readonly length: number
  readonly source: number
  readonly digest: Buffer
  readonly packed: Buffer
}

type Row = readonly (number | string | null)[]

const eventTexts = `SELECT event.id, time, outcome, kind, flags, a.text, b.text, c.text, d.text, object, chain, chain_text.text, identity, source, line, part, pos, length
  FROM event LEFT JOIN term a ON a.id = actor LEFT JOIN term b ON b.id = action LEFT JOIN term c ON c.id = rule LEFT JOIN term d ON d.id = policy
  LEFT JOIN chain_text ON chain_text.event = event.id
  ORDER BY event.id`

function rows(db: Connection, statement: string): readonly Row[] {
  return db.prepare<[], Row>(statement).raw().all()
}

function single(db: Connection, statement: string): number {
  return db.prepare<[], number>(statement).pluck().get() ?? 0
}
