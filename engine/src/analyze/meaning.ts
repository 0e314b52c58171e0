/**
 * The meaning of conditions as formulas: what has to hold of single values for a condition to be true, false or unknown. What
 * is not understood becomes a value of its own, equal wherever the same is written, so that nothing certain is lost by it.
 * INVARIANT: where a condition has one of the wanted outcomes at some event, the formula for these outcomes can hold.
 */
import type { ComparisonOperator } from '@writ/grammar'
import type { Expr, Pattern } from '../plan/expression.ts'
import type { PlanContract } from '../plan/plan.ts'
import { compareWith } from '../value/operations.ts'
import { isMoney, isRational, type Value } from '../value/value.ts'
import { anyKnown, type Domain, type Known, knownNumbers, knownTexts, noneKnown } from './domain.ts'
import { type Bindings, domainOf, inner, isWhole } from './facts.ts'
import { all, always, any, type Formula, never, type Variable } from './formula.ts'
import { between, bothNumbers, type NumberSet, numbersWhere } from './number-set.ts'
import { termKey } from './term-key.ts'
import { onlyTexts, type TextSet, textsWith, textsWithout } from './text-set.ts'

/** Which outcomes of a condition are meant. */
export interface Outcomes {
  readonly yes: boolean
  readonly no: boolean
  readonly unknown: boolean
}
export const isTrue: Outcomes = { yes: true, no: false, unknown: false }
export const isFalse: Outcomes = { yes: false, no: true, unknown: false }
export const isUnknown: Outcomes = { yes: false, no: false, unknown: true }
export const notTrue: Outcomes = { yes: false, no: true, unknown: true }
export const notFalse: Outcomes = { yes: true, no: false, unknown: true }

/** The conditions at an event of one contract, or inside a window: events of the given contracts by their variables. */
export class Meaning {
  readonly #bindings: Bindings
  readonly #variables = new Map<string, Variable>()
  readonly #formulas = new Map<Expr, Map<number, Formula>>()

