/** What an aggregate makes of the known values inside its range, newest first; exact, for walks and for rare columns. */
import type { AggregateExpr } from '../../plan/expression.ts'
import { driftOfValues } from '../../value/drift.ts'
import { arithmetic, commonCurrency, identity, noCurrency, order } from '../../value/operations.ts'
import { fromInteger, type Rational, rational, zero } from '../../value/rational.ts'
import type { Type } from '../../value/type.ts'
import { absent, isMoney, unknown, type Value } from '../../value/value.ts'

/** Every function but `first` and `last`, which look at one event only. */
export function totalOf(form: AggregateExpr, values: readonly Value[]): Value {
  const count = fromInteger(values.length)
  switch (form.function) {
    case 'count':
      return count
    case 'distinct':
      return fromInteger(new Set(values.map(identity)).size)
    case 'sum':
      return sumOf(values, form.type)
    case 'avg':
      return values.length === 0 ? absent : arithmetic('/', sumOf(values, form.type), count, exactNumber)
    case 'share':
      return values.length === 0
        ? absent
        : rational(BigInt(values.filter(value => value === true).length), BigInt(values.length))
    case 'min':
    case 'max':
    case 'quantile':
      return ranked(form, values)
    case 'drift':
      return form.drift ? driftOfValues(form.drift, values) : unknown
    case 'first':
    case 'last':
      throw new Error(`${form.function} looks at one event only`)
  }
}

/** Place of the value of `quantile` among `size` sorted ones, from 0: rank ceil(q * n), at least 1. */
export function quantilePlace(rank: Rational, size: number): number {
  const scaled = rank.n * BigInt(size)
  return Math.max(1, Number((scaled + rank.d - 1n) / rank.d)) - 1
}

/** The type that is asked for where a result must not be cut to whole milliseconds. */
const exactNumber: Type = { kind: 'decimal' }

/** Of nothing: 0, without a currency where the type names none. */
function sumOf(values: readonly Value[], type: Type): Value {
  const inner = type.kind === 'optional' ? type.inner : type
  let sum: Value = inner.kind === 'money' ? { amount: zero, currency: inner.currency ?? noCurrency } : zero
  for (const value of values) sum = arithmetic('+', sum, value, exactNumber)
  return sum
}

function ranked(form: AggregateExpr, values: readonly Value[]): Value {
  const [any] = values
  const mixed = values.some(
    value =>
      typeof value === 'object' &&
      isMoney(value) &&
      typeof any === 'object' &&
      isMoney(any) &&
      commonCurrency(any, value) === undefined,
  )
  if (mixed) return unknown
  const type = form.value?.type ?? form.type
  const sorted = values.toSorted((a, b) => {
    const found = order(a, b, type)
    if (found === unknown) throw new Error('values of a window that have no order')
    return found
  })
  const place =
    form.function === 'min'
      ? 0
      : form.function === 'max'
        ? sorted.length - 1
        : quantilePlace(form.rank ?? rational(1n), sorted.length)
  return sorted[place] ?? absent
}
