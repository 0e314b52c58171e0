/**
 * What a text test says as a regular language over code points: of `starts_with`, `like`, `matches` and so on. Only what can be
 * said exactly, or with more texts than there are where that is enough; null for the rest of RE2 (flags, word boundaries, classes
 * by Unicode property). How languages are held against each other is text-automaton.ts.
 */
import type { TextOperator } from '@writ/grammar'

/** `x operator pattern` is `holds`. */
export interface TextFact {
  readonly operator: TextOperator
  readonly pattern: string
  readonly holds: boolean
}

/** Code points, both ends included. */
export interface CodeRange {
  readonly low: number
  readonly high: number
}
export type Language =
  /** One character. */
  | { readonly kind: 'one-of'; readonly ranges: readonly CodeRange[] }
  | { readonly kind: 'sequence' | 'choice'; readonly of: readonly Language[] }
  /** `most` null: without end. */
  | { readonly kind: 'repeat'; readonly of: Language; readonly least: number; readonly most: number | null }

/** The texts that the operator and pattern of a test let pass; null where that is not understood. */
export function languageOf({ operator, pattern, holds }: TextFact): Language | null {
  // Half a character: tests count UTF-16 units, languages count code points.
  if (/\p{Surrogate}/u.test(pattern)) return null
  switch (operator) {
    case 'starts_with':
      return sequence([literal(pattern), anything])
    case 'ends_with':
      return sequence([anything, literal(pattern)])
    case 'contains':
      return sequence([anything, literal(pattern), anything])
    case 'like':
      return glob(pattern, holds)
    case 'matches':
      return new Reader(pattern).whole()
  }
}

export function literal(text: string): Language {
  return sequence(Array.from(text, character => oneOf([single(character.codePointAt(0) ?? 0)])))
}

const lastCode = 0x10ffff
const anyCharacter: Language = { kind: 'one-of', ranges: [{ low: 0, high: lastCode }] }
const anything: Language = { kind: 'repeat', of: anyCharacter, least: 0, most: null }

function sequence(of: readonly Language[]): Language {
  return { kind: 'sequence', of }
}
function oneOf(ranges: readonly CodeRange[]): Language {
  return { kind: 'one-of', ranges }
}
function single(code: number): CodeRange {
  return { low: code, high: code }
}

/** `?` is one UTF-16 unit, and so at most one character: too many texts, which is right only where the test holds. */
function glob(pattern: string, holds: boolean): Language | null {
  if (pattern.includes('?') && !holds) return null
  const atMostOne: Language = { kind: 'repeat', of: anyCharacter, least: 0, most: 1 }
  return sequence(
    Array.from(pattern, character => {
      if (character === '*') return anything
      return character === '?' ? atMostOne : oneOf([single(character.codePointAt(0) ?? 0)])
    }),
  )
}

/** Reads an RE2 pattern that is known to be one. INVARIANT: what is given stands for the same texts as the pattern. */
class Reader {
  readonly #characters: readonly string[]
  #at = 0

  constructor(pattern: string) {
    this.#characters = Array.from(withoutAnchors(pattern))
  }

  whole(): Language | null {
    const read = this.#choice()
    return this.#at === this.#characters.length ? read : null
  }

  #choice(): Language | null {
    const of: Language[] = []
    for (;;) {
      const part = this.#sequence()
      if (part === null) return null
      of.push(part)
      if (!this.#take('|')) return of.length === 1 ? part : { kind: 'choice', of }
    }
  }

  #sequence(): Language | null {
    const of: Language[] = []
    while (this.#at < this.#characters.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const atom = this.#atom()
      if (atom === null) return null
      of.push(this.#repeated(atom))
    }
    return sequence(of)
  }

