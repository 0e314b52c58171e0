/**
 * Numeric expressions in low form: scaled integers where everything about them is known while compiling (column scales,
 * currencies, constants), nothing where not; then the condition around them is asked of the exact path.
 */
import type { Column } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import { rational } from '../value/rational.ts'
import { isMoney, isRational, type Value } from '../value/value.ts'
import { exactValue } from './exact.ts'
import { inputsOf } from './inputs.ts'
import type { NumberMemory, TruthIr } from './ir.ts'
import {
  combined,
  constantNumber,
  kindOf,
  type LowNumber,
  type LowRatio,
  level,
  numbers,
  onlyCode,
  orElse,
  plain,
  product,
  timePart,
  zeroOf,
} from './low-number.ts'
import type { Cursor, Scope } from './scope.ts'

type AggregateExpr = Extract<Expr, { kind: 'aggregate' }>

/** Windows as numbers; null where a window is kept exact only. */
export interface WindowNumbers {
  /** Numbers and the amounts of Money; `currency` is that of the amounts, null for numbers. */
  number(form: AggregateExpr, currency: string | null): LowNumber | null
  ratio(form: AggregateExpr, currency: string | null): LowRatio | null
}

export class NumberLowering {
  readonly #scope: Scope
  readonly #home: Cursor
  readonly #variable: number
  readonly #windows: WindowNumbers | null
  readonly #truth: (expr: Expr) => TruthIr
  readonly #memories = new Map<string, NumberMemory>()

  /** Rows are those of `home`, the cursor of `variable`. */
  constructor(
    scope: Scope,
    variable: number,
    home: Cursor,
    windows: WindowNumbers | null,
    truth: (expr: Expr) => TruthIr,
  ) {
    this.#scope = scope
    this.#variable = variable
    this.#home = home
    this.#windows = windows
    this.#truth = truth
  }

  /** The value of an expression that depends on nothing; undefined for others. */
  constant(expr: Expr): Value | undefined {
    if (expr.kind === 'literal') return expr.value
    if (expr.kind === 'field') return undefined
    const { fields, other } = inputsOf(expr)
    return fields.size === 0 && !other ? exactValue(expr, this.#scope)() : undefined
  }

  /** The currency that a Money expression has where it has a value, as far as plan and log tell. */
  currencyOf(expr: Expr): string | null {
    const type = expr.type.kind === 'optional' ? expr.type.inner : expr.type
    if (type.kind === 'money' && type.currency !== null) return type.currency
    switch (expr.kind) {
      case 'literal':
        return typeof expr.value === 'object' && isMoney(expr.value) ? expr.value.currency : null
      case 'field': {
        const column = this.#column(expr)
        return column?.kind === 'money' ? this.#onlyCurrency(column.currency) : null
      }
      case 'named':
        return this.currencyOf(expr.value)
      case 'arithmetic':
        return this.currencyOf(expr.left) ?? this.currencyOf(expr.right)
      case 'negate':
        return this.currencyOf(expr.operand)
      case 'default':
        return this.currencyOf(expr.value) ?? this.currencyOf(expr.otherwise)
      case 'if':
        return this.currencyOf(expr.then) ?? this.currencyOf(expr.otherwise)
      case 'aggregate':
        return expr.value === null ? null : this.#windowCurrency(expr)
      default:
        return null
    }
  }

  /** With a currency: the amounts of Money of that currency, NaN for other Money. */
  number(expr: Expr, currency: string | null): LowNumber | null {
    const constant = this.constant(expr)
    if (constant !== undefined) return constantNumber(constant, currency)
    switch (expr.kind) {
      case 'field':
        return this.#field(expr, currency)
      case 'now':
        return this.#home === this.#scope.current ? numbers(this.#home.batch.time, 0) : null
      case 'named': {
        const value = this.number(expr.value, currency)
        return value && this.#remembered(expr.value, currency, value)
      }
      case 'arithmetic':
        return this.#arithmetic(expr, currency)
      case 'negate':
        return combined('subtract', constantNumber(zeroOf(currency), currency), this.number(expr.operand, currency))
      case 'default':
        return this.#default(expr, currency)
      case 'if': {
        const then = this.number(expr.then, currency)
        const otherwise = this.number(expr.otherwise, currency)
        const same = then && otherwise && level(then, otherwise)
        if (!same) return null
        const condition = this.#truth(expr.condition)
        return plain({ kind: 'either', condition, yes: same.left, no: same.right }, same.scale)
      }
      case 'call':
        return this.#call(expr, currency)
      case 'aggregate':
        return this.#windows?.number(expr, currency) ?? null
      default:
        return null
    }
  }

  /** A quotient whose parts are known as scaled integers. */
  ratio(expr: Expr, currency: string | null): LowRatio | null {
    switch (expr.kind) {
      case 'named':
        return this.ratio(expr.value, currency)
      case 'aggregate':
        return this.#windows?.ratio(expr, currency) ?? null
      case 'arithmetic': {
        if (expr.operator !== '/' || kindOf(expr) === 'duration') return null
        const inner = kindOf(expr.left) === 'money' ? this.currencyOf(expr.left) : null
        const over = this.number(expr.left, inner)
        const under = this.number(expr.right, kindOf(expr.right) === 'money' ? inner : null)
        if (!over || !under) return null
        return { over, under: plain({ kind: 'positive', of: under.ir }, under.scale), isAbsent: null }
      }
      case 'default': {
        const value = this.ratio(expr.value, currency)
        const otherwise = this.number(expr.otherwise, currency)
        if (!value?.isAbsent || !otherwise) return null
        const over = orElse({ ...value.over, isAbsent: value.isAbsent }, otherwise)
        const under = orElse({ ...value.under, isAbsent: value.isAbsent }, plain({ kind: 'number', value: 1 }, 0))
        return over && under && { over, under, isAbsent: null }
      }
      default:
        return null
    }
  }

  #column(expr: Extract<Expr, { kind: 'field' }>): Column | undefined {
    return expr.event === this.#variable ? this.#home.batch.columns.get(expr.path.join('.')) : undefined
  }

