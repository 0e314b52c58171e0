/**
 * Whether some text passes several tests at once: each test is an automaton without determinism, and all are walked together,
 * set of states by set of states, as if they were one deterministic automaton. Bounded; what a test means is text-language.ts.
 */
import { type CodeRange, type Language, languageOf, literal, type TextFact } from './text-language.ts'

/** INVARIANT: false only where no text is, other than those of `without`, for which all tests come out as they say. */
export function somePass(tests: readonly TextFact[], without: readonly string[]): boolean {
  const key = JSON.stringify([tests.map(({ operator, pattern, holds }) => [operator, pattern, holds]), without])
  let known = remembered.get(key)
  if (known === undefined) {
    known = new Walk(wanted(tests, without)).finds()
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(key, known)
  }
  return known
}

const remembered = new Map<string, boolean>()
const mostRemembered = 10_000
/** About a millisecond, and more than patterns of policies need. */
const mostSteps = 20_000
const mostStates = 400

interface Wanted {
  readonly automaton: Automaton
  readonly holds: boolean
}

/** Tests that are not understood, or are too large, are left out: that only lets more texts pass. */
function wanted(tests: readonly TextFact[], without: readonly string[]): readonly Wanted[] {
  const made: Wanted[] = []
  const add = (language: Language | null, holds: boolean): void => {
    const automaton = language && automatonOf(language)
    if (automaton) made.push({ automaton, holds })
  }
  for (const fact of tests) add(languageOf(fact), fact.holds)
  for (const text of without) if (!/\p{Surrogate}/u.test(text)) add(literal(text), false)
  return made
}

class Walk {
  readonly #wanted: readonly Wanted[]
  /** One character of each class that all automata treat alike. */
  readonly #characters: readonly number[]

  constructor(all: readonly Wanted[]) {
    this.#wanted = all
    const borders = new Set([0])
    for (const { automaton } of all) for (const { low, high } of automaton.ranges) borders.add(low).add(high + 1)
    this.#characters = [...borders].filter(code => code <= 0x10ffff)
  }

  finds(): boolean {
    const first = this.#wanted.map(({ automaton }) => automaton.closed([automaton.start]))
    const seen = new Set<string>()
    const waiting = [first]
    let steps = 0
    for (let place = waiting.pop(); place; place = waiting.pop()) {
      if (this.#accepts(place)) return true
      for (const character of this.#characters) {
        if (++steps > mostSteps) return true
        const next = place.map((states, i) => this.#wanted[i]?.automaton.after(states, character) ?? [])
        if (next.some((states, i) => states.length === 0 && this.#wanted[i]?.holds === true)) continue
        const name = next.map(states => states.join()).join(';')
        if (seen.has(name)) continue
        seen.add(name)
        waiting.push(next)
      }
    }
    return false
  }

  #accepts(place: readonly (readonly number[])[]): boolean {
    return this.#wanted.every(({ automaton, holds }, i) => (place[i] ?? []).includes(automaton.end) === holds)
  }
}

interface State {
  /** Reached without a character. */
  readonly beside: number[]
  readonly ranges: readonly CodeRange[]
  readonly next: number
}

class Automaton {
  readonly #states: readonly State[]
  readonly start: number
  readonly end: number

  constructor(states: readonly State[], start: number, end: number) {
    this.#states = states
    this.start = start
    this.end = end
  }

  get ranges(): readonly CodeRange[] {
    return this.#states.flatMap(state => state.ranges)
  }

  /** With all that is reached without a character; ascending. */
  closed(states: readonly number[]): readonly number[] {
    const reached = new Set(states)
    for (const state of reached) for (const beside of this.#states[state]?.beside ?? []) reached.add(beside)
    return [...reached].sort((a, b) => a - b)
  }

  after(states: readonly number[], character: number): readonly number[] {
    const reached = new Set<number>()
    for (const number of states) {
      const state = this.#states[number]
      if (state?.ranges.some(({ low, high }) => low <= character && character <= high)) reached.add(state.next)
    }
    return this.closed([...reached])
  }
}

/** Null where it would be too large. */
function automatonOf(language: Language): Automaton | null {
  const states: { beside: number[]; ranges: readonly CodeRange[]; next: number }[] = []
  const add = (): number => states.push({ beside: [], ranges: [], next: -1 }) - 1
  const link = (from: number, to: number): void => {
    states[from]?.beside.push(to)
  }
  /** Gives the state at which `part` ends that begins at `from`. */
  const build = (part: Language, from: number): number => {
    if (states.length > mostStates) return from
    switch (part.kind) {
      case 'one-of': {
        const to = add()
        const state = states[from]
        const middle = state && state.next < 0 ? from : add()
        if (middle !== from) link(from, middle)
        const source = states[middle]
        if (source) {
          source.ranges = part.ranges
          source.next = to
        }
        return to
      }
      case 'sequence':
        return part.of.reduce((at, inner) => build(inner, at), from)
      case 'choice': {
        const to = add()
        for (const inner of part.of) {
          const begin = add()
          link(from, begin)
          link(build(inner, begin), to)
        }
        return to
      }
      case 'repeat': {
        let at = from
        for (let i = 0; i < part.least; i++) at = build(part.of, at)
        const to = add()
        if (part.most === null) {
          const loop = add()
          link(at, loop)
          link(loop, to)
          const begin = add()
          link(loop, begin)
          link(build(part.of, begin), loop)
          return to
        }
        for (let i = part.least; i < part.most && states.length <= mostStates; i++) {
          link(at, to)
          const begin = add()
          link(at, begin)
          at = build(part.of, begin)
        }
        link(at, to)
        return to
      }
    }
  }
  const start = add()
  const end = build(language, start)
  return states.length > mostStates ? null : new Automaton(states, start, end)
}
