/** Verifies a single file: an evidence file, or a tlog-proof whose entry stands in its `extra` or is given beside it. */
import { type EvidenceVerdict, parseEvidence, verifyEvidence } from '../../audit/evidence.ts'
import { parseLogProof, verifyLogProof } from '../../tlog/log-proof.ts'
import { leafHash } from '../../tlog/merkle.ts'
import type { TrustPolicy } from '../../tlog/trust-policy.ts'
import { sha256, signatures } from './hashing.ts'

export type ProofVerdict =
  | { readonly kind: 'evidence'; readonly verdict: EvidenceVerdict; readonly explained: boolean }
  | {
      readonly kind: 'proof'
      readonly verdict:
        | {
            readonly ok: true
            readonly entry: number
            readonly origin: string
            readonly size: number
            readonly text: string
          }
        | { readonly ok: false; readonly why: string }
    }
  /** Neither the one nor the other. */
  | { readonly kind: 'unknown' }

/** `record`: the bytes of the entry, for a proof that does not hold them. */
export function verifyProofFile(text: string, policy: TrustPolicy, record: Uint8Array | null): ProofVerdict {
  if (text.startsWith('c2sp.org/tlog-proof@')) return { kind: 'proof', verdict: verifyProof(text, policy, record) }
  const evidence = parseEvidence(text)
  if (evidence === undefined) return { kind: 'unknown' }
  const verdict = verifyEvidence(sha256, signatures, evidence, policy)
  return { kind: 'evidence', verdict, explained: evidence.explanation !== null }
}

function verifyProof(
  text: string,
  policy: TrustPolicy,
  record: Uint8Array | null,
): Extract<ProofVerdict, { kind: 'proof' }>['verdict'] {
  const proof = parseLogProof(text)
  if (proof === undefined) return { ok: false, why: 'it is not of the form of a tlog-proof' }
  const entry = record ?? proof.extra
  if (entry === null) return { ok: false, why: 'it does not hold the entry; name its file with --record' }
  const proven = verifyLogProof(sha256, signatures, proof, leafHash(sha256, entry), policy)
  if (!proven.ok) return proven
  return {
    ok: true,
    entry: Number(proof.index),
    origin: proven.checkpoint.origin,
    size: Number(proven.checkpoint.size),
    text: Buffer.from(entry).toString('utf8'),
  }
}
