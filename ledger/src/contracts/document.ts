/** Reads a YAML or JSON document that comes from outside into plain data, within limits on size, depth and aliases. */
import { parseAllDocuments } from 'yaml'

export const documentLimits = { characters: 2_000_000, depth: 60, nodes: 200_000, aliases: 100, documents: 100 }

export interface Unreadable {
  readonly unreadable: string
}
export function isUnreadable(value: object): value is Unreadable {
  return 'unreadable' in value
}

/** All documents of the text; JSON is YAML. Never throws. */
export function readDocuments(text: string): { readonly documents: readonly unknown[] } | Unreadable {
  const { characters, documents: most } = documentLimits
  if (text.length > characters) return { unreadable: `it has more than ${characters / 1e6} million characters` }
  if (bracketDepth(text) > 20 * documentLimits.depth) return { unreadable: tooDeep }
  try {
    const parsed = parseAllDocuments(text, { version: '1.2', schema: 'core', prettyErrors: false, logLevel: 'silent' })
    if (parsed.length > most) return { unreadable: `it holds more than ${most} documents` }
    const documents: unknown[] = []
    let nodes = 0
    for (const document of Array.isArray(parsed) ? parsed : []) {
      const [error] = document.errors
      if (error !== undefined) {
        const line = text.slice(0, error.pos[0]).split('\n').length
        return { unreadable: `line ${line}: ${error.message.split('\n')[0]?.slice(0, 200) ?? ''}` }
      }
      // INVARIANT: aliases are resolved to shared objects, so what they expand to is counted below before anybody walks it.
      const value: unknown = document.toJS({ maxAliasCount: documentLimits.aliases })
      const size = sizeOf(value, documentLimits.nodes - nodes)
      if (size === 'deep') return { unreadable: tooDeep }
      nodes += size
      if (nodes >= documentLimits.nodes) return { unreadable: `it has more than ${documentLimits.nodes} values` }
      documents.push(value)
    }
    return documents.length === 0 ? { unreadable: 'it is empty' } : { documents }
  } catch (error) {
    // The library tells too many aliases and an exhausted stack by throwing.
    const isDeep = error instanceof RangeError
    return { unreadable: isDeep ? tooDeep : error instanceof Error ? error.message.slice(0, 200) : String(error) }
  }
}

const tooDeep = `it is nested more than ${documentLimits.depth} levels deep`

/** How many values there are, aliases as often as they are used; stops at `most`. */
function sizeOf(value: unknown, most: number, depth = 0): number | 'deep' {
  if (depth > documentLimits.depth) return 'deep'
  if (typeof value !== 'object' || value === null) return 1
  let size = 1
  for (const member of Object.values(value)) {
    const inner = sizeOf(member, most - size, depth + 1)
    if (inner === 'deep') return 'deep'
    size += inner
    if (size >= most) return size
  }
  return size
}

/** Of what stands in brackets, those in texts too: no document has that many by chance. */
function bracketDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place)
    if (unit === 0x5b || unit === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (unit === 0x5d || unit === 0x7d) depth = Math.max(0, depth - 1)
  }
  return deepest
}