  constructor(contracts: readonly PlanContract[], current: number, patterns: readonly Pattern[] = []) {
    const bound = [[0, contracts[current]] as const, ...patterns.map(p => [p.variable, contracts[p.contract]] as const)]
    this.#bindings = {
      contracts,
      bound: new Map(bound.flatMap(([variable, contract]) => (contract ? [[variable, contract]] : []))),
    }
  }

  /** When `condition` has one of the outcomes. Remembered by node. */
  when(condition: Expr, outcomes: Outcomes): Formula {
    const number = Number(outcomes.yes) + 2 * Number(outcomes.no) + 4 * Number(outcomes.unknown)
    let known = this.#formulas.get(condition)
    if (!known) {
      known = new Map()
      this.#formulas.set(condition, known)
    }
    const formula = known.get(number) ?? this.#made(condition, outcomes)
    known.set(number, formula)
    return formula
  }

  #made(expr: Expr, wanted: Outcomes): Formula {
    switch (expr.kind) {
      case 'literal':
        return decided(expr.value === true ? true : expr.value === false ? false : null, wanted)
      case 'named':
        return this.when(expr.value, wanted)
      case 'not':
        return this.when(expr.operand, { yes: wanted.no, no: wanted.yes, unknown: wanted.unknown })
      case 'and':
        return this.#joined(expr.operands, wanted)
      case 'or': {
        // An `or` is the `and` of the opposites, turned round.
        const turned = { yes: wanted.no, no: wanted.yes, unknown: wanted.unknown }
        return this.#joined(expr.operands, turned, true)
      }
      case 'if':
      case 'default':
        return this.#byCases(expr, wanted, chosen => this.when(chosen, wanted))
      case 'compare':
        return this.#comparison(expr.operator, expr.left, expr.right, wanted)
      case 'in-range':
        return this.#range(expr, wanted)
      case 'in-list':
        return this.#list(expr, wanted)
      case 'text-test':
        return this.#textTest(expr, wanted)
      case 'present':
        return this.#present(expr.operand, wanted)
      default:
        return this.#truth(expr, wanted)
    }
  }

  /** Of an `and`; `turned`: of the opposites of its operands. */
  #joined(operands: readonly Expr[], { yes, no, unknown }: Outcomes, turned = false): Formula {
    const each = (outcomes: Outcomes): readonly Formula[] => {
      const own = turned ? { ...outcomes, yes: outcomes.no, no: outcomes.yes } : outcomes
      return operands.map(operand => this.when(operand, own))
    }
    if (yes && no && unknown) return always
    if (yes && no) return any([all(each(isTrue)), any(each(isFalse))])
    if (yes) return all(each(unknown ? notFalse : isTrue))
    if (no) return any(each(unknown ? notTrue : isFalse))
    return unknown ? all([...each(notFalse), any(each(isUnknown))]) : never
  }

  /** What `expr` is worth, case by case: of `??` and `if` what they choose. Unknown where the choice is. */
  #byCases(expr: Expr, wanted: Outcomes, ask: (chosen: Expr) => Formula): Formula {
    switch (expr.kind) {
      case 'named':
        return this.#byCases(expr.value, wanted, ask)
      case 'default':
        return any([
          all([this.#present(expr.value, notFalse), this.#byCases(expr.value, wanted, ask)]),
          all([this.#present(expr.value, isFalse), this.#byCases(expr.otherwise, wanted, ask)]),
        ])
      case 'if':
        return any([
          all([this.when(expr.condition, isTrue), this.#byCases(expr.then, wanted, ask)]),
          all([this.when(expr.condition, isFalse), this.#byCases(expr.otherwise, wanted, ask)]),
          wanted.unknown ? this.when(expr.condition, isUnknown) : never,
        ])
      default:
        return ask(expr)
    }
  }

  #comparison(operator: ComparisonOperator, left: Expr, right: Expr, wanted: Outcomes): Formula {
    const constant = constantOf(right)
    if (constant === null) {
      if (constantOf(left) !== null) return this.#comparison(turnedRound[operator], right, left, wanted)
      return this.#pair(operator, left, right, wanted)
    }
    return this.#byCases(left, wanted, chosen => {
      const own = constantOf(chosen)
      if (own !== null) {
        const truth = compareWith(operator, own, constant, inner(chosen.type))
        return decided(typeof truth === 'boolean' ? truth : null, wanted)
      }
      return this.#constant(operator, chosen, constant, wanted) ?? this.#pair(operator, chosen, right, wanted)
    })
  }

  /** `term operator constant`; null where the order of such values is not understood. */
  #constant(operator: ComparisonOperator, term: Expr, constant: Value, wanted: Outcomes): Formula | null {
    if (typeof constant === 'boolean') {
      const turned = (operator === '==') === constant ? wanted : { ...wanted, yes: wanted.no, no: wanted.yes }
      return this.when(term, turned)
    }
    if (typeof constant === 'string') {
      if (operator !== '==' && operator !== '!=') return null
      const [same, other] = [onlyTexts([constant]), textsWithout([constant])]
      return this.#texts(term, operator === '==' ? same : other, operator === '==' ? other : same, wanted)
    }
    if (typeof constant === 'symbol' || !(isMoney(constant) || isRational(constant))) return null
    const amount = isMoney(constant) ? constant.amount : constant
    const holds = numbersWhere(operator, amount)
    return this.#numbers(term, constant, holds, numbersWhere(opposite[operator], amount), wanted)
  }

  #numbers(term: Expr, constant: Value, yes: NumberSet, no: NumberSet, wanted: Outcomes): Formula {
    const currency = typeof constant === 'object' && isMoney(constant) ? constant.currency : null
    return outcome(this.#variable(term, currency), knownNumbers(yes), knownNumbers(no), wanted)
  }
  #texts(term: Expr, yes: TextSet, no: TextSet, wanted: Outcomes): Formula {
    return outcome(this.#variable(term), knownTexts(yes), knownTexts(no), wanted)
  }

  /** Two values that are no constants: how they compare is one value, for all comparisons of the two. */
  #pair(operator: ComparisonOperator, left: Expr, right: Expr, wanted: Outcomes): Formula {
    const [a, b] = [termKey(left), termKey(right)]
    if (a > b) return this.#pair(turnedRound[operator], right, left, wanted)
    const possible = a === b ? ['='] : ['<', '=', '>']
    const domain = { known: knownTexts(onlyTexts(possible)), unknown: true, absent: false }
    const variable = this.#remembered(`${a} <=> ${b}`, () => ({ domain, whole: false }))
    const yes: readonly string[] = outcomesOf[operator]
    const no = possible.filter(order => !yes.includes(order))
    return outcome(variable, knownTexts(onlyTexts(yes)), knownTexts(onlyTexts(no)), wanted)
  }

  #range(expr: Extract<Expr, { kind: 'in-range' }>, wanted: Outcomes): Formula {
    const low = constantOf(expr.low)
    const high = constantOf(expr.high)
    const [from, to] = [numberOf(low), numberOf(high)]
    if (from === null || to === null || currencyOf(low) !== currencyOf(high)) return this.#truth(expr, wanted)
    const inside = bothNumbers(between(from, null), between(null, to), false)
    const outside = from.n * to.d <= to.n * from.d ? [...numbersWhere('<', from), ...numbersWhere('>', to)] : null
    return this.#byCases(expr.item, wanted, chosen => {
      if (constantOf(chosen) !== null) return this.#truth({ ...expr, item: chosen }, wanted)
      return outside === null
        ? outcome(this.#variable(chosen, currencyOf(low)), noneKnown, anyKnown, wanted)
        : this.#numbers(chosen, low ?? false, inside, outside, wanted)
    })
  }

  #list(expr: Extract<Expr, { kind: 'in-list' }>, wanted: Outcomes): Formula {
    const list = unnamed(expr.list)
    const items = itemsOf(list)
    if (items === null || items.length === 0) return this.#truth(expr, wanted)
    const [first] = items
    if (items.every(item => typeof item === 'string')) {
      return this.#byCases(expr.item, wanted, chosen =>
        constantOf(chosen) === null
          ? this.#texts(chosen, onlyTexts(items), textsWithout(items), wanted)
          : this.#truth({ ...expr, item: chosen }, wanted),
      )
    }
    const numbers = items.map(numberOf).flatMap(item => (item === null ? [] : [item]))
    const isOneKind = numbers.length === items.length && items.every(item => currencyOf(item) === currencyOf(first))
    if (!isOneKind || first === undefined) return this.#truth(expr, wanted)
    const apart = [...numbers].sort((a, b) => (a.n * b.d < b.n * a.d ? -1 : 1))
    const yes = apart.flatMap((item, i) => {
      const before = apart[i - 1]
      return before && before.n * item.d === item.n * before.d ? [] : between(item, item)
    })
    const no = apart.reduce<NumberSet>(
      (rest, item) => bothNumbers(rest, numbersWhere('!=', item), false),
      between(null, null),
    )
    return this.#byCases(expr.item, wanted, chosen =>
      constantOf(chosen) === null
        ? this.#numbers(chosen, first, yes, no, wanted)
        : this.#truth({ ...expr, item: chosen }, wanted),
    )
  }

  #textTest(expr: Extract<Expr, { kind: 'text-test' }>, wanted: Outcomes): Formula {
    const pattern = constantOf(expr.right)
    if (typeof pattern !== 'string' || inner(expr.left.type).kind !== 'string') return this.#truth(expr, wanted)
    const fact = { operator: expr.operator, pattern }
    return this.#byCases(expr.left, wanted, chosen =>
      constantOf(chosen) === null
        ? this.#texts(chosen, textsWith({ ...fact, holds: true }), textsWith({ ...fact, holds: false }), wanted)
        : this.#truth({ ...expr, left: chosen }, wanted),
    )
  }

  #present(operand: Expr, { yes, no, unknown }: Outcomes): Formula {
    if (constantOf(operand) !== null) return yes ? always : never
    return within(this.#variable(operand), { known: yes ? anyKnown : noneKnown, unknown, absent: no })
  }

  /** An expression that is not looked into. */
  #truth(expr: Expr, wanted: Outcomes): Formula {
    const variable = this.#variable(expr)
    return outcome(variable, knownTexts(onlyTexts(['true'])), knownTexts(onlyTexts(['false'])), wanted)
  }

  /** `currency`: that it is compared in. Money of any currency is another number in each. */
  #variable(expr: Expr, currency: string | null = null): Variable {
    const term = unnamed(expr)
    const type = inner(term.type)
    const isOpen = type.kind === 'money' && currency !== null && type.currency !== currency
    return this.#remembered(isOpen ? `${termKey(term)} in ${currency}` : termKey(term), () => {
      const domain = domainOf(term, this.#bindings)
      return { domain: isOpen ? { ...domain, absent: true } : domain, whole: isWhole(term) }
    })
  }

  #remembered(key: string, make: () => Omit<Variable, 'key'>): Variable {
    let variable = this.#variables.get(key)
    if (!variable) {
      variable = { key, ...make() }
      this.#variables.set(key, variable)
    }
    return variable
  }
}

