/** Reads a `.writ` file as UTF-8, and says where it is none. */
import { readFileSync, statSync } from 'node:fs'
import { type Refusal, refuse } from './refusal.ts'
import { systemReason } from './system-reason.ts'
import { bytes, count } from './terminal/text.ts'

const mostBytes = 4_000_000

/** Reads one source file as UTF-8; a byte order mark is left out. */
export function readSource(path: string, shown: string): { readonly text: string } | Refusal {
  let content: Buffer
  try {
    const size = statSync(path).size
    if (size > mostBytes) {
      const what = `${shown} has ${bytes(size)}`
      return refuse('W3013', { what, limit: bytes(mostBytes), hint: 'Split it into several files.' })
    }
    content = readFileSync(path)
  } catch (error) {
    return refuse('W3011', { path: shown, why: systemReason(error), hint: 'Make it readable, or take it away.' })
  }
  const text = content.toString('utf8').replace(/^\ufeff/, '')
  if (text.includes('\ufffd')) {
    const offset = firstBadByte(content)
    if (offset !== undefined) {
      const line = content.subarray(0, offset).toString('latin1').split('\n').length
      return refuse('W3012', { path: shown, offset: count(offset), line }, `${shown}:${line}`)
    }
  }
  return { text }
}

/** Undefined where the replacement character was really written. */
function firstBadByte(content: Buffer): number | undefined {
  let good = 0
  let bad = content.length
  if (decodes(content, false)) return undefined
  // The longest prefix that decodes, by halving; up to 3 bytes of it may belong to the broken character.
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (decodes(content.subarray(0, middle), true)) good = middle
    else bad = middle
  }
  return good - beginning(content.subarray(Math.max(0, good - 3), good))
}

/** How many bytes at the end of `tail` begin a character that is not complete there. */
function beginning(tail: Uint8Array): number {
  for (let back = 1; back <= tail.length; back++) {
    const byte = tail[tail.length - back] ?? 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/** `cutOff`: the last character may be incomplete. */
function decodes(content: Uint8Array, cutOff: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content, { stream: cutOff })
    return true
  } catch {
    // `fatal` decoders report by throwing.
    return false
  }
}
