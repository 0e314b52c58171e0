/**
 * What an event is about, in a few words for the first line: the fields that the decision speaks of or rests on, then what
 * else the event says. A field that the log was not opened with is left out.
 */
import type { EventView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanPolicy, PlanRule, Template } from '../plan/plan.ts'
import { eachOperand, patternsOf } from '../plan/read-set.ts'
import type { Type } from '../value/type.ts'
import { isHistory } from './history-words.ts'
import type { Scope } from './scope.ts'
import type { Explanation } from './witness.ts'
import { valueText } from './words.ts'

/** `recipient “GB33…5432”`, `amount 1,250.00 EUR`: the most telling first; at most three, possibly none. */
export function subjectParts(policy: PlanPolicy, explanation: Explanation, scope: Scope): readonly string[] {
  const { event } = scope
  const contract = scope.plan.contracts[event.contract]
  const deciding = policy.rules[explanation.decidedBy]
  const others = policy.rules.filter(rule => rule !== deciding && rule.contracts.includes(event.contract))
  const found = new Map<string, Type>()
  for (const expr of deciding ? spokenOf(deciding) : holes(policy.default.because)) collect(expr, found)
  for (const rule of others) if (rule.when) collect(rule.when, found)
  const spoken = [...found].flatMap(([name, type]) => fieldText(name, type, event))
  const further = (contract?.fields ?? [])
    .filter(({ name }) => name !== contract?.timeField && !found.has(name))
    .flatMap(({ name, type }) => fieldText(name, type, event))
    // A long text that no rule speaks of (where a record came from) would say little about the event.
    .filter(text => text.length <= longestFurther)
  const told = spoken.slice(0, mostFields)
  return [...told, ...further.slice(0, Math.max(0, enoughFields - told.length))]
}

const mostFields = 3
/** With so many spoken of, nothing further is told. */
const enoughFields = 2
const longestFurther = 36

/** The texts of a rule first: what its author found worth saying. */
function spokenOf(rule: PlanRule): readonly Expr[] {
  return [...holes(rule.because), ...holes(rule.text), ...(rule.when ? [rule.when] : [])]
}

function holes(template: Template | null): readonly Expr[] {
  return (template ?? []).filter(part => typeof part !== 'string')
}

/** Fields of the current event; not those that only say whose history is meant (`by run`). */
function collect(expr: Expr, found: Map<string, Type>): void {
  if (expr.kind === 'field') {
    const name = expr.path.join('.')
    if (expr.event === 0 && !found.has(name)) found.set(name, expr.type)
  } else if (isHistory(expr)) {
    for (const { where } of patternsOf(expr)) if (where) collect(where, found)
  } else {
    eachOperand(expr, operand => collect(operand, found))
  }
}

function fieldText(name: string, type: Type, event: EventView): readonly string[] {
  const path = name.split('.')
  if (!isPlain(type) || event.has?.(path) === false) return []
  const value = event.value(path)
  return typeof value === 'symbol' ? [] : [`${name} ${valueText(value, type)}`]
}

/** Lists and records are too long for the first line. */
function isPlain(type: Type): boolean {
  return type.kind === 'optional' ? isPlain(type.inner) : type.kind !== 'list' && type.kind !== 'record'
}
