/**
 * Whether a literal pattern is a regular expression of RE2, told without loading the engine that matches (value/pattern.ts),
 * so that checking starts fast. Agreement with that engine is tested (test/check/pattern-syntax.test.ts).
 */

/** What is wrong with the pattern, or null. */
export function patternMistake(pattern: string): string | null {
  const reader = new Reader(pattern)
  const mistake = reader.alternatives()
  if (mistake !== null) return mistake
  return reader.done() ? null : 'a `)` has no `(` before it'
}

const maximalRepeat = 1000

class Reader {
  #at = 0
  #groups = new Set<string>()
  /** How often what was read last is repeated at most, by counted repetitions inside of it. */
  #weight = 1
  /** What was read last is a group like `(?i)` or an empty `\\Q\\E`: it matches nothing and cannot be repeated. */
  #onlyFlags = false
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  done(): boolean {
    return this.#at >= this.#text.length
  }

  alternatives(): string | null {
    let heaviest = 1
    for (;;) {
      const mistake = this.#sequence()
      if (mistake !== null) return mistake
      heaviest = Math.max(heaviest, this.#weight)
      this.#weight = heaviest
      if (this.#peek() !== '|') return null
      this.#at++
    }
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }

  #sequence(): string | null {
    let repeatable = false
    let heaviest = 1
    let atom = 1
    while (!this.done()) {
      const character = this.#peek()
      if (character === '|' || character === ')') break
      const repeat = this.#repetition()
      if (repeat === null) {
        const mistake = this.#atom()
        if (mistake !== null) return mistake
        if (this.#onlyFlags) continue
        atom = this.#weight
        repeatable = true
      } else {
        if (!repeatable) return `\`${repeat.text}\` has nothing before it to repeat`
        if (this.#peek() === '?') this.#at++
        if (this.#repetition(false) !== null) return 'two repetitions stand in a row'
        if (repeat.least > repeat.most) return 'a repetition goes from the smaller number to the larger'
        if (repeat.most > maximalRepeat) return `repetitions go up to ${maximalRepeat}`
        if (repeat.most >= 2) atom *= repeat.most
        else if (repeat.most === 0) atom = 1
        if (atom > maximalRepeat) return `repetitions inside each other go up to ${maximalRepeat} in all`
      }
      heaviest = Math.max(heaviest, atom)
    }
    this.#weight = heaviest
    return null
  }

  /** The repetition that stands here, consumed; null where none does. A `{` that is no repetition is itself. `*` and the like weigh nothing. */
  #repetition(consume = true): { readonly text: string; readonly least: number; readonly most: number } | null {
    const character = this.#peek()
    if (character === '*' || character === '+' || character === '?') {
      if (consume) this.#at++
      return { text: character, least: 1, most: 1 }
    }
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 24))
    if (!counted) return null
    const [text, low = '0', , high = ''] = counted
    if (consume) this.#at += text.length
    return { text, least: Number(low), most: Number(high === '' ? low : high) }
  }

  #atom(): string | null {
    this.#weight = 1
    this.#onlyFlags = false
    const character = this.#peek()
    if (character === '(') return this.#group()
    if (character === '[') return this.#class()
    if (character === '\\') return this.#escape(false)
    this.#at++
    return null
  }

  #group(): string | null {
    this.#at++
    if (this.#peek() === '?') {
      const opening = /^\?(?:P?<([^>]*)>|([imsU]*(?:-[imsU]+)?)([:)]))/.exec(this.#text.slice(this.#at))
      if (!opening) return 'this kind of group (`(?…`) is not part of RE2, which has no look-around'
      const [text, name, , closing] = opening
      if (name !== undefined) {
        if (!/^[A-Za-z0-9_]+$/.test(name)) return `\`${name}\` cannot be the name of a group`
        if (this.#groups.has(name)) return `there are two groups called \`${name}\``
        this.#groups.add(name)
      }
      this.#at += text.length
      if (closing === ')') {
        this.#onlyFlags = true
        return null
      }
    }
    const mistake = this.alternatives()
    if (mistake !== null) return mistake
    this.#onlyFlags = false
    if (this.#peek() !== ')') return 'a `(` is never closed'
    this.#at++
    return null
  }

  #class(): string | null {
    this.#at++
    if (this.#peek() === '^') this.#at++
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.done()) return 'a `[` is never closed'
      const named = /^\[:\^?(\w*):\]/.exec(this.#text.slice(this.#at))
      if (named) {
        if (!posixClasses.has(named[1] ?? '')) return `there is no class \`${named[0]}\``
        this.#at += named[0].length
        continue
      }
      const low = this.#classCharacter()
      if (typeof low === 'string') return low
      if (this.#peek() === '-' && this.#text.charAt(this.#at + 1) !== ']' && this.#at + 1 < this.#text.length) {
        if (low === null) continue
        this.#at++
        const high = this.#classCharacter()
        if (typeof high === 'string') return high
        if (high === null || high < low) return 'a range in `[…]` ends before it begins'
      }
    }
    this.#at++
    return null
  }

