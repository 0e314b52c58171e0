/** What a store remembers about its own making: how far the later passes have come. */
import type { Connection } from './schema.ts'

/**
 * `indexed`: 1 when the indexes are there. `finished`: events up to this one have been held against the others for duplicates.
 * `searchable`: events up to this one can be searched. `removed`: events that were duplicates.
 */
export type StateName = 'indexed' | 'finished' | 'searchable' | 'removed'

export function readState(db: Connection, name: StateName): number {
  return db.prepare<[string], number>('SELECT value FROM state WHERE name = ?').pluck().get(name) ?? 0
}

export function writeState(db: Connection, name: StateName, value: number): void {
  db.prepare('UPDATE state SET value = ? WHERE name = ?').run(value, name)
}

export function lastEvent(db: Connection): number {
  return db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM event').pluck().get() ?? 0
}
