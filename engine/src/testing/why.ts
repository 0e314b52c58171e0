/**
 * Why a condition is what it is at one event, in a phrase for the message of a failed test: the part that decides, as the
 * author wrote it, with the values it read. Full explanations, with evidence, are explain/.
 */
import type { Expr, SourceSpan } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { evaluateCondition, evaluateExpression } from '../reference/evaluate.ts'
import type { Situation } from '../reference/situation.ts'
import { presentValue } from '../value/present.ts'

/** `r.amount > 50 USD is false (r.amount is 20.00 USD)`. */
export function whyCondition(plan: Plan, condition: Expr, at: Situation): string {
  const part = decidingPart(condition, at)
  const values = [...new Set(valuesRead(plan, part, at))]
  const told = `${sourceText(plan, part.span)} is ${presentValue(evaluateExpression(part, at), part.type)}`
  return values.length === 0 ? told : `${told} (${values.join(', ')})`
}

/** The text of a span on one line. */
export function sourceText(plan: Plan, span: SourceSpan): string {
  const text = plan.files[span.file]?.text ?? ''
  return text.slice(span.start, span.end).replace(/\s+/g, ' ').trim()
}

/** Goes down to the first operand that makes an `and` or `or` what it is, as long as there is a single one. */
function decidingPart(condition: Expr, at: Situation): Expr {
  if (condition.kind === 'named' && condition.of === 'let') return condition
  if (condition.kind !== 'and' && condition.kind !== 'or') return condition
  const result = evaluateCondition(condition, at)
  if (result === (condition.kind === 'and')) return condition
  const decisive = condition.operands.find(operand => evaluateCondition(operand, at) === result)
  return decisive ? decidingPart(decisive, at) : condition
}

/** Fields, `let`s and history forms below an expression, each with its value; literals tell themselves. */
function valuesRead(plan: Plan, expr: Expr, at: Situation): readonly string[] {
  switch (expr.kind) {
    case 'field':
    case 'aggregate':
    case 'exists':
    case 'sequence':
    case 'now':
      return [told(plan, expr, at)]
    case 'named':
      return expr.of === 'let' ? [told(plan, expr, at)] : valuesRead(plan, expr.value, at)
    case 'not':
    case 'present':
    case 'negate':
      return valuesRead(plan, expr.operand, at)
    case 'and':
    case 'or':
      return expr.operands.flatMap(operand => valuesRead(plan, operand, at))
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      return [...valuesRead(plan, expr.left, at), ...valuesRead(plan, expr.right, at)]
    case 'in-list':
      return [...valuesRead(plan, expr.item, at), ...valuesRead(plan, expr.list, at)]
    case 'in-range':
      return [expr.item, expr.low, expr.high].flatMap(operand => valuesRead(plan, operand, at))
    case 'default':
      return [...valuesRead(plan, expr.value, at), ...valuesRead(plan, expr.otherwise, at)]
    case 'if':
      return [expr.condition, expr.then, expr.otherwise].flatMap(operand => valuesRead(plan, operand, at))
    case 'call':
      return expr.arguments.flatMap(argument => valuesRead(plan, argument, at))
    case 'list':
      return expr.items.flatMap(item => valuesRead(plan, item, at))
    case 'record':
      return expr.fields.flatMap(field => valuesRead(plan, field.value, at))
    case 'member':
      return valuesRead(plan, expr.object, at)
    case 'quantified':
      return valuesRead(plan, expr.list, at)
    case 'literal':
    case 'element':
      return []
  }
}

function told(plan: Plan, expr: Expr, at: Situation): string {
  const value = presentValue(evaluateExpression(expr, at), expr.type, { quoted: true })
  return `${expr.kind === 'named' ? expr.name : sourceText(plan, expr.span)} is ${value}`
}
