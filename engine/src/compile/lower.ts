/**
 * Conditions in low form. Everything has one: what has no fast form is asked of the exact path. Numbers are lower-numbers.ts.
 */
import type { CodeColumn, Column, Log } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import { isRational, type Value } from '../value/value.ts'
import { comparableAt } from './constants.ts'
import { exactTruth } from './exact.ts'
import { isRecord } from './inputs.ts'
import type { CodeIr, Comparison, NumberIr, TruthIr } from './ir.ts'
import { kindOf, type LowNumber, level, product } from './low-number.ts'
import { NumberLowering, type WindowNumbers } from './lower-numbers.ts'
import type { Condition } from './rules.ts'
import type { Cursor, Scope } from './scope.ts'
import { shapeOf } from './shape.ts'
import { soleField } from './sole-field.ts'

type HistoryTruth = Extract<Expr, { kind: 'exists' | 'sequence' }>

/** Windows as the low form asks for them; null where a window is kept exact only. */
export interface Windows extends WindowNumbers {
  truth(form: HistoryTruth): Condition | null
}

export class Lowering {
  readonly #scope: Scope
  readonly #variable: number
  readonly #home: Cursor
  readonly #windows: Windows | null
  readonly #numbers: NumberLowering
  /** Tables by shape of the condition. */
  readonly #tables = new Map<string, TruthIr>()
  readonly #askedOnce = new Map<string, TruthIr>()

  /** For conditions at the rows of `variable`'s contract. */
  constructor(scope: Scope, variable: number, windows: Windows | null) {
    const home = scope.events.get(variable)
    if (home === undefined) throw new Error(`no event is bound to variable ${variable} here`)
    this.#scope = scope
    this.#variable = variable
    this.#home = home
    this.#windows = windows
    this.#numbers = new NumberLowering(scope, variable, home, windows, expr => this.truth(expr))
  }

  get numbers(): NumberLowering {
    return this.#numbers
  }

  /** How many events there are of the contract. */
  get rows(): number {
    return this.#home.batch.rows
  }

  get log(): Log {
    return this.#scope.log
  }

  truth(expr: Expr): TruthIr {
    switch (expr.kind) {
      case 'literal':
        return { kind: 'truth', value: expr.value === true ? 1 : expr.value === false ? 0 : 2 }
      case 'field': {
        const column = this.column(expr)
        return column?.kind === 'bool' ? { kind: 'bools', values: column.values } : this.#asked(expr)
      }
      case 'named':
        return this.truth(expr.value)
      case 'not':
        return { kind: 'not', of: this.truth(expr.operand) }
      case 'and':
      case 'or':
        return { kind: expr.kind, of: expr.operands.map(operand => this.truth(operand)) }
      case 'if':
        return {
          kind: 'either',
          condition: this.truth(expr.condition),
          yes: this.truth(expr.then),
          no: this.truth(expr.otherwise),
        }
      case 'compare':
        return this.#compare(expr) ?? this.#byValue(expr)
      case 'in-range':
        return this.#inRange(expr) ?? this.#byValue(expr)
      case 'in-list':
        return this.#inList(expr) ?? this.#byValue(expr)
      case 'text-test':
        return this.#textTest(expr) ?? this.#byValue(expr)
      case 'present':
        return this.#present(expr) ?? this.#byValue(expr)
      case 'exists':
      case 'sequence': {
        const condition = this.#windows?.truth(expr) ?? null
        return condition === null ? this.#asked(expr) : { kind: 'asked', condition }
      }
      default:
        return this.#byValue(expr)
    }
  }

  /** The column of a field of this contract's events. */
  column(expr: Expr): Column | undefined {
    return expr.kind === 'field' && expr.event === this.#variable && !isRecord(expr)
      ? this.#home.batch.columns.get(expr.path.length === 1 ? (expr.path[0] as string) : expr.path.join('.'))
      : undefined
  }

  /** The column of the one field that an expression depends on, where it depends on nothing else. */
  soleColumn(expr: Expr): Column | null {
    const field = soleField(expr)
    return (field && this.column(field)) ?? null
  }

  /** The exact truth at a row; compiled when it is first needed, which for most conditions is never. */
  exact(expr: Expr): Condition {
    let truth: ReturnType<typeof exactTruth> | null = null
    return row => {
      truth ??= exactTruth(expr, this.#scope)
      this.#home.row = row
      const found = truth()
      return found === true ? 1 : found === false ? 0 : 2
    }
  }

  /** Asked of the exact path, at most once per row, however many rules say the same. */
  #asked(expr: Expr): TruthIr {
    const shape = shapeOf(expr)
    const known = this.#askedOnce.get(shape)
    if (known !== undefined) return known
    const ir = { kind: 'asked', condition: oncePerRow(this.exact(expr)) } as const
    this.#askedOnce.set(shape, ir)
    return ir
  }

