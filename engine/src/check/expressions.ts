/**
 * Inference: an expression of the syntax becomes an expression of the plan, with its names resolved and its type known.
 * One case per kind of expression; operators, names, calls and history have files of their own.
 */
import type { Expression, Span } from '@writ/grammar'
import type { Expr } from '../plan/expression.ts'
import type { FieldType, Type } from '../value/type.ts'
import { inferCall } from './calls.ts'
import { type Context, type Env, errorExpr, spanOf, textOf } from './context.ts'
import { checkPattern, condition, presentType, reportMisfit, typeHere } from './demand.ts'
import { inferAggregate, inferExists, inferSequence } from './history.ts'
import { literalValue } from './literals.ts'
import { eventNamed, fieldOf, inferName, itEvent, meansSomething, narrowed, reportUnknownMember } from './names.ts'
import { assuming } from './narrowing.ts'
import { checkComparison, inferArithmetic, inferComparison } from './operators.ts'
import { replaceFix } from './report.ts'
import { isLookup } from './tables.ts'
import {
  aType,
  boolType,
  commonType,
  errorType,
  isNumber,
  optionalOf,
  showType,
  stringType,
  timeType,
  withoutOptional,
} from './type-relations.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

/** Works out one expression; reports what is wrong with it. See `Context.infer`. */
export function infer(context: Context, e: Expression, env: Env, expected: Type | null): Expr {
  const span = spanOf(context, e.span)
  switch (e.kind) {
    case 'missing':
      return errorExpr(context, e.span)
    case 'literal':
      return { kind: 'literal', ...literalValue(e.literal), span }
    case 'name':
      return inferName(context, e.name, env, expected)
    case 'member':
      return inferMember(context, e, env)
    case 'it': {
      const found = itEvent(env)
      const hint = found ? 'Read one of its fields: `it.…`.' : 'It stands for the event of a window or of a test.'
      context.report.add('W0216', e.span, {
        name: 'it',
        found: found ? 'whole event' : 'word without an event here',
        hint,
      })
      return errorExpr(context, e.span)
    }
    case 'now':
      return { kind: 'now', type: timeType, span }
    case 'not':
      return { kind: 'not', operand: condition(context, e.operand, env), type: boolType, span }
    case 'negate':
      return inferNegation(context, e, env)
    case 'and':
    case 'or': {
      const operands: Expr[] = []
      let before = env
      for (const operand of e.operands) {
        const made = condition(context, operand, before)
        operands.push(made)
        before = assuming(before, made, e.kind === 'and')
      }
      return { kind: e.kind, operands, type: boolType, span }
    }
    case 'compare':
      return inferComparison(context, e, env)
    case 'text-test':
      return negatedAs(e, inferTextTest(context, e, env))
    case 'in-list':
      return negatedAs(e, inferInList(context, e, env))
    case 'in-range':
      return negatedAs(e, inferInRange(context, e, env))
    case 'present':
      return inferPresence(context, e, env)
    case 'arithmetic':
      return inferArithmetic(context, e, env)
    case 'default':
      return inferDefault(context, e, env, expected)
    case 'if':
      return inferIf(context, e, env, expected)
    case 'call':
      return inferCall(context, e, env)
    case 'list':
      return inferList(context, e, env, expected)
    case 'record':
      return inferRecord(context, e, env, expected)
    case 'quantified':
      return inferQuantified(context, e, env)
    case 'aggregate':
      return env.measure ? env.measure(context, e) : inferAggregate(context, e, env)
    case 'exists':
      return negatedAs(e, inferExists(context, e, env))
    case 'sequence':
      return inferSequence(context, e, env)
  }
}

function inferMember(context: Context, e: Of<'member'>, env: Env): Expr {
  const event =
    e.object.kind === 'it' ? itEvent(env) : e.object.kind === 'name' ? eventNamed(e.object.name.text, env) : null
  if (event) return fieldOf(context, event, e.member, e.span, env)
  const object = context.infer(e.object, env, null)
  const known = typeHere(object, env)
  // A row that is not there has no members either, so that `manager_of(x).manager ?? "none"` needs no guard.
  const mayLack = known.kind === 'optional' && isLookup(object)
  const type = mayLack ? known.inner : presentType(context, object, e.object.span, env)
  if (type.kind === 'error') return errorExpr(context, e.span)
  if (type.kind !== 'record') {
    context.report.add('W0308', e.member.span, { type: showType(type), member: e.member.text })
    return errorExpr(context, e.span)
  }
  const field = type.fields.find(field => field.name === e.member.text)
  if (!field) {
    const names = type.fields.map(field => field.name)
    reportUnknownMember(context, e.member, textOf(context, e.object.span), names)
    return errorExpr(context, e.span)
  }
  const span = spanOf(context, e.span)
  if (object.kind === 'field')
    return narrowed({ ...object, path: [...object.path, field.name], type: field.type, span }, env)
  const found = mayLack ? optionalOf(field.type) : field.type
  return narrowed({ kind: 'member', object, member: field.name, type: found, span }, env)
}