  #field(expr: Extract<Expr, { kind: 'field' }>, currency: string | null): LowNumber | null {
    const column = this.#column(expr)
    if (column?.kind === 'number' && currency === null)
      return { ...numbers(column.values, column.scale), isAbsent: row => column.exact.get(row) === 'absent' }
    if (column?.kind !== 'money' || currency === null) return null
    const isAbsent = (row: number) => column.exact.get(row) === 'absent'
    if (this.#onlyCurrency(column.currency) === currency) return { ...numbers(column.values, column.scale), isAbsent }
    const code = this.#scope.log.dictionary.find(currency)
    const ir = { kind: 'amounts', values: column.values, currencies: column.currency, currency: code } as const
    return { ir, scale: column.scale, isAbsent }
  }

  #arithmetic(expr: Extract<Expr, { kind: 'arithmetic' }>, currency: string | null): LowNumber | null {
    const { operator, left, right } = expr
    let result: LowNumber | null
    if (operator === '+' || operator === '-') {
      const kind = operator === '+' ? 'add' : 'subtract'
      result = combined(kind, this.number(left, currency), this.number(right, currency))
    } else if (operator === '*') {
      result = product(
        this.number(left, kindOf(left) === 'money' ? currency : null),
        this.number(right, kindOf(right) === 'money' ? currency : null),
      )
    } else {
      const divisor = this.constant(right)
      if (divisor === undefined || typeof divisor !== 'object' || !isRational(divisor) || divisor.n === 0n) return null
      result = product(this.number(left, currency), constantNumber(rational(divisor.d, divisor.n), null))
    }
    if (result === null || kindOf(expr) !== 'duration' || result.scale === 0) return result
    return plain({ kind: 'cut', of: result.ir, by: 10 ** result.scale }, 0)
  }

  #default(expr: Extract<Expr, { kind: 'default' }>, currency: string | null): LowNumber | null {
    const value = this.number(expr.value, currency)
    const otherwise = this.number(expr.otherwise, currency)
    return value?.isAbsent && otherwise ? orElse(value, otherwise) : null
  }

  #call(expr: Extract<Expr, { kind: 'call' }>, currency: string | null): LowNumber | null {
    const [first, ...rest] = expr.arguments
    if (first === undefined) return null
    switch (expr.function) {
      case 'abs': {
        const value = this.number(first, currency)
        return value && plain({ kind: 'absolute', of: value.ir }, value.scale)
      }
      case 'min':
      case 'max': {
        let best = this.number(first, currency)
        for (const argument of rest)
          best = combined(expr.function === 'min' ? 'least' : 'most', best, this.number(argument, currency))
        return best
      }
      case 'amount': {
        const column = first.kind === 'field' ? this.#column(first) : undefined
        return column?.kind === 'money' ? numbers(column.values, column.scale) : null
      }
      case 'hour_of_day':
        return timePart(this.number(first, null), { by: 3_600_000, shift: 0, modulus: 24, plus: 0 })
      case 'day_of_week':
        // 1970-01-01 was a Thursday, day 4.
        return timePart(this.number(first, null), { by: 86_400_000, shift: 3, modulus: 7, plus: 1 })
      default:
        return null
    }
  }

  /** Work that a let stands for is done once per row, however many rules name it. */
  #remembered(value: Expr, currency: string | null, low: LowNumber): LowNumber {
    if (low.ir.kind === 'numbers' || low.ir.kind === 'number') return low
    const name = `${currency} ${memoryName(value)}`
    const memory = this.#memories.get(name) ?? { row: -1, value: Number.NaN }
    this.#memories.set(name, memory)
    return { ...low, ir: { kind: 'remembered', memory, of: low.ir } }
  }

  #windowCurrency(form: AggregateExpr): string | null {
    if (form.value?.kind !== 'field') return null
    const column = this.#scope.log.batches[form.pattern.contract]?.columns.get(form.value.path.join('.'))
    return column?.kind === 'money' ? this.#onlyCurrency(column.currency) : null
  }

  #onlyCurrency(codes: Int32Array): string | null {
    const code = onlyCode(codes)
    return code < 0 ? null : this.#scope.log.dictionary.text(code)
  }
}

const names = new WeakMap<Expr, number>()
let nextName = 0

/** Lets are one node wherever they are used, so that the node itself can be the name. */
function memoryName(value: Expr): number {
  let name = names.get(value)
  if (name === undefined) {
    name = nextName++
    names.set(value, name)
  }
  return name
}
