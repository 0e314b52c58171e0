/**
 * One token of lookahead, computed once per rule: what chevrotain's own strategy finds with `maxLookahead: 1`, in a fraction of the
 * time, so that a cold start stays short. Ambiguities are not looked for here: the tests construct the parser with chevrotain's
 * strategy and its validations.
 */
import {
  Alternation,
  Alternative,
  type ILookaheadStrategy,
  type IOrAlt,
  type IProduction,
  type IToken,
  NonTerminal,
  Option,
  type OptionalProductionType,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
} from 'chevrotain'

/** What the lookahead functions are called on: the parser. */
interface Reader {
  LA_FAST(distance: number): IToken
}

/** The tokens with which something may begin, by `tokenTypeIdx`; and whether it may be empty. */
interface First {
  readonly tokens: Set<number>
  empty: boolean
}

export class SingleTokenLookahead implements ILookaheadStrategy {
  private readonly firsts = new Map<Rule, First>()
  private readonly productions = new Map<Rule, ReadonlyMap<string, IProduction>>()

  validate(): [] {
    return []
  }

  buildLookaheadForAlternation(options: {
    readonly prodOccurrence: number
    readonly rule: Rule
    readonly hasPredicates: boolean
  }): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const alternation = this.production(options.rule, 'Alternation', options.prodOccurrence)
    const candidates: number[][] = []
    if (alternation instanceof Alternation) {
      for (const [index, definition] of alternativesOf(alternation).entries()) {
        const { tokens, empty } = this.firstOf(definition)
        if (empty) throw new Error(`an alternative of ${options.rule.name} may be empty`)
        for (const token of tokens) {
          candidates[token] ??= []
          candidates[token].push(index)
        }
      }
    }
    if (!options.hasPredicates) {
      const chosen = candidates.map(([first]) => first)
      return function (this: Reader) {
        return chosen[this.LA_FAST(1).tokenTypeIdx]
      }
    }
    return function (this: Reader, alternatives?: IOrAlt<unknown>[]) {
      for (const index of candidates[this.LA_FAST(1).tokenTypeIdx] ?? []) {
        const gate = alternatives?.[index]?.GATE
        if (gate === undefined || gate.call(this)) return index
      }
      return undefined
    }
  }

  buildLookaheadForOptional(options: {
    readonly prodOccurrence: number
    readonly prodType: OptionalProductionType
    readonly rule: Rule
  }): () => boolean {
    const production = this.production(options.rule, options.prodType, options.prodOccurrence)
    const enters: boolean[] = []
    for (const token of this.firstOf(definitionOf(production)).tokens) enters[token] = true
    return function (this: Reader) {
      return enters[this.LA_FAST(1).tokenTypeIdx] === true
    }
  }

  private production(rule: Rule, type: string, occurrence: number): IProduction {
    let known = this.productions.get(rule)
    if (known === undefined) {
      const found = new Map<string, IProduction>()
      collect(rule.definition, found)
      known = found
      this.productions.set(rule, known)
    }
    const production = known.get(`${type} ${occurrence}`)
    if (production === undefined) throw new Error(`${rule.name} has no ${type} ${occurrence}`)
    return production
  }

  private firstOf(definition: readonly IProduction[]): First {
    const first: First = { tokens: new Set(), empty: true }
    for (const production of definition) {
      const { tokens, empty } = this.firstOfOne(production)
      for (const token of tokens) first.tokens.add(token)
      if (!empty) {
        first.empty = false
        break
      }
    }
    return first
  }

  private firstOfOne(production: IProduction): First {
    if (production instanceof Terminal) {
      const { tokenTypeIdx = 0, categoryMatches = [] } = production.terminalType
      return { tokens: new Set([tokenTypeIdx, ...categoryMatches]), empty: false }
    }
    if (production instanceof NonTerminal) {
      const rule = production.referencedRule
      const known = this.firsts.get(rule)
      if (known !== undefined) return known
      const first = this.firstOf(rule.definition)
      this.firsts.set(rule, first)
      return first
    }
    if (production instanceof Alternation) {
      const all: First = { tokens: new Set(), empty: false }
      for (const definition of alternativesOf(production)) {
        for (const token of this.firstOf(definition).tokens) all.tokens.add(token)
      }
      return all
    }
    const { tokens, empty } = this.firstOf(definitionOf(production))
    return { tokens, empty: empty || mayBeLeftOut(production) }
  }
}

function alternativesOf({ definition }: Alternation): readonly (readonly IProduction[])[] {
  return definition.map(alternative => (alternative instanceof Alternative ? alternative.definition : [alternative]))
}

function mayBeLeftOut(production: IProduction): boolean {
  return (
    production instanceof Option || production instanceof Repetition || production instanceof RepetitionWithSeparator
  )
}

function definitionOf(production: IProduction): readonly IProduction[] {
  if (
    production instanceof Option ||
    production instanceof Repetition ||
    production instanceof RepetitionMandatory ||
    production instanceof RepetitionMandatoryWithSeparator ||
    production instanceof RepetitionWithSeparator
  ) {
    return production.definition
  }
  return []
}

function collect(definition: readonly IProduction[], into: Map<string, IProduction>): void {
  for (const production of definition) {
    if (production instanceof Alternation) {
      into.set(`Alternation ${production.idx}`, production)
      for (const alternative of alternativesOf(production)) collect(alternative, into)
      continue
    }
    const type = typeOf(production)
    if (type === null) continue
    into.set(`${type.name} ${type.idx}`, production)
    collect(definitionOf(production), into)
  }
}

function typeOf(production: IProduction): { readonly name: OptionalProductionType; readonly idx: number } | null {
  if (production instanceof Option) return { name: 'Option', idx: production.idx }
  if (production instanceof Repetition) return { name: 'Repetition', idx: production.idx }
  if (production instanceof RepetitionMandatory) return { name: 'RepetitionMandatory', idx: production.idx }
  if (production instanceof RepetitionWithSeparator) return { name: 'RepetitionWithSeparator', idx: production.idx }
  if (production instanceof RepetitionMandatoryWithSeparator) {
    return { name: 'RepetitionMandatoryWithSeparator', idx: production.idx }
  }
  return null
}
