/** One event with everything: its row, its record as it was imported, and whether the evidence is sound. */
import { type Problem, problem } from '@writ/grammar'
import { z } from 'zod'
import type { EvidenceReader } from './evidence.ts'
import type { ListedEvent, ListedEvents } from './page.ts'
import type { Connection } from './schema.ts'

export const detailRequestSchema = z.strictObject({ id: z.int().positive() })
export type DetailRequest = z.infer<typeof detailRequestSchema>

export interface Detail {
  readonly event: ListedEvent
  /** The text of the record; empty where the evidence is damaged. */
  readonly record: string
  /** Which of the events of the record it is, from 0. */
  readonly part: number
  /** SHA-256 of the block the record is in, hex. */
  readonly digest: string
  /** W4106 where the block does not have its digest. */
  readonly damage: Problem | null
}

interface Place {
  readonly part: number
  readonly pos: number
  readonly length: number
}

export function detailOf(
  db: Connection,
  evidence: EvidenceReader,
  events: ListedEvents,
  path: string,
  id: number,
): Detail | undefined {
  const place = db.prepare<[number], Place>('SELECT part, pos, length FROM event WHERE id = ?').get(id)
  const [event] = events.byId([id])
  if (place === undefined || event === undefined) return undefined
  const { bytes, sound } = evidence.read(place.pos, place.length)
  const digest = db
    .prepare<[number], string>('SELECT lower(hex(digest)) FROM block WHERE start <= ? ORDER BY start DESC LIMIT 1')
    .pluck()
    .get(place.pos)
  const damage = sound ? null : problem('W4106', { start: 0, end: 0 }, { event: id, path })
  return { event, record: bytes.toString('utf8'), part: place.part, digest: digest ?? '', damage }
}
