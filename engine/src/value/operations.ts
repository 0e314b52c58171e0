/**
 * The operators of the language on values, three-valued: docs/language.md, "Types and values" and "What unknown does", as
 * code. The reference interpreter, explanations and the exact path of the compiled evaluator call these. Functions with a
 * name (`round`, `mask`, …) are in builtins.ts; which operator may meet which type is the checker's business.
 *
 * INVARIANT: an absent operand counts as unknown wherever no operator gives it a meaning; the checker keeps absent values
 * away from such places, so that this is only ever seen in a branch whose value does not matter.
 */
import type { ComparisonOperator, TextOperator } from '@writ/grammar'
import { likeMatches, patternMatches } from './pattern.ts'
import * as rationals from './rational.ts'
import { type Rational, rational } from './rational.ts'
import type { Type } from './type.ts'
import { absent, isMoney, isRational, isRecord, type Money, type RecordValue, unknown, type Value } from './value.ts'

/** True, false, or unknown. */
export type Truth = boolean | typeof unknown

/**
 * The currency of a sum of no money at all, where the type names none: it agrees with every currency. `currency(…)` of it is
 * unknown.
 */
export const noCurrency = ''

/** A value of type Bool as truth; absent counts as unknown. */
export function truthOf(value: Value): Truth {
  return typeof value === 'boolean' ? value : unknown
}
export function not(operand: Truth): Truth {
  return operand === unknown ? unknown : !operand
}
/** False if one is false, else unknown if one is unknown; true of nothing. Stops at the first false. */
export function and(operands: Iterable<Truth>): Truth {
  let result: Truth = true
  for (const operand of operands) {
    if (operand === false) return false
    if (operand === unknown) result = unknown
  }
  return result
}
/** True if one is true, else unknown if one is unknown; false of nothing. Stops at the first true. */
export function or(operands: Iterable<Truth>): Truth {
  let result: Truth = false
  for (const operand of operands) {
    if (operand === true) return true
    if (operand === unknown) result = unknown
  }
  return result
}

/** Any of the six comparisons. `type` is that of the operands: only Version needs it. */
export function compareWith(operator: ComparisonOperator, left: Value, right: Value, type: Type): Truth {
  switch (operator) {
    case '==':
      return equals(left, right)
    case '!=':
      return not(equals(left, right))
    case '<':
      return ordered(left, right, type, order => order < 0)
    case '<=':
      return ordered(left, right, type, order => order <= 0)
    case '>':
      return ordered(left, right, type, order => order > 0)
    case '>=':
      return ordered(left, right, type, order => order >= 0)
  }
}

/**
 * Equality by value. Money of two currencies: unknown. Lists and records are equal member by member (an absent member equals
 * an absent one): false if one pair differs, else unknown if one pair is unknown.
 */
export function equals(left: Value, right: Value): Truth {
  return left === absent || right === absent ? unknown : equalMembers(left, right)
}

/** Negative, zero or positive; unknown where an operand is, or money has two currencies. `type` is that of the operands. */
export function order(left: Value, right: Value, type: Type): -1 | 0 | 1 | typeof unknown {
  if (typeof left === 'string' && typeof right === 'string') {
    if (isVersionType(type)) return compareVersions(left, right)
    return left < right ? -1 : left > right ? 1 : 0
  }
  if (typeof left !== 'object' || typeof right !== 'object') return unknown
  if (isMoney(left) && isMoney(right)) {
    return commonCurrency(left, right) === undefined ? unknown : rationals.compare(left.amount, right.amount)
  }
  if (isRational(left) && isRational(right)) return rationals.compare(left, right)
  return unknown
}

