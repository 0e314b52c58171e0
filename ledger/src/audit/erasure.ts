/**
 * What was erased from a log, when, and under which rule: a note signed by the log's key, kept beside it. A note names rules, not values:
 * whoever has the records can tell for each entry whether its openings are to be gone. Notes form a chain, so that none is lost unseen.
 */
import { z } from 'zod'
import { canonicalJson } from './canonical-json.ts'
import { timeOfText } from './json-value.ts'
import { type AuditRecord, programOfEntry } from './record.ts'

export const erasureForm = 'writ erasure 1'

const ruleSchema = z.strictObject({
  /** Openings of entries about events of this contract before this time (ISO 8601) are destroyed. */
  contract: z.string(),
  before: z.string(),
  /** As the contract says it, in milliseconds. */
  retentionMilliseconds: z.number(),
  /** The programs, by digest, that say so. */
  programs: z.array(z.string()),
  /** How many entries had openings to destroy, the first and the last of them, and how many openings. */
  entries: z.int().nonnegative(),
  first: z.int().nonnegative(),
  last: z.int().nonnegative(),
  openings: z.int().nonnegative(),
})
export type ErasureRule = z.infer<typeof ruleSchema>

export const erasureSchema = z.strictObject({
  form: z.literal(erasureForm),
  /** Name of the log. */
  log: z.string(),
  /** The time that retention was counted from, and the clock of the machine when it was done. */
  at: z.string(),
  erasedAt: z.string(),
  /** Entries the log had: later ones are not concerned. */
  size: z.int().nonnegative(),
  /** Hex SHA-256 of the note before, null for the first. */
  previous: z.string().nullable(),
  rules: z.array(ruleSchema),
})
export type Erasure = z.infer<typeof erasureSchema>

/** The text that is signed. */
export function erasureText(erasure: Erasure): string {
  return `${canonicalJson(erasure)}\n`
}

/** Undefined where the text of a note is no erasure. */
export function parseErasure(text: string): Erasure | undefined {
  try {
    return erasureSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // no JSON
  }
}

/** Whether the openings of the entry are to be gone. */
export function isErased(
  { size, rules }: Pick<Erasure, 'size' | 'rules'>,
  entry: number,
  record: AuditRecord,
): boolean {
  if (entry >= size) return false
  const time = timeOfText(record.event.time)
  return rules.some(
    ({ contract, before, programs }) =>
      contract === record.event.contract &&
      time !== undefined &&
      time < Date.parse(before) &&
      programs.includes(programOfEntry(record)),
  )
}
