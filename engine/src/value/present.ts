/**
 * Values in people's words: `1,250.00 EUR`, `1 h 30 m`, `2026-11-20 09:00:00Z`, `95%`. One way for reasons, explanations,
 * test messages and the function `text`. No locale: the same run prints the same text everywhere.
 */
import { decimalText, fromInteger, multiply, type Rational, rational, roundTo } from './rational.ts'
import type { Type } from './type.ts'
import { absent, isMoney, isRational, isRecord, type Money, unknown, type Value } from './value.ts'

/** `quoted` puts strings in quotation marks, as inside lists and records. */
export function presentValue(value: Value, type: Type, options: { readonly quoted?: boolean } = {}): string {
  if (value === absent) return 'absent'
  if (value === unknown) return 'unknown'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string')
    return options.quoted && innermost(type).kind === 'string' ? JSON.stringify(value) : value
  if (isMoney(value)) return presentMoney(value)
  if (isRational(value)) return presentNumber(value, innermost(type))
  if (isRecord(value)) return presentRecord(value.fields, innermost(type))
  return `[${value.map(element => presentValue(element, elementType(type), { quoted: true })).join(', ')}]`
}

/** Grouped by thousands, with two digits after the point or as many as the amount has; rounded amounts are marked `≈`. */
export function presentMoney(money: Money): string {
  const finite = !decimalText(money.amount).startsWith('≈')
  const text = decimalText(finite ? money.amount : roundTo(money.amount, 2))
  const [whole = '0', fraction = ''] = text.split('.')
  const digits = withoutCents.has(money.currency) && fraction === '' ? '' : `.${fraction.padEnd(2, '0')}`
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${finite ? '' : '≈'}${grouped}${digits}${money.currency === '' ? '' : ` ${money.currency}`}`
}

/** `1 h 30 m`, `7 d`, `250 ms`, `0 s`; milliseconds. */
export function presentDuration(milliseconds: Rational): string {
  if (milliseconds.n < 0n) return `-${presentDuration({ n: -milliseconds.n, d: milliseconds.d })}`
  const parts: string[] = []
  let rest = milliseconds
  for (const [unit, length] of durationUnits) {
    const count = rest.n / (rest.d * length)
    if (count > 0n) parts.push(`${count} ${unit}`)
    rest = rational(rest.n - count * length * rest.d, rest.d)
  }
  if (rest.n > 0n) parts.push(`${decimalText(rest)} ms`)
  return parts.length === 0 ? '0 s' : parts.join(' ')
}

/** `2026-11-20 09:00:00Z`, with milliseconds where there are any; a time beyond the years 0 to 9999 as its milliseconds. */
export function presentTime(milliseconds: Rational): string {
  const number = Number(milliseconds.n) / Number(milliseconds.d)
  if (!Number.isInteger(number) || number < firstYear || number >= lastYear) return `time ${decimalText(milliseconds)}`
  const text = new Date(number).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${text.endsWith('.000Z') ? '' : text.slice(19, 23)}Z`
}

/** Currencies without a smaller unit (ISO 4217). */
const withoutCents = new Set([
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'ISK',
  'JPY',
  'KMF',
  'KRW',
  'PYG',
  'RWF',
  'UGX',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
])
const durationUnits: readonly (readonly [string, bigint])[] = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1_000n],
]
const firstYear = -62_167_219_200_000
const lastYear = Date.UTC(10_000, 0, 1)

function presentNumber(value: Rational, type: Type): string {
  switch (type.kind) {
    case 'percent':
      return `${decimalText(multiply(value, fromInteger(100)))}%`
    case 'duration':
      return presentDuration(value)
    case 'time':
      return presentTime(value)
    default:
      return decimalText(value)
  }
}

function presentRecord(fields: Readonly<Record<string, Value>>, type: Type): string {
  const types = new Map(type.kind === 'record' ? type.fields.map(field => [field.name, field.type]) : [])
  const members = Object.entries(fields).map(
    ([name, value]) => `${name}: ${presentValue(value, types.get(name) ?? { kind: 'string' }, { quoted: true })}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function elementType(type: Type): Type {
  const inner = innermost(type)
  return inner.kind === 'list' ? inner.element : { kind: 'string' }
}

function innermost(type: Type): Type {
  return type.kind === 'optional' ? innermost(type.inner) : type
}
