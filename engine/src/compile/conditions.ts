/** Conditions of checks and rules, compiled for the rows of one contract. */
import type { Log } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { exactTruth } from './exact.ts'
import type { Condition } from './rules.ts'
import { cursorOf, type Scope } from './scope.ts'

/** The scope of conditions on events of a contract. */
export function scopeOf(plan: Plan, log: Log, contract: number, history: Scope['history']): Scope {
  const current = cursorOf(log, contract)
  return { plan, log, current, events: new Map([[0, current]]), elements: new Map(), lets: new Map(), history }
}

/** A check has no history. */
export function noHistory(): never {
  throw new Error('a check asks for history')
}

export function condition(expr: Expr | null, scope: Scope): Condition {
  if (expr === null) return () => 1
  const truth = exactTruth(expr, scope)
  const { current } = scope
  return row => {
    current.row = row
    const found = truth()
    return found === true ? 1 : found === false ? 0 : 2
  }
}
