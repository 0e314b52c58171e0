/** Which time zones a program counts in. Their data decides, so it belongs to the identity of a run. */
import type { Expr } from './expression.ts'
import type { Plan, PlanRule } from './plan.ts'
import { eachOperand } from './read-set.ts'
import type { Zone } from './zone.ts'

/** Each once, in the order of their first use. */
export function zonesIn(plan: Plan): readonly Zone[] {
  const found = new Map<string, Zone>()
  const seen = new Set<Expr>()
  const collect = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    const isHistory = expr.kind === 'aggregate' || expr.kind === 'exists' || expr.kind === 'sequence'
    if (isHistory && expr.range.kind === 'per' && expr.range.zone) found.set(expr.range.zone.name, expr.range.zone)
    eachOperand(expr, collect)
  }
  for (const policy of plan.policies) for (const rule of policy.rules) for (const expr of askedOf(rule)) collect(expr)
  for (const { range } of [...plan.indicators, ...plan.objectives.map(({ target }) => target)])
    if (range.kind === 'per' && range.zone) found.set(range.zone.name, range.zone)
  return [...found.values()]
}

function askedOf(rule: PlanRule): readonly Expr[] {
  const texts = [rule.text, rule.because, rule.approval?.otherwise?.text ?? null].flatMap(text => text ?? [])
  return [
    ...(rule.when ? [rule.when] : []),
    ...(rule.expectation?.opens.where ? [rule.expectation.opens.where] : []),
    ...(rule.lasting?.keys.map(key => key.value) ?? []),
    ...texts.filter(part => typeof part !== 'string'),
    ...rule.obligations.flatMap(({ fields }) => fields.map(field => field.value)),
  ]
}
