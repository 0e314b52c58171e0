/**
 * MADE UP, not recorded: log files and digests of a trail, written from AWS's documented format ("CloudTrail digest file structure")
 * and signed with a key of this test, because no signed digest is public. Account, bucket and events are inventions.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'

export interface MadeTrail {
  /** By path as in S3, without the bucket. */
  readonly files: Map<string, Buffer>
  readonly digests: readonly string[]
  readonly logs: readonly string[]
  /** Signature of the last digest, hex: S3 has it in the metadata. */
  readonly lastSignature: string
  /** As `aws cloudtrail list-public-keys` prints it. */
  readonly keyList: string
  readonly publicKey: KeyObject
}

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const account = '111122223333'
const fingerprint = '31e8b5433410dfb61a9dc45cc65b22ff'
const sha = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** One digest an hour from 2026-03-01T00:00Z, each over two log files. */
export function madeTrail(hours: number): MadeTrail {
  const files = new Map<string, Buffer>()
  const digests: string[] = []
  const logs: string[] = []
  const written: { object: string; hash: string; signature: string }[] = []
  for (let hour = 0; hour < hours; hour++) {
    const start = new Date(Date.UTC(2026, 2, 1, hour))
    const end = new Date(Date.UTC(2026, 2, 1, hour + 1))
    const day = start.toISOString().slice(0, 10).replaceAll('-', '/')
    const logFiles = [10, 40].map(minute => {
      const at = compact(new Date(start.getTime() + minute * 60_000))
      const object = `AWSLogs/${account}/CloudTrail/us-east-2/${day}/${account}_CloudTrail_us-east-2_${at}_${sha(at).slice(0, 16)}.json.gz`
      const text = JSON.stringify({ Records: [{ eventVersion: '1.08', eventTime: at, eventName: 'GetObject' }] })
      files.set(object, gzipSync(text))
      logs.push(object)
      return { s3Bucket: 'trail', s3Object: object, hashValue: sha(text), hashAlgorithm: 'SHA-256' }
    })
    const stamp = compact(end)
    const object = `AWSLogs/${account}/CloudTrail-Digest/us-east-2/${day}/${account}_CloudTrail-Digest_us-east-2_main_us-east-2_${stamp}.json.gz`
    const previous = written.at(-1) ?? null
    const digest = {
      awsAccountId: account,
      digestStartTime: seconds(start),
      digestEndTime: seconds(end),
      digestS3Bucket: 'trail',
      digestS3Object: object,
      digestPublicKeyFingerprint: fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: seconds(end),
      oldestEventTime: seconds(start),
      previousDigestS3Bucket: previous && 'trail',
      previousDigestS3Object: previous?.object ?? null,
      previousDigestHashValue: previous?.hash ?? null,
      previousDigestHashAlgorithm: previous && 'SHA-256',
      previousDigestSignature: previous?.signature ?? null,
      logFiles,
    }
    const text = JSON.stringify(digest)
    const signed = [digest.digestEndTime, `trail/${object}`, sha(text), previous?.signature ?? 'null'].join('\n')
    const signature = sign('sha256', Buffer.from(signed), keys.privateKey).toString('hex')
    files.set(object, gzipSync(text))
    digests.push(object)
    written.push({ object, hash: sha(text), signature })
  }
  const value = keys.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
  const keyList = JSON.stringify({ PublicKeyList: [{ Value: value, Fingerprint: fingerprint }] })
  return { files, digests, logs, lastSignature: written.at(-1)?.signature ?? '', keyList, publicKey: keys.publicKey }
}

function seconds(time: Date): string {
  return time.toISOString().replace('.000', '')
}
function compact(time: Date): string {
  return seconds(time).replaceAll(/[-:]/g, '')
}
