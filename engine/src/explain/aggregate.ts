/**
 * What an aggregate makes of the values in its window, all of them certain to count: docs/language.md, "History". Slow and
 * exact; keeping running totals is the compiled evaluator's.
 */
import type { AggregateExpr } from '../plan/expression.ts'
import { driftOfValues } from '../value/drift.ts'
import { arithmetic, holdsUnknown, identity, noCurrency, order } from '../value/operations.ts'
import { fromInteger, type Rational, rational, zero } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { absent, unknown, type Value } from '../value/value.ts'

/** `values` in the order of the log; for `count` their number is all that matters. */
export function aggregate(expr: AggregateExpr, values: readonly Value[]): Value {
  if (expr.function === 'count') return fromInteger(values.length)
  if (expr.function === 'last') return values.at(-1) ?? absent
  if (expr.function === 'first') return values[0] ?? absent
  if (values.some(value => value === absent || holdsUnknown(value))) return unknown
  const type = innermost(expr.value?.type ?? expr.type)
  switch (expr.function) {
    case 'sum':
      return total(values, innermost(expr.type))
    case 'avg':
      return values.length === 0
        ? absent
        : arithmetic('/', total(values, innermost(expr.type)), fromInteger(values.length), exact)
    case 'min':
      return extreme(values, type, -1)
    case 'max':
      return extreme(values, type, 1)
    case 'distinct':
      return fromInteger(new Set(values.map(identity)).size)
    case 'share':
      return values.length === 0
        ? absent
        : rational(BigInt(values.filter(value => value === true).length), BigInt(values.length))
    case 'quantile':
      return ranked(values, type, expr.rank ?? zero)
    case 'drift':
      return expr.drift ? driftOfValues(expr.drift, values) : unknown
  }
}

/** Sums and averages are not cut to whole milliseconds, whatever their type. */
const exact: Type = { kind: 'decimal' }

function total(values: readonly Value[], type: Type): Value {
  const nothing: Value = type.kind === 'money' ? { amount: zero, currency: type.currency ?? noCurrency } : zero
  return values.reduce((sum, value) => arithmetic('+', sum, value, exact), nothing)
}

function extreme(values: readonly Value[], type: Type, sign: -1 | 1): Value {
  let best: Value = absent
  for (const value of values) {
    const compared = best === absent ? sign : order(value, best, type)
    if (compared === unknown) return unknown
    if (compared === sign) best = value
  }
  return best
}

/** The value at rank ceil(q * n), at least 1, of the n sorted values. */
function ranked(values: readonly Value[], type: Type, q: Rational): Value {
  const [first] = values
  if (first === undefined) return absent
  if (values.some(value => order(value, first, type) === unknown)) return unknown
  const sorted = [...values].sort((a, b) => {
    const compared = order(a, b, type)
    return compared === unknown ? 0 : compared
  })
  const rank = (q.n * BigInt(values.length) + q.d - 1n) / q.d
  return sorted[Math.max(1, Number(rank)) - 1] ?? absent
}

function innermost(type: Type): Type {
  return type.kind === 'optional' ? innermost(type.inner) : type
}
