/**
 * Patterns that speak of their own event only: their filters and values have one value per row of their contract, whatever event
 * is decided, so that windows may keep them.
 */
import type { Expr, Pattern } from '../../plan/expression.ts'
import { inputsOf } from '../inputs.ts'
import { cursorOf, type Scope } from '../scope.ts'

/** Whether `expr` depends on the pattern's event alone. */
export function isOwn(expr: Expr | null, pattern: Pattern): boolean {
  if (expr === null) return true
  const { events, other } = inputsOf(expr)
  if (other) return false
  for (const event of events) if (event !== pattern.variable) return false
  return true
}

/** The scope of such an expression; the cursor of the pattern's event is its current one. */
export function patternScope(scope: Scope, pattern: Pattern): Scope {
  const cursor = cursorOf(scope.log, pattern.contract)
  return {
    ...scope,
    current: cursor,
    events: new Map([[pattern.variable, cursor]]),
    elements: new Map(),
    lets: new Map(),
  }
}

/** The name of an own expression: equal for windows whose variables differ only. */
export function ownVariables(pattern: Pattern): ReadonlyMap<number, string> {
  return new Map([[pattern.variable, 'own']])
}
