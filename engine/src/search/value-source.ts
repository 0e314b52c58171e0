/** Values as the language writes them, so that what a search made up can be read, kept and run as a test. */
import { decimalText, fromInteger, multiply, type Rational } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { absent, isMoney, isRational, isRecord, unknown, type Value } from '../value/value.ts'

/** Null where the language has no text for it: absent, unknown, a fraction without an end. */
export function valueSource(value: Value, type: Type): string | null {
  if (value === absent || value === unknown) return null
  if (type.kind === 'optional') return valueSource(value, type.inner)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return type.kind === 'string' ? textSource(value) : value
  if (isMoney(value)) return numbered(value.amount, text => `${text} ${value.currency}`)
  if (isRational(value)) return numberSource(value, type)
  if (isRecord(value)) return type.kind === 'record' ? fieldsSource(value.fields, type.fields) : null
  if (type.kind !== 'list') return null
  const items = value.map(item => valueSource(item, type.element))
  return items.includes(null) ? null : `[${items.join(', ')}]`
}

/** `{ id: "r1", amount: 120 USD }`, in the order of `types`; members that are absent are left out. */
export function fieldsSource(
  fields: Readonly<Record<string, Value>>,
  types: readonly { readonly name: string; readonly type: Type }[],
): string | null {
  const members: string[] = []
  for (const { name, type } of types) {
    const value = Object.hasOwn(fields, name) ? (fields[name] ?? absent) : absent
    if (value === absent) continue
    const text = valueSource(value, type)
    if (text === null) return null
    members.push(`${name}: ${text}`)
  }
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** A clock time where it is of the day of tests, else the whole time. */
export function timeSource(time: number): string {
  const iso = new Date(time).toISOString()
  const short = iso.endsWith(':00.000Z')
    ? iso.slice(11, 16)
    : iso.endsWith('.000Z')
      ? iso.slice(11, 19)
      : iso.slice(11, 23)
  if (iso.startsWith('2000-01-01')) return short
  return iso.endsWith('.000Z') ? `${iso.slice(0, 19)}Z` : iso
}

export function textSource(text: string): string {
  const escaped = text.replace(/[\\"\n\t\r]|[^\u0020-\uffff]/g, character => escapes[character] ?? codePoint(character))
  return `"${escaped}"`
}
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '\r': '\\r' }
function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

function numberSource(value: Rational, type: Type): string | null {
  switch (type.kind) {
    case 'percent':
      return numbered(multiply(value, fromInteger(100)), text => `${text}%`)
    case 'duration':
      return value.d === 1n ? durationSource(value.n) : null
    case 'time':
      return value.d === 1n ? fullTime(Number(value.n)) : null
    default:
      return numbered(value, text => text)
  }
}
function numbered(value: Rational, as: (text: string) => string): string | null {
  const text = decimalText(value)
  return text.startsWith('≈') ? null : as(text)
}

function fullTime(time: number): string {
  const iso = new Date(time).toISOString()
  return iso.endsWith('.000Z') ? `${iso.slice(0, 19)}Z` : iso
}

function durationSource(milliseconds: bigint): string {
  if (milliseconds < 0n) return `-${durationSource(-milliseconds)}`
  let rest = milliseconds
  let text = ''
  for (const [unit, length] of [
    ['d', 86_400_000n],
    ['h', 3_600_000n],
    ['m', 60_000n],
    ['s', 1000n],
    ['ms', 1n],
  ] as const) {
    const count = rest / length
    if (count > 0n) text += `${count}${unit}`
    rest -= count * length
  }
  return text === '' ? '0s' : text
}
