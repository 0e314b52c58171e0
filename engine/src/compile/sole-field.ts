/**
 * The one field that a condition depends on, if there is just one and nothing else: such a condition has one truth for each
 * value of its column. Found without making sets, since it is asked of every condition of every rule.
 */
import type { Expr } from '../plan/expression.ts'
import { isRecord } from './inputs.ts'

type FieldExpr = Extract<Expr, { kind: 'field' }>

/** Null where the expression depends on no field, on several, on history or on the time. */
export function soleField(expr: Expr): FieldExpr | null {
  return among(expr, null) ?? null
}

/** The field so far and that of `expr`, if they are one; undefined where they are not. */
function among(expr: Expr, before: FieldExpr | null): FieldExpr | null | undefined {
  switch (expr.kind) {
    case 'literal':
      return before
    case 'field':
      if (isRecord(expr)) return undefined
      return before === null || isSame(before, expr) ? expr : undefined
    case 'named':
      return among(expr.value, before)
    case 'not':
    case 'present':
    case 'negate':
      return among(expr.operand, before)
    case 'and':
    case 'or':
      return amongAll(expr.operands, before)
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      return both(expr.left, expr.right, before)
    case 'in-list':
      return both(expr.item, expr.list, before)
    case 'in-range':
      return amongAll([expr.item, expr.low, expr.high], before)
    case 'default':
      return both(expr.value, expr.otherwise, before)
    case 'if':
      return amongAll([expr.condition, expr.then, expr.otherwise], before)
    case 'call':
      return amongAll(expr.arguments, before)
    case 'list':
      return amongAll(expr.items, before)
    default:
      return undefined
  }
}

function both(left: Expr, right: Expr, before: FieldExpr | null): FieldExpr | null | undefined {
  const first = among(left, before)
  return first === undefined ? undefined : among(right, first)
}

function amongAll(parts: readonly Expr[], before: FieldExpr | null): FieldExpr | null | undefined {
  let found: FieldExpr | null | undefined = before
  for (const part of parts) {
    found = among(part, found)
    if (found === undefined) return undefined
  }
  return found
}

function isSame(a: FieldExpr, b: FieldExpr): boolean {
  return a.event === b.event && a.path.length === b.path.length && a.path.every((name, i) => name === b.path[i])
}
