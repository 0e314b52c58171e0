/**
 * Aggregates read from windows that are kept up to date: as fast numbers for conditions in low form, and as exact values. Where
 * a key has left the fast numbers (`exactOnly`), the exact value comes from the walk.
 */
import type { AggregateExpr } from '../../plan/expression.ts'
import { binOf, driftOf } from '../../value/drift.ts'
import { arithmetic, holdsUnknown, identity, isKnown, noCurrency } from '../../value/operations.ts'
import { fromInteger, rational } from '../../value/rational.ts'
import { absent, unknown, type Value } from '../../value/value.ts'
import type { Read, Scope } from '../scope.ts'
import { shapeOf } from '../shape.ts'
import { Extremes, FirstRows, LastRows, SortedValues, Sums } from './accumulators.ts'
import { BinCounts } from './bin-counts.ts'
import { DistinctValues } from './distinct-values.ts'
import type { KeySpace } from './key-space.ts'
import { isOwn, ownVariables } from './pattern-scope.ts'
import { emptySlot, placeOf, unknownSlot } from './place.ts'
import type { SharedWindows } from './shared-windows.ts'
import { quantilePlace } from './totals.ts'
import type { ValueDoubts, WindowValues } from './window-values.ts'

/** A kept aggregate. Numbers are NaN where the value is absent, unknown, or not fast. */
export interface AggregateState {
  readonly exact: Read
  /** By row of the current contract, on `scale`; null where the values are no numbers. */
  readonly number: ((row: number) => number) | null
  readonly scale: number
  /** For `avg` and `share`: the value is `number` / `count`. */
  readonly count: ((row: number) => number) | null
}

export interface AggregateParts {
  readonly form: AggregateExpr
  readonly space: KeySpace
  readonly slotOf: (row: number) => number
  /** The value event by event, where the state does not have it. */
  readonly walk: Read
  /** Of the amounts, for Money. */
  readonly currency: string | null
  readonly isMoney: boolean
  readonly windows: SharedWindows
  readonly scope: Scope
}

/** Null where the form has no state: then it is walked. */
export function aggregateState(parts: AggregateParts): AggregateState | null {
  if (!isOwn(parts.form.value, parts.form.pattern)) return null
  switch (parts.form.function) {
    case 'count':
      return countState(parts)
    case 'sum':
    case 'avg':
    case 'share':
      return sumState(parts)
    case 'min':
    case 'max':
    case 'quantile':
      return rankedState(parts)
    case 'distinct':
      return distinctState(parts)
    case 'drift':
      return driftState(parts)
    case 'first':
    case 'last':
      return endState(parts)
  }
}

function countState({ form, space, slotOf, windows, scope }: AggregateParts): AggregateState {
  const window = windows.window(form, space, scope)
  const place = placeOf(window, slotOf, scope)
  const number = (row: number) => {
    const slot = place(row)
    if (slot < 0) return slot === emptySlot ? 0 : Number.NaN
    return window.uncertain[slot] === 0 ? (window.counts[slot] as number) : Number.NaN
  }
  return { exact: integer(number, scope), number, scale: 0, count: null }
}

