/** Where the time of an event comes from: a path of the raw record, the order in the file, or the field marked `time`. */
import type { PlanContract, PlanMap, PlanSource, Rational, RawExpr } from '@writ/engine'
import { isoMilliseconds } from '../raw/times.ts'
import { Milliseconds, numberOf, type RawValue } from './raw-values.ts'

export type TimeUnit = 'iso8601' | 'seconds' | 'milliseconds'

/** `order`: second k for record k of the file. */
export type EventTime =
  | { readonly kind: 'order' }
  | {
      readonly kind: 'raw'
      readonly value: RawExpr
      readonly unit: TimeUnit /** What findings call it. */
      readonly path: string
    }

export function eventTime(source: PlanSource, map: PlanMap, contract: PlanContract): EventTime {
  const { time } = source
  if (time.kind === 'path') {
    return { kind: 'raw', value: { kind: 'path', path: time.path }, unit: time.unit, path: time.path.join('.') }
  }
  const field = contract.timeField
  if (time.kind === 'order' || field === null) return { kind: 'order' }
  const value = map.fields.find(mapped => mapped.field === field)?.value ?? { kind: 'path', path: [field] }
  return { kind: 'raw', value, unit: 'iso8601', path: field }
}

/** Milliseconds of a raw time, cut towards zero; NaN where it is none. */
export function timeIn(unit: TimeUnit, raw: RawValue): number {
  if (raw instanceof Milliseconds) return raw.value === null ? Number.NaN : inRange(raw.value)
  if (unit === 'iso8601') return typeof raw === 'string' ? isoMilliseconds(raw) : Number.NaN
  const number = numberOf(raw)
  return number === null ? Number.NaN : inRange({ n: number.n * (unit === 'seconds' ? 1000n : 1n), d: number.d })
}

/** The years that a date can have. */
export const latestTime = 8_640_000_000_000_000

function inRange(time: Rational): number {
  const milliseconds = Number(time.n / time.d)
  return Math.abs(milliseconds) <= latestTime ? milliseconds : Number.NaN
}
