/**
 * Numbers of the current event moved to where a comparison turns around. The place is computed where the comparison depends
 * on the number evenly, as sums and products with constants do, and told only if trying it confirms that it is the threshold.
 */
import type { Expr } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import {
  add,
  compare,
  divide,
  equal,
  fromInteger,
  multiply,
  negate,
  type Rational,
  rational,
  subtract,
} from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { isMoney, isRational, type Value } from '../value/value.ts'
import { type Change, change, type Trial } from './change.ts'
import { evaluate } from './evaluate.ts'
import { isHistory } from './history-words.ts'
import { overlaid } from './overlay.ts'
import { currentValue, type Field, innermost, nameOf, withField } from './own-field.ts'
import { valueText } from './words.ts'

/** The smallest move of each number on which `left` against `right` depends, where it changes the decision. */
export function numberChanges(left: Expr, right: Expr, trial: Trial): readonly Change[] {
  return numericFields([left, right], trial.scope.event.contract).flatMap(field => {
    const now = numberOf(currentValue(field, trial))
    if (now === null) return []
    const one = stepOf(field.type)
    const target = levelPoint(left, right, field, now, one, trial)
    if (target === null) return []
    for (const value of around(target, now, one)) {
      const found = threshold(field, now, value, target, one, trial)
      if (found) return [found]
    }
    return []
  })
}

export function isNumeric(type: Type): boolean {
  return ['int', 'decimal', 'percent', 'money', 'duration', 'time'].includes(innermost(type).kind)
}

/** Where the difference of the two sides would be nothing, if it grows evenly. */
function levelPoint(
  left: Expr,
  right: Expr,
  field: Field,
  now: Rational,
  one: Rational,
  trial: Trial,
): Rational | null {
  const before = differenceAt(left, right, field, now, trial)
  const after = differenceAt(left, right, field, add(now, one), trial)
  if (before === null || after === null) return null
  const steps = divide(before, subtract(after, before))
  return steps === undefined ? null : subtract(now, multiply(steps, one))
}

/** Values at and beside the level point that the field can have, nearest to what it is first. */
function around(target: Rational, now: Rational, one: Rational): readonly Rational[] {
  const units = divide(target, one) ?? target
  const below = multiply(floor(units), one)
  const distance = (value: Rational) => magnitude(subtract(value, now))
  return [subtract(below, one), below, add(below, one)]
    .filter(value => !equal(value, now))
    .sort((a, b) => compare(distance(a), distance(b)))
}

/** A change where `value` changes the decision and one step less does not. */
function threshold(
  field: Field,
  now: Rational,
  value: Rational,
  target: Rational,
  one: Rational,
  trial: Trial,
): Change | null {
  const like = currentValue(field, trial)
  const decidedAt = (number: Rational) => withField(field, withNumber(like, number), trial)
  const decided = decidedAt(value)
  if (!decided) return null
  const lower = compare(value, now) < 0
  const step = lower ? negate(one) : one
  const short = subtract(value, step)
  if (!equal(short, now) && decidedAt(short)?.decision === decided.decision) return null
  const goesOn = decidedAt(add(value, step))?.decision === decided.decision
  const text = (number: Rational) => valueText(withNumber(like, number), field.type)
  const words = !goesOn
    ? text(value)
    : equal(short, target)
      ? `${lower ? 'below' : 'above'} ${text(target)}`
      : `${lower ? 'at most' : 'at least'} ${text(value)}`
  return change(trial, 'field', `${nameOf(field)} ${words} instead of ${text(now)}`, decided)
}

function differenceAt(left: Expr, right: Expr, field: Field, number: Rational, trial: Trial): Rational | null {
  const value = withNumber(currentValue(field, trial), number)
  const changed = overlaid(trial.scope, { fields: new Map([[nameOf(field), value]]) })
  const a = numberOf(evaluate(left, changed))
  const b = numberOf(evaluate(right, changed))
  return a && b && subtract(a, b)
}

/** The number fields of the current event on which the expressions depend, through windows that hold it too. */
function numericFields(exprs: readonly Expr[], contract: number): readonly Field[] {
  const found = new Map<string, Field>()
  const visit = (expr: Expr, variable: number) => {
    if (expr.kind === 'field') {
      if (expr.event !== variable || !isNumeric(expr.type)) return
      if (!found.has(nameOf(expr))) found.set(nameOf(expr), { ...expr, event: 0 })
    } else if (isHistory(expr)) {
      const holdsIt = expr.kind === 'aggregate' && !expr.beforeThis && expr.pattern.contract === contract
      if (holdsIt && expr.value) visit(expr.value, expr.pattern.variable)
    } else {
      eachOperand(expr, operand => visit(operand, variable))
    }
  }
  for (const expr of exprs) visit(expr, 0)
  return [...found.values()].slice(0, mostFields)
}

const mostFields = 3

function numberOf(value: Value): Rational | null {
  if (typeof value !== 'object') return null
  return isMoney(value) ? value.amount : isRational(value) ? value : null
}

/** The number in the kind and currency of `like`. */
function withNumber(like: Value, number: Rational): Value {
  return typeof like === 'object' && isMoney(like) ? { amount: number, currency: like.currency } : number
}

/** The smallest difference that is worth telling. */
function stepOf(type: Type): Rational {
  switch (innermost(type).kind) {
    case 'int':
      return fromInteger(1)
    case 'duration':
    case 'time':
      return fromInteger(1000)
    case 'percent':
      return rational(1n, 1000n)
    default:
      return rational(1n, 100n)
  }
}

function floor(value: Rational): Rational {
  const whole = value.n / value.d
  return rational(value.n < 0n && whole * value.d !== value.n ? whole - 1n : whole)
}

function magnitude(value: Rational): Rational {
  return value.n < 0n ? negate(value) : value
}
