/** Where conditions are judged: at events of one contract, for which the checks hold that reject others. */
import type { Pattern } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { canHold, type Formula } from './formula.ts'
import { isTrue, Meaning } from './meaning.ts'

/** A formula and what people call it. */
export interface Part {
  readonly text: string
  readonly formula: Formula
}

export interface Ground {
  readonly meaning: Meaning
  /** What certainly holds here. */
  readonly assumed: readonly Part[]
}

/** Grounds by contract; made once each. `text` gives the source of an expression. */
export class Grounds {
  readonly #plan: Plan
  readonly #text: (span: { readonly file: number; readonly start: number; readonly end: number }) => string
  readonly #made = new Map<number, Ground>()

  constructor(plan: Plan, text: Grounds['text']) {
    this.#plan = plan
    this.#text = text
  }

  get text() {
    return this.#text
  }

  at(contract: number): Ground {
    let ground = this.#made.get(contract)
    if (!ground) {
      ground = this.inside(contract, [])
      this.#made.set(contract, ground)
    }
    return ground
  }

  /** At an event of `contract`, inside the patterns of a window. */
  inside(contract: number, patterns: readonly Pattern[]): Ground {
    const meaning = new Meaning(this.#plan.contracts, contract, patterns)
    const { checks = [], name = '' } = this.#plan.contracts[contract] ?? {}
    const assumed = checks
      .filter(check => check.otherwise === 'reject')
      .map(({ condition }) => ({
        text: `the check \`${this.#text(condition.span)}\` of ${name}`,
        formula: meaning.when(condition, isTrue),
      }))
    // Checks that no event passes would make everything certain, and every message beside the point.
    return { meaning, assumed: canHold(assumed.map(part => part.formula)) ? assumed : [] }
  }
}

export function possible(ground: Ground, formulas: readonly Formula[]): boolean {
  return canHold(ground.assumed.length === 0 ? formulas : [...formulas, ...ground.assumed.map(part => part.formula)])
}

/** As few of the parts as still cannot hold together. */
export function smallestCore<P extends { readonly formula: Formula }>(
  parts: readonly P[],
  rest: readonly Formula[],
): readonly P[] {
  let core = parts
  for (const part of parts) {
    const fewer = core.filter(other => other !== part)
    if (!canHold([...fewer.map(other => other.formula), ...rest])) core = fewer
  }
  return core
}
