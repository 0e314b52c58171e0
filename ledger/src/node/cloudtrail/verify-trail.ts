/**
 * Verifies local copies of CloudTrail log files against their digest files: each digest is held against the signature that the next
 * one carries (or that stands beside it as FILE.signature, from the metadata of S3), and each log file against the hash in its
 * digest. Says for which times this holds, and for which not. No network: the public keys are given.
 */
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import type { EntryState } from '../../audit/ranges.ts'
import { hex, sha256 } from '../audit/hashing.ts'
import type { LogFiles } from '../audit/log-files.ts'
import { type Digest, inflated, parseDigest, type TrailKeys, verifySignature } from './digest-file.ts'

export interface TrailRange {
  /** ISO 8601. */
  readonly from: string
  readonly to: string
  readonly state: EntryState
}

export interface TrailVerdict {
  /** The trail as its digest files name it. */
  readonly trail: string
  readonly digests: number
  /** Hours without gaps from the first digest to the last. */
  readonly ranges: readonly TrailRange[]
  readonly logFiles: { readonly sound: number; readonly changed: number; readonly missing: number }
}

/** `from` and `to`: the time it concerns; null: none in particular. */
export interface TrailProblem extends Problem {
  readonly file: string
  readonly from: string | null
  readonly to: string | null
}

export interface CloudTrailVerdict {
  readonly trails: readonly TrailVerdict[]
  readonly problems: readonly TrailProblem[]
}

/** Empty `trails` where there is no digest. */
export function verifyTrails(files: LogFiles, keys: TrailKeys): CloudTrailVerdict {
  const all = files.list('').filter(path => /\.json(?:\.gz)?$/.test(path))
  const problems: TrailProblem[] = []
  const report: Report = (code, file, span, why) => {
    const [from, to] = span === null ? [null, null] : [span.digestStartTime, span.digestEndTime]
    const time = span === null ? '' : ` (${from} to ${to})`
    problems.push({ ...problem(code, { start: 0, end: 0 }, { file, why, time }), file, from, to })
  }
  const found: Found[] = []
  for (const path of all.filter(name => name.includes('CloudTrail-Digest'))) {
    const bytes = inflated(files.read(path) ?? Buffer.alloc(0))
    const digest = Buffer.isBuffer(bytes) ? parseDigest(bytes) : undefined
    if (digest !== undefined && Buffer.isBuffer(bytes)) found.push({ path, digest, bytes })
    else report('W4050', path, null, Buffer.isBuffer(bytes) ? 'it is no digest of CloudTrail' : bytes.why)
  }
  const named = new Set<string>()
  const trails = byTrail(found).map(([trail, digests]) =>
    new Trail(files, all, keys, report, named).verdict(trail, digests),
  )
  if (trails.length > 0)
    for (const path of all)
      if (!path.includes('CloudTrail-Digest') && !named.has(path))
        report('W4053', path, null, 'no digest in the folder names it')
  return { trails, problems }
}

type Report = (code: ProblemCode, file: string, digest: Digest | null, why: string) => void

interface Found {
  readonly path: string
  readonly digest: Digest
  /** Without gzip. */
  readonly bytes: Buffer
}

/** Digests of one trail differ in the day and time of their names. */
function byTrail(found: readonly Found[]): readonly (readonly [string, readonly Found[]])[] {
  const trails = new Map<string, Found[]>()
  for (const one of found) {
    const { digestS3Bucket, digestS3Object } = one.digest
    const name = digestS3Object.replace(/\/\d{4}\/\d{2}\/\d{2}\//, '/').replace(/_\d{8}T\d{6}Z\.json(?:\.gz)?$/, '')
    const trail = `${digestS3Bucket}/${name}`
    trails.set(trail, [...(trails.get(trail) ?? []), one])
  }
  const ended = (one: Found): number => Date.parse(one.digest.digestEndTime)
  return [...trails]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([trail, list]) => [trail, list.sort((a, b) => ended(a) - ended(b))])
}

class Trail {
  readonly #files: LogFiles
  readonly #all: readonly string[]
  readonly #keys: TrailKeys
  readonly #report: Report
  readonly #named: Set<string>
  readonly #counts = { sound: 0, changed: 0, missing: 0 }

