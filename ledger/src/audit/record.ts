/**
 * What an entry of an audit log says, as canonical JSON (canonical-json.ts): one decision of one policy about one event, a change of
 * something that lives on after events, or what an Approval did. Its bytes are hashed as they are stored; nothing re-serialises
 * them. docs/audit-log.md describes each member for readers.
 */
import { approvalEffects, transitionKinds } from '@writ/engine'
import { z } from 'zod'

export const recordForm = 'writ decision 1'
export const transitionForm = 'writ transition 1'
export const approvalForm = 'writ approval 1'

const names = z.array(z.string())
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const json = z.json()
/** Parts that did not fit into 65,535 bytes: their size and hash. */
const cut = z.record(z.string(), z.strictObject({ bytes: z.int(), sha256: hash })).optional()
/** By path, the commitments to what is withheld. */
const withheld = z.record(z.string(), z.string()).optional()
const eventReference = z.strictObject({
  contract: z.string(),
  /** SHA-256 of the record's bytes; null where it is withheld. */
  digest: hash.nullable(),
  /** Its place in the stream, from 0. */
  index: z.int().nonnegative(),
  stream: z.string(),
  /** ISO 8601, or milliseconds since 1970 as text where dates end. */
  time: z.string(),
  version: z.string(),
})
const policyReference = z.strictObject({ digest: hash, name: z.string(), version: z.string() })

export const recordSchema = z.strictObject({
  /** Where rollouts have a say in that: whether the decision counts in what holds for the event. */
  counts: z.boolean().optional(),
  cut,
  /** ISO 8601; when the decision was made, by the clock of the machine. */
  decidedAt: z.string(),
  /** Null: the default of the policy. */
  decidedBy: z.string().nullable(),
  decision: z.enum(['permit', 'warn', 'hold', 'deny']),
  event: eventReference,
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
  policy: policyReference,
  reason: z.string().nullable(),
  /** Identity of the run: program, meaning of the language, mode. */
  run: hash,
  /** Of the rollout of the policy, where it has one: `shadow`, `canary 10%`, `in force`, … */
  stage: z.string().optional(),
  /** Inputs that broke their contract, and rules whose condition was unknown. */
  unknown: z.strictObject({ inputs: names.optional(), rules: names.optional() }).optional(),
  /** Rules that would have matched but for an exception. */
  waived: z.array(z.strictObject({ exception: z.string(), grantedBy: z.string(), rule: z.string() })).optional(),
  withheld,
})

export type DecisionRecord = z.infer<typeof recordSchema>

/** A change of an instance: of an expectation, or of a request for approval. */
export const transitionSchema = z.strictObject({
  /** When it happened: at its deadline, or with the event that did it. ISO 8601, as all times. */
  at: z.string(),
  /** The event that did it; null: its deadline passed. */
  by: eventReference.nullable(),
  cut,
  /** The deadline that begins with it; null: none. */
  due: z.string().nullable(),
  /** The event that the instance began with. */
  event: eventReference,
  form: z.literal(transitionForm),
  /** Its number over the whole run, from 0. */
  instance: z.int().nonnegative(),
  keys: z.record(z.string(), json),
  kind: z.enum(transitionKinds),
  mode: z.literal('shadow').optional(),
  /** The time of the event or tick that showed it. */
  noticedAt: z.string(),
  /** What follows: decision, text and effects; null where it is withheld. */
  outcome: json.optional(),
  policy: policyReference,
  /** When it was written, by the clock of the machine. */
  recordedAt: z.string(),
  /** Of a request for approval: the digest that approvals bind to, and the stage it stands at or ended in. */
  request: z
    .strictObject({ digest: hash.nullable(), quorum: z.int(), role: z.string(), stage: z.int().positive() })
    .optional(),
  rule: z.string(),
  run: hash,
  withheld,
})
export type TransitionRecord = z.infer<typeof transitionSchema>

/** What an Approval did. */
export const approvalSchema = z.strictObject({
  at: z.string(),
  by: z.string().nullable(),
  cut,
  /** The digest that it names; null: none, or withheld. */
  digest: z.string().nullable(),
  effect: z.enum(approvalEffects),
  /** The Approval. */
  event: eventReference,
  form: z.literal(approvalForm),
  /** What it calls the request. */
  name: z.string().nullable(),
  program: hash,
  recordedAt: z.string(),
  /** The request it was held against, with its digest while that is pending; null: there is none. */
  request: z
    .strictObject({
      digest: hash.nullable(),
      instance: z.int().nonnegative(),
      policy: z.string(),
      rule: z.string(),
      stage: z.int().positive(),
    })
    .nullable(),
  role: z.string().nullable(),
  run: hash,
  verdict: z.string().nullable(),
  withheld,
})
export type ApprovalRecord = z.infer<typeof approvalSchema>

/** Any entry. */
export type AuditRecord = DecisionRecord | TransitionRecord | ApprovalRecord

const entrySchema = z.discriminatedUnion('form', [recordSchema, transitionSchema, approvalSchema])

/** Reads an entry; undefined where its bytes are no record. */
export function parseEntry(bytes: Uint8Array): AuditRecord | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data
  } catch {
    return undefined // no UTF-8, or no JSON
  }
}

/** Reads an entry; undefined where its bytes are no record of a decision. */
export function parseRecord(bytes: Uint8Array): DecisionRecord | undefined {
  const entry = parseEntry(bytes)
  return entry?.form === recordForm ? entry : undefined
}

/** The digest of the program that an entry is about. */
export function programOfEntry(entry: AuditRecord): string {
  return entry.form === approvalForm ? entry.program : entry.policy.digest
}
