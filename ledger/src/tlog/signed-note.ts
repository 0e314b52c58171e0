/**
 * Signed notes (C2SP signed-note): a text, an empty line, and signature lines `— NAME BASE64(key id ‖ signature)`.
 * Known here are plain Ed25519 (type 1) and cosignatures of witnesses (type 4: a time and an Ed25519 signature over both, C2SP
 * tlog-cosignature). What a note says is checkpoint.ts; which keys are trusted is trust-policy.ts or the caller.
 * Signature lines of unknown keys are ignored, as the specification demands; one of a known key that does not verify refuses the note.
 */
import { type Sha256, sameBytes } from './merkle.ts'

/** What the host brings: Ed25519 over raw 32-byte public keys. */
export interface Signatures {
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

/** A key that may sign notes: `NAME+HEX(id)+BASE64(type ‖ key)` as text. */
export interface VerifierKey {
  readonly name: string
  readonly kind: 'signature' | 'cosignature'
  /** Four bytes that tell keys of one name apart. */
  readonly id: Uint8Array
  readonly publicKey: Uint8Array
}

export type OpenedNote =
  /** `signedBy`: the given keys whose signatures hold, in the order of the lines. */
  | { readonly ok: true; readonly text: string; readonly signedBy: readonly Signer[] }
  | { readonly ok: false; readonly why: string }

export interface Signer {
  readonly key: VerifierKey
  /** Seconds since 1970 that a cosignature states; null for plain signatures. */
  readonly time: bigint | null
}

const kinds: Readonly<Record<number, VerifierKey['kind']>> = { 1: 'signature', 4: 'cosignature' }
const maximumBytes = 1_000_000
const maximumSignatures = 100

/** Reads a verifier key; undefined where it is malformed, of another algorithm, or its id does not fit its key. */
export function parseVerifierKey(sha256: Sha256, text: string): VerifierKey | undefined {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())
  const [, name, idText, keyText] = match ?? []
  if (name === undefined || idText === undefined || keyText === undefined) return undefined
  const key = fromBase64(keyText)
  const kind = kinds[key?.[0] ?? 0]
  if (key === undefined || kind === undefined || key.length !== 33) return undefined
  const id = keyId(sha256, name, key)
  return hex(id) === idText ? { name, kind, id, publicKey: key.subarray(1) } : undefined
}

/** The first four bytes of SHA-256(name ‖ newline ‖ type ‖ key). */
export function keyId(sha256: Sha256, name: string, typedKey: Uint8Array): Uint8Array {
  return sha256(encoder.encode(`${name}\n`), typedKey).subarray(0, 4)
}

/** Checks the signatures of a note. It is accepted when one of the keys signed it and none of theirs is wrong. */
export function openNote(signatures: Signatures, note: string, keys: readonly VerifierKey[]): OpenedNote {
  if (note.length > maximumBytes) return refuse('a note is at most 1 MB')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification forbids them
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) return refuse('a note holds no control characters but newlines')
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n'))
    return refuse('an empty line and signature lines must follow the text of a note')
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > maximumSignatures) return refuse(`a note has at most ${maximumSignatures} signatures`)
  const signedBy: Signer[] = []
  for (const line of lines) {
    const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
    const bytes = base64 === undefined ? undefined : fromBase64(base64)
    if (name === undefined || bytes === undefined || bytes.length < 5)
      return refuse(`this is no signature line: ${line.slice(0, 80)}`)
    const key = keys.find(candidate => candidate.name === name && sameBytes(candidate.id, bytes.subarray(0, 4)))
    if (key === undefined) continue
    if (signedBy.some(signer => signer.key === key)) return refuse(`two signatures of ${name}`)
    const time = verified(signatures, key, text, bytes.subarray(4))
    if (time === undefined) return refuse(`the signature of ${name} does not fit the text`)
    signedBy.push({ key, time })
  }
  return signedBy.length > 0 ? { ok: true, text, signedBy } : refuse('none of the trusted keys signed it')
}

/** What a cosignature signs: the time and the text of the note. */
export function cosignatureMessage(time: bigint, text: string): Uint8Array {
  return encoder.encode(`cosignature/v1\ntime ${time}\n${text}`)
}

/** The stated time (null for a plain signature) where the signature holds; else undefined. */
function verified(
  signatures: Signatures,
  key: VerifierKey,
  text: string,
  bytes: Uint8Array,
): bigint | null | undefined {
  if (key.kind === 'signature') return signatures.verify(key.publicKey, encoder.encode(text), bytes) ? null : undefined
  if (bytes.length !== 72) return undefined
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  return signatures.verify(key.publicKey, cosignatureMessage(time, text), bytes.subarray(8)) ? time : undefined
}

const encoder = new TextEncoder()

function refuse(why: string): OpenedNote {
  return { ok: false, why }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Standard base64 with its padding; undefined where it is not the one way to write its bytes. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  try {
    const binary = atob(text)
    return btoa(binary) === text ? Uint8Array.from(binary, char => char.charCodeAt(0)) : undefined
  } catch {
    return undefined // atob refuses what is no base64
  }
}
