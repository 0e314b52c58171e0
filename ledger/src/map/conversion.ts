/**
 * What a field makes of a raw value: the table "Conversions" of docs/language.md. A value that does not fit its contract is
 * unknown, with a finding that says what was found and what is wanted. Where the raw value comes from is raw-values.ts.
 */
import {
  absent,
  compare,
  type FieldType,
  isVersion,
  parseRational,
  patternMatches,
  presentValue,
  type Rational,
  type Refinement,
  rational,
  type Type,
  unknown,
  type Value,
} from '@writ/engine'
import type { ProblemCode } from '@writ/grammar'
import type { Words } from '../findings.ts'
import { describe } from '../raw/describe.ts'
import { isList, isObject, type Json } from '../raw/json.ts'
import { durationMilliseconds, isoMilliseconds } from '../raw/times.ts'
import { exactOf, isMissing, Milliseconds, numberOf, type RawValue } from './raw-values.ts'

/** Told of each value that breaks its contract; `words` lack only `path` and `contract`. */
export type Report = (code: ProblemCode, path: string, words: Words) => void

/** What a value must be: a field, or an element of a list. */
export type Wanted = Pick<FieldType, 'type' | 'refinement' | 'classes'>

/** The field's value; `path` is what findings call it. */
export function convert(raw: RawValue, wanted: Wanted, path: string, report: Report): Value {
  const { type } = wanted
  if (isMissing(raw)) {
    if (type.kind === 'optional') return absent
    report('W2001', path, { found: raw === null ? 'null' : 'missing', type: typeName(type) })
    return unknown
  }
  if (type.kind === 'optional') return convert(raw, { ...wanted, type: type.inner }, path, report)
  const value = convertPresent(raw, wanted, path, report)
  if (value === undefined) {
    report('W2002', path, () => ({
      type: typeName(type),
      found: describe(jsonOf(raw), wanted.classes.length > 0),
      advice: adviceFor(type, jsonOf(raw)),
    }))
    return unknown
  }
  return value
}

/** How a finding and a draft name a type. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'optional':
      return `${typeName(type.inner)}?`
    case 'list':
      return `List<${typeName(type.element)}>`
    case 'money':
      return type.currency === null ? 'Money' : `Money<${type.currency}>`
    case 'enum':
      return type.name ?? `enum { ${type.members.join(', ')} }`
    case 'record':
      return type.name ?? `{ ${type.fields.map(field => `${field.name}: ${typeName(field.type)}`).join(', ')} }`
    default:
      return `${type.kind.charAt(0).toUpperCase()}${type.kind.slice(1)}`
  }
}

/** Undefined: of the wrong type. */
function convertPresent(raw: Json | Milliseconds, wanted: Wanted, path: string, report: Report): Value | undefined {
  const { type, refinement } = wanted
  switch (type.kind) {
    case 'bool':
      return raw === true || raw === 'true' ? true : raw === false || raw === 'false' ? false : undefined
    case 'string':
      if (typeof raw !== 'string') return undefined
      return refinement?.pattern ? matching(raw, refinement.pattern, wanted, path, report) : raw
    case 'version':
      return typeof raw === 'string' && isVersion(raw) ? raw : undefined
    case 'enum':
      if (typeof raw !== 'string') return undefined
      if (type.members.includes(raw)) return raw
      report('W2005', path, () => ({
        found: describe(raw, wanted.classes.length > 0),
        members: type.members.join(', '),
      }))
      return unknown
    case 'int': {
      const number = numberOf(raw)
      return number === null || number.d !== 1n ? undefined : ranged(number, number, wanted, path, report)
    }
    case 'decimal':
    case 'percent': {
      const number = numberOf(raw)
      return number === null ? undefined : ranged(number, number, wanted, path, report)
    }
    case 'duration':
    case 'time': {
      const number = type.kind === 'time' ? timeOf(raw) : durationOf(raw)
      return number === null ? undefined : ranged(number, number, wanted, path, report)
    }
    case 'money': {
      const money = moneyOf(raw)
      if (money === undefined) return undefined
      if (type.currency !== null && money.currency !== type.currency) {
        report('W2006', path, { currency: type.currency, found: money.currency })
        return unknown
      }
      return ranged(money, money.amount, wanted, path, report)
    }
    case 'list': {
      if (raw instanceof Milliseconds || !isList(raw)) return undefined
      const element = { type: type.element, refinement: null, classes: wanted.classes }
      return raw.map((item, i) => convert(item, element, `${path}.${i}`, report))
    }
    case 'record': {
      if (raw instanceof Milliseconds || !isObject(raw)) return undefined
      const fields: Record<string, Value> = {}
      for (const field of type.fields) {
        const member = Object.hasOwn(raw, field.name) ? raw[field.name] : undefined
        fields[field.name] = convert(member, field, `${path}.${field.name}`, report)
      }
      return { fields }
    }
    case 'optional':
      return convert(raw, { ...wanted, type: type.inner }, path, report)
    case 'error':
      throw new Error('a plan that runs has no field of an unknown type')
  }
}

