/** Values in people's words, as reasons and the function `text` have them; the checker's own, to hold reasons to account. */
import type { Type } from '../value/type.ts'
import { bare, type Datum, isList, isMembers, isNothing, isQuantity, isSum, type Sum } from './datum.ts'
import {
  cut,
  finite,
  integer,
  minus,
  order,
  plus,
  type Quantity,
  quantity,
  round,
  sign,
  text,
  times,
} from './quantity.ts'

export function presented(value: Datum, type: Type, quoted = false): string {
  const inner = bare(type)
  if (isNothing(value)) return value.nothing
  if (typeof value === 'boolean') return `${value}`
  if (typeof value === 'string') return quoted && inner.kind === 'string' ? JSON.stringify(value) : value
  if (isSum(value)) return money(value)
  if (isQuantity(value)) return number(value, inner)
  const string: Type = { kind: 'string' }
  if (isList(value)) {
    const element = inner.kind === 'list' ? inner.element : string
    return `[${value.map(item => presented(item, element, true)).join(', ')}]`
  }
  if (!isMembers(value)) return ''
  const fields = inner.kind === 'record' ? inner.fields : []
  const members = Object.entries(value.fields).map(([name, item]) => {
    const field = fields.find(one => one.name === name)
    return `${name}: ${presented(item, field?.type ?? string, true)}`
  })
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function number(value: Quantity, type: Type): string {
  if (type.kind === 'percent') return `${text(times(value, integer(100)))}%`
  if (type.kind === 'duration') return duration(value)
  return type.kind === 'time' ? time(value) : text(value)
}

function money({ amount, currency }: Sum): string {
  const exact = finite(amount.d)
  const [whole = '', cents = ''] = text(exact ? amount : round(amount, 2)).split('.')
  const withCents = cents !== '' || !withoutCents.includes(currency)
  const groups = whole.replace(/\d(?=(\d{3})+$)/g, '$&,')
  return `${exact ? '' : '≈'}${groups}${withCents ? `.${cents.padEnd(2, '0')}` : ''}${currency && ` ${currency}`}`
}
/** Currencies of ISO 4217 without a smaller unit. */
const withoutCents = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ')

/** `1 h 30 m`. */
export function duration(milliseconds: Quantity): string {
  if (sign(milliseconds) < 0) return `-${duration(minus(milliseconds))}`
  const parts: string[] = []
  let rest = milliseconds
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    const whole = cut(times(rest, quantity(1n, BigInt(size))))
    if (sign(whole) > 0) parts.push(`${whole.n} ${unit}`)
    rest = plus(rest, minus(times(whole, integer(size))))
  }
  if (sign(rest) > 0) parts.push(`${text(rest)} ms`)
  return parts.join(' ') || '0 s'
}

function time(milliseconds: Quantity): string {
  const inside =
    order(milliseconds, integer(Date.UTC(10_000, 0))) < 0 && order(milliseconds, integer(-62_167_219_200_000)) >= 0
  if (!inside || milliseconds.d !== 1n) return `time ${text(milliseconds)}`
  return new Date(Number(milliseconds.n)).toISOString().replace('T', ' ').replace('.000Z', 'Z')
}
