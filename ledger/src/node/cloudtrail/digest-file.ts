/**
 * Digest files of AWS CloudTrail: their form, what of them is signed, and the public keys. The format is AWS's
 * ("CloudTrail digest file structure" and "custom implementations of log file integrity validation"); what a folder of them shows
 * is verify-trail.ts.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { hex, sha256 } from '../audit/hashing.ts'

const digestSchema = z.object({
  awsAccountId: z.string(),
  digestStartTime: z.iso.datetime(),
  digestEndTime: z.iso.datetime(),
  digestS3Bucket: z.string(),
  digestS3Object: z.string(),
  digestPublicKeyFingerprint: z.string(),
  digestSignatureAlgorithm: z.literal('SHA256withRSA'),
  previousDigestS3Bucket: z.string().nullish(),
  previousDigestS3Object: z.string().nullish(),
  previousDigestHashValue: z.string().nullish(),
  previousDigestHashAlgorithm: z.literal('SHA-256').nullish(),
  previousDigestSignature: z.string().nullish(),
  logFiles: z.array(
    z.object({
      s3Bucket: z.string(),
      s3Object: z.string(),
      hashValue: z.string(),
      hashAlgorithm: z.literal('SHA-256'),
    }),
  ),
})
export type Digest = z.infer<typeof digestSchema>

/** Undefined where the bytes are no digest. */
export function parseDigest(bytes: Uint8Array): Digest | undefined {
  try {
    return digestSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data
  } catch {
    return undefined // no UTF-8, or no JSON
  }
}

/** What the signature is over; `inflated`: the digest file without its gzip. */
export function signedText(digest: Digest, inflated: Uint8Array): string {
  const place = `${digest.digestS3Bucket}/${digest.digestS3Object}`
  return [digest.digestEndTime, place, hex(sha256(inflated)), digest.previousDigestSignature ?? 'null'].join('\n')
}

/** By fingerprint; the one under '' is for every digest. */
export type TrailKeys = ReadonlyMap<string, KeyObject>

const keyListSchema = z.object({ PublicKeyList: z.array(z.object({ Value: z.string(), Fingerprint: z.string() })) })

/** The output of `aws cloudtrail list-public-keys`, or a public key as PEM; undefined where the text is neither. */
export function readTrailKeys(text: string): TrailKeys | undefined {
  try {
    if (text.trimStart().startsWith('-----BEGIN')) return new Map([['', createPublicKey(text)]])
    const list = keyListSchema.safeParse(JSON.parse(text)).data
    return (
      list &&
      new Map(
        list.PublicKeyList.map(({ Value, Fingerprint }) => {
          const der = Buffer.from(Value, 'base64')
          return [Fingerprint, createPublicKey({ key: der, format: 'der', type: 'pkcs1' })]
        }),
      )
    )
  } catch {
    return undefined // no JSON, or no key
  }
}

/** 'unknown key' where none of the keys is the one that the digest names. */
export function verifySignature(
  keys: TrailKeys,
  digest: Digest,
  inflated: Uint8Array,
  signature: string,
): 'good' | 'bad' | 'unknown key' {
  const key = keys.get(digest.digestPublicKeyFingerprint) ?? keys.get('')
  if (key === undefined) return 'unknown key'
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(signature)) return 'bad'
  const good = verify('sha256', Buffer.from(signedText(digest, inflated)), key, Buffer.from(signature, 'hex'))
  return good ? 'good' : 'bad'
}

const mostBytes = 512 << 20

/** The bytes without gzip, or why there are none. Nothing may stand behind the end of the gzip: nobody would see it. */
export function inflated(bytes: Buffer): Buffer | { readonly why: string } {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    const result = gunzipSync(bytes, { maxOutputLength: mostBytes, info: true })
    const read = readBytes(result)
    if (read === undefined) return { why: 'it cannot be unpacked' }
    if (read.consumed !== bytes.length) return { why: `${bytes.length - read.consumed} bytes stand behind its end` }
    return read.buffer
  } catch (error) {
    return { why: `it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** With `info`, Node gives the bytes together with the engine that made them. */
function readBytes(result: unknown): { readonly buffer: Buffer; readonly consumed: number } | undefined {
  if (typeof result !== 'object' || result === null || !('buffer' in result) || !('engine' in result)) return undefined
  const { buffer, engine } = result
  if (!Buffer.isBuffer(buffer) || typeof engine !== 'object' || engine === null || !('bytesWritten' in engine))
    return undefined
  return { buffer, consumed: Number(engine.bytesWritten) }
}