  constructor(files: LogFiles, all: readonly string[], keys: TrailKeys, report: Report, named: Set<string>) {
    this.#files = files
    this.#all = all
    this.#keys = keys
    this.#report = report
    this.#named = named
  }

  verdict(trail: string, digests: readonly Found[]): TrailVerdict {
    const ranges: TrailRange[] = []
    let end: string | null = null
    for (const [place, one] of digests.entries()) {
      const { digest, path } = one
      const previous = digests[place - 1]
      if (previous !== undefined && digest.previousDigestS3Object !== previous.digest.digestS3Object) {
        const missing = digest.previousDigestS3Object ?? 'no digest'
        this.#report(
          'W4054',
          path,
          digest,
          `it goes on from ${missing}, which is not the digest before it in the folder`,
        )
        if (end !== null && end < digest.digestStartTime)
          ranges.push({ from: end, to: digest.digestStartTime, state: 'unverifiable' })
      }
      if (!same(path, digest.digestS3Object))
        this.#report('W4055', path, digest, `it says that it was written as ${digest.digestS3Object}`)
      const state = worst([this.#digestState(one, digests[place + 1]), ...this.#logStates(one)])
      ranges.push({ from: digest.digestStartTime, to: digest.digestEndTime, state })
      end = digest.digestEndTime
    }
    return { trail, digests: digests.length, ranges: merged(ranges), logFiles: this.#counts }
  }

  /** Under its own signature; only consistent where that is not at hand. */
  #digestState({ path, digest, bytes }: Found, next: Found | undefined): EntryState {
    const linked = next?.digest.previousDigestS3Object === digest.digestS3Object ? next.digest : undefined
    const beside = this.#files.read(`${path}.signature`)?.toString('latin1').trim()
    const signature = linked?.previousDigestSignature ?? beside
    if (linked?.previousDigestHashValue && linked.previousDigestHashValue !== hex(sha256(bytes))) {
      this.#report('W4050', path, digest, 'its hash is not the one that the next digest has')
      return 'contradictory'
    }
    if (signature === undefined || signature === null) return 'unanchored'
    switch (verifySignature(this.#keys, digest, bytes, signature)) {
      case 'good':
        return 'anchored'
      case 'bad':
        this.#report('W4050', path, digest, 'it is not what its signature is over')
        return 'contradictory'
      case 'unknown key':
        this.#report('W4050', path, digest, `the key ${digest.digestPublicKeyFingerprint} that signed it is not given`)
        return 'unverifiable'
    }
  }

  #logStates({ digest }: Found): readonly EntryState[] {
    return digest.logFiles.map(({ s3Object, hashValue }) => {
      const path = this.#all.find(name => same(name, s3Object))
      if (path === undefined) {
        this.#counts.missing++
        this.#report('W4052', s3Object, digest, 'its digest names it, and it is not there')
        return 'unverifiable'
      }
      this.#named.add(path)
      const bytes = inflated(this.#files.read(path) ?? Buffer.alloc(0))
      const why = Buffer.isBuffer(bytes)
        ? hex(sha256(bytes)) === hashValue.toLowerCase()
          ? null
          : 'it has another hash'
        : bytes.why
      this.#counts[why === null ? 'sound' : 'changed']++
      if (why === null) return 'anchored'
      this.#report('W4051', path, digest, why)
      return 'contradictory'
    })
  }
}

/** A folder may begin anywhere in the path that S3 had; a file may have been unpacked. */
function same(path: string, object: string): boolean {
  const [local, remote] = [path.replace(/\.gz$/, ''), object.replace(/\.gz$/, '')]
  return remote === local || remote.endsWith(`/${local}`) || local.endsWith(`/${remote}`)
}

const severity: readonly EntryState[] = ['anchored', 'unanchored', 'unverifiable', 'contradictory']
function worst(states: readonly EntryState[]): EntryState {
  return severity[Math.max(...states.map(state => severity.indexOf(state)))] ?? 'anchored'
}

function merged(ranges: readonly TrailRange[]): readonly TrailRange[] {
  const out: TrailRange[] = []
  for (const range of ranges) {
    const last = out.at(-1)
    if (last?.state === range.state && last.to === range.from) out[out.length - 1] = { ...last, to: range.to }
    else out.push(range)
  }
  return out
}
