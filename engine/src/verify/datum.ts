/**
 * Values of the checker and what the operators make of them: docs/language.md, "Types and values" and "What unknown does",
 * written a second time. Unlike the engine it knows unknown and absent by their names only.
 */
import type { Type } from '../value/type.ts'
import type { Value } from '../value/value.ts'
import { cut, integer, minus, order, over, plus, type Quantity, quantity, times } from './quantity.ts'

export type Datum = boolean | string | Nothing | Quantity | Sum | Members | readonly Datum[]
export interface Nothing {
  readonly nothing: 'absent' | 'unknown'
}
export interface Sum {
  readonly amount: Quantity
  readonly currency: string
}
export interface Members {
  readonly fields: Readonly<Record<string, Datum>>
}
export type Truth = true | false | null

export const unknown: Nothing = { nothing: 'unknown' }
export const absent: Nothing = { nothing: 'absent' }

/** The engine's value as the checker's. */
export function datum(value: Value): Datum {
  if (typeof value === 'symbol') return value.description === 'absent' ? absent : unknown
  if (typeof value !== 'object') return value
  if ('d' in value) return quantity(value.n, value.d)
  if ('currency' in value) return { amount: quantity(value.amount.n, value.amount.d), currency: value.currency }
  if ('fields' in value) return { fields: mapped(value.fields, datum) }
  return value.map(datum)
}

function mapped<A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]))
}

export const isQuantity = (a: Datum): a is Quantity => typeof a === 'object' && 'n' in a
export const isSum = (a: Datum): a is Sum => typeof a === 'object' && 'currency' in a
export const isMembers = (a: Datum): a is Members => typeof a === 'object' && 'fields' in a
export const isList = (a: Datum): a is readonly Datum[] => Array.isArray(a)
export const isNothing = (a: Datum): a is Nothing => typeof a === 'object' && 'nothing' in a
export const truth = (a: Datum): Truth => (typeof a === 'boolean' ? a : null)
export const ofTruth = (a: Truth): Datum => a ?? unknown

/** True of nothing; false if one is; else unknown if one is. */
export function all(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(null) ? null : true
}
export const negated = (a: Truth): Truth => (a === null ? null : !a)
export const any = (truths: readonly Truth[]): Truth => negated(all(truths.map(negated)))

/** Whether unknown stands anywhere in it. */
export function vague(a: Datum): boolean {
  if (isNothing(a)) return a.nothing === 'unknown'
  if (isList(a)) return a.some(vague)
  return isMembers(a) && Object.values(a.fields).some(vague)
}

/** Text that is the same for the same values of one type only: for keys, different values, and comparing claims. */
export function print(a: Datum): string {
  if (isNothing(a)) return a.nothing
  if (isQuantity(a)) return `${a.n}/${a.d}`
  if (isSum(a)) return `${print(a.amount)}${a.currency}`
  if (isList(a)) return `[${a.map(print).join(',')}]`
  if (isMembers(a))
    return `{${Object.entries(a.fields)
      .map(([name, value]) => `${JSON.stringify(name)}:${print(value)}`)
      .sort()
      .join(',')}}`
  return JSON.stringify(a)
}

/** Equality as `==` has it: unknown where an operand is missing, or money is of two currencies. */
export function equality(a: Datum, b: Datum): Truth {
  if (isNothing(a) || isNothing(b)) return null
  if (isSum(a) && isSum(b)) return oneCurrency(a, b) === null ? null : order(a.amount, b.amount) === 0
  if (isList(a) && isList(b)) return a.length === b.length && all(a.map((item, i) => member(item, b[i] ?? absent)))
  if (isMembers(a) && isMembers(b)) {
    const names = Object.keys({ ...a.fields, ...b.fields })
    return all(names.map(name => member(a.fields[name] ?? absent, b.fields[name] ?? absent)))
  }
  return print(a) === print(b)
}
function member(a: Datum, b: Datum): Truth {
  const missing = (of: Datum) => isNothing(of) && of.nothing === 'absent'
  if (vagueItself(a) || vagueItself(b)) return null
  return missing(a) || missing(b) ? missing(a) && missing(b) : equality(a, b)
}
const vagueItself = (a: Datum): boolean => isNothing(a) && a.nothing === 'unknown'

/** Null where nobody can say. */
export function comparison(a: Datum, b: Datum, type: Type): -1 | 0 | 1 | null {
  if (isQuantity(a) && isQuantity(b)) return order(a, b)
  if (isSum(a) && isSum(b)) return oneCurrency(a, b) === null ? null : order(a.amount, b.amount)
  if (typeof a !== 'string' || typeof b !== 'string') return null
  if (bare(type).kind !== 'version') return a === b ? 0 : a < b ? -1 : 1
  const [left, right] = [a, b].map(version => version.split('.').map(part => quantity(BigInt(part))))
  for (let i = 0; left && right && i < Math.max(left.length, right.length); i++) {
    const part = order(left[i] ?? integer(0), right[i] ?? integer(0))
    if (part !== 0) return part
  }
  return 0
}

/** The sum of no money has the currency '', which goes with every other; null: two currencies. */
export function oneCurrency(a: Sum, b: Sum): string | null {
  return a.currency === b.currency || b.currency === '' ? a.currency : a.currency === '' ? b.currency : null
}

export function calculated(operator: '+' | '-' | '*' | '/', a: Datum, b: Datum, type: Type): Datum {
  if (typeof a === 'string' && typeof b === 'string') return operator === '+' ? a + b : unknown
  const [left, right] = [isSum(a) ? a.amount : a, isSum(b) ? b.amount : b]
  if (!isQuantity(left) || !isQuantity(right)) return unknown
  const number = numbers(operator, left, right)
  if (number === null) return unknown
  if (isSum(a) && isSum(b)) {
    const currency = oneCurrency(a, b)
    if (currency === null || operator === '*') return unknown
    return operator === '/' ? number : { amount: number, currency }
  }
  const sum = isSum(a) ? a : isSum(b) ? b : null
  if (sum) {
    const makesSense = operator === '*' || (operator === '/' && isSum(a))
    return makesSense ? { amount: number, currency: sum.currency } : unknown
  }
  return type.kind === 'duration' ? cut(number) : number
}

function numbers(operator: '+' | '-' | '*' | '/', a: Quantity, b: Quantity): Quantity | null {
  switch (operator) {
    case '+':
      return plus(a, b)
    case '-':
      return plus(a, minus(b))
    case '*':
      return times(a, b)
    case '/':
      return over(a, b)
  }
}

/** The type without its `?`. */
export function bare(type: Type): Type {
  return type.kind === 'optional' ? bare(type.inner) : type
}