function matching(text: string, pattern: string, wanted: Wanted, path: string, report: Report): Value {
  if (patternMatches(text, pattern)) return text
  report('W2004', path, () => ({ found: describe(text, wanted.classes.length > 0), pattern: JSON.stringify(pattern) }))
  return unknown
}

function ranged(value: Value, number: Rational, wanted: Wanted, path: string, report: Report): Value {
  const range = wanted.refinement?.range
  if (!range || (compare(number, range.low) >= 0 && compare(number, range.high) <= 0)) return value
  report('W2003', path, () => ({
    found: wanted.classes.length > 0 ? 'a value' : presentValue(value, wanted.type),
    range: rangeText(range, wanted.type),
  }))
  return unknown
}

function rangeText(range: NonNullable<Refinement['range']>, type: Type): string {
  const bound = (limit: Rational): string =>
    presentValue(type.kind === 'money' ? { amount: limit, currency: type.currency ?? '' } : limit, type)
  return `${bound(range.low)} .. ${bound(range.high)}`
}

function timeOf(raw: Json | Milliseconds): Rational | null {
  if (raw instanceof Milliseconds) return raw.value
  if (typeof raw !== 'string') return null
  const milliseconds = isoMilliseconds(raw)
  return Number.isNaN(milliseconds) ? null : rational(BigInt(milliseconds))
}

function durationOf(raw: Json | Milliseconds): Rational | null {
  if (raw instanceof Milliseconds) return raw.value
  const milliseconds = typeof raw === 'string' ? durationMilliseconds(raw) : undefined
  return milliseconds === undefined ? null : rational(milliseconds)
}

function moneyOf(raw: Json | Milliseconds): { readonly amount: Rational; readonly currency: string } | undefined {
  if (typeof raw === 'string') {
    const parts = /^(\S+) ([A-Z]{3})$/.exec(raw)
    const amount = parts?.[1] === undefined ? undefined : parseRational(parts[1])
    return amount && parts?.[2] !== undefined ? { amount, currency: parts[2] } : undefined
  }
  if (raw instanceof Milliseconds || !isObject(raw)) return undefined
  const amount = numberOf(Object.hasOwn(raw, 'amount') ? raw.amount : undefined)
  const currency = Object.hasOwn(raw, 'currency') ? raw.currency : undefined
  return amount !== null && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)
    ? { amount, currency }
    : undefined
}

function jsonOf(raw: Json | Milliseconds): Json {
  return raw instanceof Milliseconds ? raw.raw : raw
}

/** The likely way out, by what is wanted and what is there. */
function adviceFor(type: Type, raw: Json): string {
  const isNumber = exactOf(raw) !== null
  switch (type.kind) {
    case 'string':
      return 'Map it with text(…), or change the type of the field.'
    case 'time':
      if (isNumber) return 'Map it with seconds(…) or milliseconds(…).'
      return 'A Time is ISO 8601 text with a zone, such as "2026-11-20T09:00:00Z".'
    case 'duration':
      if (isNumber) return 'Map it with seconds(…) or milliseconds(…).'
      return 'A Duration is text such as "1h30m".'
    case 'money':
      if (isNumber || (typeof raw === 'string' && parseRational(raw) !== undefined)) {
        return 'Map it with money(…, "EUR") and the right currency.'
      }
      return 'Money is "12.50 EUR" or an object with amount and currency.'
    case 'version':
      return 'A Version is text such as "2.1.0".'
    default:
      return 'Mend the record, map another member, or change the type of the field.'
  }
}
