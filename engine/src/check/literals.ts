/** Literals as values: exact numbers, points in time. Malformed ones are the parser's to report. */
import type { LiteralExpression } from '@writ/grammar'
import { fromInteger, multiply, parseRational, type Rational, rational, zero } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import type { Value } from '../value/value.ts'
import {
  boolType,
  decimalType,
  durationType,
  intType,
  percentType,
  stringType,
  timeType,
  versionType,
} from './type-relations.ts'

/** The value and its type. A time that is none has been reported by the parser. */
export function literalValue(literal: LiteralExpression['literal']): { readonly value: Value; readonly type: Type } {
  switch (literal.kind) {
    case 'bool':
      return { value: literal.value, type: boolType }
    case 'string':
      return { value: literal.value, type: stringType }
    case 'number':
      return { value: number(literal.text), type: literal.text.includes('.') ? decimalType : intType }
    case 'percent':
      return { value: multiply(number(literal.text), rational(1n, 100n)), type: percentType }
    case 'money':
      return {
        value: { amount: number(literal.text), currency: literal.currency },
        type: { kind: 'money', currency: literal.currency },
      }
    case 'duration':
      return { value: fromInteger(literal.milliseconds), type: durationType }
    case 'time':
      return { value: fromInteger(timeValue(literal.text) ?? 0), type: timeType }
    case 'version':
      return { value: literal.text, type: versionType }
  }
}

/** Milliseconds since 1970 of `2026-11-20` or `2026-11-20T09:00:00[.250](Z|+01:00)`; null where it is none of them. */
export function timeValue(text: string): number | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d))?$/.exec(text)
  if (!parts) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  return date + clockMilliseconds(hour, minute, second, fraction) - zoneMilliseconds(zone)
}

/** Milliseconds since midnight of `09:00`, `09:00:07` or `09:00:07.250`; null where it is none of them. */
export function clockValue(text: string): number | null {
  const parts = /^(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text)
  if (!parts) return null
  const [, hour = '0', minute = '0', second = '0', fraction = ''] = parts
  return clockMilliseconds(hour, minute, second, fraction)
}

function clockMilliseconds(hour: string, minute: string, second: string, fraction: string): number {
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  return seconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
}

function zoneMilliseconds(zone: string): number {
  if (zone === 'Z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000
}

function number(text: string): Rational {
  // The lexer lets only digits with at most one point through.
  return parseRational(text) ?? zero
}
