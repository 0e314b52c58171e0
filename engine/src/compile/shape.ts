/** Expressions as text without places, so that two rules that say the same share one predicate, one table, one window. */
import type { Expr } from '../plan/expression.ts'

/**
 * Two expressions with one shape have the same value everywhere. `variables` renames event variables: a window's own events get
 * the same name in every window.
 */
export function shapeOf(expr: Expr, variables: ReadonlyMap<number, string> = none): string {
  if (variables.size > 0) return shape(expr, variables)
  let known = shapes.get(expr)
  if (known === undefined) {
    known = shape(expr, variables)
    shapes.set(expr, known)
  }
  return known
}

const none: ReadonlyMap<number, string> = new Map()
const shapes = new WeakMap<Expr, string>()

function shape(expr: Expr, variables: ReadonlyMap<number, string>): string {
  return JSON.stringify(expr, (key, value: unknown) => {
    if (key === 'span') return undefined
    if (key === 'event' || (key === 'variable' && typeof value === 'number'))
      return variables.get(Number(value)) ?? value
    if (typeof value === 'bigint') return `${value}n`
    return typeof value === 'symbol' ? String(value) : value
  })
}
