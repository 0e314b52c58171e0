/**
 * What a name in an expression means, looked for from the inside out: the fields and aliases of events, variables, lets, then
 * the names of the module. Unknown ones are reported with the nearest that could have been meant.
 */
import type { Name, Span } from '@writ/grammar'
import { kindTitle, type Signature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import type { FieldType, Type } from '../value/type.ts'
import { builtins } from './builtins.ts'
import { type Context, type Env, errorExpr, type Frame, spanOf } from './context.ts'
import { overLimit } from './extent.ts'
import { guardKey } from './narrowing.ts'
import { replaceFix } from './report.ts'
import { substitute } from './substitute.ts'
import { showType, withoutOptional } from './type-relations.ts'

export type EventFrame = Extract<Frame, { readonly kind: 'event' }>

/** A name as a value. A member of the enum that is expected comes first. */
export function inferName(context: Context, name: Name, env: Env, expected: Type | null): Expr {
  const wanted = expected && withoutOptional(expected)
  const span = spanOf(context, name.span)
  if (wanted?.kind === 'enum' && wanted.members.includes(name.text))
    return { kind: 'literal', value: name.text, type: wanted, span }
  const local = findLocal(context, name, env)
  if (local === 'event') {
    context.report.add('W0216', name.span, {
      name: name.text,
      found: 'whole event',
      hint: `Read one of its fields: \`${name.text}.…\`.`,
    })
    return errorExpr(context, name.span)
  }
  if (local === 'reported') return errorExpr(context, name.span)
  if (local) return narrowed(local, env)
  const declared = context.lookup.find(name.text)
  if (declared) return inferDeclared(context, name, declared)
  if (wanted?.kind === 'error') return errorExpr(context, name.span)
  reportUnknownName(context, name, env, wanted)
  return errorExpr(context, name.span)
}

/** True where a bare name is a field, an alias, a value or a declaration, and not only perhaps a member of an enum. */
export function meansSomething(context: Context, name: string, env: Env): boolean {
  for (let frame = env.frame; frame; frame = frame.outer) {
    if (frame.kind === 'event') {
      if (frame.alias === name || (frame.bare && frame.fields.fields.has(name))) return true
    } else if ((frame.kind === 'values' ? frame.values : frame.names).has(name)) return true
  }
  return context.lookup.find(name) !== null
}

/** The event that a name is the alias of. */
export function eventNamed(name: string, env: Env): EventFrame | null {
  for (let frame = env.frame; frame; frame = frame.outer) {
    if (frame.kind === 'event') {
      if (frame.alias === name) return frame
      if (frame.bare && frame.fields.fields.has(name)) return null
    } else if (frame.kind === 'values' && frame.values.has(name)) return null
  }
  return null
}

/** The event that `it` is. */
export function itEvent(env: Env): EventFrame | null {
  for (let frame = env.frame; frame; frame = frame.outer) if (frame.kind === 'event' && frame.it) return frame
  return null
}

/** Reads a field of an event; reports a field that it does not have. */
export function fieldOf(context: Context, event: EventFrame, member: Name, span: Span, env: Env): Expr {
  const field = event.fields.fields.get(member.text)
  if (field) return narrowed(fieldRead(event, field, spanOf(context, span)), env)
  const partial = event.fields.partial.get(member.text)
  if (partial !== undefined) {
    context.report.add('W0808', member.span, { name: member.text, alias: event.fields.title, reason: partial })
  } else if (!event.fields.unknown) {
    reportUnknownMember(context, member, event.fields.title, event.fields.fields.keys())
  }
  return errorExpr(context, span)
}

export function reportUnknownMember(context: Context, member: Name, object: string, known: Iterable<string>): void {
  const { hint, fixes } = suggestion(member, known)
  if (member.text !== '') context.report.add('W0214', member.span, { object, name: member.text, hint }, { fixes })
}

/** An optional that is guarded has its inner type; a `let` stays the node that it is (see `typeHere`). */
export function narrowed(expr: Expr, env: Env): Expr {
  if (expr.type.kind !== 'optional' || expr.kind === 'named') return expr
  const key = guardKey(expr)
  return key !== null && env.present.has(key) ? { ...expr, type: expr.type.inner } : expr
}

/** A define without parameters as a value. */
function inferDeclared(context: Context, name: Name, declared: Signature): Expr {
  if (declared.kind === 'define') {
    if (declared.parameters.length === 0) return applied(context, declared, [], name, name.span)
    const form = `${name.text}(${declared.parameters.map(parameter => parameter.name).join(', ')})`
    context.report.add('W0216', name.span, { name: name.text, found: 'define', hint: `Call it: \`${form}\`.` })
  } else if (declared.kind !== 'unknowable') {
    const hint = declared.kind === 'contract' ? 'Bind it with `as` and read its fields.' : 'It cannot stand here.'
    context.report.add('W0216', name.span, { name: name.text, found: kindTitle(declared.kind), hint })
  }
  return errorExpr(context, name.span)
}

/** A define with its arguments in place. */
export function applied(
  context: Context,
  define: Extract<Signature, { readonly kind: 'define' }>,
  given: readonly Expr[],
  name: Name,
  span: Span,
): Expr {
  const value = substitute(define.body, given, () => context.counters.variable++)
  const type = define.result
  const made: Expr = { kind: 'named', name: define.name, of: 'define', value, type, span: spanOf(context, span) }
  return overLimit(context, made, name) ? errorExpr(context, span) : made
}

function findLocal(context: Context, name: Name, env: Env): Expr | 'event' | 'reported' | null {
  for (let frame = env.frame; frame; frame = frame.outer) {
    switch (frame.kind) {
      case 'event': {
        const field = frame.bare ? frame.fields.fields.get(name.text) : undefined
        if (field) return fieldRead(frame, field, spanOf(context, name.span))
        if (frame.alias === name.text) return 'event'
        break
      }
      case 'values': {
        const value = frame.values.get(name.text)
        if (value) return value.kind === 'named' ? value : { ...value, span: spanOf(context, name.span) }
        break
      }
      case 'forbidden':
        if (frame.names.has(name.text)) {
          context.report.add('W0912', name.span, { name: name.text })
          return 'reported'
        }
    }
  }
  return null
}

function fieldRead(event: EventFrame, field: FieldType, span: Expr['span']): Expr {
  return { kind: 'field', event: event.event, path: [field.name], type: field.type, span }
}

function reportUnknownName(context: Context, name: Name, env: Env, wanted: Type | null): void {
  const local = localNames(env)
  const through = throughAlias(name.text, env)
  if (through !== null) {
    const text = `${through}.${name.text}`
    const fixes = [replaceFix(`Change it to ${text}`, name.span, text)]
    const hint = ` It is a field: write ${text}.`
    context.report.add('W0203', name.span, { what: 'value', name: name.text, hint }, { fixes })
    return
  }
  if (wanted?.kind === 'enum') {
    const known = [...wanted.members, ...local, ...context.lookup.names()]
    const { hint, fixes } = suggestion(name, known, ` Its members are ${wanted.members.join(', ')}.`)
    context.report.add('W0309', name.span, { name: name.text, type: showType(wanted), hint }, { fixes })
    return
  }
  reportUnknown(context, name, 'value', [...local, ...context.lookup.names()])
}

/** Reports a name that nothing in `known` has: the nearest is suggested, or the module that declares it is offered. */
export function reportUnknown(
  context: Pick<Context, 'report' | 'lookup'>,
  name: Name,
  what: string,
  known: Iterable<string>,
): void {
  const [module] = context.lookup.modulesWith(name.text)
  if (module !== undefined) {
    const hint = ` The module ${module} has one: add \`use ${module} { ${name.text} }\`.`
    context.report.add('W0203', name.span, { what, name: name.text, hint }, { imports: { module, name: name.text } })
    return
  }
  const { hint, fixes } = suggestion(name, known)
  context.report.add('W0203', name.span, { what, name: name.text, hint }, { fixes })
}

/** The functions of the language, for suggestions. */
export const functionNames: readonly string[] = Object.keys(builtins)

/** The alias through which an event that stands before the expression has this field. */
function throughAlias(name: string, env: Env): string | null {
  for (let frame = env.frame; frame; frame = frame.outer)
    if (frame.kind === 'event' && frame.alias !== null && frame.fields.fields.has(name)) return frame.alias
  return null
}

function localNames(env: Env): readonly string[] {
  const names: string[] = []
  for (let frame = env.frame; frame; frame = frame.outer) {
    if (frame.kind === 'event') {
      if (frame.bare) names.push(...frame.fields.fields.keys())
      if (frame.alias !== null) names.push(frame.alias)
    } else if (frame.kind === 'values') names.push(...frame.values.keys())
  }
  return names
}
