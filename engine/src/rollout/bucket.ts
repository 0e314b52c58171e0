/**
 * Who is in a canary: a number that the values of the key fix for good, so that whoever is in a canary stays in it, also when its
 * share grows. Anybody can work it out without Writ: the first eight hexadecimal digits of the SHA-256 of `["careful","c17"]`.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalValue } from '../value/canonical.ts'
import { holdsUnknown, isKnown } from '../value/operations.ts'
import type { Rational } from '../value/rational.ts'
import type { Value } from '../value/value.ts'

/** Buckets are whole numbers from 0 to below this. */
export const buckets = 2 ** 32

/** What is hashed: the name of the rollout and the values of the keys, as canonical JSON. Null where a value is unknown or absent. */
export function bucketText(rollout: string, values: readonly Value[]): string | null {
  if (values.some(value => !isKnown(value) || holdsUnknown(value))) return null
  return `[${[JSON.stringify(rollout), ...values.map(canonicalValue)].join()}]`
}

/** The bucket of a text that `bucketText` made. */
export function bucketOf(text: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = sha256(utf8ToBytes(text))
  return a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
}

/** A bucket below this is in a canary of this share. */
export function thresholdOf({ n, d }: Rational): number {
  return Number((n * BigInt(buckets) + d - 1n) / d)
}
