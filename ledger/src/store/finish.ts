/**
 * What is done once all sources are read: the indexes, and events that were delivered twice. Two events are the same when their source gave
 * them the same identity and their bytes are equal; the later one is taken out of the lists, its evidence stays.
 */
import { problem } from '@writ/grammar'
import { outcomes } from '../envelope/envelope.ts'
import { EvidenceReader } from './evidence.ts'
import { evidenceEnd, microsecondsPerHour, microsecondsPerMinute } from './load.ts'
import { type Connection, indexes, indexName } from './schema.ts'
import { writeSpans } from './spans.ts'
import { lastEvent, readState, writeState } from './state.ts'

/** Takes the indexes away where building them again is less work than keeping them up to date. */
export function prepareForLoad(db: Connection, bytesToCome: number): void {
  const held = evidenceEnd(db)
  if (readState(db, 'indexed') === 0 || bytesToCome * 4 < held) return
  db.transaction(() => {
    writeState(db, 'indexed', 0)
    for (const statement of indexes) db.exec(`DROP INDEX IF EXISTS ${indexName(statement)}`)
  })()
}

/** `step` is called between pieces of work that take long. */
export async function finishLoad(db: Connection, step: () => Promise<void>): Promise<void> {
  if (readState(db, 'indexed') === 0) {
    const present = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'index'").pluck().all())
    for (const statement of indexes) {
      if (!present.has(indexName(statement))) db.exec(statement)
      await step()
    }
    writeState(db, 'indexed', 1)
  }
  const finished = readState(db, 'finished')
  const last = lastEvent(db)
  if (last <= finished) return
  db.transaction(() => {
    removeDuplicates(db, finished)
    db.exec(facetTotals)
    writeSpans(db, finished)
    // Numbers behind the last event are given again.
    writeState(db, 'finished', lastEvent(db))
  })()
  await step()
  db.exec('PRAGMA analysis_limit = 1000; ANALYZE')
}

interface Pair {
  readonly earlier: number
  readonly later: number
  readonly earlierPos: number
  readonly earlierLength: number
  readonly laterPos: number
  readonly laterLength: number
  readonly sourceOfLater: number
  readonly lineOfLater: number
  readonly time: number
  readonly outcome: number
}

function removeDuplicates(db: Connection, finished: number): void {
  const evidence = new EvidenceReader(db)
  const pairs = db
    .prepare<[number], Pair>(
      `SELECT a.id AS earlier, b.id AS later, a.pos AS earlierPos, a.length AS earlierLength, b.pos AS laterPos,
        b.length AS laterLength, b.source AS sourceOfLater, b.line AS lineOfLater, b.time, b.outcome
        FROM event b INDEXED BY event_identity JOIN event a INDEXED BY event_identity
          ON a.identity = b.identity AND a.id < b.id AND a.part = b.part
        WHERE b.identity IS NOT NULL AND b.id > ? ORDER BY b.id, a.id`,
    )
    .iterate(finished)
  const same: Pair[] = []
  const differing = new Map<number, Pair>()
  for (const pair of pairs) {
    if (same.at(-1)?.later === pair.later) continue
    const earlier = evidence.read(pair.earlierPos, pair.earlierLength)
    const later = evidence.read(pair.laterPos, pair.laterLength)
    if (earlier.sound && later.sound && earlier.bytes.equals(later.bytes)) {
      same.push(pair)
      differing.delete(pair.later)
    } else differing.set(pair.later, pair)
  }
  remove(db, same)
  const note = db.prepare('INSERT INTO tally VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1')
  const tell = db.prepare('INSERT INTO finding(source, line, code, message) VALUES (?, ?, ?, ?)')
  for (const [place, pair] of [...differing.values()].entries()) {
    note.run(pair.sourceOfLater, 'W4112')
    if (place >= mostTold) continue
    tell.run(pair.sourceOfLater, pair.lineOfLater, 'W4112', problem('W4112', { start: 0, end: 0 }, {}).message)
  }
}

const mostTold = 100

function remove(db: Connection, pairs: readonly Pair[]): void {
  const event = db.prepare('DELETE FROM event WHERE id = ?')
  const chain = db.prepare('DELETE FROM chain_text WHERE event = ?')
  const source = db.prepare(
    'UPDATE source SET events = events - 1, kept = kept - 1, duplicate = duplicate + 1 WHERE id = ?',
  )
  const rollUps = [
    { per: microsecondsPerMinute, down: db.prepare('UPDATE minute SET n = n - 1 WHERE start = ? AND outcome = ?') },
    { per: microsecondsPerHour, down: db.prepare('UPDATE hour SET n = n - 1 WHERE start = ? AND outcome = ?') },
  ]
  for (const { later, sourceOfLater, time, outcome } of pairs) {
    event.run(later)
    chain.run(later)
    source.run(sourceOfLater)
    for (const { per, down } of rollUps) down.run(Math.floor(time / per), outcome)
  }
  db.exec('DELETE FROM minute WHERE n = 0; DELETE FROM hour WHERE n = 0')
  writeState(db, 'removed', readState(db, 'removed') + pairs.length)
}

/** How often each name occurs, so that nobody has to count all events for a list of names. */
const facetTotals = `
DELETE FROM facet;
${['actor', 'action', 'rule']
  .map(
    name => `INSERT INTO facet SELECT '${name}', ${name}, count(*),
      ${outcomes.map((_, place) => `sum(outcome = ${place})`).join(', ')} FROM event WHERE ${name} IS NOT NULL GROUP BY ${name};`,
  )
  .join('\n')}
`
