/** Whom to trust, from what the user gives: a verifier key, or the text of a trust policy (tlog/trust-policy.ts). */
import { parseVerifierKey, type VerifierKey } from '../../tlog/signed-note.ts'
import { parseTrustPolicy, type TrustPolicy } from '../../tlog/trust-policy.ts'
import { sha256 } from './hashing.ts'

export type Trust =
  | { readonly ok: true; readonly policy: TrustPolicy }
  /** `line` is null for a key. */
  | { readonly ok: false; readonly line: number | null; readonly why: string }

export function readTrust(given: { readonly key: string } | { readonly policy: string }): Trust {
  if ('policy' in given) return parseTrustPolicy(sha256, given.policy)
  const key = readLogKey(given.key)
  if (key !== undefined) return { ok: true, policy: { logs: [key], witnesses: [], quorum: { kind: 'none' } } }
  const why = 'it is no verifier key of a log (NAME+ID+KEY, as "writ key new" prints it)'
  return { ok: false, line: null, why }
}

/** Undefined where the text is no verifier key of a log. */
export function readLogKey(text: string): VerifierKey | undefined {
  const key = parseVerifierKey(sha256, text)
  return key?.kind === 'signature' ? key : undefined
}
