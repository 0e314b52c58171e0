/** The types of operators: arithmetic and comparisons, with the slips of units that authors make said in their words. */
import type { ComparisonOperator, Expression, Span } from '@writ/grammar'
import type { Expr } from '../plan/expression.ts'
import type { Type } from '../value/type.ts'
import { type Context, type Env, spanOf, textOf } from './context.ts'
import { asPercent, fixedBy, presentType } from './demand.ts'
import { meansSomething } from './names.ts'
import {
  aType,
  commonType,
  decimalType,
  durationType,
  errorType,
  isNumber,
  isOrdered,
  percentType,
  sameType,
  showType,
  stringType,
  timeType,
} from './type-relations.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>
type ArithmeticOperator = Of<'arithmetic'>['operator']
/** One side of an operator: what it is, and where. */
interface Side {
  readonly expression: Expression
  readonly type: Type
}

export function inferArithmetic(context: Context, e: Of<'arithmetic'>, env: Env): Expr {
  const left = context.infer(e.left, env, null)
  const right = context.infer(e.right, env, null)
  const sides: [Side, Side] = [
    { expression: e.left, type: presentType(context, left, e.left.span, env) },
    { expression: e.right, type: presentType(context, right, e.right.span, env) },
  ]
  let type = arithmeticType(e.operator, sides[0].type, sides[1].type)
  if (type === null) {
    reportSides(context, e.span, e.operator, sides)
    type = errorType
  } else if (e.operator === '/' && isZero(e.right)) {
    context.report.add('W0506', e.right.span)
  }
  return { kind: 'arithmetic', operator: e.operator, left, right, type, span: spanOf(context, e.span) }
}

/** The type of `left operator right`; null where the operator does not apply. Error types give error. */
export function arithmeticType(operator: ArithmeticOperator, left: Type, right: Type): Type | null {
  if (left.kind === 'error' || right.kind === 'error') return errorType
  switch (operator) {
    case '+':
      return left.kind === 'string' && right.kind === 'string' ? stringType : additive(operator, left, right)
    case '-':
      return additive(operator, left, right)
    case '*':
      return multiplicative(left, right)
    case '/':
      return quotient(left, right)
  }
}

function additive(operator: '+' | '-', left: Type, right: Type): Type | null {
  if (isNumber(left) && isNumber(right)) return commonType(left, right)
  if (left.kind === 'time') {
    if (right.kind === 'duration') return timeType
    return right.kind === 'time' && operator === '-' ? durationType : null
  }
  if (left.kind === 'money' || left.kind === 'percent' || left.kind === 'duration') return commonType(left, right)
  return null
}

function multiplicative(left: Type, right: Type): Type | null {
  if (isNumber(left)) return isNumber(right) ? commonType(left, right) : scaled(right)
  if (isNumber(right)) return scaled(left)
  if (left.kind === 'percent') return percentOf(right)
  return right.kind === 'percent' ? percentOf(left) : null
}

/** A number of times this. A percentage of a number is a number: 10% of 50 is 5. */
function scaled(type: Type): Type | null {
  if (type.kind === 'percent') return decimalType
  return type.kind === 'money' || type.kind === 'duration' ? type : null
}
function percentOf(type: Type): Type | null {
  return type.kind === 'money' || type.kind === 'duration' || type.kind === 'percent' ? type : null
}

function quotient(left: Type, right: Type): Type | null {
  const measured = left.kind === 'money' || left.kind === 'duration' || left.kind === 'percent'
  if (isNumber(right)) return isNumber(left) ? decimalType : measured ? left : null
  return measured && commonType(left, right) ? decimalType : null
}

export function inferComparison(context: Context, e: Of<'compare'>, env: Env): Expr {
  const [left, right] = inferSides(context, e.left, e.right, env)
  const sides: [Side, Side] = [
    { expression: e.left, type: presentType(context, left, e.left.span, env) },
    { expression: e.right, type: presentType(context, right, e.right.span, env) },
  ]
  checkComparison(context, e.span, e.operator, sides)
  return {
    kind: 'compare',
    operator: e.operator,
    left,
    right,
    type: { kind: 'bool' },
    span: spanOf(context, e.span),
  }
}

/** The bounds of `in low .. high` and the operands of comparisons obey the same rules. */
export function checkComparison(
  context: Context,
  span: Span,
  operator: ComparisonOperator,
  sides: readonly [Side, Side],
): void {
  const [left, right] = sides
  const common = commonType(left.type, right.type)
  if (common === null) {
    reportSides(context, span, operator, sides)
  } else if (operator !== '==' && operator !== '!=' && !isOrdered(common)) {
    context.report.add('W0304', span, { type: showType(common), operator })
  }
}

/** Infers the operands of a comparison; a bare member of an enum takes its type from the other side. */
export function inferSides(context: Context, left: Expression, right: Expression, env: Env): readonly [Expr, Expr] {
  if (needsOther(context, left, env) && !needsOther(context, right, env)) {
    const second = context.infer(right, env, null)
    return [context.infer(left, env, second.type), second]
  }
  const first = context.infer(left, env, null)
  return [first, context.infer(right, env, first.type)]
}

/** A name that means nothing here may be a member of the enum that it is compared with. */
function needsOther(context: Context, expression: Expression, env: Env): boolean {
  if (expression.kind === 'name') return !meansSomething(context, expression.name.text, env)
  return expression.kind === 'list' && expression.items.every(item => needsOther(context, item, env))
}

/** Says why an operator does not fit both sides; a mixed-up unit is named as such, with the mend. */
function reportSides(context: Context, span: Span, operator: string, sides: readonly [Side, Side]): void {
  const [left, right] = sides
  const { report } = context
  if (left.type.kind === 'money' && right.type.kind === 'money' && !sameType(left.type, right.type)) {
    report.add('W0501', span, { left: showType(left.type), right: showType(right.type) })
    return
  }
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (!isNumber(one.type)) continue
    const written = one.expression
    const plain = written.kind === 'literal' && written.literal.kind === 'number' ? written.literal.text : null
    const text = textOf(context, written.span)
    if (other.type.kind === percentType.kind) {
      const suggestion = plain === null ? 'such as `5%`' : asPercent(plain)
      const more = plain === null ? {} : fixedBy(written.span, suggestion)
      report.add('W0502', plain === null ? span : written.span, { other: aType(one.type), suggestion }, more)
      return
    }
    if (other.type.kind === 'money') {
      const suggestion = `${plain ?? 'amount(…)'} ${plain === null ? 'of the other side' : (other.type.currency ?? 'EUR')}`
      const more = plain !== null && other.type.currency ? fixedBy(written.span, suggestion) : {}
      report.add('W0503', plain === null ? span : written.span, { text, suggestion }, more)
      return
    }
    if (other.type.kind === 'duration') {
      const suggestion = plain === null ? 'such as `30s`' : `${plain}s`
      const more = plain === null ? {} : fixedBy(written.span, suggestion)
      report.add('W0505', plain === null ? span : written.span, { text, suggestion }, more)
      return
    }
  }
  const shown = { left: aType(left.type), right: aType(right.type) }
  if (/^[=!<>]/.test(operator)) report.add('W0303', span, { ...shown, hint: '' })
  else report.add('W0305', span, { ...shown, operator, hint: '' })
}

function isZero(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.literal.kind === 'number' && !/[1-9]/.test(expression.literal.text)
}
