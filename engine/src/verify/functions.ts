/** Text tests and functions of the language, for the checker; RE2 and SHA-256 are other people's libraries. */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { TextOperator } from '@writ/grammar'
import { RE2JS } from 're2js'
import type { BuiltinName } from '../plan/expression.ts'
import type { Type } from '../value/type.ts'
import {
  any,
  comparison,
  type Datum,
  equality,
  isList,
  isNothing,
  isQuantity,
  isSum,
  oneCurrency,
  type Truth,
  unknown,
} from './datum.ts'
import { presented } from './presented.ts'
import { cut, floor, integer, minus, over, type Quantity, quantity, round, sign, times } from './quantity.ts'

export function inList(item: Datum, list: Datum): Truth {
  return isNothing(item) || !isList(list) ? null : any(list.map(element => equality(item, element)))
}

export function textTest(operator: TextOperator, left: Datum, right: Datum): Truth {
  if (operator === 'contains' && isList(left)) return inList(right, left)
  if (typeof left !== 'string' || typeof right !== 'string') return null
  switch (operator) {
    case 'contains':
      return left.split(right).length > 1 || right === ''
    case 'starts_with':
      return left.slice(0, right.length) === right
    case 'ends_with':
      return left.length >= right.length && left.slice(left.length - right.length) === right
    case 'like':
      return glob(left, right)
    case 'matches':
      return RE2JS.compile(right).matcher(left).matches()
  }
}

/** `*` any text, `?` one unit: after a mismatch the last `*` takes one unit more. */
function glob(text: string, pattern: string): boolean {
  let [at, place, star, mark] = [0, 0, -1, 0]
  while (at < text.length) {
    if (pattern[place] === '*') [star, mark, place] = [place, at, place + 1]
    else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at]))
      [at, place] = [at + 1, place + 1]
    else if (star >= 0) [mark, at, place] = [mark + 1, mark + 1, star + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(place))
}

export function applied(name: BuiltinName, given: readonly Datum[], types: readonly Type[]): Datum {
  if (given.some(isNothing)) return unknown
  const [first = unknown, second] = given
  const type = types[0] ?? { kind: 'error' }
  const number = (apply: (of: Quantity) => Quantity | null): Datum =>
    isQuantity(first)
      ? (apply(first) ?? unknown)
      : isSum(first)
        ? ofAmount(first.currency, apply(first.amount))
        : unknown
  const string = (apply: (of: string) => Datum): Datum => (typeof first === 'string' ? apply(first) : unknown)
  switch (name) {
    case 'abs':
      return number(of => (sign(of) < 0 ? minus(of) : of))
    case 'round':
      return number(of => rounded(of, second ?? integer(0)))
    case 'floor':
      return number(floor)
    case 'ceil':
      return number(of => minus(floor(minus(of))))
    case 'min':
    case 'max':
      return best(given, type, name === 'min' ? -1 : 1)
    case 'length':
      return string(of => integer(of.length))
    case 'lower':
      return string(of => of.replace(/[A-Z]+/g, letters => letters.toLowerCase()))
    case 'upper':
      return string(of => of.replace(/[a-z]+/g, letters => letters.toUpperCase()))
    case 'trim':
      return string(of => of.trim())
    case 'size':
      return isList(first) ? integer(first.length) : unknown
    case 'text':
      return presented(first, type)
    case 'amount':
      return isSum(first) ? first.amount : unknown
    case 'currency':
      return isSum(first) && first.currency !== '' ? first.currency : unknown
    case 'hour_of_day':
      return number(of => inUnit(of, 3_600_000, 24))
    case 'day_of_week':
      return number(of => quantity(((inUnit(of, 86_400_000, 7).n + 3n) % 7n) + 1n))
    case 'mask':
      return string(of => {
        const kept = second && isQuantity(second) ? Math.min(of.length, Math.max(0, Number(cut(second).n))) : 4
        return '*'.repeat(Math.max(0, of.length - kept)) + of.slice(Math.max(0, of.length - kept))
      })
    case 'hash':
      return string(of => bytesToHex(sha256(utf8ToBytes(of))))
    case 'bucket':
      return bucket(first, second ?? unknown)
    case 'find_all':
      return string(of => (typeof second === 'string' ? foundAll(of, second) : unknown))
  }
}

function ofAmount(currency: string, amount: Quantity | null): Datum {
  return amount ? { amount, currency } : unknown
}

/** Units of the length since 1970, within the cycle. */
function inUnit(time: Quantity, length: number, cycle: number): Quantity {
  const units = floor(times(time, quantity(1n, BigInt(length)))).n
  return quantity(((units % BigInt(cycle)) + BigInt(cycle)) % BigInt(cycle))
}

function rounded(number: Quantity, digits: Datum): Quantity | null {
  if (!isQuantity(digits) || digits.d !== 1n || digits.n < 0n || digits.n > 30n) return null
  return round(number, Number(digits.n))
}

function best(given: readonly Datum[], type: Type, wanted: -1 | 1): Datum {
  let found: Datum | null = null
  for (const value of given) {
    const compared = found === null ? wanted : comparison(value, found, type)
    if (compared === null) return unknown
    if (compared === wanted) found = value
  }
  return found ?? unknown
}

function bucket(value: Datum, width: Datum): Datum {
  if (isSum(value) && isSum(width)) {
    const currency = oneCurrency(value, width)
    return currency === null ? unknown : ofAmount(currency, below(value.amount, width.amount))
  }
  return isQuantity(value) && isQuantity(width) ? (below(value, width) ?? unknown) : unknown
}
function below(value: Quantity, width: Quantity): Quantity | null {
  const size = sign(width) < 0 ? minus(width) : width
  const steps = over(value, size)
  return steps && times(floor(steps), size)
}

function foundAll(text: string, pattern: string): readonly string[] {
  const matcher = RE2JS.compile(pattern).matcher(text)
  const parts: string[] = []
  while (matcher.find()) parts.push(matcher.group() ?? '')
  return parts.filter(part => part !== '')
}
