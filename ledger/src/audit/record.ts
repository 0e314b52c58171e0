/**
 * What an entry of an audit log says: one decision of one policy about one event, as canonical JSON (canonical-json.ts). Its
 * bytes are hashed as they are stored; nothing re-serialises them. docs/audit-log.md describes each member for readers.
 */
import { z } from 'zod'

export const recordForm = 'writ decision 1'

const names = z.array(z.string())
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const json = z.json()

export const recordSchema = z.strictObject({
  /** Parts that did not fit into 65,535 bytes: their size and hash. */
  cut: z.record(z.string(), z.strictObject({ bytes: z.int(), sha256: hash })).optional(),
  /** ISO 8601; when the decision was made, by the clock of the machine. */
  decidedAt: z.string(),
  /** Null: the default of the policy. */
  decidedBy: z.string().nullable(),
  decision: z.enum(['permit', 'warn', 'hold', 'deny']),
  event: z.strictObject({
    contract: z.string(),
    /** SHA-256 of the record's bytes; null where it is withheld. */
    digest: hash.nullable(),
    /** Its place in the stream, from 0. */
    index: z.int().nonnegative(),
    stream: z.string(),
    /** ISO 8601, or milliseconds since 1970 as text where dates end. */
    time: z.string(),
    version: z.string(),
  }),
  form: z.literal(recordForm),
  /** By path, what the policy may have read; null: absent, unknown, withheld or cut. */
  inputs: z.record(z.string(), json),
  /** The fields by which the event is found: correlation ids. */
  keys: z.record(z.string(), json),
  /** Rules that matched because they lasted from an earlier event. */
  lasting: names.optional(),
  /** The layer of the policy. */
  layer: z.string().optional(),
  matched: names,
  /** A policy in shadow mode decides nothing: what it would have decided. */
  mode: z.literal('shadow').optional(),
  obligations: z.array(json).optional(),
  policy: z.strictObject({ digest: hash, name: z.string(), version: z.string() }),
  reason: z.string().nullable(),
  /** Identity of the run: program, meaning of the language, mode. */
  run: hash,
  /** Inputs that broke their contract, and rules whose condition was unknown. */
  unknown: z.strictObject({ inputs: names.optional(), rules: names.optional() }).optional(),
  /** Rules that would have matched but for an exception. */
  waived: z.array(z.strictObject({ exception: z.string(), grantedBy: z.string(), rule: z.string() })).optional(),
  /** By path, the commitments to what is withheld. */
  withheld: z.record(z.string(), z.string()).optional(),
})

export type DecisionRecord = z.infer<typeof recordSchema>

/** Reads an entry; undefined where its bytes are no record of a decision. */
export function parseRecord(bytes: Uint8Array): DecisionRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data
  } catch {
    return undefined // no UTF-8, or no JSON
  }
}
