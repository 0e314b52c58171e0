/**
 * Tables: keyed facts that events keep up to date, and the looking up of them. A lookup is the aggregate `last` over all there
 * was, so that nothing behind the checker knows of tables. docs/language.md, "Tables".
 */
import type { Expression, Name, TableDeclaration } from '@writ/grammar'
import type { TableSignature } from '../bind/signature.ts'
import type { Expr, Key } from '../plan/expression.ts'
import type { PlanRole } from '../plan/plan.ts'
import type { FieldType } from '../value/type.ts'
import { placed, reportCount } from './call-arguments.ts'
import { type Context, type Env, errorExpr, eventFields, nothingPresent, spanOf } from './context.ts'
import { condition, typeHere } from './demand.ts'
import { keyField, refused } from './history.ts'
import { assuming } from './narrowing.ts'
import { findContract, findTable } from './references.ts'
import { uniqueNames } from './type-expressions.ts'
import { aType, commonType, errorType, isSingle, optionalOf, showType, withoutOptional } from './type-relations.ts'

/** `fresh` gives ids that no signature of the workspace had before. */
export function tableSignature(
  context: Context,
  declaration: TableDeclaration,
  module: string,
  fresh: () => number,
): TableSignature {
  const name = declaration.name.text
  const contract = findContract(context, declaration.contract)
  uniqueNames(context, declaration.keys, 'table', 'key')
  const keys = declaration.keys.map(key => {
    const type = contract ? keyField(context, { name: key, value: null, span: key.span }, contract) : null
    if (type && !isSingle(type)) context.report.add('W0910', key.span, { name: key.text, type: aType(type) })
    return { name: key.text, type: type ?? errorType }
  })
  const none = { title: '', contracts: [], fields: new Map(), partial: new Map(), unknown: true }
  const fields = contract ? eventFields(contract) : none
  const env: Env = {
    frame: { kind: 'event', event: tableVariable, fields, alias: null, it: true, bare: true, outer: null },
    present: nothingPresent,
    current: null,
    noHistory: { where: 'A table', knows: 'one event alone' },
  }
  const where = declaration.where && condition(context, declaration.where, env)
  const frame = env.frame && { ...env.frame, event: 0 }
  const whereAlone = declaration.where && condition(context, declaration.where, { ...env, frame })
  const value = rowOf(context, declaration, where ? assuming(env, where, true) : env)
  const pattern = contract && { contract: contract.id, variable: tableVariable, where }
  const key = `table ${fresh()}`
  return { kind: 'table', name, module, contract, keys, pattern, whereAlone, value, key, partial: context.broken }
}

/**
 * The event of a table's rows, in every lookup: a variable above those that a policy gives. INVARIANT: no history form stands
 * inside another, so that two lookups never meet.
 */
const tableVariable = 1_000_000

function rowOf(context: Context, declaration: TableDeclaration, env: Env): Expr {
  uniqueNames(
    context,
    declaration.fields.map(field => field.name),
    'table',
    'member',
  )
  const fields = declaration.fields.map(({ name, value }) => ({
    name: name.text,
    value: context.infer(value, env, null),
  }))
  const types = fields.map(({ name, value }): FieldType => {
    return { name, type: typeHere(value, env), refinement: null, classes: [] }
  })
  return {
    kind: 'record',
    fields,
    type: { kind: 'record', name: null, fields: types },
    span: spanOf(context, declaration.span),
  }
}

/** Who has a row in a table of people, which has one key, a String; null where it is none. */
export function roleRowsOf(context: Context, name: Name): PlanRole['rows'] {
  const table = findTable(context, name)
  if (!table?.pattern) return null
  const [key] = table.keys
  if (!key || table.keys.length > 1 || withoutOptional(key.type).kind !== 'string') {
    const kept = table.keys.map(each => `${each.name} (${showType(each.type)})`).join(' and ')
    if (table.keys.every(each => each.type.kind !== 'error'))
      context.report.add('W0850', name.span, { name: name.text, kept })
    return null
  }
  return { contract: table.pattern.contract, key: key.name, where: table.whereAlone }
}

/** `manager_of(r.agent)`: the row with these keys, absent where there is none. */
export function inferLookup(
  context: Context,
  e: Extract<Expression, { readonly kind: 'call' }>,
  table: TableSignature,
  env: Env,
): Expr {
  const names = table.keys.map(key => key.name)
  const form = `${table.name}(${names.join(', ')})`
  const ordered = placed(context, e, names, form)
  if (refused(context, e.span, env, [])) return errorExpr(context, e.span)
  if (ordered.length !== names.length) {
    reportCount(context, e, String(names.length), names.length, form)
    return errorExpr(context, e.span)
  }
  const keys = ordered.flatMap((argument, index): readonly Key[] => {
    const key = table.keys[index]
    if (!key) return []
    const value = context.infer(argument.value, env, key.type)
    const found = withoutOptional(typeHere(value, env))
    if (commonType(key.type, found) === null) {
      const contract = table.contract?.name ?? ''
      const types = { left: showType(key.type), right: showType(found) }
      context.report.add('W0911', argument.value.span, { name: key.name, contract, ...types })
      return []
    }
    return [{ path: [key.name], value }]
  })
  if (!table.pattern || keys.length < names.length) return errorExpr(context, e.span)
  return {
    kind: 'aggregate',
    function: 'last',
    pattern: table.pattern,
    value: table.value,
    rank: null,
    keys,
    range: { kind: 'ever' },
    beforeThis: false,
    type: optionalOf(table.value.type),
    span: spanOf(context, e.span),
  }
}

/** Whether a value is a row of a table, or a part of one: its members can be read without a guard, and may be absent. */
export function isLookup(expr: Expr): boolean {
  switch (expr.kind) {
    case 'aggregate':
      return expr.range.kind === 'ever'
    case 'named':
      return isLookup(expr.value)
    case 'member':
      return isLookup(expr.object)
    default:
      return false
  }
}
