/**
 * What an event is about, in a few words for the first line: the fields that the decision rests on, then those that
 * identify the event. Only fields that the program reads are shown, because only they are sure to be in the log.
 */
import type { Expr } from '../plan/expression.ts'
import type { PlanPolicy } from '../plan/plan.ts'
import { eachOperand, patternsOf } from '../plan/read-set.ts'
import { isHistory } from './history-words.ts'
import type { Scope } from './scope.ts'
import type { Explanation } from './witness.ts'
import { valueText } from './words.ts'

/** `recipient “GB33…5432”, amount 1,250.00 EUR`; empty where no rule reads a field of the event. */
export function subjectText(policy: PlanPolicy, explanation: Explanation, scope: Scope): string {
  const deciding = policy.rules[explanation.decidedBy]
  const others = policy.rules.filter(rule => rule.contracts.includes(scope.event.contract))
  const found = new Map<string, Expr>()
  for (const rule of deciding ? [deciding, ...others] : others) {
    if (rule.when) collect(rule.when, found)
  }
  const shown = [...found].filter(([, field]) => isTelling(field)).slice(0, 3)
  return shown.map(([name, field]) => `${name} ${fieldText(field, scope)}`).join(', ')
}

function fieldText(field: Expr, scope: Scope): string {
  return field.kind === 'field' ? valueText(scope.event.value(field.path), field.type) : ''
}

/** Fields of the current event, in the order in which rules speak of them. */
function collect(expr: Expr, found: Map<string, Expr>): void {
  if (expr.kind === 'field' && expr.event === 0) {
    const name = expr.path.join('.')
    if (!found.has(name)) found.set(name, expr)
  }
  if (isHistory(expr)) {
    // What only says whose history is meant (`by run`) says little about the event itself.
    for (const { where } of patternsOf(expr)) if (where) collect(where, found)
    return
  }
  eachOperand(expr, operand => collect(operand, found))
}

/** Lists and records are too long for the first line. */
function isTelling(expr: Expr): boolean {
  const type = expr.type.kind === 'optional' ? expr.type.inner : expr.type
  return type.kind !== 'list' && type.kind !== 'record'
}
