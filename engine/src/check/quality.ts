/** What a contract promises of its events: `quality`, and lengths of time. docs/language.md, "Promises of contracts". */
import type { ContractItem, Expression } from '@writ/grammar'
import type { PlanQuality } from '../plan/measure.ts'
import { constantDuration } from './constants.ts'
import { type Context, type Env, spanOf } from './context.ts'
import { condition } from './demand.ts'
import { reportUnknownMember } from './names.ts'
import { boundOf } from './objectives.ts'
import { constantEnv } from './type-expressions.ts'
import { intType, percentType } from './type-relations.ts'

/** `MEASURE(…) >= BOUND over D`, in the environment of the contract's checks; null where something is wrong with it. */
export function qualityOf(
  context: Context,
  { condition: written, over, span }: Extract<ContractItem, { readonly kind: 'quality' }>,
  env: Env,
): PlanQuality | null {
  const milliseconds = lengthOf(context, over, 'The range of a quality')
  if (written.kind === 'missing') return null
  if (written.kind !== 'compare' || written.operator === '==' || written.operator === '!=') {
    context.report.add('W0620', written.span)
    return null
  }
  const measured = measuredBy(context, written.left, env)
  const type = measured?.measure === 'volume' ? intType : percentType
  const value = boundOf(context, written.right, type, 'the bound of a quality')
  if (!measured || value === null || milliseconds === null) return null
  return { ...measured, operator: written.operator, value, milliseconds, span: spanOf(context, span) }
}

/** Milliseconds of a constant Duration above zero; reports what else it is. */
export function lengthOf(context: Context, duration: Expression, what: string): number | null {
  if (duration.kind === 'missing') return null
  const value = context.infer(duration, constantEnv, null)
  if (value.type.kind === 'error') return null
  const milliseconds = constantDuration(value)
  if (milliseconds === null) context.report.add('W0507', duration.span, { what })
  return milliseconds
}

type Measured = Pick<PlanQuality, 'measure' | 'fields' | 'condition'>

function measuredBy(context: Context, form: Expression, env: Env): Measured | null {
  if (form.kind !== 'call' || !isMeasure(form.function.text)) {
    context.report.add('W0620', form.span)
    return null
  }
  const measure = form.function.text
  const given = form.arguments.map(argument => argument.value)
  if (measure === 'validity' && given.length === 1) {
    const [only] = given
    if (only && !isField(only, env)) return { measure, fields: [], condition: condition(context, only, env) }
  }
  const least = measure === 'completeness' || measure === 'uniqueness' ? 1 : 0
  if (given.length < least || (measure === 'volume' && given.length > 0)) {
    context.report.add('W0621', form.span, { measure })
    return null
  }
  const fields = given.flatMap(expression => fieldNamed(context, expression, env) ?? [])
  return fields.length < given.length ? null : { measure, fields, condition: null }
}

const measures = ['completeness', 'validity', 'uniqueness', 'volume'] as const

function isMeasure(name: string): name is PlanQuality['measure'] {
  return measures.some(known => known === name)
}

function isField(expression: Expression, env: Env): boolean {
  const { current } = env
  return expression.kind === 'name' && current !== null && current.fields.has(expression.name.text)
}

function fieldNamed(context: Context, expression: Expression, env: Env): string | null {
  const { current } = env
  if (expression.kind !== 'name') {
    if (expression.kind !== 'missing') context.report.add('W0622', expression.span)
    return null
  }
  const { text } = expression.name
  if (isField(expression, env)) return text
  if (current && !current.unknown) reportUnknownMember(context, expression.name, current.title, current.fields.keys())
  return null
}
