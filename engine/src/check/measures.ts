/**
 * Numbers measured over decisions, as the conditions of rollouts have them: `share(deny) of decisions over 1d`. Each is an element
 * of the condition, whose value comes from outside (rollout/running-measure.ts). docs/language.md, "Rollouts".
 */
import type { AggregateExpression, Expression } from '@writ/grammar'
import type { PolicySignature } from '../bind/signature.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanGate, PlanMeasure } from '../plan/plan.ts'
import { decisionFields } from '../rollout/decision-facts.ts'
import { type Context, type Env, type EventFields, errorExpr, nothingPresent, spanOf } from './context.ts'
import { condition } from './demand.ts'
import { constantLength } from './moments.ts'
import { findPolicy } from './references.ts'
import { intType, percentType } from './type-relations.ts'

/** A gate whose policies are signatures still; assemble.ts gives them their index. */
export interface GateBody {
  readonly condition: Expr
  readonly measures: readonly MeasureBody[]
}
export type MeasureBody = Omit<PlanMeasure, 'policy'> & { readonly policy: PolicySignature }

/** A condition over what is measured of the decisions of `policy`. */
export function gateBody(context: Context, expression: Expression, policy: PolicySignature | null): GateBody {
  const measures: MeasureBody[] = []
  const measure = (inner: Context, form: AggregateExpression): Expr => {
    const made = measureOf(inner, form, policy)
    if (!made) return errorExpr(inner, form.span)
    measures.push(made)
    const { variable, span } = made
    const type = made.function === 'share' ? percentType : intType
    return { kind: 'element', variable, name: form.function, type, span }
  }
  const env: Env = {
    frame: null,
    present: nothingPresent,
    current: null,
    noHistory: { where: 'The condition of a rollout', knows: '`count` and `share` of decisions' },
    measure,
  }
  return { condition: condition(context, expression, env), measures }
}

/** The gate of the plan; `place` gives policies and expressions their place in it. */
export function placedGate(
  { condition: own, measures }: GateBody,
  place: {
    readonly policy: (policy: PolicySignature) => number
    readonly expr: (expr: Expr) => Expr
    readonly span: (span: PlanMeasure['span']) => PlanMeasure['span']
  },
): PlanGate {
  return {
    condition: place.expr(own),
    measures: measures.map(measure => ({
      ...measure,
      policy: place.policy(measure.policy),
      where: measure.where && place.expr(measure.where),
      value: measure.value && place.expr(measure.value),
      span: place.span(measure.span),
    })),
  }
}

function measureOf(context: Context, form: AggregateExpression, policy: PolicySignature | null): MeasureBody | null {
  const { function: name, value: valueSyntax, window, event } = form
  const refuse = (reason: string, node: { readonly span: AggregateExpression['span'] } = form): null => {
    context.report.add('W0867', node.span, { reason })
    return null
  }
  if (name !== 'count' && name !== 'share')
    return refuse(`decisions are counted, by \`count\` or \`share\`, not by \`${name}\``)
  const own = event.stream === null && event.contract.text === 'decisions'
  if (!own && event.stream !== 'decisions') {
    const what = event.stream === null ? event.contract.text : `\`${event.stream}\``
    return refuse(`a rollout measures the \`decisions\` of its policy or of another, not ${what}`, event)
  }
  if (window.keys.length > 0) return refuse('it is over all decisions, whoever they are about; take `by` out')
  if (window.beforeThis)
    return refuse('the decision about the current event always belongs to it; take `before this` out')
  const { range } = window
  if (range !== null && range.kind !== 'over')
    return refuse('it reaches back a time (`over 1d`), or without that to the beginning of the stage', range)
  const overMilliseconds = range && constantLength(context, range.duration, 'how far a measure reaches back')
  if (range && overMilliseconds === null) return null
  const measured = own ? policy : findPolicy(context, event.contract)
  if (!measured) return null
  const env = decisionEnv(measured, event.alias?.text ?? null)
  const where = event.where && condition(context, event.where, env)
  const value = valueSyntax && condition(context, valueSyntax, env)
  // The parser reports a missing value, and one of `count`.
  if ((name === 'count') === (value !== null)) return null
  const variable = ++context.counters.variable
  return {
    variable,
    function: name,
    policy: measured,
    where,
    value,
    overMilliseconds,
    span: spanOf(context, form.span),
  }
}

/** Bare names are the members of a decision. */
function decisionEnv(policy: PolicySignature, alias: string | null): Env {
  const fields = decisionFields(policy.rules.map(rule => rule.name))
  const own: EventFields = {
    title: `a decision of ${policy.name}`,
    contracts: [],
    fields: new Map(fields.map(field => [field.name, field])),
    partial: new Map(),
    unknown: policy.partial,
  }
  return {
    frame: { kind: 'event', event: 0, fields: own, alias, it: true, bare: true, outer: null },
    present: nothingPresent,
    current: null,
    noHistory: { where: 'What is measured', knows: 'one decision alone' },
  }
}
