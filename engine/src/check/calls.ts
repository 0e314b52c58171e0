/** Calls: functions of the language (builtins.ts), defines with parameters, and lookups in tables (tables.ts). */
import type { Expression } from '@writ/grammar'
import type { DefineSignature } from '../bind/signature.ts'
import { kindTitle } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import type { Type } from '../value/type.ts'
import { type Builtin, builtinNamed, pattern } from './builtins.ts'
import { placed, reportCount } from './call-arguments.ts'
import { type Context, type Env, errorExpr, spanOf } from './context.ts'
import { capital, checkPattern, fittingValue, presentType } from './demand.ts'
import { applied, functionNames } from './names.ts'
import { inferLookup } from './tables.ts'
import { aType, commonType } from './type-relations.ts'

type Call = Extract<Expression, { readonly kind: 'call' }>

/** A define of the module comes before a function of the language with the same name. */
export function inferCall(context: Context, e: Call, env: Env): Expr {
  const name = e.function.text
  const declared = context.lookup.find(name)
  if (declared?.kind === 'define') return inferDefineCall(context, e, declared, env)
  if (declared?.kind === 'table') return inferLookup(context, e, declared, env)
  const found = builtinNamed(name)
  if (found) {
    const made = inferBuiltin(context, e, found.builtin, env)
    if (!made) return errorExpr(context, e.span)
    return { kind: 'call', function: found.name, arguments: made.given, type: made.type, span: spanOf(context, e.span) }
  }
  for (const argument of e.arguments) context.infer(argument.value, env, null)
  if (declared && declared.kind !== 'unknowable')
    context.report.add('W0210', e.function.span, { name, found: kindTitle(declared.kind), needed: 'function' })
  else if (!declared) reportUnknownFunction(context, e)
  return errorExpr(context, e.span)
}

function reportUnknownFunction(context: Context, e: Call): void {
  const name = e.function.text
  const [module] = context.lookup.modulesWith(name)
  if (module !== undefined) {
    const hint = ` The module ${module} has one: add \`use ${module} { ${name} }\`.`
    context.report.add('W0215', e.function.span, { name, hint }, { imports: { module, name } })
    return
  }
  const { hint, fixes } = suggestion(e.function, [...functionNames, ...context.lookup.names()])
  context.report.add('W0215', e.function.span, { name, hint }, { fixes })
}

function inferBuiltin(
  context: Context,
  e: Call,
  builtin: Builtin,
  env: Env,
): { readonly given: readonly Expr[]; readonly type: Type } | null {
  const { parameters, more, form } = builtin
  const ordered = placed(
    context,
    e,
    parameters.map(parameter => parameter.name),
    form,
  )
  const right = more ? ordered.length >= parameters.length : ordered.length === parameters.length
  const given: Expr[] = []
  const types: Type[] = []
  let fine = right
  ordered.forEach((argument, index) => {
    const parameter = parameters[index] ?? parameters.at(-1)
    const made = context.infer(argument.value, env, null)
    const type = presentType(context, made, argument.value.span, env)
    given.push(made)
    types.push(type)
    if (type.kind === 'error') fine = false
    else if (parameter && !parameter.takes.test(type)) {
      fine = false
      const what = capital(`what ${e.function.text} takes as ${parameter.name}`)
      context.report.add('W0301', argument.value.span, {
        what,
        expected: parameter.takes.words,
        found: aType(type),
        hint: '',
      })
    } else if (parameter?.takes === pattern) checkPattern(context, argument.value, e.function.text)
  })
  if (!right) reportCount(context, e, `${parameters.length}${more ? ' or more' : ''}`, parameters.length, form)
  if (!fine) return null
  const [first] = types
  if (more || e.function.text === 'bucket') {
    const odd = types.findIndex(type => first && commonType(first, type) === null)
    const at = ordered[odd]
    const type = types[odd]
    if (first && at && type) {
      context.report.add('W0303', at.value.span, { left: aType(first), right: aType(type), hint: '' })
      return null
    }
  }
  return { given, type: builtin.result(types) }
}

function inferDefineCall(context: Context, e: Call, define: DefineSignature, env: Env): Expr {
  const names = define.parameters.map(parameter => parameter.name)
  const form = `${define.name}(${names.join(', ')})`
  const ordered = placed(context, e, names, form)
  const given = ordered.map((argument, index) => {
    const parameter = define.parameters[index]
    if (!parameter) return context.infer(argument.value, env, null)
    return fittingValue(context, argument.value, env, parameter.type, `the parameter ${parameter.name}`)
  })
  if (ordered.length !== names.length) {
    reportCount(context, e, String(names.length), names.length, form)
    return errorExpr(context, e.span)
  }
  return applied(context, define, given, e.function, e.span)
}
