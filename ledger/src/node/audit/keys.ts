/**
 * Keys of logs and witnesses as files: the private key in the text form of signed notes
 * (`PRIVATE+KEY+NAME+ID+BASE64(type ‖ seed)`), readable by its owner alone. Which keys are trusted is tlog/trust-policy.ts.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Checkpoint, checkpointText } from '../../tlog/checkpoint.ts'
import { cosignatureMessage, fromBase64, keyId, type VerifierKey } from '../../tlog/signed-note.ts'
import { syncFolder } from './durable-files.ts'
import { hex, publicKeyOf, sha256, signWith } from './hashing.ts'

/** A private key at work. */
export interface SigningKey {
  readonly verifier: VerifierKey
  readonly seed: Uint8Array
}

export type ReadKey =
  | { readonly ok: true; readonly key: SigningKey }
  /** `why` ends a sentence about the file; `advice` says what to do. */
  | { readonly ok: false; readonly why: string; readonly advice: string }

const types = { signature: 1, cosignature: 4 } as const

/** Whether a note can be signed under this name. */
export function isKeyName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification forbids them
  return name.length <= 200 && /^[^\s+\u0000-\u001f\u2014]+$/.test(name)
}

/** Makes a key and writes it to a new file of mode 0600; throws the system's errors, EEXIST where the file is there. */
export function createKeyFile(path: string, name: string, kind: VerifierKey['kind']): SigningKey {
  const key = keyFrom(name, kind, new Uint8Array(randomBytes(32)))
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${privateKeyText(key)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  syncFolder(dirname(path))
  return key
}

/** Throws the system's errors. */
export function readKeyFile(path: string): ReadKey {
  const file = openSync(path, 'r')
  try {
    const { mode } = fstatSync(file)
    // Windows keeps no such bits; there the folder's rights count.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const others = (mode & 0o777).toString(8).padStart(4, '0')
      return { ok: false, why: `others may read it (its mode is ${others})`, advice: 'Run "chmod 600" on it.' }
    }
    const key = parsePrivateKey(readFileSync(file, 'utf8'))
    if (key !== undefined) return { ok: true, key }
    return { ok: false, why: 'it is no private key', advice: 'Make one with "writ key new NAME --output FILE".' }
  } finally {
    closeSync(file)
  }
}

/** Reads `PRIVATE+KEY+…`; undefined where it is none, or its id does not fit. */
export function parsePrivateKey(text: string): SigningKey | undefined {
  const match = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())
  const [, name, id, base64] = match ?? []
  const bytes = base64 === undefined ? undefined : fromBase64(base64)
  if (name === undefined || bytes?.length !== 33) return undefined
  const kind = bytes[0] === types.signature ? 'signature' : bytes[0] === types.cosignature ? 'cosignature' : undefined
  if (kind === undefined) return undefined
  const key = keyFrom(name, kind, bytes.slice(1))
  return hex(key.verifier.id) === id ? key : undefined
}

/** What others need to check signatures: `NAME+ID+BASE64(type ‖ public key)`. */
export function verifierKeyText({ name, kind, id, publicKey }: VerifierKey): string {
  return `${name}+${hex(id)}+${Buffer.from([types[kind], ...publicKey]).toString('base64')}`
}

/** The checkpoint as a note, signed by the log's key; its origin is the key's name. */
export function signCheckpoint(key: SigningKey, checkpoint: Checkpoint): string {
  return signNote(key, checkpointText(checkpoint))
}

/** The text, which ends with a newline, as a signed note. */
export function signNote(key: SigningKey, text: string): string {
  return `${text}\n${signatureLine(key.verifier, signWith(key.seed, Buffer.from(text)))}`
}

/** The note with the witness's cosignature (tlog-cosignature); `seconds` since 1970. `text`: what the note says. */
export function cosign(key: SigningKey, note: string, text: string, seconds: bigint): string {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(seconds)
  const signature = signWith(key.seed, cosignatureMessage(seconds, text))
  return `${note}${signatureLine(key.verifier, Buffer.concat([time, signature]))}`
}

function signatureLine({ name, id }: VerifierKey, signature: Uint8Array): string {
  return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`
}

function privateKeyText({ verifier, seed }: SigningKey): string {
  const typed = Buffer.from([types[verifier.kind], ...seed]).toString('base64')
  return `PRIVATE+KEY+${verifier.name}+${hex(verifier.id)}+${typed}`
}

function keyFrom(name: string, kind: VerifierKey['kind'], seed: Uint8Array): SigningKey {
  const publicKey = publicKeyOf(seed)
  const id = new Uint8Array(keyId(sha256, name, Uint8Array.of(types[kind], ...publicKey)))
  return { verifier: { name, kind, id, publicKey }, seed }
}