function sumState(parts: AggregateParts): AggregateState | null {
  const { form, space, windows, scope, currency, isMoney } = parts
  const values = windows.values(form, currency, scope)
  if (values === null) return null
  const { window, kept } = windows.keeping(form, space, scope, valueName('sum', parts), made => {
    return new Sums(values, made.counts.length)
  })
  const place = placeOf(window, parts.slotOf, scope)
  const { doubts } = kept
  const certain = certainty(window.uncertain, doubts)
  // The sum of nothing is 0; a quotient by a count of 0 is absent.
  const ofNothing = form.function === 'sum' ? 0 : Number.NaN
  const number = (row: number) => {
    const slot = place(row)
    if (slot < 0) return slot === emptySlot ? ofNothing : Number.NaN
    if (!certain(slot)) return Number.NaN
    return window.counts[slot] === 0 ? ofNothing : (kept.sums[slot] as number)
  }
  const count = (row: number) => {
    const slot = place(row)
    return slot >= 0 && certain(slot) ? (window.counts[slot] as number) : slot === emptySlot ? 0 : Number.NaN
  }
  const power = 10n ** BigInt(kept.values.scale)
  const exact = at(scope, row => {
    const slot = place(row)
    if (slot === unknownSlot) return unknown
    if (slot >= 0 && window.uncertain[slot] !== 0) return unknown
    if (slot >= 0 && doubts.exactOnly[slot] === 1) return parts.walk()
    if (slot >= 0 && doubts.unknown[slot] !== 0) return unknown
    const counted = slot < 0 ? 0 : (window.counts[slot] as number)
    const amount = rational(BigInt(slot < 0 ? 0 : (kept.sums[slot] as number)), power)
    if (form.function === 'share')
      return counted === 0 ? absent : rational(BigInt(kept.sums[slot] as number), BigInt(counted))
    const sum = isMoney ? { amount, currency: counted === 0 ? emptyCurrency(form) : (currency ?? noCurrency) } : amount
    if (form.function === 'sum') return sum
    return counted === 0 ? absent : arithmetic('/', sum, fromInteger(counted), { kind: 'decimal' })
  })
  return { exact, number, scale: kept.values.scale, count: form.function === 'sum' ? null : count }
}

function rankedState(parts: AggregateParts): AggregateState | null {
  const { form, space, windows, scope } = parts
  const values = windows.values(form, parts.currency, scope)
  if (values === null) return null
  const { function: name } = form
  const { window, kept } = windows.keeping(form, space, scope, valueName(name, parts), made => {
    const slots = made.counts.length
    if (name === 'quantile') return new SortedValues(values, slots)
    return new Extremes(values, slots, made.rows.batch.rows, name === 'max' ? 1 : -1)
  })
  const rank = form.rank ?? rational(1n)
  const place = placeOf(window, parts.slotOf, scope)
  const certain = certainty(window.uncertain, kept.doubts)
  const best = (slot: number): number => {
    if (kept instanceof SortedValues) return kept.at(slot, quantilePlace(rank, window.counts[slot] as number))
    const row = kept.best[slot] as number
    return row < 0 ? Number.NaN : (kept.numbers[row] as number)
  }
  const number = (row: number) => {
    const slot = place(row)
    return slot >= 0 && certain(slot) ? best(slot) : Number.NaN
  }
  const toValue = numberValue(kept.values, parts)
  const exact = at(scope, row => {
    const slot = place(row)
    if (slot < 0) return slot === emptySlot ? absent : unknown
    if (window.uncertain[slot] !== 0) return unknown
    if (kept.doubts.exactOnly[slot] === 1) return parts.walk()
    if (kept.doubts.unknown[slot] !== 0) return unknown
    const found = best(slot)
    return Number.isNaN(found) ? absent : toValue(found)
  })
  return { exact, number, scale: kept.values.scale, count: null }
}

function distinctState(parts: AggregateParts): AggregateState {
  const { form, space, windows, scope } = parts
  const { window, kept } = windows.keeping(form, space, scope, valueName('distinct', parts), made => {
    return new DistinctValues(valueNumbers(form, windows, scope), made.counts.length, made.rows.batch.rows)
  })
  const place = placeOf(window, parts.slotOf, scope)
  const number = (row: number) => {
    const slot = place(row)
    if (slot < 0) return slot === emptySlot ? 0 : Number.NaN
    return window.uncertain[slot] === 0 && kept.unknown[slot] === 0 ? (kept.counts[slot] as number) : Number.NaN
  }
  return { exact: integer(number, scope), number, scale: 0, count: null }
}

