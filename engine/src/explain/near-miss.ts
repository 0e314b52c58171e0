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

/** `examined`: how many events stood in the window. At most one of each kind, the newest; `filter` first, then `key`, then `range`. */
export function nearMissesOf(
  expr: ExistsExpr | AggregateExpr,
  keys: readonly Value[],
  reach: Reach,
  examined: number,
  scope: Scope,
  evaluate: Evaluate,
): readonly NearMiss[] {
  const everything: Reach = { from: null, reset: null, certain: true }
  const found = new Map<NearMiss['missedBy'], NearMiss>()
  let looked = 0
  const others = expr.keys.length > 1 || examined === 0
  for (const event of backwards(expr.pattern.contract, everything, expr.beforeThis, scope)) {
    if (++looked > mostEvents || found.size === 3) break
    const near = nearMiss(expr, keys, inside(event, reach), event, scope, evaluate)
    if (near && (near.missedBy !== 'key' || others) && !found.has(near.missedBy)) found.set(near.missedBy, near)
  }
  return (['filter', 'key', 'range'] as const).flatMap(kind => found.get(kind) ?? [])
}

const mostEvents = 2_000

function inside(event: EventView, reach: Reach): boolean {
  return reach.reset !== null ? event.seq > reach.reset : reach.from === null || event.time > reach.from
}

function nearMiss(
  expr: ExistsExpr | AggregateExpr,
  keys: readonly Value[],
  inRange: boolean,
  event: EventView,
  scope: Scope,
  evaluate: Evaluate,
): NearMiss | null {
  const ownKey = hasKeys(event, expr.keys, keys)
  if (!inRange && !ownKey) return null
  if (!ownKey && !oneKeyDiffers(expr, keys, event)) return null
  if (filterHolds(expr.pattern, event, scope, evaluate) === true) {
    return inRange && ownKey ? null : { seq: event.seq, missedBy: inRange ? 'key' : 'range', position: 0 }
  }
  if (!inRange || !ownKey) return null
  const position = onlyFailing(expr.pattern.where, bindEvent(scope, expr.pattern.variable, event), evaluate)
  return position === null ? null : { seq: event.seq, missedBy: 'filter', position }
}

/** Of several keys only one is another; a form with one key is asked for others' events only where it has none of its own. */
function oneKeyDiffers(expr: ExistsExpr | AggregateExpr, keys: readonly Value[], event: EventView): boolean {
  return expr.keys.filter((key, i) => !hasKeys(event, [key], keys.slice(i, i + 1))).length === 1
}

/** The place of the one false operand of a filter made of several; null where more are against it. */
function onlyFailing(where: Expr | null, scope: Scope, evaluate: Evaluate): number | null {
  if (where?.kind !== 'and') return null
  const failing = where.operands.flatMap((operand, i) => (truthOf(evaluate(operand, scope)) === true ? [] : [i]))
  const [only] = failing
  return failing.length === 1 && only !== undefined ? only : null
}