  #repeated(of: Language): Language {
    const counts = this.#counts()
    if (counts === null) return of
    this.#take('?')
    return { kind: 'repeat', of, ...counts }
  }

  #counts(): { readonly least: number; readonly most: number | null } | null {
    if (this.#take('*')) return { least: 0, most: null }
    if (this.#take('+')) return { least: 1, most: null }
    if (this.#take('?')) return { least: 0, most: 1 }
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.#characters.slice(this.#at, this.#at + 24).join(''))
    if (!counted) return null
    const [text, low = '0', more, high = ''] = counted
    this.#at += text.length
    const least = Number(low)
    return { least, most: more === undefined ? least : high === '' ? null : Number(high) }
  }

  #atom(): Language | null {
    switch (this.#peek()) {
      case '(':
        return this.#group()
      case '[':
        return this.#class()
      case '.':
        this.#at++
        return oneOf(without([single(newline)]))
      case '\\': {
        const ranges = this.#escape()
        return ranges && oneOf(ranges)
      }
      case '^':
      case '$':
        return null
      default:
        return oneOf([single(this.#code())])
    }
  }

  #group(): Language | null {
    const opening = /^\((?:\?:|\?P?<\w+>)?/.exec(this.#characters.slice(this.#at, this.#at + longestName).join(''))
    this.#at += opening?.[0].length ?? 1
    if (this.#peek() === '?') return null
    const inside = this.#choice()
    return inside !== null && this.#take(')') ? inside : null
  }

  #class(): Language | null {
    this.#at++
    const isNegated = this.#take('^')
    const ranges: CodeRange[] = []
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#at >= this.#characters.length || (this.#peek() === '[' && this.#characters[this.#at + 1] === ':'))
        return null
      const item = this.#peek() === '\\' ? this.#escape() : [single(this.#code())]
      if (item === null) return null
      const [low] = item
      const isRange = this.#peek() === '-' && this.#characters[this.#at + 1] !== ']'
      if (!isRange) {
        ranges.push(...item)
        continue
      }
      this.#at++
      const high = this.#peek() === '\\' ? this.#escape() : [single(this.#code())]
      const last = high?.[0]
      if (item.length !== 1 || low === undefined || high?.length !== 1 || last === undefined) return null
      ranges.push({ low: low.low, high: last.high })
    }
    this.#at++
    return oneOf(isNegated ? without(ranges) : ranges)
  }

  #escape(): readonly CodeRange[] | null {
    const letter = this.#characters[this.#at + 1] ?? ''
    this.#at += 2
    const named = classes[letter]
    if (named) return named
    const lower = classes[letter.toLowerCase()]
    if (lower) return without(lower)
    const control = 'afnrtv'.indexOf(letter)
    if (letter !== '' && control >= 0) return [single([7, 12, 10, 13, 9, 11][control] ?? 0)]
    if (letter === 'x') {
      const hexadecimal = /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(
        this.#characters.slice(this.#at, this.#at + 16).join(''),
      )
      if (!hexadecimal) return null
      this.#at += hexadecimal[0].length
      return [single(Number.parseInt(hexadecimal[1] ?? hexadecimal[2] ?? '', 16))]
    }
    return /^[!-/:-@[-`{-~]$/.test(letter) ? [single(letter.codePointAt(0) ?? 0)] : null
  }

  #peek(): string {
    return this.#characters[this.#at] ?? ''
  }
  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }
  #code(): number {
    return this.#characters[this.#at++]?.codePointAt(0) ?? 0
  }
}

/** The whole text has to match anyway. */
function withoutAnchors(pattern: string): string {
  if (pattern.includes('|')) return pattern
  const begun = pattern.startsWith('^') ? pattern.slice(1) : pattern
  return /(?:^|[^\\])(?:\\\\)*\$$/.test(begun) ? begun.slice(0, -1) : begun
}

/** All other characters. */
function without(ranges: readonly CodeRange[]): readonly CodeRange[] {
  const rest: CodeRange[] = []
  let from = 0
  for (const { low, high } of ranges.toSorted((a, b) => a.low - b.low)) {
    if (low > from) rest.push({ low: from, high: low - 1 })
    from = Math.max(from, high + 1)
  }
  return from > lastCode ? rest : [...rest, { low: from, high: lastCode }]
}

const newline = 10
const longestName = 64
const range = (low: string, high = low): CodeRange => ({ low: low.charCodeAt(0), high: high.charCodeAt(0) })
const classes: Readonly<Record<string, readonly CodeRange[]>> = {
  d: [range('0', '9')],
  w: [range('0', '9'), range('A', 'Z'), range('_'), range('a', 'z')],
  s: [range('\t', '\n'), range('\f', '\r'), range(' ')],
}