/** Counts by bin; the drift itself is worked out where it is asked for. */
function driftState(parts: AggregateParts): AggregateState | null {
  const { form, space, windows, scope } = parts
  const { drift } = form
  if (drift === undefined) return null
  const { baseline } = drift
  const name = `${valueName('drift', parts)} ${baseline.name}`
  const { window, kept } = windows.keeping(form, space, scope, name, made => {
    const valueAt = windows.exactValues(form, scope)
    const binAt = (row: number): number => {
      const value = valueAt(row)
      return isKnown(value) && !holdsUnknown(value) ? binOf(baseline, value) : -1
    }
    return new BinCounts(binAt, baseline.counts.length, made.counts.length, made.rows.batch.rows)
  })
  const place = placeOf(window, parts.slotOf, scope)
  const exact = at(scope, row => {
    const slot = place(row)
    if (slot < 0) return slot === emptySlot ? absent : unknown
    return window.uncertain[slot] === 0 && kept.unknown[slot] === 0 ? driftOf(drift, kept.at(slot)) : unknown
  })
  return { exact, number: null, scale: 0, count: null }
}

/** `first` and `last` look at one event: the one at the end of those whose filter is not false. */
function endState(parts: AggregateParts): AggregateState {
  const { form, space, windows, scope } = parts
  const { window, kept } = windows.keeping(form, space, scope, form.function, made => {
    const slots = made.counts.length
    return form.function === 'last' ? new LastRows(slots) : new FirstRows(slots, made.rows.batch.rows)
  })
  const place = placeOf(window, parts.slotOf, scope)
  const values = windows.values(form, parts.currency, scope)
  const valueAt = windows.exactValues(form, scope)
  const isCertain = (row: number) => window.filtered === null || window.filtered[row] === 1
  const number =
    values === null
      ? null
      : (row: number) => {
          const slot = place(row)
          const end = slot < 0 ? -1 : (kept.rows[slot] as number)
          return end >= 0 && isCertain(end) ? values.enter(end) : Number.NaN
        }
  const exact = at(scope, row => {
    const slot = place(row)
    if (slot < 0) return slot === emptySlot ? absent : unknown
    const end = kept.rows[slot] as number
    return end < 0 ? absent : isCertain(end) ? valueAt(end) : unknown
  })
  return { exact, number, scale: values?.scale ?? 0, count: null }
}

function certainty(uncertain: Int32Array, { unknown: unknowns, exactOnly }: ValueDoubts): (slot: number) => boolean {
  return slot => uncertain[slot] === 0 && unknowns[slot] === 0 && exactOnly[slot] === 0
}

/** Numbers for values: codes of strings as they are, others by their identity; -1 for unknown ones. */
function valueNumbers(form: AggregateExpr, windows: SharedWindows, scope: Scope): (row: number) => number {
  const column =
    form.value?.kind === 'field' && form.value.event === form.pattern.variable
      ? scope.log.batches[form.pattern.contract]?.columns.get(form.value.path.join('.'))
      : undefined
  if (column?.kind === 'code') {
    const { values } = column
    return row => Math.max(-1, values[row] as number)
  }
  const valueAt = windows.exactValues(form, scope)
  const numbers = new Map<string, number>()
  return row => {
    const value = valueAt(row)
    if (!isKnown(value) || holdsUnknown(value)) return -1
    const name = identity(value)
    const known = numbers.get(name) ?? numbers.size
    numbers.set(name, known)
    return known
  }
}

function numberValue({ scale }: WindowValues, { isMoney, currency }: AggregateParts): (scaled: number) => Value {
  const power = 10n ** BigInt(scale)
  return scaled => {
    const amount = rational(BigInt(scaled), power)
    return isMoney ? { amount, currency: currency ?? noCurrency } : amount
  }
}

/** The currency of the sum of nothing: that of the type, if it names one. */
function emptyCurrency({ type }: AggregateExpr): string {
  const inner = type.kind === 'optional' ? type.inner : type
  return inner.kind === 'money' ? (inner.currency ?? noCurrency) : noCurrency
}

function integer(number: (row: number) => number, scope: Scope): Read {
  return at(scope, row => {
    const found = number(row)
    return Number.isNaN(found) ? unknown : fromInteger(found)
  })
}

function at(scope: Scope, read: (row: number) => Value): Read {
  const { current } = scope
  return () => read(current.row)
}

function valueName(name: string, { form: { value, pattern }, currency }: AggregateParts): string {
  return `${name} ${currency} ${value === null ? '' : shapeOf(value, ownVariables(pattern))}`
}
