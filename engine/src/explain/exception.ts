/** Which exception waives a rule at an event, and why. */
import type { PlanException, PlanRule } from '../plan/plan.ts'
import { evaluate } from './evaluate.ts'
import type { Scope } from './scope.ts'

/** The first exception (index into `Plan.exceptions`) that waives the rule at the event of the scope, or -1. */
export function waiverOf(rule: PlanRule, scope: Scope): number {
  return scope.plan.exceptions.findIndex(exception => {
    if (scope.plan.policies[exception.policy]?.rules[exception.rule] !== rule) return false
    return isInForce(exception, scope) && (exception.when === null || evaluate(exception.when, scope) === true)
  })
}

function isInForce({ from, until }: PlanException, { event }: Scope): boolean {
  return event.time <= until && (from === null || event.time >= from)
}
