/** Literals as values: exact numbers, points in time, and what is wrong with a literal that is none. */
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

/** The value and its type; `wrong` says why a time is none. */
export function literalValue(literal: LiteralExpression['literal']): {
  readonly value: Value
  readonly type: Type
  readonly wrong?: string
} {
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
    case 'time': {
      const time = timeValue(literal.text)
      if (typeof time === 'string') return { value: zero, type: timeType, wrong: time }
      return { value: fromInteger(time), type: timeType }
    }
    case 'version':
      return { value: literal.text, type: versionType }
  }
}

/** Milliseconds since 1970 of `2026-11-20` or `2026-11-20T09:00:00[.250](Z|+01:00)`, or what is wrong with it. */
export function timeValue(text: string): number | string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text)
  if (!parts) return 'write a date such as 2026-11-20, or a time such as 2026-11-20T09:00:00Z'
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts
  if (text.includes('T') && zone === undefined) return 'its zone is missing, put a Z behind it for UTC'
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const made = new Date(date)
  if (made.getUTCMonth() !== Number(month) - 1 || made.getUTCDate() !== Number(day))
    return 'the calendar has no such day'
  const clock = clockMilliseconds(Number(hour), Number(minute), Number(second), fraction)
  if (clock === null) return 'hours go to 23, minutes and seconds to 59'
  return date + clock - zoneMilliseconds(zone ?? 'Z')
}

/** Milliseconds since midnight of `09:00`, `09:00:07` or `09:00:07.250`; null when it is none of them, undefined when no clock shows it. */
export function clockValue(text: string): number | null | undefined {
  const parts = /^(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text)
  if (!parts) return null
  const [, hour, minute, second = '0', fraction = ''] = parts
  return clockMilliseconds(Number(hour), Number(minute), Number(second), fraction) ?? undefined
}

function clockMilliseconds(hour: number, minute: number, second: number, fraction: string): number | null {
  if (hour > 23 || minute > 59 || second > 59) return null
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
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
