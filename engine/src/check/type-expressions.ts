/** Types as written become types: names looked up, refinements taken apart, fields of records read. */
import type { Expression, FieldSyntax, Name, NamedType, TypeExpression } from '@writ/grammar'
import { kindTitle } from '../bind/signature.ts'
import { compare, type Rational } from '../value/rational.ts'
import type { FieldType, Refinement, Type } from '../value/type.ts'
import { constantNumber } from './constants.ts'
import { type Context, type Env, nothingPresent, textOf } from './context.ts'
import { reportMisfit } from './demand.ts'
import { reportUnknown } from './names.ts'
import { patternMistake } from './pattern-syntax.ts'
import { replaceFix } from './report.ts'
import {
  anyMoneyType,
  aType,
  boolType,
  decimalType,
  durationType,
  errorType,
  fits,
  intType,
  isNumber,
  optionalOf,
  percentType,
  stringType,
  timeType,
  versionType,
} from './type-relations.ts'

export interface ResolvedType {
  readonly type: Type
  readonly refinement: Refinement | null
}

/** Where constants stand: no event, no history. */
export const constantEnv: Env = {
  frame: null,
  present: nothingPresent,
  current: null,
  noHistory: { where: 'A constant', knows: 'no event' },
}

/** `name` is that of the `type` declaration around it, which enums and records keep for messages. */
export function resolveType(context: Context, e: TypeExpression, name: string | null = null): ResolvedType {
  switch (e.kind) {
    case 'missing-type':
      return plain(errorType)
    case 'named-type':
      return resolveNamed(context, e)
    case 'enum':
      return plain({ kind: 'enum', name, members: uniqueNames(context, e.members, 'enum', 'member') })
    case 'record-type':
      return plain({ kind: 'record', name, fields: resolveFields(context, e.fields, 'record') })
    case 'list-type':
      return plain({ kind: 'list', element: unrefined(context, e.element, 'The elements of a list') })
    case 'optional-type': {
      const inner = resolveType(context, e.inner)
      if (inner.type.kind === 'optional') {
        const last = { start: e.span.end - 1, end: e.span.end }
        context.report.add('W0404', e.span, {}, { fixes: [replaceFix('Take one `?` out', last, '')] })
      }
      return { type: optionalOf(inner.type), refinement: inner.refinement }
    }
    case 'range-type':
      return resolveRange(context, e)
    case 'pattern-type': {
      const base = resolveType(context, e.base)
      if (!fits(insideOptional(base.type), stringType)) {
        const what = capitalType(base.type)
        context.report.add('W0314', e.span, { what, hint: '`matches` is for String.' })
        return base
      }
      const reason = patternMistake(e.pattern)
      if (reason !== null) context.report.add('W0310', e.span, { reason })
      return { type: base.type, refinement: { range: base.refinement?.range ?? null, pattern: e.pattern } }
    }
  }
}

/** Fields of contracts and records, in order; a doubled name is reported and left out. */
export function resolveFields(context: Context, fields: readonly FieldSyntax[], what: string): readonly FieldType[] {
  const seen = new Set<string>()
  const resolved: FieldType[] = []
  for (const field of fields) {
    const { type, refinement } = resolveType(context, field.type)
    const name = field.name.text
    if (name === '') continue
    if (seen.has(name)) {
      context.report.add('W0213', field.name.span, { what, kind: 'field', name })
      continue
    }
    seen.add(name)
    resolved.push({ name, type, refinement, classes: classesOf(field) })
  }
  return resolved
}

/** Types of parameters and elements, where a range or pattern would not be kept. */
export function unrefined(context: Context, e: TypeExpression, what: string): Type {
  const { type, refinement } = resolveType(context, e)
  if (refinement) context.report.add('W0314', e.span, { what, hint: 'Ranges and patterns are kept by fields only.' })
  return type
}

/** The names once each; a doubled one is reported. */
export function uniqueNames(context: Context, names: readonly Name[], what: string, kind: string): readonly string[] {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name.text)) context.report.add('W0213', name.span, { what, kind, name: name.text })
    seen.add(name.text)
  }
  return [...seen]
}

