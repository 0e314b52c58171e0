/**
 * What history forms say of each other: where some event is in a window, one is in every window with the same keys that asks
 * for no more and reaches at least as far. Facts that hold at every event, for the proof of properties.
 */
import { all, any, type Formula } from '../analyze/formula.ts'
import { isFalse, type Meaning, notFalse } from '../analyze/meaning.ts'
import { termKey } from '../analyze/term-key.ts'
import type { ExistsExpr, Expr } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'

/** Of all `exists` in the conditions. */
export function windowFacts(conditions: readonly Expr[], meaning: Meaning): Formula {
  const forms = new Map<string, ExistsExpr>()
  const look = (expr: Expr): void => {
    if (expr.kind === 'exists') forms.set(termKey(expr), expr)
    // What stands behind `any` and `all` is asked of elements, not of the event.
    if (expr.kind !== 'quantified') eachOperand(expr, look)
  }
  for (const condition of conditions) look(condition)
  const shapes = [...forms.values()].map(form => ({ form, asks: asksOf(form) }))
  const facts = shapes.flatMap(wide =>
    shapes.flatMap(narrow =>
      narrow !== wide && isWithin(narrow, wide)
        ? [any([meaning.when(wide.form, notFalse), meaning.when(narrow.form, isFalse)])]
        : [],
    ),
  )
  return all(facts)
}

interface Shape {
  readonly form: ExistsExpr
  /** Keys of the parts of its `where`, each with the contract and keys of the window. */
  readonly asks: ReadonlySet<string>
}

function asksOf(form: ExistsExpr): ReadonlySet<string> {
  const { where } = form.pattern
  const parts = where === null ? [] : partsOf(where)
  return new Set([null, ...parts].map(part => keyWith(form, part)))
}

function partsOf(where: Expr): readonly Expr[] {
  if (where.kind === 'named') return partsOf(where.value)
  return where.kind === 'and' ? where.operands.flatMap(partsOf) : [where]
}

/** The same for windows that differ in their reach alone. */
function keyWith(form: ExistsExpr, where: Expr | null): string {
  return termKey({ ...form, range: { kind: 'ever' }, beforeThis: false, pattern: { ...form.pattern, where } })
}

function isWithin(narrow: Shape, wide: Shape): boolean {
  for (const ask of wide.asks) if (!narrow.asks.has(ask)) return false
  if (wide.form.beforeThis && !narrow.form.beforeThis) return false
  const [short, long] = [narrow.form.range, wide.form.range]
  if (long.kind === 'ever') return true
  if (short.kind === 'over' && long.kind === 'over') return short.milliseconds <= long.milliseconds
  return short.kind === 'per' && long.kind === 'per' && short.unit === long.unit && short.zone?.name === long.zone?.name
}
