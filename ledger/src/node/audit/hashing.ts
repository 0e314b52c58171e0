/** SHA-256 and Ed25519 of Node for the Merkle tree and signed notes (tlog/), which know neither. */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import type { Sha256 } from '../../tlog/merkle.ts'
import type { Signatures } from '../../tlog/signed-note.ts'
import { maximumEntryBytes } from '../../tlog/tiles.ts'

export const sha256: Sha256 = (...parts) => {
  const [only, second] = parts
  const whole = only !== undefined && second === undefined ? only : gathered(parts)
  // Node makes a text of 32 characters, and bytes of that, twice as fast as it makes a buffer.
  return Buffer.from(hash('sha256', whole, 'binary'), 'binary')
}

/** The same of one part, as hex digits. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

export const signatures: Signatures = {
  verify: (publicKey, message, signature) => {
    try {
      return signature.length === 64 && verify(null, message, publicKeyObject(publicKey), signature)
    } catch {
      return false // OpenSSL refuses keys that are no points of the curve
    }
  },
}

/** `seed`: 32 bytes (RFC 8032). */
export function signWith(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return sign(null, message, privateKeyObject(seed))
}

/** The 32 bytes of the public key. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKeyObject(seed)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(spkiPrefix.length))
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

const scratch = Buffer.allocUnsafeSlow(1 + maximumEntryBytes)

/** The parts behind each other; what is no longer than a leaf stands where the next call puts its own. */
function gathered(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  if (length > scratch.length) return Buffer.concat(parts)
  let at = 0
  for (const part of parts) {
    scratch.set(part, at)
    at += part.length
  }
  return scratch.subarray(0, length)
}

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

function publicKeyObject(key: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiPrefix, key]), format: 'der', type: 'spki' })
}
function privateKeyObject(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}