  /** A condition on one column of strings or Bools alone is worked out once per value. */
  #byValue(expr: Expr): TruthIr {
    const column = this.soleColumn(expr)
    const few = this.#tables.size * this.#scope.log.dictionary.size < largestTables
    if (column?.kind !== 'bool' && !(column?.kind === 'code' && few)) return this.#asked(expr)
    const shape = shapeOf(expr)
    const known = this.#tables.get(shape)
    if (known !== undefined) return known
    const fill = this.exact(expr)
    let ir: TruthIr
    if (column.kind === 'code') {
      const table = new Uint8Array(this.#scope.log.dictionary.size + 2).fill(notYet)
      ir = { kind: 'by-code', codes: column.values, table, fill }
    } else ir = { kind: 'by-bool', values: column.values, table: new Uint8Array(4).fill(notYet), fill }
    this.#tables.set(shape, ir)
    return ir
  }

  #compare(expr: Extract<Expr, { kind: 'compare' }>): TruthIr | null {
    switch (kindOf(expr.left)) {
      case 'string':
      case 'enum':
      case 'version': {
        if (expr.operator !== '==' && expr.operator !== '!=') return null
        const same = this.#sameCode(expr.left, expr.right, this.exact(equality(expr)))
        return same && expr.operator === '!=' ? { kind: 'not', of: same } : same
      }
      case 'int':
      case 'decimal':
      case 'percent':
      case 'duration':
      case 'time':
        return this.#compareNumbers(expr.operator, expr.left, expr.right, null, this.exact(expr))
      case 'money': {
        const currency = this.#numbers.currencyOf(expr.left) ?? this.#numbers.currencyOf(expr.right)
        if (currency === null) return null
        return this.#compareNumbers(expr.operator, expr.left, expr.right, currency, this.exact(expr))
      }
      default:
        return null
    }
  }

  #compareNumbers(
    operator: Comparison,
    left: Expr,
    right: Expr,
    currency: string | null,
    otherwise: Condition,
  ): TruthIr | null {
    const compared = (operator: Comparison, left: NumberIr, right: NumberIr): TruthIr => ({
      kind: 'compare',
      operator,
      left,
      right,
      otherwise,
    })
    const constantRight = exactConstant(this.#numbers.constant(right), currency)
    const constantLeft = exactConstant(this.#numbers.constant(left), currency)
    const lowLeft = constantLeft === undefined ? this.#numbers.number(left, currency) : null
    const lowRight = constantRight === undefined ? this.#numbers.number(right, currency) : null
    if (lowLeft && constantRight !== undefined)
      return compared(operator, lowLeft.ir, { kind: 'number', value: comparableAt(constantRight, lowLeft.scale) })
    if (lowRight && constantLeft !== undefined)
      return compared(operator, { kind: 'number', value: comparableAt(constantLeft, lowRight.scale) }, lowRight.ir)
    if (lowLeft && lowRight) {
      const same = level(lowLeft, lowRight)
      return same && compared(operator, same.left, same.right)
    }
    const ratio = this.#numbers.ratio(left, currency)
    const against = this.#numbers.number(right, kindOf(right) === 'money' ? currency : null)
    const scaledUp = ratio && product(against, ratio.under)
    const same = ratio && scaledUp && level(ratio.over, scaledUp)
    return same ? compared(operator, same.left, same.right) : null
  }

  /** As two comparisons, where the bounds are constants: then both sides are unknown together. */
  #inRange(expr: Extract<Expr, { kind: 'in-range' }>): TruthIr | null {
    const isMoney = kindOf(expr.item) === 'money'
    const currency = isMoney ? (this.#numbers.currencyOf(expr.item) ?? this.#numbers.currencyOf(expr.low)) : null
    if (isMoney && currency === null) return null
    if (exactConstant(this.#numbers.constant(expr.low), currency) === undefined) return null
    if (exactConstant(this.#numbers.constant(expr.high), currency) === undefined) return null
    const otherwise = this.exact(expr)
    const above = this.#compareNumbers('>=', expr.item, expr.low, currency, otherwise)
    const below = this.#compareNumbers('<=', expr.item, expr.high, currency, otherwise)
    return above && below && { kind: 'and', of: [above, below] }
  }

  #inList(expr: Extract<Expr, { kind: 'in-list' }>): TruthIr | null {
    const list = this.#numbers.constant(expr.list)
    if (!Array.isArray(list)) return null
    const items: readonly Value[] = list
    const column = this.column(expr.item)
    if (column?.kind === 'code' && items.length <= longestChain && items.every(item => typeof item === 'string'))
      return { kind: 'one-of', codes: column.values, wanted: codesOf(this.#scope.log, items) }
    if (column?.kind !== 'number' || items.length > longestChain) return null
    const low = this.#numbers.number(expr.item, null)
    const constants = items.map(item => exactConstant(item, null))
    if (low === null || constants.some(constant => constant === undefined)) return null
    const otherwise = this.exact(expr)
    return {
      kind: 'or',
      of: constants.flatMap(constant =>
        constant === undefined
          ? []
          : [
              {
                kind: 'compare',
                operator: '==',
                left: low.ir,
                right: { kind: 'number', value: comparableAt(constant, low.scale) },
                otherwise,
              } as const,
            ],
      ),
    }
  }

  #sameCode(left: Expr, right: Expr, otherwise: Condition): TruthIr | null {
    const a = this.#code(left)
    const b = this.#code(right)
    if (a === null || b === null) return null
    if (a.kind === 'codes' && b.kind === 'code') return { kind: 'one-of', codes: a.values, wanted: [b.value] }
    if (b.kind === 'codes' && a.kind === 'code') return { kind: 'one-of', codes: b.values, wanted: [a.value] }
    return { kind: 'same-code', left: a, right: b, otherwise }
  }

  #code(expr: Expr): CodeIr | null {
    const constant = this.#numbers.constant(expr)
    if (typeof constant === 'string') return { kind: 'code', value: this.#scope.log.dictionary.find(constant) }
    if (expr.kind === 'named') return this.#code(expr.value)
    if (expr.kind === 'call' && expr.function === 'currency' && expr.arguments[0] !== undefined) {
      const column = this.column(expr.arguments[0])
      return column?.kind === 'money' ? { kind: 'codes', values: column.currency } : null
    }
    const column = this.column(expr)
    return column?.kind === 'code' ? { kind: 'codes', values: column.values } : null
  }

  /** Two strings of the event: as they are, without making values of them. */
  #textTest(expr: Extract<Expr, { kind: 'text-test' }>): TruthIr | null {
    if (expr.operator === 'like' || expr.operator === 'matches') return null
    const left = this.column(expr.left)
    const right = this.column(expr.right)
    if (left?.kind !== 'code' || right?.kind !== 'code') return null
    return { kind: 'asked', condition: textCondition(this.#scope.log, expr.operator, left, right) }
  }

  #present(expr: Extract<Expr, { kind: 'present' }>): TruthIr | null {
    const currency = this.#numbers.currencyOf(expr.operand)
    const low: LowNumber | null = this.#numbers.number(expr.operand, currency)
    return low && { kind: 'known', of: low.ir, otherwise: this.exact(expr) }
  }
}

/** The codes of constant strings, without those that the log does not have. */
export function codesOf(log: Log, items: readonly Value[]): readonly number[] {
  const codes = new Set<number>()
  for (const item of items) {
    const code = typeof item === 'string' ? log.dictionary.find(item) : -3
    if (code >= 0) codes.add(code)
  }
  return [...codes]
}

/** A constant that a column of numbers, or of amounts in `currency`, can be compared with. */
export function exactConstant(value: Value | undefined, currency: string | null) {
  if (typeof value !== 'object') return undefined
  if (isRational(value)) return currency === null ? value : undefined
  return 'currency' in value && value.currency === currency ? value.amount : undefined
}

const notYet = 255
/** Comparisons in a row are faster than a table up to about this many. */
const longestChain = 16
/** Bytes that tables by code may take in all. */
const largestTables = 1 << 28

function equality(expr: Extract<Expr, { kind: 'compare' }>): Expr {
  return expr.operator === '==' ? expr : { ...expr, operator: '==' }
}

function oncePerRow(condition: Condition): Condition {
  let last = -1
  let truth = 0
  return row => {
    if (row !== last) {
      truth = condition(row)
      last = row
    }
    return truth
  }
}

function textCondition(
  log: Log,
  operator: 'contains' | 'starts_with' | 'ends_with',
  left: CodeColumn,
  right: CodeColumn,
): Condition {
  const { dictionary } = log
  return row => {
    const text = left.values[row] as number
    const part = right.values[row] as number
    if (text < 0 || part < 0) return 2
    if (text === part) return 1
    const whole = dictionary.text(text)
    const wanted = dictionary.text(part)
    const holds =
      operator === 'contains'
        ? whole.includes(wanted)
        : operator === 'starts_with'
          ? whole.startsWith(wanted)
          : whole.endsWith(wanted)
    return holds ? 1 : 0
  }
}
