/** Points: what an indicator makes of one event, decision or outcome, before any window. Shared by both evaluators. */
import type { PlanIndicator } from '../plan/measure.ts'
import { holdsUnknown, identity, isKnown, type Truth } from '../value/operations.ts'
import { presentValue } from '../value/present.ts'
import { fromInteger, type Rational } from '../value/rational.ts'
import { absent, isMoney, isRational, type Value } from '../value/value.ts'

/** `value`: whether the condition of a share holds; the identity of what `distinct` counts; else a number. */
export interface Point {
  readonly time: number
  /** The event, or of outcomes the opening event. */
  readonly seq: number
  readonly value: PointValue
}
export type PointValue = boolean | string | Rational

export interface PointKey {
  readonly identity: string
  readonly words: readonly string[]
}

/** The value of a point; null where it is unknown or absent, so that it cannot be measured. */
export function pointValue(indicator: PlanIndicator, value: Value | null): PointValue | null {
  if (value === null) return one
  if (value === absent || holdsUnknown(value)) return null
  if (indicator.function === 'distinct') return identity(value)
  if (typeof value === 'boolean') return value
  if (typeof value !== 'object') return null
  if (isMoney(value)) return isOf(indicator, value.currency) ? value.amount : null
  return isRational(value) ? value : null
}

/** The key of a point; null where a part of it is unknown or absent. */
export function pointKey(indicator: PlanIndicator, values: readonly Value[]): PointKey | null {
  if (values.some(value => !isKnown(value) || holdsUnknown(value))) return null
  const types = indicator.keys.map(key => key.type)
  return {
    identity: values.map(identity).join(),
    words: values.map((value, i) => presentValue(value, types[i] ?? { kind: 'string' })),
  }
}

/** 0: no point. 1: a point. -1: it cannot be known. */
export function takes(where: Truth): 0 | 1 | -1 {
  return where === true ? 1 : where === false ? 0 : -1
}

const one = fromInteger(1)

function isOf({ type }: PlanIndicator, currency: string): boolean {
  return type.kind !== 'money' || type.currency === null || type.currency === currency
}
