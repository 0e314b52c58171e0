/** Self-contained proofs that an entry is in a log (C2SP tlog-proof): index, inclusion proof and checkpoint in one text. */
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { hashBytes, type Sha256, verifyInclusion } from './merkle.ts'
import { fromBase64, openNote, type Signatures, type Signer } from './signed-note.ts'
import { quorumMet, type TrustPolicy } from './trust-policy.ts'

export interface LogProof {
  readonly index: bigint
  readonly hashes: readonly Uint8Array[]
  /** The signed note, as the log and its witnesses wrote it. */
  readonly checkpoint: string
  /** Opaque and not covered by any signature. */
  readonly extra: Uint8Array | null
}

export type ProvenEntry =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly signedBy: readonly Signer[] }
  | { readonly ok: false; readonly why: string }

const header = 'c2sp.org/tlog-proof@v1'
const maximumHashes = 64

/** Reads a proof; undefined where the text is none. */
export function parseLogProof(text: string): LogProof | undefined {
  const split = text.indexOf('\n\n')
  if (split < 0) return undefined
  const lines = text.slice(0, split).split('\n')
  if (lines.shift() !== header) return undefined
  const extraText = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined
  const extra = extraText === undefined ? null : fromBase64(extraText)
  const index = /^index (0|[1-9][0-9]{0,19})$/.exec(lines.shift() ?? '')?.[1]
  const hashes = lines.map(fromBase64)
  if (extra === undefined || index === undefined || hashes.length > maximumHashes) return undefined
  const whole = hashes.flatMap(hash => (hash?.length === hashBytes ? [hash] : []))
  if (whole.length !== hashes.length) return undefined
  return { index: BigInt(index), hashes: whole, checkpoint: text.slice(split + 2), extra }
}

export function logProofText(proof: LogProof): string {
  const extra = proof.extra === null ? [] : [`extra ${base64(proof.extra)}`]
  return [header, ...extra, `index ${proof.index}`, ...proof.hashes.map(base64), '', proof.checkpoint].join('\n')
}

/** Checks that the leaf is in a log the policy trusts, under a checkpoint its quorum has seen. */
export function verifyLogProof(
  sha256: Sha256,
  signatures: Signatures,
  proof: LogProof,
  leaf: Uint8Array,
  policy: TrustPolicy,
): ProvenEntry {
  const note = openNote(signatures, proof.checkpoint, [...policy.logs, ...policy.witnesses])
  if (!note.ok) return { ok: false, why: `the checkpoint is refused: ${note.why}` }
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint === undefined) return { ok: false, why: 'the signed note is no checkpoint' }
  const byLog = note.signedBy.some(({ key }) => key.kind === 'signature' && key.name === checkpoint.origin)
  if (!byLog) return { ok: false, why: `no trusted log named ${checkpoint.origin} signed the checkpoint` }
  if (!quorumMet(policy.quorum, note.signedBy))
    return { ok: false, why: 'too few of the trusted witnesses have seen the checkpoint' }
  const inclusion = verifyInclusion(sha256, proof.hashes, {
    index: proof.index,
    size: checkpoint.size,
    leaf,
    root: checkpoint.root,
  })
  return inclusion.valid ? { ok: true, checkpoint, signedBy: note.signedBy } : { ok: false, why: inclusion.why }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
