/**
 * The history forms: which earlier events a window holds at one event, and what it makes of them. Each question scans the
 * log from its beginning; docs/language.md, "History" and "What unknown does", sentence by sentence.
 */

import type { EventView } from '../log/view.ts'
import type { AggregateExpr, ExistsExpr, Expr, Key, Pattern, SequenceExpr, WindowShape } from '../plan/expression.ts'
import { driftOfValues } from '../value/drift.ts'
import {
  arithmetic,
  commonCurrency,
  holdsUnknown,
  identity,
  isKnown,
  noCurrency,
  order,
  type Truth,
  truthOf,
} from '../value/operations.ts'
import { fromInteger, multiply, type Rational, rational } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { absent, isMoney, unknown, type Value } from '../value/value.ts'
import { calendarStart } from './calendar.ts'
import { type History, type Situation, withEvent } from './situation.ts'

/** How values of expressions are found: evaluate.ts, given as an argument because it calls this file. */
export type Evaluate = (expr: Expr, at: Situation) => Value

export function aggregateValue(form: AggregateExpr, at: Situation, evaluate: Evaluate): Value {
  const inside = eventsInRange(form, form.pattern, at, evaluate)
  if (inside === unknown) return unknown
  const worthOf = (event: EventView): Value =>
    form.value === null ? true : evaluate(form.value, withEvent(at, form.pattern.variable, event))
  if (form.function === 'last' || form.function === 'first') {
    const inOrder = form.function === 'last' ? inside.toReversed() : inside
    for (const event of inOrder) {
      const where = whereHolds(form.pattern, event, at, evaluate)
      if (where === unknown) return unknown
      if (where) return worthOf(event)
    }
    return absent
  }
  const values: Value[] = []
  for (const event of inside) {
    const where = whereHolds(form.pattern, event, at, evaluate)
    if (where === unknown) return unknown
    if (where) values.push(worthOf(event))
  }
  if (values.some(value => value === absent || holdsUnknown(value))) return unknown
  return aggregate(form, values)
}

export function existsValue(form: ExistsExpr, at: Situation, evaluate: Evaluate): Truth {
  const inside = eventsInRange(form, form.pattern, at, evaluate)
  if (inside === unknown) return unknown
  const found = inside.map(event => whereHolds(form.pattern, event, at, evaluate))
  return found.includes(true) ? true : found.includes(unknown) ? unknown : false
}

/** A step's `where` speaks of its own event and the current one only, so that the earliest event for each step is the best. */
export function sequenceValue(form: SequenceExpr, at: Situation, evaluate: Evaluate): Truth {
  const steps: { readonly pattern: Pattern; readonly inside: readonly EventView[] }[] = []
  for (const pattern of form.steps) {
    const inside = eventsInRange(form, pattern, at, evaluate)
    if (inside === unknown) return unknown
    steps.push({ pattern, inside })
  }
  function chainExists(counts: (where: Truth) => boolean): boolean {
    let after = -1
    for (const { pattern, inside } of steps) {
      const next = inside.find(event => event.seq > after && counts(whereHolds(pattern, event, at, evaluate)))
      if (!next) return false
      after = next.seq
    }
    return true
  }
  if (chainExists(where => where === true)) return true
  return chainExists(where => where !== false) ? unknown : false
}

/**
 * The events of the pattern's contract with the current event's key inside the range, ascending, before `where` is asked.
 * Unknown where the current event's own key is unknown or absent, or the last reset is uncertain.
 */
export function eventsInRange(
  window: WindowShape,
  pattern: Pattern,
  at: Situation,
  evaluate: Evaluate,
): readonly EventView[] | typeof unknown {
  const history = historyAt(at)
  const candidates = sameKey(history.upTo(pattern.contract, at.current.seq), window.keys, at, evaluate)
  if (candidates === unknown) return unknown
  const seen = candidates.filter(event => !window.beforeThis || event.seq < at.current.seq)
  const { range } = window
  switch (range.kind) {
    case 'over':
      return seen.filter(event => event.time > at.current.time - range.milliseconds)
    case 'per': {
      const start = calendarStart(at.current.time, range.unit, range.zone)
      return seen.filter(event => event.time >= start)
    }
    case 'ever':
      return seen
    case 'since': {
      const resets = sameKey(history.upTo(range.reset.contract, at.current.seq), range.resetKeys, at, evaluate)
      if (resets === unknown) return unknown
      for (const reset of resets.toReversed()) {
        if (window.beforeThis && reset.seq === at.current.seq) continue
        const where = whereHolds(range.reset, reset, at, evaluate)
        if (where === unknown) return unknown
        if (where) return seen.filter(event => event.seq > reset.seq)
      }
      return seen
    }
  }
}

