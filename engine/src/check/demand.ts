/**
 * What a place asks of an expression: to be there (guards), to be of a type, to be a condition. Each says what is wrong in
 * the author's words and goes on with the best guess, so that one mistake is reported once.
 */
import type { Expression, Fix, Span } from '@writ/grammar'
import type { Expr } from '../plan/expression.ts'
import type { Type } from '../value/type.ts'
import { type Context, type Env, textOf } from './context.ts'
import { guardKey } from './narrowing.ts'
import { patternMistake } from './pattern-syntax.ts'
import { replaceFix } from './report.ts'
import { aType, boolType, fits, showType, withoutOptional } from './type-relations.ts'

/** The type of `expr` where `env` holds: a `let` that is guarded keeps its optional type in the plan, but not here. */
export function typeHere(expr: Expr, env: Env): Type {
  if (expr.type.kind !== 'optional') return expr.type
  const key = guardKey(expr)
  return key !== null && env.present.has(key) ? expr.type.inner : expr.type
}

/** The type of an operand that has to be there; an unguarded optional is reported. */
export function presentType(context: Context, expr: Expr, span: Span, env: Env): Type {
  const type = typeHere(expr, env)
  if (type.kind !== 'optional') return type
  const name = textOf(context, span)
  context.report.add('W0401', span, { name }, { fixes: defaultFixes(name, span, type.inner) })
  return type.inner
}

/** Infers a condition and reports it where it is no Bool. */
export function condition(context: Context, expression: Expression, env: Env): Expr {
  const expr = context.infer(expression, env, boolType)
  const type = presentType(context, expr, expression.span, env)
  if (!fits(type, boolType)) context.report.add('W0302', expression.span, { found: aType(type) })
  return expr
}

/** Infers a value that has to fit `wanted`; `what` begins the message: `the field amount`. */
export function fittingValue(context: Context, expression: Expression, env: Env, wanted: Type, what: string): Expr {
  const expr = context.infer(expression, env, wanted)
  const found = typeHere(expr, env)
  if (found.kind === 'optional' && wanted.kind !== 'optional') {
    presentType(context, expr, expression.span, env)
  } else if (!fits(found, wanted)) {
    reportMisfit(context, expression, withoutOptional(found), wanted, what)
  }
  return expr
}

/** A pattern has to be a literal that RE2 can read. */
export function checkPattern(context: Context, e: Expression, operator: string): void {
  if (e.kind === 'missing') return
  if (e.kind !== 'literal' || e.literal.kind !== 'string') {
    context.report.add('W0311', e.span, { operator })
    return
  }
  const reason = patternMistake(e.literal.value)
  if (reason !== null) context.report.add('W0310', e.span, { reason })
}

/** Says that a value does not fit, with the likely slip named where there is one. */
export function reportMisfit(context: Context, expression: Expression, found: Type, wanted: Type, what: string): void {
  const { report } = context
  const needed = withoutOptional(wanted)
  const span = expression.span
  if (found.kind === 'money' && needed.kind === 'money') {
    report.add('W0501', span, { left: showType(found), right: showType(needed) })
    return
  }
  const literal = expression.kind === 'literal' ? expression.literal : null
  const plain = literal?.kind === 'number' ? literal.text : null
  if (plain !== null && needed.kind === 'money' && needed.currency) {
    const suggestion = `${plain} ${needed.currency}`
    report.add('W0503', span, { text: plain, suggestion }, fixedBy(span, suggestion))
  } else if (plain !== null && needed.kind === 'percent') {
    const suggestion = asPercent(plain)
    report.add('W0502', span, { other: aType(found), suggestion }, fixedBy(span, suggestion))
  } else if (plain !== null && needed.kind === 'duration') {
    report.add('W0505', span, { text: plain, suggestion: `${plain}s` }, fixedBy(span, `${plain}s`))
  } else {
    const quoted = needed.kind === 'string' && plain !== null
    const more = quoted ? { fixes: [replaceFix('Put it in quotes', span, `"${plain}"`)] } : {}
    report.add('W0301', span, { what: capital(what), expected: aType(needed), found: aType(found), hint: '' }, more)
  }
}

/** `0.95` as `95%`. */
export function asPercent(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.')
  const shifted = `${whole}${fraction.padEnd(2, '0').slice(0, 2)}`.replace(/^0+(?=\d)/, '')
  const rest = fraction.slice(2).replace(/0+$/, '')
  return `${shifted}${rest === '' ? '' : `.${rest}`}%`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function fixedBy(span: Span, text: string): { readonly fixes: readonly Fix[] } {
  return { fixes: [replaceFix(`Change it to ${text}`, span, text)] }
}

function defaultFixes(name: string, span: Span, type: Type): readonly Fix[] {
  const value = defaultText(type)
  return value === null ? [] : [replaceFix(`Use ${value} where it is absent`, span, `(${name} ?? ${value})`)]
}

function defaultText(type: Type): string | null {
  switch (type.kind) {
    case 'bool':
      return 'false'
    case 'string':
      return '""'
    case 'int':
    case 'decimal':
      return '0'
    case 'percent':
      return '0%'
    case 'duration':
      return '0s'
    case 'money':
      return type.currency === null ? null : `0 ${type.currency}`
    default:
      return null
  }
}
