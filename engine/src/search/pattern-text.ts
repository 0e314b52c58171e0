/**
 * A text that a pattern matches, for patterns as people write them: letters, classes, groups, alternatives, repetitions. What
 * it makes is tried on the pattern itself before it is given away, so that whatever it does not understand gives nothing.
 */
import { patternMatches } from '../value/pattern.ts'

/** Null where none was found. */
export function textMatching(pattern: string): string | null {
  const reader = new Reader(pattern)
  const text = reader.alternatives()
  return reader.done && patternMatches(text, pattern) ? text : null
}

class Reader {
  readonly #pattern: string
  #at = 0

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  get done(): boolean {
    return this.#at >= this.#pattern.length
  }

  /** The first of them. */
  alternatives(): string {
    const first = this.#sequence()
    while (this.#take('|')) this.#sequence()
    return first
  }

  #sequence(): string {
    let text = ''
    while (!this.done && this.#next !== '|' && this.#next !== ')') text += this.#repeated(this.#item())
    return text
  }

  get #next(): string {
    return this.#pattern[this.#at] ?? ''
  }
  #take(character: string): boolean {
    if (this.#next !== character) return false
    this.#at++
    return true
  }

  #item(): string {
    const character = this.#next
    this.#at++
    switch (character) {
      case '(': {
        const flags = /^\?(?:[a-z]*:|P?<\w+>)/.exec(this.#pattern.slice(this.#at))
        if (flags) this.#at += flags[0].length
        const text = this.alternatives()
        this.#take(')')
        return text
      }
      case '[':
        return this.#class()
      case '\\':
        return this.#escaped()
      case '.':
        return 'x'
      case '^':
      case '$':
        return ''
      default:
        return character
    }
  }

  #escaped(): string {
    const character = this.#next
    this.#at++
    return { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a', b: '', A: '', z: '' }[character] ?? character
  }

  /** One of its members; of an excluding class some letter that is not named. */
  #class(): string {
    const excludes = this.#take('^')
    const named: string[] = []
    let isFirst = true
    while (!this.done && (isFirst || this.#next !== ']')) {
      isFirst = false
      if (this.#take('\\')) named.push(this.#escaped())
      else {
        named.push(this.#next)
        this.#at++
      }
      if (this.#next === '-' && this.#pattern[this.#at + 1] !== ']') this.#at += 2
    }
    this.#take(']')
    return excludes ? ([...'xa1-_ '].find(one => !named.includes(one)) ?? '') : (named[0] ?? '')
  }

  /** As often as it has to be there. */
  #repeated(item: string): string {
    let times = 1
    if (this.#take('*') || this.#take('?')) times = 0
    else if (this.#take('+')) times = 1
    else {
      const bounds = /^\{(\d+)(?:,\d*)?\}/.exec(this.#pattern.slice(this.#at))
      if (bounds) {
        this.#at += bounds[0].length
        times = Number(bounds[1])
      }
    }
    this.#take('?')
    return item.repeat(Math.min(times, longest))
  }
}

const longest = 200
