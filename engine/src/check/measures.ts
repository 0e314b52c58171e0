/**
 * Numbers measured over decisions, as the conditions of rollouts have them: `share(deny) of decisions over 1d`. Each is an element
 * of the condition, whose value comes from outside (rollout/running-measure.ts). docs/language.md, "Rollouts".
 */
import { type AggregateExpression, type Expression, walkExpressions } from '@writ/grammar'
import type { PolicySignature } from '../bind/signature.ts'
import type { Expr } from '../plan/expression.ts'
import type { DecisionMeasure, IndicatorMeasure, PlanGate, PlanMeasure } from '../plan/plan.ts'
import { decisionFields } from '../rollout/decision-facts.ts'
import { type Context, type Env, type EventFields, errorExpr, nothingPresent, spanOf } from './context.ts'
import { condition } from './demand.ts'
import type { IndicatorBody } from './indicators.ts'
import { constantLength } from './moments.ts'
import { findPolicy } from './references.ts'
import type { WideLookup } from './scope.ts'
import { errorType, intType, percentType } from './type-relations.ts'

/** A gate whose policies are signatures still; assemble.ts gives them their index. */
export interface GateBody {
  readonly condition: Expr
  readonly measures: readonly MeasureBody[]
}
export type MeasureBody =
  | (Omit<DecisionMeasure, 'policy'> & { readonly policy: PolicySignature })
  | (Omit<IndicatorMeasure, 'indicator'> & { readonly indicator: IndicatorBody })

/** A condition over what is measured of the decisions of `policy`, and over indicators. */
export function gateBody(
  context: Context,
  lookup: WideLookup,
  expression: Expression,
  policy: PolicySignature | null,
): GateBody {
  const { measures, values } = indicatorsIn(context, lookup, expression)
  const measure = (inner: Context, form: AggregateExpression): Expr => {
    const made = measureOf(inner, form, policy)
    if (!made) return errorExpr(inner, form.span)
    measures.push(made)
    const { variable, span } = made
    const type = form.function === 'share' ? percentType : intType
    return { kind: 'element', variable, name: form.function, type, span }
  }
  const env: Env = {
    frame: { kind: 'values', values, outer: null },
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
    readonly indicator: (indicator: IndicatorBody) => number
    readonly expr: (expr: Expr) => Expr
    readonly span: (span: PlanMeasure['span']) => PlanMeasure['span']
  },
): PlanGate {
  return {
    condition: place.expr(own),
    measures: measures.map((measure): PlanMeasure => {
      const span = place.span(measure.span)
      if (measure.kind === 'indicator') return { ...measure, indicator: place.indicator(measure.indicator), span }
      const where = measure.where && place.expr(measure.where)
      return {
        ...measure,
        policy: place.policy(measure.policy),
        where,
        value: measure.value && place.expr(measure.value),
        span,
      }
    }),
  }
}

/** The indicators that a condition names; bare names in it are theirs. */
function indicatorsIn(context: Context, lookup: WideLookup, expression: Expression) {
  const measures: MeasureBody[] = []
  const values = new Map<string, Expr>()
  walkExpressions(expression, node => {
    if (node.kind !== 'name' || values.has(node.name.text)) return
    const found = context.lookup.find(node.name.text)
    const indicator = found?.kind === 'indicator' ? (lookup.bodyOf(found) as IndicatorBody | null) : null
    if (found?.kind !== 'indicator') return
    const span = spanOf(context, node.span)
    const reason = indicator && whyNot(found.name, indicator)
    if (reason !== null) context.report.add('W0867', node.span, { reason })
    const variable = ++context.counters.variable
    const type = indicator && reason === null ? indicator.indicator.type : errorType
    values.set(node.name.text, { kind: 'element', variable, name: found.name, type, span })
    if (indicator && reason === null) measures.push({ kind: 'indicator', variable, indicator, span })
  })
  return { measures, values }
}

/** Why a rollout cannot ask for an indicator; null where it can. */
function whyNot(name: string, { indicator }: IndicatorBody): string | null {
  if (indicator.keys.length > 0)
    return `the indicator ${name} is measured apart for each key, and a rollout needs one number`
  return indicator.function === 'count' || indicator.function === 'share'
    ? null
    : `the indicator ${name} is neither a count nor a share`
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
    kind: 'decisions',
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
  const fields = decisionFields()
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
