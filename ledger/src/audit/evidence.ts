/**
 * Evidence of one decision as a file of its own: the record, the proof that it is in a log, the text of the policies that decided,
 * and, where disclosed, what the record withholds. Everything but the explanation is held against the signature.
 */
import { z } from 'zod'
import { parseLogProof, verifyLogProof } from '../tlog/log-proof.ts'
import { leafHash, type Sha256 } from '../tlog/merkle.ts'
import type { Signatures } from '../tlog/signed-note.ts'
import type { TrustPolicy } from '../tlog/trust-policy.ts'
import { openingSchema, opens } from './commitment.ts'
import { programDigest } from './program-digest.ts'
import { type AuditRecord, parseEntry, programOfEntry } from './record.ts'

export const evidenceForm = 'writ evidence 1'

const evidenceSchema = z.strictObject({
  form: z.literal(evidenceForm),
  /** The bytes of the entry, as text. */
  record: z.string(),
  /** A C2SP tlog-proof. */
  proof: z.string(),
  /** The bytes that `policy.digest` of the record is the hash of; null: not at hand. */
  program: z.string().nullable(),
  openings: z.array(openingSchema),
  /** What the decision rests on, as `writ explain` says it. Derived from events, not covered by the signature. */
  explanation: z.json(),
})
export type Evidence = z.infer<typeof evidenceSchema>

export type EvidenceVerdict =
  | {
      readonly ok: true
      readonly record: AuditRecord
      readonly entry: number
      readonly origin: string
      readonly size: number
      readonly witnesses: readonly { readonly name: string; readonly time: string }[]
      readonly program: 'fits' | 'not given'
      readonly opened: readonly string[]
      readonly withheld: readonly string[]
    }
  | { readonly ok: false; readonly why: string }

/** Undefined where the text is no evidence. */
export function parseEvidence(text: string): Evidence | undefined {
  try {
    return evidenceSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // no JSON
  }
}

export function verifyEvidence(
  sha256: Sha256,
  signatures: Signatures,
  evidence: Evidence,
  policy: TrustPolicy,
): EvidenceVerdict {
  const proof = parseLogProof(evidence.proof)
  if (proof === undefined) return { ok: false, why: 'its proof is no tlog-proof' }
  const bytes = new TextEncoder().encode(evidence.record)
  const proven = verifyLogProof(sha256, signatures, proof, leafHash(sha256, bytes), policy)
  if (!proven.ok) return { ok: false, why: proven.why }
  const record = parseEntry(bytes)
  if (record === undefined) return { ok: false, why: 'the entry is in the log, but is no record' }
  if (evidence.program !== null && programDigest(sha256, evidence.program) !== programOfEntry(record))
    return { ok: false, why: 'the policy text is not the one that decided' }
  const entry = Number(proof.index)
  for (const opening of evidence.openings) {
    const committed = record.withheld?.[opening.path]
    if (opening.entry !== entry || committed === undefined || !opens(sha256, opening, committed))
      return { ok: false, why: `the value given for ${opening.path} is not the one that was withheld` }
  }
  const opened = evidence.openings.map(opening => opening.path)
  return {
    ok: true,
    record,
    entry,
    origin: proven.checkpoint.origin,
    size: Number(proven.checkpoint.size),
    witnesses: proven.signedBy.flatMap(({ key, time }) =>
      time === null ? [] : [{ name: key.name, time: new Date(Number(time) * 1000).toISOString() }],
    ),
    program: evidence.program === null ? 'not given' : 'fits',
    opened,
    withheld: Object.keys(record.withheld ?? {}).filter(path => !opened.includes(path)),
  }
}
