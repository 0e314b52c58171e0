/**
 * Records that are too long for an entry: the largest of their parts are replaced by their size and hash, until the rest fits.
 * The same record is always cut at the same places.
 */
import type { Sha256 } from '../tlog/merkle.ts'

/** A member of a record that may be cut: its path, and its JSON. */
export interface Part {
  readonly path: string
  readonly text: string
}

/** The record without its largest parts. `text` makes it, and `framed` its bytes where it is short enough. */
export function fitting(
  sha256: Sha256,
  framed: (text: string) => Uint8Array | null,
  parts: readonly Part[],
  text: (shown: (part: Part) => string, cut: string) => string,
): Uint8Array {
  const encoder = new TextEncoder()
  const sized = parts
    .filter(part => part.path !== 'obligations')
    .concat(parts.filter(part => part.path === 'obligations'))
    .map(part => ({ part, bytes: encoder.encode(part.text) }))
    .sort((a, b) => b.bytes.length - a.bytes.length || (a.part.path < b.part.path ? -1 : 1))
  const cut = new Map<string, string>()
  for (const { part, bytes } of sized) {
    cut.set(part.path, `{"bytes":${bytes.length},"sha256":"${hex(sha256(bytes))}"}`)
    const members = [...cut.keys()].sort().map(path => `${JSON.stringify(path)}:${cut.get(path)}`)
    const shown = (one: Part): string => (cut.has(one.path) ? emptyOf(one) : one.text)
    const shorter = framed(text(shown, `"cut":{${members.join(',')}},`))
    if (shorter !== null) return shorter
  }
  throw new RangeError('a record stays too long for a log: its names alone fill it')
}

function emptyOf(part: Part): string {
  return part.path === 'obligations' ? '[]' : 'null'
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
