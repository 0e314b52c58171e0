/**
 * The tables of a store and opening its file. Times are microseconds since 1970, names are numbers into `term`, evidence is in blocks
 * by its place in one long text of all that was imported; docs/store.md explains the layout.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { type Problem, problem } from '@writ/grammar'
import Database from 'better-sqlite3'
import { outcomes } from '../envelope/envelope.ts'

export type Connection = Database.Database

/** "WRIT" in the header of the file. */
export const applicationId = 0x57524954
/** Raised with every change that an older version cannot read. */
export const storeVersion = 2

/** Names with signs in them (addresses, paths, ARNs) are one word. */
export const tokenizer = `tokenize="unicode61 tokenchars '.:/@_-'"`

/** Of so many events that follow each other by number it is noted between which times they lie. */
export const eventsPerSpan = 1024

export type OpenedStore =
  | { readonly ok: true; readonly db: Connection }
  | { readonly ok: false; readonly problem: Problem }

/** Opens a store to write into; makes it where there is none. Throws the system's errors. */
export function openForWriting(path: string): OpenedStore {
  const isNew = !existsSync(path)
  const refusal = isNew ? null : whyNoStore(path)
  if (refusal !== null) return { ok: false, problem: refusal }
  const db = new Database(path)
  try {
    // INVARIANT: what a transaction wrote is there after the process is killed, all of it or nothing.
    db.pragma('journal_mode = wal')
    db.pragma('synchronous = normal')
    db.pragma('cache_size = -65536')
    // Sorting ten million events for an index would take a gigabyte of memory.
    db.pragma('temp_store = file')
    db.pragma('wal_autocheckpoint = 16000')
    if (Number(db.pragma('user_version', { simple: true })) === 0) create(db)
  } catch (error) {
    db.close()
    throw error
  }
  return { ok: true, db }
}

/** Opens a store to read; `shown`: the path as messages name it. Throws the system's errors. */
export function openForReading(path: string, shown = path): OpenedStore {
  const refusal = existsSync(path)
    ? whyNoStore(path, shown)
    : made('W4101', { path: shown, why: 'there is no such file' })
  if (refusal !== null) return { ok: false, problem: refusal }
  const db = new Database(path, { readonly: true, fileMustExist: true })
  db.pragma('cache_size = -65536')
  db.pragma('temp_store = memory')
  return { ok: true, db }
}

/** The indexes that are built after the load. */
export const indexes: readonly string[] = [
  'CREATE INDEX event_time ON event(time, outcome)',
  // Most is permitted, and what is most is found along the time.
  'CREATE INDEX event_outcome ON event(outcome, time) WHERE outcome >= 2',
  'CREATE INDEX event_actor ON event(actor, time, outcome)',
  'CREATE INDEX event_action ON event(action, time, outcome)',
  'CREATE INDEX event_rule ON event(rule, time, outcome) WHERE rule IS NOT NULL',
  'CREATE INDEX event_chain ON event(chain) WHERE chain IS NOT NULL',
  'CREATE INDEX event_identity ON event(identity) WHERE identity IS NOT NULL',
]

/** `event_time` of the statement that makes it. */
export function indexName(statement: string): string {
  return statement.split(' ')[2] ?? ''
}

/** Null where the file is a store of this version. */
function whyNoStore(path: string, shown = path): Problem | null {
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  const length = readSync(file, header, 0, 100, 0)
  closeSync(file)
  // SQLite makes a file before it writes to it: one that is empty is a store that was never begun.
  if (length === 0) return null
  if (header.toString('latin1', 0, 15) !== 'SQLite format 3')
    return made('W4101', { path: shown, why: 'it is no database' })
  const id = header.readUInt32BE(68)
  const version = header.readUInt32BE(60)
  // Killed before its tables were there.
  if (id === 0 && version === 0 && header.readUInt32BE(28) <= 1) return null
  if (id !== applicationId) return made('W4101', { path: shown, why: 'it is a database of another program' })
  if (version === storeVersion) return null
  const which = version > storeVersion ? 'newer' : 'older'
  const advice =
    version > storeVersion
      ? 'Read it with that version of Writ.'
      : 'Import its sources again into a new store; nothing in it is changed.'
  return made('W4102', { path: shown, which, version, known: storeVersion, advice })
}

function made(code: 'W4101' | 'W4102', words: Readonly<Record<string, string | number>>): Problem {
  return problem(code, { start: 0, end: 0 }, words)
}

function create(db: Connection): void {
  db.transaction(() => {
    db.exec(tables)
    db.pragma(`application_id = ${applicationId}`)
    db.pragma(`user_version = ${storeVersion}`)
  })()
}

const tables = `
CREATE TABLE state(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO state VALUES ('indexed', 0), ('finished', 0), ('searchable', 0), ('removed', 0);
CREATE TABLE term(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE source(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, shape TEXT NOT NULL, member TEXT, mapping TEXT NOT NULL,
  head INTEGER NOT NULL, base INTEGER NOT NULL, bytes INTEGER NOT NULL, line INTEGER NOT NULL, last INTEGER NOT NULL,
  read INTEGER NOT NULL, kept INTEGER NOT NULL, skipped INTEGER NOT NULL, broken INTEGER NOT NULL, duplicate INTEGER NOT NULL,
  events INTEGER NOT NULL, complete INTEGER NOT NULL) STRICT;
CREATE INDEX source_head ON source(head);
CREATE INDEX source_name ON source(name);
CREATE TABLE block(
  start INTEGER PRIMARY KEY, length INTEGER NOT NULL, source INTEGER NOT NULL, at INTEGER NOT NULL,
  digest BLOB NOT NULL, packed BLOB NOT NULL) STRICT;
CREATE INDEX block_source ON block(source, at);
CREATE TABLE event(
  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, outcome INTEGER NOT NULL, kind INTEGER NOT NULL, flags INTEGER NOT NULL,
  actor INTEGER, action INTEGER, rule INTEGER, policy INTEGER, object TEXT, chain INTEGER, identity INTEGER,
  source INTEGER NOT NULL, line INTEGER NOT NULL, part INTEGER NOT NULL, pos INTEGER NOT NULL, length INTEGER NOT NULL) STRICT;
CREATE TABLE chain_text(event INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE minute(start INTEGER NOT NULL, outcome INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(start, outcome)) STRICT, WITHOUT ROWID;
CREATE TABLE hour(start INTEGER NOT NULL, outcome INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(start, outcome)) STRICT, WITHOUT ROWID;
CREATE TABLE span(place INTEGER PRIMARY KEY, start INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
CREATE TABLE tally(source INTEGER NOT NULL, code TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(source, code)) STRICT, WITHOUT ROWID;
CREATE TABLE finding(source INTEGER NOT NULL, line INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL) STRICT;
CREATE TABLE facet(field TEXT NOT NULL, term INTEGER NOT NULL, n INTEGER NOT NULL,
  ${outcomes.map(name => `${name} INTEGER NOT NULL`).join(', ')}, PRIMARY KEY(field, term)) STRICT, WITHOUT ROWID;
CREATE INDEX facet_n ON facet(field, n);
CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, columnsize=0, ${tokenizer});
`