  /** Its code point; null for a class such as `\d`; a text where it is wrong. */
  #classCharacter(): number | string | null {
    if (this.#peek() !== '\\') {
      const code = this.#text.codePointAt(this.#at) ?? 0
      this.#at += code > 0xffff ? 2 : 1
      return code
    }
    const start = this.#at
    const mistake = this.#escape(true)
    if (mistake !== null) return mistake
    return escapedCode(this.#text.slice(start, this.#at))
  }

  #escape(inClass: boolean): string | null {
    const rest = this.#text.slice(this.#at)
    const unicode = /^\\[pP](?:\{\^?([^}]*)\}|([A-Za-z]))/.exec(rest)
    if (unicode) {
      const name = unicode[1] ?? unicode[2] ?? ''
      if (!isUnicodeClass(name)) return `there is no class of characters called \`${name}\``
      this.#at += unicode[0].length
      return null
    }
    const quoted = inClass ? null : /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest)
    const known = quoted ?? (inClass ? inClassEscape : anyEscape).exec(rest)
    if (!known) return rest.length < 2 ? 'it ends with a `\\`' : `\`${rest.slice(0, 2)}\` has no meaning`
    const hexadecimal = /^\\x\{([0-9A-Fa-f]+)\}/.exec(rest)
    if (hexadecimal && Number.parseInt(hexadecimal[1] ?? '', 16) > 0x10ffff) return 'there is no such character'
    this.#at += known[0].length
    this.#onlyFlags = quoted?.[1] === ''
    return null
  }
}

const inClassEscape =
  /^\\(?:[dDsSwW]|[afnrtv]|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}|0[0-7]{0,2}|[1-7][0-7]{1,2}|[^A-Za-z0-9\u0080-\uffff])/
const anyEscape =
  /^\\(?:[dDsSwW]|[AbBzC]|[afnrtv]|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}|0[0-7]{0,2}|[1-7][0-7]{1,2}|[^A-Za-z0-9\u0080-\uffff])/

const posixClasses = new Set(
  'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' '),
)

const categories = /^(?:Any|L[ulmto]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfos]?)$/
const shortScripts = /^(?:Ahom|Cham|Han|Lao|Lisu|Mro|Nko|Thai|Vai|Yi)$/

/** A general category, or a script by its long name; the scripts are those that this JavaScript engine knows. */
function isUnicodeClass(name: string): boolean {
  if (categories.test(name) || shortScripts.test(name)) return true
  // The short aliases of scripts have four letters and are no names for RE2.
  if (!/^[A-Z][A-Za-z_]{4,}$/.test(name)) return false
  try {
    new RegExp(`\\p{Script=${name}}`, 'u')
    return true
  } catch {
    // A SyntaxError says that there is no such script; nothing else can be thrown here.
    return false
  }
}

function escapedCode(text: string): number | null {
  const letter = text.charAt(1)
  if (/[dDsSwWpP]/.test(letter)) return null
  const special = 'afnrtv'.indexOf(letter)
  if (special >= 0) return [7, 12, 10, 13, 9, 11][special] ?? 0
  if (letter === 'x') return Number.parseInt(text.replace(/[\\x{}]/g, ''), 16)
  if (/[0-7]/.test(letter)) return Number.parseInt(text.slice(1), 8)
  return letter.codePointAt(0) ?? 0
}
