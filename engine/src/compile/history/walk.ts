/**
 * Any history form, worked out event by event: it walks the current key's events backwards through the range. This is the form
 * for filters and values that speak of the current event, and for what the incremental states beside it do not cover; its cost
 * grows with the events in the range.
 */
import type { AggregateExpr, ExistsExpr, Pattern, Range, SequenceExpr, WindowShape } from '../../plan/expression.ts'
import { holdsUnknown, isKnown, type Truth } from '../../value/operations.ts'
import { absent, unknown, type Value } from '../../value/value.ts'
import { exactTruth, exactValue } from '../exact.ts'
import { type Cursor, cursorOf, type Read, type Scope, withEvent } from '../scope.ts'
import type { KeyChains } from './key-chains.ts'
import { rangeStart } from './reach.ts'
import { totalOf } from './totals.ts'

/** What a walk needs of its form's log. */
export interface Ground {
  /** By row of the current contract; -1: no event has its key, -2: its key is unknown. */
  readonly slot: (row: number) => number
  readonly chainsOf: (contract: number) => KeyChains
  readonly resetSlot: (row: number) => number
  readonly resetChains: KeyChains | null
}

export function walkAggregate(form: AggregateExpr, ground: Ground, scope: Scope): Read {
  const walk = walker(form, form.pattern, ground, scope)
  const inner = withEvent(scope, form.pattern.variable, walk.cursor)
  const valueHere = form.value === null ? () => true : exactValue(form.value, inner)
  switch (form.function) {
    case 'last':
      return () => {
        let found: Value = absent
        const complete = walk.each(where => {
          found = where === unknown ? unknown : valueHere()
          return false
        })
        return complete ? found : unknown
      }
    case 'first':
      return () => {
        let found: Value = absent
        const complete = walk.each(where => {
          found = where === unknown ? unknown : valueHere()
          return true
        })
        return complete ? found : unknown
      }
    default:
      return () => {
        const values: Value[] = []
        let certain = true
        const complete = walk.each(where => {
          const value = where === unknown ? unknown : valueHere()
          certain = isKnown(value) && !holdsUnknown(value)
          values.push(value)
          return certain
        })
        return complete && certain ? totalOf(form, values) : unknown
      }
  }
}

export function walkExists(form: ExistsExpr, ground: Ground, scope: Scope): Read {
  const walk = walker(form, form.pattern, ground, scope)
  return () => {
    let found: Truth = false
    const complete = walk.each(where => {
      found = where
      return where !== true
    })
    return complete ? found : unknown
  }
}

/** The latest events that match are the best for the steps, from the last step to the first. */
export function walkSequence(form: SequenceExpr, ground: Ground, scope: Scope): Read {
  const walks = form.steps.map(step => walker(form, step, ground, scope))
  return () => {
    function chain(counts: (where: Truth) => boolean): boolean | null {
      let before = Number.POSITIVE_INFINITY
      for (const walk of walks.toReversed()) {
        let found = -1
        const complete = walk.each(where => {
          const seq = walk.cursor.batch.seq[walk.cursor.row] as number
          if (seq >= before || !counts(where)) return true
          found = seq
          return false
        })
        if (!complete) return null
        if (found < 0) return false
        before = found
      }
      return true
    }
    const certain = chain(where => where === true)
    if (certain !== false) return certain ?? unknown
    return chain(() => true) ? unknown : false
  }
}

interface Walk {
  readonly cursor: Cursor
  /**
   * Calls `visit` for the events inside the range whose filter is not false, newest first, until it gives false; the cursor
   * stands at the event. False where the range itself is unknown.
   */
  each(visit: (where: Truth) => boolean): boolean
}

function walker(shape: WindowShape, pattern: Pattern, ground: Ground, scope: Scope): Walk {
  const cursor = cursorOf(scope.log, pattern.contract)
  const where = pattern.where === null ? null : exactTruth(pattern.where, withEvent(scope, pattern.variable, cursor))
  const chains = ground.chainsOf(pattern.contract)
  const { current } = scope
  const lastReset = shape.range.kind === 'since' ? resetFinder(shape.range, shape.beforeThis, ground, scope) : () => -1
  const { time, seq } = cursor.batch
  return {
    cursor,
    each(visit) {
      const now = current.batch.seq[current.row] as number
      const slot = ground.slot(current.row)
      if (slot === -2) return false
      let row = chains.newest(slot, now)
      const reset = lastReset()
      if (reset === unknown) return false
      const start = rangeStart(shape.range, current.batch.time[current.row] as number)
      for (; row >= 0; row = chains.previous[row] as number) {
        if ((time[row] as number) <= start || (seq[row] as number) <= reset) break
        if (shape.beforeThis && seq[row] === now) continue
        cursor.row = row
        const truth = where === null ? true : where()
        if (truth !== false && !visit(truth)) break
      }
      return true
    },
  }
}

/** The seq of the last certain reset, -1 where there was none, unknown where an uncertain one is newer. */
function resetFinder(
  range: Extract<Range, { kind: 'since' }>,
  beforeThis: boolean,
  ground: Ground,
  scope: Scope,
): () => number | typeof unknown {
  const { resetChains: chains } = ground
  if (chains === null) throw new Error('a since without its resets')
  const cursor = cursorOf(scope.log, range.reset.contract)
  const where =
    range.reset.where === null ? null : exactTruth(range.reset.where, withEvent(scope, range.reset.variable, cursor))
  const { current } = scope
  return () => {
    const now = current.batch.seq[current.row] as number
    const slot = ground.resetSlot(current.row)
    if (slot === -2) return unknown
    for (let row = chains.newest(slot, now); row >= 0; row = chains.previous[row] as number) {
      const seq = cursor.batch.seq[row] as number
      if (beforeThis && seq === now) continue
      cursor.row = row
      const truth = where === null ? true : where()
      if (truth === unknown) return unknown
      if (truth) return seq
    }
    return -1
  }
}
