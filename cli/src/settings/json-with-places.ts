/**
 * JSON that knows where its members stand: `writ.json` is written by hand, so a mistake in it must name its line, and V8's own
 * messages do not always. Strict JSON; what the members mean is elsewhere.
 */

export interface PlacedJson {
  readonly value: unknown
  /** Offset of the member's name, or of the array element, at the path; of the deepest part of it that is there. */
  placeOf(path: readonly string[]): number
}
export interface JsonFault {
  readonly offset: number
  /** What belongs there: `a comma or }`. */
  readonly expected: string
}

export function readJson(text: string): PlacedJson | JsonFault {
  const reader = new Reader(text)
  try {
    const root = reader.document()
    return {
      value: root.value,
      placeOf: path => {
        let node = root
        let place = root.start
        for (const step of path) {
          const part = node.parts.get(step)
          if (part === undefined) break
          place = part.start
          node = part.node
        }
        return place
      },
    }
  } catch (error) {
    if (error instanceof Fault) return { offset: error.offset, expected: error.expected }
    throw error
  }
}

interface Node {
  readonly value: unknown
  readonly start: number
  /** Members by name, elements by index; `start` of a member is that of its name. */
  readonly parts: ReadonlyMap<string, { readonly start: number; readonly node: Node }>
}

/** Unwinds the reader; never leaves this file. */
class Fault extends Error {
  readonly offset: number
  readonly expected: string
  constructor(offset: number, expected: string) {
    super(expected)
    this.offset = offset
    this.expected = expected
  }
}

const mostNested = 100

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): Node {
    const root = this.#node(0)
    this.#space()
    if (this.#at < this.#text.length) throw new Fault(this.#at, 'nothing more')
    return root
  }

  #node(depth: number): Node {
    this.#space()
    const start = this.#at
    if (depth > mostNested) throw new Fault(start, 'no deeper nesting')
    const opening = this.#text[start]
    if (opening === '{') return this.#object(start, depth)
    if (opening === '[') return this.#array(start, depth)
    return { value: this.#scalar(), start, parts: new Map() }
  }

  #object(start: number, depth: number): Node {
    const parts = new Map<string, { start: number; node: Node }>()
    const value: Record<string, unknown> = Object.create(null)
    this.#each('}', () => {
      const nameStart = this.#at
      if (this.#text[nameStart] !== '"') throw new Fault(nameStart, 'a name in double quotes')
      const name = String(this.#scalar())
      this.#space()
      if (this.#text[this.#at] !== ':') throw new Fault(this.#at, 'a colon')
      this.#at++
      const node = this.#node(depth + 1)
      parts.set(name, { start: nameStart, node })
      value[name] = node.value
    })
    return { value: { ...value }, start, parts }
  }

  #array(start: number, depth: number): Node {
    const nodes: Node[] = []
    this.#each(']', () => void nodes.push(this.#node(depth + 1)))
    const parts = new Map(nodes.map((node, index) => [String(index), { start: node.start, node }] as const))
    return { value: nodes.map(node => node.value), start, parts }
  }

  /** The parts between the bracket at the current place and `closing`. */
  #each(closing: string, part: () => void): void {
    this.#at++
    this.#space()
    if (this.#text[this.#at] === closing) {
      this.#at++
      return
    }
    for (;;) {
      this.#space()
      part()
      this.#space()
      const next = this.#text[this.#at]
      if (next !== ',' && next !== closing) throw new Fault(this.#at, `a comma or ${closing}`)
      this.#at++
      if (next === closing) return
    }
  }

  #scalar(): unknown {
    const token = scalar.exec(this.#text.slice(this.#at, this.#at + 100_000))?.[0]
    if (token === undefined) throw new Fault(this.#at, 'a value')
    try {
      const value: unknown = JSON.parse(token)
      this.#at += token.length
      return value
    } catch {
      // JSON.parse says by throwing that the token is none: a wrong escape, a number with a leading zero, a bare word.
      throw new Fault(this.#at, token.startsWith('"') ? 'a text without wrong escapes' : 'a value')
    }
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++
  }
}

const scalar = /^(?:"(?:[^"\\\n]|\\.)*"|[\w.+-]+)/