function resolveNamed(context: Context, e: NamedType): ResolvedType {
  const name = e.name.text
  if (name === '') return plain(errorType)
  const basic = basicTypes.get(name)
  if (name === 'Money' && e.argument) return plain(resolveMoney(context, e.argument))
  if (e.argument && name === 'List') return plain({ kind: 'list', element: namedElement(context, e.argument) })
  if (e.argument) {
    context.report.add('W0315', e.argument.span, { type: name, reason: 'takes no argument in `<…>`; take it out' })
  }
  if (basic) return plain(basic)
  if (name === 'List') {
    context.report.add('W0315', e.span, { type: 'List', reason: 'needs the type of its elements: `List<String>`' })
    return plain(errorType)
  }
  const found = context.lookup.find(name)
  if (!found) {
    reportUnknown(context, e.name, 'type', [...basicTypes.keys(), 'List', ...context.lookup.names()])
    return plain(errorType)
  }
  if (found.kind === 'type') return { type: found.type, refinement: found.refinement }
  if (found.kind !== 'unknowable')
    context.report.add('W0210', e.name.span, { name, found: kindTitle(found.kind), needed: 'type' })
  return plain(errorType)
}

/** `List<String>` where the parser gives the element as a name. */
function namedElement(context: Context, argument: Name): Type {
  return resolveNamed(context, { kind: 'named-type', name: argument, argument: null, span: argument.span }).type
}

function resolveMoney(context: Context, argument: Name): Type {
  if (/^[A-Z]{3}$/.test(argument.text)) return { kind: 'money', currency: argument.text }
  const upper = argument.text.toUpperCase()
  const more = /^[A-Z]{3}$/.test(upper) ? { fixes: [replaceFix(`Change it to ${upper}`, argument.span, upper)] } : {}
  const reason = `is of a currency of three capital letters, such as \`Money<EUR>\`, not ${argument.text}`
  context.report.add('W0315', argument.span, { type: 'Money', reason }, more)
  return anyMoneyType
}

function resolveRange(context: Context, e: Extract<TypeExpression, { readonly kind: 'range-type' }>): ResolvedType {
  const base = resolveType(context, e.base)
  const type = insideOptional(base.type)
  if (type.kind === 'error') return base
  if (!isNumber(type) && !['percent', 'money', 'duration', 'time'].includes(type.kind)) {
    const hint = '`in low .. high` is for Int, Decimal, Percent, Money, Duration and Time.'
    context.report.add('W0314', e.span, { what: capitalType(type), hint })
    return base
  }
  const low = bound(context, e.low, type)
  const high = bound(context, e.high, type)
  if (!low || !high) return base
  if (compare(low, high) > 0) {
    const fixes = [
      {
        title: 'Swap the bounds',
        edits: [
          { span: e.low.span, text: textOf(context, e.high.span) },
          { span: e.high.span, text: textOf(context, e.low.span) },
        ],
      },
    ]
    const [lowText, highText] = [textOf(context, e.low.span), textOf(context, e.high.span)]
    context.report.add(
      'W0313',
      { start: e.low.span.start, end: e.high.span.end },
      { low: lowText, high: highText },
      { fixes },
    )
    return base
  }
  return { type: base.type, refinement: { range: { low, high }, pattern: base.refinement?.pattern ?? null } }
}

function bound(context: Context, e: Expression, wanted: Type): Rational | null {
  if (e.kind === 'missing') return null
  const made = context.infer(e, constantEnv, wanted)
  if (made.type.kind === 'error') return null
  if (wanted.kind === 'money' && wanted.currency === null && made.type.kind === 'money') {
    const hint = 'Say the currency, such as `Money<EUR> in 0 EUR .. 100 EUR`.'
    context.report.add('W0314', e.span, { what: 'Money of any currency', hint })
    return null
  }
  const fine = fits(made.type, wanted) || (wanted.kind === 'int' && made.type.kind === 'decimal')
  if (!fine) {
    reportMisfit(context, e, made.type, wanted, 'the bound')
    return null
  }
  const value = constantNumber(made)
  if (!value) context.report.add('W0317', e.span, { what: 'The bound of a range' })
  return value
}

function classesOf(field: FieldSyntax): readonly string[] {
  return field.modifiers
    .filter(modifier => !['key', 'time', 'requester'].includes(modifier.name.text))
    .map(modifier => (modifier.argument ? `${modifier.name.text}(${modifier.argument.text})` : modifier.name.text))
}

function insideOptional(type: Type): Type {
  return type.kind === 'optional' ? type.inner : type
}
function capitalType(type: Type): string {
  const text = aType(type)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
function plain(type: Type): ResolvedType {
  return { type, refinement: null }
}

const basicTypes: ReadonlyMap<string, Type> = new Map([
  ['Bool', boolType],
  ['String', stringType],
  ['Int', intType],
  ['Decimal', decimalType],
  ['Percent', percentType],
  ['Money', anyMoneyType],
  ['Duration', durationType],
  ['Time', timeType],
  ['Version', versionType],
])
