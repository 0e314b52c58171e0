/** The value of any expression of a plan at an event that its policy decides: for debuggers that watch one. */
import type { LogView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import type { Value } from '../value/value.ts'
import { evaluate, rejectedIn } from './evaluate.ts'
import { scopeAt } from './scope.ts'

/** `expr` may read the event `seq`, its past and `now`; no other variable. */
export function valueAt(plan: Plan, view: LogView, seq: number, expr: Expr): Value {
  return evaluate(expr, scopeAt(plan, view, rejectedIn(plan, view), view.event(seq)))
}
