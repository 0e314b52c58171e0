/**
 * Events that almost counted in a window where nothing did: with another key, just before the range, or with one condition
 * of the filter against them. A look-out for the reader: the form's value does not depend on it, and the search is bounded.
 */

import type { EventView } from '../log/view.ts'
import type { AggregateExpr, ExistsExpr, Expr } from '../plan/expression.ts'
import { truthOf } from '../value/operations.ts'
import type { Value } from '../value/value.ts'
import { bindEvent, type Evaluate, type Scope } from './scope.ts'
import { backwards, filterHolds, hasKeys, type Reach } from './window.ts'
import type { NearMiss } from './witness.ts'

type Form = ExistsExpr | AggregateExpr

/** `examined`: how many events stood in the window. At most one of each kind, the newest; `filter` first, then `key`, then `range`. */
export function nearMissesOf(
  expr: Form,
  keys: readonly Value[],
  reach: Reach,
  examined: number,
  scope: Scope,
  evaluate: Evaluate,
): readonly NearMiss[] {
  const found = new Map<NearMiss['missedBy'], NearMiss>()
  for (const event of ownEvents(expr, keys, scope)) {
    const near = inside(event, reach)
      ? missedByFilter(expr, event, scope, evaluate)
      : missedByRange(expr, event, scope, evaluate)
    if (near && !found.has(near.missedBy)) found.set(near.missedBy, near)
    if (found.size === 2) break
  }
  // With a key of its own kind only, other people's events say something only where there is none of one's own.
  if (expr.keys.length > 1 || examined === 0) {
    const near = missedByKey(expr, keys, reach, scope, evaluate)
    if (near) found.set('key', near)
  }
  return (['filter', 'key', 'range'] as const).flatMap(kind => found.get(kind) ?? [])
}

const mostOwn = 500
const mostOthers = 200

/** The newest events with the same key, wherever they stand. */
function* ownEvents(expr: Form, keys: readonly Value[], scope: Scope) {
  const everywhere: Reach = { from: null, reset: null, certain: true }
  let looked = 0
  for (const event of backwards(expr.pattern.contract, everywhere, expr.beforeThis, scope, expr.keys, keys)) {
    if (++looked > mostOwn) return
    if (hasKeys(event, expr.keys, keys)) yield event
  }
}

function inside(event: EventView, reach: Reach): boolean {
  return reach.reset !== null ? event.seq > reach.reset : reach.from === null || event.time > reach.from
}

function missedByRange(expr: Form, event: EventView, scope: Scope, evaluate: Evaluate): NearMiss | null {
  const held = filterHolds(expr.pattern, event, scope, evaluate) === true
  return held ? { seq: event.seq, missedBy: 'range', position: 0 } : null
}

function missedByFilter(expr: Form, event: EventView, scope: Scope, evaluate: Evaluate): NearMiss | null {
  const position = onlyFailing(expr.pattern.where, bindEvent(scope, expr.pattern.variable, event), evaluate)
  return position === null ? null : { seq: event.seq, missedBy: 'filter', position }
}

function missedByKey(
  expr: Form,
  keys: readonly Value[],
  reach: Reach,
  scope: Scope,
  evaluate: Evaluate,
): NearMiss | null {
  let looked = 0
  for (const event of backwards(expr.pattern.contract, reach, expr.beforeThis, scope)) {
    if (++looked > mostOthers) return null
    if (oneKeyDiffers(expr, keys, event) && filterHolds(expr.pattern, event, scope, evaluate) === true) {
      return { seq: event.seq, missedBy: 'key', position: 0 }
    }
  }
  return null
}

/** Of the keys exactly one is another. */
function oneKeyDiffers(expr: Form, keys: readonly Value[], event: EventView): boolean {
  return expr.keys.filter((key, i) => !hasKeys(event, [key], keys.slice(i, i + 1))).length === 1
}

/** The place of the one false operand of a filter made of several; null where more are against it. */
function onlyFailing(where: Expr | null, scope: Scope, evaluate: Evaluate): number | null {
  if (where?.kind !== 'and') return null
  const failing = where.operands.flatMap((operand, i) => (truthOf(evaluate(operand, scope)) === true ? [] : [i]))
  const [only] = failing
  return failing.length === 1 && only !== undefined ? only : null
}
