/**
 * Whom an auditor trusts (C2SP tlog-policy): logs, witnesses, groups of witnesses with thresholds, and the quorum that a
 * checkpoint needs. One line each; the problems of a policy name their line.
 */
import type { Sha256 } from './merkle.ts'
import { parseVerifierKey, type Signer, type VerifierKey } from './signed-note.ts'

export interface TrustPolicy {
  readonly logs: readonly VerifierKey[]
  readonly witnesses: readonly VerifierKey[]
  readonly quorum: Quorum
}
/** `none` needs nobody; a group needs `threshold` of its members. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly name: string; readonly key: VerifierKey }
  | { readonly kind: 'group'; readonly name: string; readonly threshold: number; readonly members: readonly Quorum[] }

export type ReadPolicy =
  | { readonly ok: true; readonly policy: TrustPolicy }
  | { readonly ok: false; readonly line: number; readonly why: string }

/** Reads a policy. Lines count from 1; a missing quorum is reported at the line after the last. */
export function parseTrustPolicy(sha256: Sha256, text: string): ReadPolicy {
  const logs: VerifierKey[] = []
  const named = new Map<string, Quorum>()
  const keys: VerifierKey[] = []
  let quorum: Quorum | undefined
  const lines = text.split('\n')
  for (const [number, raw] of lines.entries()) {
    const refuse = (why: string): ReadPolicy => ({ ok: false, line: number + 1, why })
    const words = raw.split(/[ \t]+/).filter(word => word !== '')
    const [keyword = '', first, second, ...rest] = words
    if (keyword === '' || keyword.startsWith('#')) continue
    switch (keyword) {
      case 'log': {
        const key = first === undefined ? undefined : parseVerifierKey(sha256, first)
        if (key?.kind !== 'signature') return refuse('log needs a verifier key NAME+ID+KEY of type 1')
        if (logs.some(other => sameKey(other, key))) return refuse('this log stands here twice')
        logs.push(key)
        break
      }
      case 'witness': {
        const key = second === undefined ? undefined : parseVerifierKey(sha256, second)
        if (first === undefined || key?.kind !== 'cosignature')
          return refuse('witness needs a name and a cosignature key (type 4)')
        if (first === 'none' || named.has(first)) return refuse(`the name ${first} is taken`)
        if (keys.some(other => sameKey(other, key))) return refuse('this witness stands here twice')
        keys.push(key)
        named.set(first, { kind: 'witness', name: first, key })
        break
      }
      case 'group': {
        if (first === undefined || second === undefined || rest.length === 0)
          return refuse('group needs a name, a threshold (a number, any or all) and members')
        if (first === 'none' || named.has(first)) return refuse(`the name ${first} is taken`)
        const members = rest.flatMap(name => named.get(name) ?? [])
        if (members.length !== rest.length) return refuse(`members of ${first} must be defined on earlier lines`)
        if (new Set(rest).size !== rest.length) return refuse(`a member of ${first} stands there twice`)
        const threshold =
          second === 'any' ? 1 : second === 'all' ? members.length : /^[1-9]\d{0,4}$/.test(second) ? Number(second) : 0
        if (threshold < 1 || threshold > members.length)
          return refuse(`the threshold of ${first} is a number from 1 to ${members.length}, any or all`)
        named.set(first, { kind: 'group', name: first, threshold, members })
        break
      }
      case 'quorum': {
        if (quorum !== undefined) return refuse('there is one quorum only')
        const chosen: Quorum | undefined = first === 'none' ? { kind: 'none' } : named.get(first ?? '')
        if (chosen === undefined || words.length !== 2)
          return refuse('quorum names a witness or group of an earlier line, or none')
        quorum = chosen
        break
      }
      default:
        return refuse(`${keyword} is none of log, witness, group, quorum`)
    }
  }
  if (quorum === undefined)
    return { ok: false, line: lines.length, why: 'a policy needs a quorum line; "quorum none" asks for no witnesses' }
  return { ok: true, policy: { logs, witnesses: keys, quorum } }
}

/** Whether those who cosigned are strong enough. */
export function quorumMet(quorum: Quorum, signedBy: readonly Signer[]): boolean {
  switch (quorum.kind) {
    case 'none':
      return true
    case 'witness':
      return signedBy.some(signer => signer.key === quorum.key)
    case 'group':
      return quorum.members.filter(member => quorumMet(member, signedBy)).length >= quorum.threshold
  }
}

function sameKey(a: VerifierKey, b: VerifierKey): boolean {
  return a.publicKey.every((byte, i) => byte === b.publicKey[i])
}
