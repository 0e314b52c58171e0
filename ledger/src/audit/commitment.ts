/**
 * Salted commitments: what a record says in place of a value that is nobody's business. Whoever has the opening (salt and
 * value) can check it; without it the salt of 32 bytes keeps even short values from being guessed. Destroying an opening
 * erases the value and leaves the log whole.
 */
import { z } from 'zod'
import { type Sha256, sameBytes } from '../tlog/merkle.ts'
import { fromBase64 } from '../tlog/signed-note.ts'
import { canonicalJson, type Json } from './canonical-json.ts'

export const saltBytes = 32

/** One line of an openings file. */
export interface Opening {
  /** Index of the entry in the log. */
  readonly entry: number
  /** Where in the record: `inputs.customer`, `reason`. */
  readonly path: string
  /** Base64. */
  readonly salt: string
  readonly value: Json
}

const json: z.ZodType<Json> = z.json()
export const openingSchema = z.strictObject({
  entry: z.int().nonnegative(),
  path: z.string(),
  salt: z.string(),
  value: json,
})

const encoder = new TextEncoder()

/** SHA-256(salt ‖ canonical JSON of the value), base64. */
export function commitment(sha256: Sha256, salt: Uint8Array, valueJson: string): string {
  return base64(sha256(salt, encoder.encode(valueJson)))
}

/** A line of an openings file, without its newline. */
export function openingLine(entry: number, path: string, salt: Uint8Array, valueJson: string): string {
  return `{"entry":${entry},"path":${JSON.stringify(path)},"salt":"${base64(salt)}","value":${valueJson}}`
}

/** Reads a line; undefined where it is no opening. */
export function parseOpening(line: string): Opening | undefined {
  try {
    return openingSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined // no JSON
  }
}

/** Whether the opening is that of the commitment. */
export function opens(sha256: Sha256, opening: Opening, committed: string): boolean {
  const salt = fromBase64(opening.salt)
  const bytes = fromBase64(committed)
  if (salt === undefined || salt.length !== saltBytes || bytes === undefined) return false
  return sameBytes(sha256(salt, encoder.encode(canonicalJson(opening.value))), bytes)
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
