/**
 * Conditions as formulas over what single values may be, and the search for a way to fulfil them. The search says no only
 * where it is certain: after a bounded number of steps it says that there may be one.
 */
import { both, type Domain, isImpossible, isSame } from './domain.ts'

/** A value of one event: a field, a history form, any expression that is taken as a whole. */
export interface Variable {
  readonly key: string
  /** What it may be, whatever is asked. */
  readonly domain: Domain
  readonly whole: boolean
}
export type Formula =
  | { readonly kind: 'true' | 'false' }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Formula[] }
  | { readonly kind: 'is'; readonly variable: Variable; readonly within: Domain }

export const always: Formula = { kind: 'true' }
export const never: Formula = { kind: 'false' }

export function all(of: readonly Formula[]): Formula {
  const parts = of.filter(part => part.kind !== 'true')
  if (parts.some(part => part.kind === 'false')) return never
  const [only] = parts
  return only === undefined ? always : parts.length === 1 ? only : { kind: 'all', of: parts }
}
export function any(of: readonly Formula[]): Formula {
  const parts = of.filter(part => part.kind !== 'false')
  if (parts.some(part => part.kind === 'true')) return always
  const [only] = parts
  if (only === undefined || parts.length === 1) return only ?? never
  return { kind: 'any', of: [...parts.filter(isAboutText), ...parts.filter(part => !isAboutText(part))] }
}

/** Texts and members exclude each other sooner than numbers do: asked first, they spare the rest. */
function isAboutText(formula: Formula): boolean {
  return formula.kind === 'is' && formula.within.known.kind === 'texts'
}

/** Whether all of them may hold at once. INVARIANT: false only where they certainly cannot. */
export function canHold(formulas: readonly Formula[]): boolean {
  const [only] = formulas
  if (formulas.length === 1 && only?.kind === 'is') {
    const { domain, whole } = only.variable
    return !isImpossible(both(domain, only.within, whole))
  }
  return new Search().run(formulas)
}

/** The variables that a formula speaks of. */
export function variablesOf(formula: Formula, found: Set<Variable> = new Set()): ReadonlySet<Variable> {
  if (formula.kind === 'is') found.add(formula.variable)
  else if (formula.kind === 'all' || formula.kind === 'any') for (const part of formula.of) variablesOf(part, found)
  return found
}

/** Whether two sets of variables have one in common. */
export function overlap(some: ReadonlySet<Variable>, others: ReadonlySet<Variable>): boolean {
  for (const variable of some) if (others.has(variable)) return true
  return false
}

type Choice = readonly Formula[]

/** Enough for what people write; generated conditions beyond it stay without a word. */
const mostSteps = 2_000

class Search {
  readonly #domains = new Map<Variable, Domain>()
  readonly #trail: (readonly [Variable, Domain | undefined])[] = []
  #steps = 0

  run(formulas: readonly Formula[]): boolean {
    const choices: Choice[] = []
    for (const formula of formulas) if (!this.#assume(formula, choices)) return false
    return this.#settle(choices)
  }

  /** Takes what leaves no choice first, then tries one alternative after the other. */
  #settle(open: readonly Choice[]): boolean {
    let choices = open
    for (let changed = true; changed; ) {
      changed = false
      const left: Choice[] = []
      for (const choice of choices) {
        if (this.#steps++ > mostSteps) return true
        const live = this.#live(choice)
        if (live === null) continue
        const [only] = live
        if (only === undefined) return false
        if (live.length > 1) left.push(live)
        else {
          if (!this.#assume(only, left)) return false
          changed = true
        }
      }
      choices = left
    }
    return this.#branch(choices, 0)
  }

  #branch(choices: readonly Choice[], from: number): boolean {
    const choice = choices[from]
    if (choice === undefined) return true
    for (const alternative of choice) {
      if (this.#steps++ > mostSteps) return true
      const mark = this.#trail.length
      const more: Choice[] = []
      if (this.#assume(alternative, more) && this.#branch([...more, ...choices.slice(from + 1)], 0)) return true
      this.#undo(mark)
    }
    return false
  }

  /** The alternatives that are not excluded yet; null where one holds anyway. */
  #live(choice: Choice): Choice | null {
    let live: Formula[] | null = null
    for (const [i, alternative] of choice.entries()) {
      if (alternative.kind === 'is') {
        const now = this.#domains.get(alternative.variable) ?? alternative.variable.domain
        const then = both(now, alternative.within, alternative.variable.whole)
        if (isImpossible(then)) {
          live ??= choice.slice(0, i)
          continue
        }
        if (isSame(now, then)) return null
      }
      live?.push(alternative)
    }
    return live ?? choice
  }

  #assume(formula: Formula, choices: Choice[]): boolean {
    switch (formula.kind) {
      case 'true':
        return true
      case 'false':
        return false
      case 'all':
        return formula.of.every(part => this.#assume(part, choices))
      case 'any':
        choices.push(formula.of)
        return true
      case 'is': {
        const { variable, within } = formula
        const before = this.#domains.get(variable)
        const now = both(before ?? variable.domain, within, variable.whole)
        if (isImpossible(now)) return false
        this.#trail.push([variable, before])
        this.#domains.set(variable, now)
        return true
      }
    }
  }

  #undo(mark: number): void {
    while (this.#trail.length > mark) {
      const last = this.#trail.pop()
      if (last === undefined) return
      const [variable, before] = last
      if (before === undefined) this.#domains.delete(variable)
      else this.#domains.set(variable, before)
    }
  }
}