/** What is behind the names of lets and defines. */
export function unnamed(expr: Expr): Expr {
  return expr.kind === 'named' ? unnamed(expr.value) : expr
}

const turnedRound = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const
const opposite = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const
const outcomesOf = {
  '==': ['='],
  '!=': ['<', '>'],
  '<': ['<'],
  '<=': ['<', '='],
  '>': ['>'],
  '>=': ['>', '='],
} as const

function constantOf(expr: Expr): Value | null {
  const term = unnamed(expr)
  return term.kind === 'literal' && typeof term.value !== 'symbol' ? term.value : null
}

function numberOf(value: Value | null) {
  if (value === null || typeof value !== 'object') return null
  return isMoney(value) ? value.amount : isRational(value) ? value : null
}
function currencyOf(value: Value | null | undefined): string | null {
  return typeof value === 'object' && value !== null && isMoney(value) ? value.currency : null
}

function itemsOf(list: Expr): readonly Value[] | null {
  if (list.kind !== 'list') return null
  const items: Value[] = []
  for (const item of list.items) {
    const value = constantOf(item)
    if (value === null) return null
    items.push(value)
  }
  return items
}

/** `truth` null: unknown. */
function decided(truth: boolean | null, { yes, no, unknown }: Outcomes): Formula {
  return (truth === null ? unknown : truth ? yes : no) ? always : never
}

/** True for the known values in `ifTrue`, false for those in `ifFalse`, unknown where there is no value. */
function outcome(variable: Variable, ifTrue: Known, ifFalse: Known, { yes, no, unknown }: Outcomes): Formula {
  const known = yes ? (no ? anyKnown : ifTrue) : no ? ifFalse : noneKnown
  return within(variable, { known, unknown, absent: unknown })
}

function within(variable: Variable, domain: Domain): Formula {
  return { kind: 'is', variable, within: domain }
}