function inferNegation(context: Context, e: Of<'negate'>, env: Env): Expr {
  const operand = context.infer(e.operand, env, null)
  let type = presentType(context, operand, e.operand.span, env)
  const fine = isNumber(type) || ['money', 'duration', 'percent', 'error'].includes(type.kind)
  if (!fine) {
    context.report.add('W0301', e.operand.span, {
      what: 'What `-` is put before',
      expected: 'a number, Percent, Money or Duration',
      found: aType(type),
      hint: '',
    })
    type = errorType
  }
  return { kind: 'negate', operand, type, span: spanOf(context, e.span) }
}

/** The negated forms of the syntax are a `not` around the plain ones. */
function negatedAs(e: { readonly negated: boolean }, expr: Expr): Expr {
  return e.negated ? { kind: 'not', operand: expr, type: boolType, span: expr.span } : expr
}

function inferTextTest(context: Context, e: Of<'text-test'>, env: Env): Expr {
  const span = spanOf(context, e.span)
  const left = context.infer(e.left, env, null)
  const leftType = presentType(context, left, e.left.span, env)
  const wanted = leftType.kind === 'list' && e.operator === 'contains' ? leftType.element : stringType
  const right = context.infer(e.right, env, wanted)
  const rightType = presentType(context, right, e.right.span, env)
  const made: Expr = { kind: 'text-test', operator: e.operator, left, right, type: boolType, span }
  if (leftType.kind === 'error') return made
  if (leftType.kind !== 'string' && !(leftType.kind === 'list' && e.operator === 'contains')) {
    const expected = e.operator === 'contains' ? 'a String or a list' : 'a String'
    const what = `What stands before \`${e.operator}\``
    context.report.add('W0301', e.left.span, { what, expected, found: aType(leftType), hint: '' })
  } else if (commonType(rightType, wanted) === null) {
    reportMisfit(context, e.right, rightType, wanted, `what stands after \`${e.operator}\``)
  } else if (e.operator === 'matches') {
    checkPattern(context, e.right, 'matches')
  }
  return made
}

function inferInList(context: Context, e: Of<'in-list'>, env: Env): Expr {
  const span = spanOf(context, e.span)
  const itemFirst = e.item.kind !== 'name' || meansSomething(context, e.item.name.text, env)
  let item = itemFirst ? context.infer(e.item, env, null) : null
  const itemType = item && presentType(context, item, e.item.span, env)
  const list = context.infer(e.list, env, itemType && { kind: 'list', element: itemType })
  const listType = presentType(context, list, e.list.span, env)
  const element = listType.kind === 'list' ? listType.element : errorType
  item ??= context.infer(e.item, env, element)
  const found = itemType ?? presentType(context, item, e.item.span, env)
  if (listType.kind !== 'list' && listType.kind !== 'error') {
    context.report.add('W0301', e.list.span, {
      what: 'What stands after `in`',
      expected: 'a list or a range',
      found: aType(listType),
      hint: '',
    })
  } else if (commonType(found, element) === null && e.list.kind !== 'list') {
    context.report.add('W0303', e.span, { left: aType(found), right: aType(element), hint: '' })
  }
  return { kind: 'in-list', item, list, type: boolType, span }
}

function inferInRange(context: Context, e: Of<'in-range'>, env: Env): Expr {
  const item = context.infer(e.item, env, null)
  const itemSide = { expression: e.item, type: presentType(context, item, e.item.span, env) }
  const bounds = [e.low, e.high].map((bound, index) => {
    const made = context.infer(bound, env, null)
    const side = { expression: bound, type: presentType(context, made, bound.span, env) }
    checkComparison(context, bound.span, index === 0 ? '>=' : '<=', [itemSide, side])
    return made
  })
  const [low = errorExpr(context, e.low.span), high = errorExpr(context, e.high.span)] = bounds
  return { kind: 'in-range', item, low, high, type: boolType, span: spanOf(context, e.span) }
}

function inferPresence(context: Context, e: Of<'present'>, env: Env): Expr {
  const operand = context.infer(e.operand, env, null)
  const type = typeHere(operand, env)
  if (type.kind !== 'optional' && type.kind !== 'error') {
    const name = textOf(context, e.operand.span)
    const word = e.negated ? 'absent' : 'present'
    context.report.add('W0402', e.span, { name, word, value: e.negated ? 'false' : 'true' })
  }
  const span = spanOf(context, e.span)
  return negatedAs(e, { kind: 'present', operand, type: boolType, span })
}