/** By number, part by part; a missing part is 0. */
export function compareVersions(left: string, right: string): -1 | 0 | 1 {
  const a = left.split('.')
  const b = right.split('.')
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const x = BigInt(a[i] ?? '0')
    const y = BigInt(b[i] ?? '0')
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

/** What a Version may look like: three numbers without leading zeros, so that equal versions are equal texts. */
export function isVersion(text: string): boolean {
  return /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(text)
}

/** `x in list`, `list contains x`: true if an element equals it, else unknown if one might. */
export function inList(item: Value, list: Value): Truth {
  if (!isKnown(item) || !Array.isArray(list)) return unknown
  const elements: readonly Value[] = list
  return or(elements.map(element => equals(item, element)))
}

/** `x in low .. high`, bounds inclusive. Unknown if any of the three is, or currencies differ. */
export function inRange(item: Value, low: Value, high: Value, type: Type): Truth {
  const above = compareWith('>=', item, low, type)
  const below = compareWith('<=', item, high, type)
  return above === unknown || below === unknown ? unknown : above && below
}

/** The five operators on text; `contains` is also of lists. */
export function textTest(operator: TextOperator, left: Value, right: Value): Truth {
  if (operator === 'contains' && Array.isArray(left)) return inList(right, left)
  if (typeof left !== 'string' || typeof right !== 'string') return unknown
  switch (operator) {
    case 'contains':
      return left.includes(right)
    case 'starts_with':
      return left.startsWith(right)
    case 'ends_with':
      return left.endsWith(right)
    case 'like':
      return likeMatches(left, right)
    case 'matches':
      return patternMatches(left, right)
  }
}

/** `is present`: unknown of an unknown. */
export function isPresent(value: Value): Truth {
  return value === unknown ? unknown : value !== absent
}

/** `value ?? otherwise`; `otherwise` is asked for only where it is needed. Keeps unknown unknown. */
export function orElse(value: Value, otherwise: () => Value): Value {
  return value === absent ? otherwise() : value
}

/**
 * `+ - * /`. `type` is that of the result: a Duration is cut to whole milliseconds towards zero. Division by zero and money of
 * two currencies give unknown.
 */
export function arithmetic(operator: '+' | '-' | '*' | '/', left: Value, right: Value, type: Type): Value {
  if (typeof left === 'string' && typeof right === 'string') return operator === '+' ? left + right : unknown
  if (typeof left !== 'object' || typeof right !== 'object') return unknown
  if (isMoney(left))
    return isMoney(right) ? moneyWithMoney(operator, left, right) : moneyWithNumber(operator, left, right)
  if (isMoney(right)) return operator === '*' ? moneyWithNumber('*', right, left) : unknown
  if (!isRational(left) || !isRational(right)) return unknown
  const result = numbers(operator, left, right)
  if (result === undefined) return unknown
  return type.kind === 'duration' ? truncate(result) : result
}

export function negate(operand: Value): Value {
  if (typeof operand !== 'object') return unknown
  if (isMoney(operand)) return { amount: rationals.negate(operand.amount), currency: operand.currency }
  return isRational(operand) ? rationals.negate(operand) : unknown
}

/** The currency of two amounts together; undefined where they have two. */
export function commonCurrency(left: Money, right: Money): string | undefined {
  if (left.currency === right.currency || right.currency === noCurrency) return left.currency
  return left.currency === noCurrency ? right.currency : undefined
}

/** Neither absent nor unknown. */
export function isKnown(value: Value): boolean {
  return value !== unknown && value !== absent
}

/** Unknown itself, or a list or record with an unknown inside. */
export function holdsUnknown(value: Value): boolean {
  if (value === unknown) return true
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some(holdsUnknown)
  return isRecordValue(value) && Object.values(value.fields).some(holdsUnknown)
}

/**
 * Text that two values share exactly if they are the same value: for keys, `distinct`, and maps. Money of two currencies is
 * two values. Only for values of one type.
 */
export function identity(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'boolean' || typeof value === 'symbol') return String(value)
  if (isMoney(value)) return `${identity(value.amount)} ${value.currency}`
  if (isRational(value)) return value.d === 1n ? `${value.n}` : `${value.n}/${value.d}`
  if (isRecordValue(value)) {
    const members = Object.keys(value.fields).sort()
    return `{${members.map(name => `${JSON.stringify(name)}:${identity(value.fields[name] ?? absent)}`).join()}}`
  }
  return `[${value.map(identity).join()}]`
}

/** Towards zero. */
export function truncate(value: Rational): Rational {
  return value.d === 1n ? value : rational(value.n / value.d)
}
/** Towards minus infinity. */
export function floor(value: Rational): Rational {
  if (value.d === 1n) return value
  const whole = value.n / value.d
  return rational(value.n < 0n ? whole - 1n : whole)
}

function ordered(left: Value, right: Value, type: Type, holds: (order: -1 | 0 | 1) => boolean): Truth {
  const result = order(left, right, type)
  return result === unknown ? unknown : holds(result)
}

function equalMembers(left: Value, right: Value): Truth {
  if (left === unknown || right === unknown) return unknown
  if (left === absent || right === absent) return left === right
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  if (isMoney(left) && isMoney(right)) {
    return commonCurrency(left, right) === undefined ? unknown : rationals.equal(left.amount, right.amount)
  }
  if (isRational(left) && isRational(right)) return rationals.equal(left, right)
  if (isRecordValue(left) && isRecordValue(right)) {
    const names = new Set([...Object.keys(left.fields), ...Object.keys(right.fields)])
    return and([...names].map(name => equalMembers(left.fields[name] ?? absent, right.fields[name] ?? absent)))
  }
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
  const others: readonly Value[] = right
  return and(left.map((element: Value, i) => equalMembers(element, others[i] ?? absent)))
}

function moneyWithMoney(operator: '+' | '-' | '*' | '/', left: Money, right: Money): Value {
  const currency = commonCurrency(left, right)
  if (currency === undefined) return unknown
  if (operator === '/') return rationals.divide(left.amount, right.amount) ?? unknown
  const amount = operator === '*' ? undefined : numbers(operator, left.amount, right.amount)
  return amount ? { amount, currency } : unknown
}

function moneyWithNumber(operator: '+' | '-' | '*' | '/', money: Money, factor: Value): Value {
  if (typeof factor !== 'object' || !isRational(factor) || operator === '+' || operator === '-') return unknown
  const amount = numbers(operator, money.amount, factor)
  return amount ? { amount, currency: money.currency } : unknown
}

function numbers(operator: '+' | '-' | '*' | '/', left: Rational, right: Rational): Rational | undefined {
  switch (operator) {
    case '+':
      return rationals.add(left, right)
    case '-':
      return rationals.subtract(left, right)
    case '*':
      return rationals.multiply(left, right)
    case '/':
      return rationals.divide(left, right)
  }
}

function isVersionType(type: Type): boolean {
  return type.kind === 'optional' ? isVersionType(type.inner) : type.kind === 'version'
}

function isRecordValue(value: Value): value is RecordValue {
  return typeof value === 'object' && !Array.isArray(value) && isRecord(value)
}
