/**
 * The value of an expression at an event, without evidence: for filters of windows, values in texts and obligations, and
 * for trying what would have changed a decision. Says the same as trace.ts, which also keeps what a value rests on.
 */
import type { EventView, LogView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { and, or, orElse, truthOf } from '../value/operations.ts'
import { fromInteger } from '../value/rational.ts'
import { unknown, type Value } from '../value/value.ts'
import { operandsOf, operate } from './operate.ts'
import { bindElement, type Rejected, type Scope, scopeAt } from './scope.ts'
import { history } from './window.ts'

export function evaluate(expr: Expr, scope: Scope): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'now':
      return fromInteger(scope.event.time)
    case 'field':
      return boundEvent(scope, expr.event).value(expr.path)
    case 'element':
      return scope.elements.get(expr.variable) ?? unknown
    case 'named':
      return kept(expr, scope, () => evaluate(expr.value, scope))
    case 'and':
      return and(truths(expr.operands, scope))
    case 'or':
      return or(truths(expr.operands, scope))
    case 'default':
      return orElse(evaluate(expr.value, scope), () => evaluate(expr.otherwise, scope))
    case 'if': {
      const condition = truthOf(evaluate(expr.condition, scope))
      return condition === unknown ? unknown : evaluate(condition ? expr.then : expr.otherwise, scope)
    }
    case 'quantified': {
      const list = evaluate(expr.list, scope)
      if (!Array.isArray(list)) return unknown
      const held = list.map((element: Value) =>
        truthOf(evaluate(expr.where, bindElement(scope, expr.variable, element))),
      )
      return expr.quantifier === 'any' ? or(held) : and(held)
    }
    case 'exists':
    case 'aggregate':
    case 'sequence':
      return kept(expr, scope, () => history(expr, scope, evaluate).value)
    default:
      return operate(
        expr,
        operandsOf(expr).map(operand => evaluate(operand, scope)),
      )
  }
}

/** Whether one of the event's `check … else reject` does not hold: then no policy and no window sees it. */
export function isRejected(scope: Scope, event: EventView): boolean {
  const checks = scope.plan.contracts[event.contract]?.checks ?? []
  const rejecting = checks.filter(check => check.otherwise === 'reject')
  if (rejecting.length === 0) return false
  const own = scopeAt(scope.plan, scope.view, scope.rejected, event)
  return rejecting.some(check => evaluate(check.condition, own) !== true)
}

/** `rejected` where the caller knows it from a run; else the checks are evaluated when an event is first met. */
export function rejectedIn(plan: Plan, view: LogView, rejected?: Rejected): Rejected {
  if (rejected) return rejected
  const known = new Map<number, boolean>()
  return seq => {
    let broken = known.get(seq)
    if (broken === undefined) {
      const event = view.event(seq)
      broken = isRejected(
        scopeAt(plan, view, () => false, event),
        event,
      )
      known.set(seq, broken)
    }
    return broken
  }
}

/** The event that a field is read from. */
export function boundEvent(scope: Scope, variable: number): EventView {
  const event = scope.bound.get(variable)
  if (!event) throw new Error(`expression reads event variable ${variable} outside of its window`)
  return event
}

/** Values that only the current event decides are computed once per event. */
function kept(expr: Expr, scope: Scope, compute: () => Value): Value {
  if (scope.bound.size > 1 || scope.elements.size > 0) return compute()
  const known = scope.kept.get(expr)
  if (known !== undefined) return known
  const value = compute()
  scope.kept.set(expr, value)
  return value
}

function* truths(operands: readonly Expr[], scope: Scope) {
  for (const operand of operands) yield truthOf(evaluate(operand, scope))
}
