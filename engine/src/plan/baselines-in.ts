/** Which baselines a program decides by. Their counts decide, so they belong to the identity of a run. */
import type { Baseline } from './baseline.ts'
import type { Expr } from './expression.ts'
import type { Plan } from './plan.ts'
import { eachOperand } from './read-set.ts'

/** Each once, in the order of their first use. */
export function baselinesIn(plan: Plan): readonly Baseline[] {
  const found = new Map<string, Baseline>()
  const seen = new Set<object>()
  const collect = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    if (expr.kind === 'aggregate' && expr.drift) found.set(expr.drift.baseline.name, expr.drift.baseline)
    eachOperand(expr, collect)
  }
  for (const policy of plan.policies) {
    for (const { value } of policy.lets) collect(value)
    for (const { when, expectation, lasting } of policy.rules) {
      if (when !== null) collect(when)
      if (expectation?.opens.where) collect(expectation.opens.where)
      for (const { value } of lasting?.keys ?? []) collect(value)
    }
  }
  return [...found.values()]
}
