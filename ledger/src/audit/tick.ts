/**
 * Ticks: lines of a stream that say that time has come this far, though nothing happened. A tick is recorded like an event, so
 * that a run over what was recorded sees deadlines pass where the first one did; no clock is asked.
 */
import { z } from 'zod'

const tickSchema = z.strictObject({ tick: z.iso.datetime({ offset: true }) })

/** Milliseconds since the epoch, cut to whole ones; null where the line is no tick but a record. */
export function tickOf(line: Uint8Array): number | null {
  if (!looksLikeTick(line)) return null
  try {
    const parsed = tickSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line)))
    return parsed.success ? Date.parse(parsed.data.tick) : null
  } catch {
    return null // no UTF-8, or no JSON: a record that is told as one
  }
}

/** Most lines are none, and are not parsed to know it: short, and `tick` is the first member. */
function looksLikeTick(line: Uint8Array): boolean {
  if (line.length > longest) return false
  let at = 0
  while (isSpace(line[at])) at++
  if (line[at++] !== brace) return false
  while (isSpace(line[at])) at++
  for (const byte of name) if (line[at++] !== byte) return false
  return true
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}

const longest = 200
const brace = 0x7b
const name = new TextEncoder().encode('"tick"')
