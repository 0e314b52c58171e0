/**
 * The functions of the language (`round`, `mask`, `hour_of_day`, …) on values: docs/language.md, "Functions", as code. Their
 * types are in check/builtins.ts. Every one of them is unknown where an argument is unknown.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { BuiltinName } from '../plan/expression.ts'
import { commonCurrency, floor, isKnown, negate, noCurrency, order } from './operations.ts'
import { patternFindAll } from './pattern.ts'
import { presentValue } from './present.ts'
import * as rationals from './rational.ts'
import { fromInteger, type Rational, rational } from './rational.ts'
import type { Type } from './type.ts'
import { isMoney, isRational, type Money, unknown, type Value } from './value.ts'

/** Applies a function; `types` are those of the arguments, in their order. Wrong arguments give unknown. */
export function callBuiltin(name: BuiltinName, given: readonly Value[], types: readonly Type[]): Value {
  if (!given.every(isKnown)) return unknown
  const [first = unknown, second] = given
  switch (name) {
    case 'abs':
      return isNegative(first) ? negate(first) : first
    case 'round':
      return onNumber(first, number => roundBy(number, second))
    case 'floor':
      return onNumber(first, floor)
    case 'ceil':
      return onNumber(first, number => rationals.negate(floor(rationals.negate(number))))
    case 'min':
      return extreme(given, types, -1)
    case 'max':
      return extreme(given, types, 1)
    case 'length':
      return typeof first === 'string' ? fromInteger(first.length) : unknown
    case 'lower':
      return onText(first, text => text.replace(/[A-Z]/g, letter => letter.toLowerCase()))
    case 'upper':
      return onText(first, text => text.replace(/[a-z]/g, letter => letter.toUpperCase()))
    case 'trim':
      return onText(first, text => text.trim())
    case 'size':
      return Array.isArray(first) ? fromInteger(first.length) : unknown
    case 'text':
      return types[0] ? presentValue(first, types[0]) : unknown
    case 'amount':
      return typeof first === 'object' && isMoney(first) ? first.amount : unknown
    case 'currency':
      return typeof first === 'object' && isMoney(first) && first.currency !== noCurrency ? first.currency : unknown
    case 'hour_of_day':
      return onNumber(first, time => rational(modulo(floor(time).n, dayMilliseconds) / 3_600_000n))
    case 'day_of_week':
      // 1970-01-01 was a Thursday, day 4.
      return onNumber(first, time => rational(modulo(floorDivide(floor(time).n, dayMilliseconds) + 3n, 7n) + 1n))
    case 'mask':
      return onText(first, text => masked(text, second))
    case 'hash':
      return onText(first, text => bytesToHex(sha256(utf8ToBytes(text))))
    case 'find_all':
      return typeof first === 'string' && typeof second === 'string' ? patternFindAll(first, second) : unknown
    case 'bucket':
      return second === undefined ? unknown : bucket(first, second)
  }
}

const dayMilliseconds = 86_400_000n

function onText(value: Value, apply: (text: string) => string): Value {
  return typeof value === 'string' ? apply(value) : unknown
}

/** Money: of its amount. */
function onNumber(value: Value, apply: (number: Rational) => Rational | typeof unknown): Value {
  if (typeof value !== 'object') return unknown
  if (isMoney(value)) {
    const amount = apply(value.amount)
    return amount === unknown ? unknown : { amount, currency: value.currency }
  }
  return isRational(value) ? apply(value) : unknown
}

function isNegative(value: Value): boolean {
  return typeof value === 'object' && (isMoney(value) ? value.amount.n < 0n : isRational(value) && value.n < 0n)
}

function roundBy(number: Rational, digits: Value = rationals.zero): Rational | typeof unknown {
  const places = smallInteger(digits)
  return places === undefined || places < 0 || places > 30 ? unknown : rationals.roundTo(number, places)
}

function extreme(given: readonly Value[], types: readonly Type[], sign: -1 | 1): Value {
  const [type] = types
  if (!type) return unknown
  let best: Value | undefined
  for (const value of given) {
    const found = best === undefined ? sign : order(value, best, type)
    if (found === unknown) return unknown
    if (found === sign) best = value
  }
  return best ?? unknown
}

function masked(text: string, keep: Value = fromInteger(4)): string {
  const kept = Math.max(0, smallInteger(keep) ?? 0)
  const hidden = Math.max(0, text.length - kept)
  return '*'.repeat(hidden) + text.slice(hidden)
}

function bucket(value: Value, width: Value): Value {
  if (typeof value !== 'object' || typeof width !== 'object') return unknown
  if (isMoney(value) && isMoney(width)) return bucketOfMoney(value, width)
  if (!isRational(value) || !isRational(width)) return unknown
  return multipleBelow(value, width) ?? unknown
}

function bucketOfMoney(value: Money, width: Money): Value {
  const currency = commonCurrency(value, width)
  const amount = multipleBelow(value.amount, width.amount)
  return currency === undefined || amount === undefined ? unknown : { amount, currency }
}

function multipleBelow(value: Rational, width: Rational): Rational | undefined {
  const positive = width.n < 0n ? rationals.negate(width) : width
  const times = rationals.divide(value, positive)
  return times && rationals.multiply(floor(times), positive)
}

/** Undefined where the value is no integer, or one beyond what a place or a length could be. */
function smallInteger(value: Value): number | undefined {
  if (typeof value !== 'object' || !isRational(value) || value.d !== 1n) return undefined
  return value.n > 0x7fffffffn || value.n < -0x7fffffffn ? Math.sign(Number(value.n)) * 0x7fffffff : Number(value.n)
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}
function modulo(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b
}