function inferDefault(context: Context, e: Of<'default'>, env: Env, expected: Type | null): Expr {
  const value = context.infer(e.value, env, expected)
  const found = typeHere(value, env)
  const inner = withoutOptional(found)
  const otherwise = context.infer(e.otherwise, env, inner)
  if (found.kind !== 'optional' && found.kind !== 'error') {
    const name = textOf(context, e.value.span)
    const rest = { start: e.value.span.end, end: e.span.end }
    context.report.add('W0403', e.span, { name }, { fixes: [replaceFix('Take the default out', rest, '')] })
  }
  const other = typeHere(otherwise, env)
  const common = commonType(inner, withoutOptional(other))
  if (common === null) reportMisfit(context, e.otherwise, withoutOptional(other), inner, 'the default')
  const type = common === null ? inner : other.kind === 'optional' ? optionalOf(common) : common
  return { kind: 'default', value, otherwise, type, span: spanOf(context, e.span) }
}

function inferIf(context: Context, e: Of<'if'>, env: Env, expected: Type | null): Expr {
  const test = condition(context, e.condition, env)
  const whenTrue = assuming(env, test, true)
  const whenFalse = assuming(env, test, false)
  const then = context.infer(e.then, whenTrue, expected)
  const thenType = typeHere(then, whenTrue)
  const otherwise = context.infer(e.otherwise, whenFalse, expected ?? thenType)
  const otherType = typeHere(otherwise, whenFalse)
  const common = commonType(thenType, otherType)
  if (common === null) reportMisfit(context, e.otherwise, otherType, thenType, 'the other branch')
  return { kind: 'if', condition: test, then, otherwise, type: common ?? thenType, span: spanOf(context, e.span) }
}

function inferList(context: Context, e: Of<'list'>, env: Env, expected: Type | null): Expr {
  const wanted = expected && withoutOptional(expected)
  const element = wanted?.kind === 'list' ? wanted.element : null
  let common: Type | null = element
  const items = e.items.map(item => {
    const made = context.infer(item, env, common)
    const type = presentType(context, made, item.span, env)
    const both: Type | null = common === null ? type : commonType(common, type)
    if (both === null && common !== null) reportMisfit(context, item, type, common, 'an element of this list')
    else common = both
    return made
  })
  if (common === null) context.report.add('W0312', e.span)
  return { kind: 'list', items, type: { kind: 'list', element: common ?? errorType }, span: spanOf(context, e.span) }
}

function inferRecord(context: Context, e: Of<'record'>, env: Env, expected: Type | null): Expr {
  const wanted = expected && withoutOptional(expected)
  const record = wanted?.kind === 'record' ? wanted : null
  const seen = new Set<string>()
  const fields: { name: string; value: Expr }[] = []
  const types: FieldType[] = []
  for (const given of e.fields) {
    const name = given.name.text
    const field = record?.fields.find(field => field.name === name)
    const value = context.infer(given.value, env, field?.type ?? null)
    const type = typeHere(value, env)
    if (seen.has(name)) context.report.add('W0213', given.name.span, { what: 'record', kind: 'member', name })
    else if (record && !field)
      reportUnknownMember(
        context,
        given.name,
        showType(record),
        record.fields.map(field => field.name),
      )
    else if (field && commonType(withoutOptional(type), withoutOptional(field.type)) === null)
      reportMisfit(context, given.value, withoutOptional(type), field.type, `the member ${name}`)
    seen.add(name)
    fields.push({ name, value })
    types.push({ name, type, refinement: null, classes: [] })
  }
  const missing = record?.fields.filter(field => field.type.kind !== 'optional' && !seen.has(field.name)) ?? []
  if (record && missing.length > 0) {
    const names = missing.map(field => field.name).join(', ')
    context.report.missing('W0316', e.span, { names, type: showType(record) })
  }
  const type: Type = record ?? { kind: 'record', name: null, fields: types }
  return { kind: 'record', fields, type, span: spanOf(context, e.span) }
}

function inferQuantified(context: Context, e: Of<'quantified'>, env: Env): Expr {
  const list = context.infer(e.list, env, null)
  const listType = presentType(context, list, e.list.span, env)
  let element: Type = errorType
  if (listType.kind === 'list') element = listType.element
  else if (listType.kind !== 'error')
    context.report.add('W0301', e.list.span, {
      what: 'What stands after `in`',
      expected: 'a list',
      found: aType(listType),
      hint: '',
    })
  const variable = context.counters.variable++
  const where = condition(
    context,
    e.where,
    withValue(context, env, e.variable.text, variable, element, e.variable.span),
  )
  const span = spanOf(context, e.span)
  return { kind: 'quantified', quantifier: e.quantifier, variable, list, where, type: boolType, span }
}

function withValue(context: Context, env: Env, name: string, variable: number, type: Type, span: Span): Env {
  const value: Expr = { kind: 'element', variable, name, type, span: spanOf(context, span) }
  return { ...env, frame: { kind: 'values', values: new Map([[name, value]]), outer: env.frame } }
}