/** Whether an event is one that the pattern speaks of. */
export function whereHolds(pattern: Pattern, event: EventView, at: Situation, evaluate: Evaluate): Truth {
  return pattern.where === null ? true : truthOf(evaluate(pattern.where, withEvent(at, pattern.variable, event)))
}

/** An event whose key is unknown or absent is in nobody's window; a current event with such a key has no window. */
function sameKey(
  events: readonly EventView[],
  keys: readonly Key[],
  at: Situation,
  evaluate: Evaluate,
): readonly EventView[] | typeof unknown {
  const wanted = keys.map(key => evaluate(key.value, at))
  if (wanted.some(value => !isKnown(value) || holdsUnknown(value))) return unknown
  return events.filter(event =>
    keys.every((key, i) => {
      const value = event.value(key.path)
      return isKnown(value) && !holdsUnknown(value) && identity(value) === identity(wanted[i] ?? unknown)
    }),
  )
}

function historyAt(at: Situation): History {
  if (!at.history) throw new Error('there is no history to be asked here')
  return at.history
}

/** What the function makes of the values, all of which are known. */
function aggregate(form: AggregateExpr, values: readonly Value[]): Value {
  const count = fromInteger(values.length)
  const valueType = form.value?.type ?? form.type
  switch (form.function) {
    case 'count':
      return count
    case 'distinct':
      return fromInteger(new Set(values.map(identity)).size)
    case 'sum':
      return total(values, form.type)
    case 'avg':
      return values.length === 0 ? absent : quotient(total(values, form.type), count)
    case 'share':
      return values.length === 0
        ? absent
        : rational(BigInt(values.filter(value => value === true).length), BigInt(values.length))
    case 'min':
    case 'max':
    case 'quantile': {
      if (mixedCurrencies(values)) return unknown
      const sorted = values.toSorted((a, b) => orderOf(a, b, valueType))
      if (form.function === 'quantile') return sorted[quantileIndex(form.rank ?? rational(1n), values.length)] ?? absent
      return (form.function === 'min' ? sorted[0] : sorted.at(-1)) ?? absent
    }
    case 'drift':
      return form.drift ? driftOfValues(form.drift, values) : unknown
    case 'last':
    case 'first':
      throw new Error(`${form.function} does not look at all values`)
  }
}

/** The exact sum; of nothing 0, without a currency where the type has none. Money of another currency than the type's: unknown. */
function total(values: readonly Value[], type: Type): Value {
  const inner = type.kind === 'optional' ? type.inner : type
  const zero = fromInteger(0)
  const nothing: Value = inner.kind === 'money' ? { amount: zero, currency: inner.currency ?? noCurrency } : zero
  // Exact sums need no cutting, whatever the type.
  return values.reduce((sum, value) => arithmetic('+', sum, value, { kind: 'decimal' }), nothing)
}

/** Exact: an average Duration may have a fraction of a millisecond. */
function quotient(sum: Value, count: Rational): Value {
  return arithmetic('/', sum, count, { kind: 'decimal' })
}

/** Rank ceil(q * n), at least 1; as an index from 0. */
function quantileIndex(rank: Rational, size: number): number {
  const product = multiply(rank, fromInteger(size))
  const ceiling = (product.n + product.d - 1n) / product.d
  return Math.max(1, Number(ceiling)) - 1
}

function mixedCurrencies(values: readonly Value[]): boolean {
  const [first] = values
  return values.some(
    value =>
      typeof value === 'object' &&
      typeof first === 'object' &&
      isMoney(value) &&
      isMoney(first) &&
      commonCurrency(first, value) === undefined,
  )
}

function orderOf(a: Value, b: Value, type: Type): number {
  const result = order(a, b, type)
  if (result === unknown) throw new Error('values of a window that have no order')
  return result
}
