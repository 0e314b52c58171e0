/** Works out the signature of one declaration: what others see of it. When, and for how long it is kept, is scope.ts. */
import type {
  ContractDeclaration,
  Declaration,
  DefineDeclaration,
  DelegationSyntax,
  Expression,
  Name,
  PolicyDeclaration,
  RoleDeclaration,
  RuleItem,
  TypeDeclaration,
} from '@writ/grammar'
import type { ContractSignature, PolicySignature, Signature } from '../bind/signature.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanRole } from '../plan/plan.ts'
import type { FieldType, Type } from '../value/type.ts'
import { type Context, type Env, spanOf } from './context.ts'
import { presentType, reportMisfit, typeHere } from './demand.ts'
import { constantMoment } from './moments.ts'
import { findContract } from './references.ts'
import { roleRowsOf, tableSignature } from './tables.ts'
import { constantEnv, resolveFields, resolveType, uniqueNames, unrefined } from './type-expressions.ts'
import { aType, errorType, fieldKey, fits, isSingle, typeSize } from './type-relations.ts'

/** `fresh` gives ids that no signature of the workspace had before. Null: nobody can name such a declaration. */
export function signatureOf(
  context: Context,
  declaration: Declaration,
  module: string,
  fresh: () => number,
): Signature | null {
  switch (declaration.kind) {
    case 'type':
      return typeSignature(context, declaration, module)
    case 'contract':
      return contractSignature(context, declaration, module, fresh)
    case 'define':
      return defineSignature(context, declaration, module, fresh)
    case 'role':
      return roleSignature(context, declaration, module)
    case 'policy':
      return policySignature(context, declaration, module)
    case 'table':
      return tableSignature(context, declaration, module, fresh)
    case 'sink':
    case 'indicator':
    case 'objective':
    case 'rollout':
    case 'exception':
    case 'property':
      return {
        kind: declaration.kind,
        name: declaration.name.text,
        module,
        key: declaration.kind,
        partial: context.broken,
      }
    case 'broken':
    case 'module':
    case 'use':
    case 'source':
    case 'sample':
    case 'layers':
    case 'test':
      return null
  }
}

/** Takes the place of what cannot be known: a broken declaration, one in a circle. Every use of it is silent. */
export function unknowable(name: string, module: string): Signature {
  return { kind: 'unknowable', name, module, key: 'unknowable', partial: true }
}

function typeSignature(context: Context, declaration: TypeDeclaration, module: string): Signature {
  const name = declaration.name.text
  const resolved = resolveType(context, declaration.type, name)
  const [field] = limited(context, declaration.name, [{ name, ...resolved, classes: [] }])
  const { type, refinement } = field ?? { type: errorType, refinement: null }
  const partial = context.broken
  const key = `${partial} ${fieldKey({ name, type, refinement, classes: [] })}`
  return { kind: 'type', name, module, type, refinement, key, partial }
}

function contractSignature(
  context: Context,
  declaration: ContractDeclaration,
  module: string,
  fresh: () => number,
): ContractSignature {
  const name = declaration.name.text
  const fields = limited(context, declaration.name, resolveFields(context, declaration.fields, 'contract'))
  const types = new Map(fields.map(field => [field.name, field.type]))
  const keyFields: string[] = []
  let timeField: string | null = null
  let requesterField: string | null = null
  for (const syntax of declaration.fields) {
    const type = types.get(syntax.name.text)
    const marks = new Set<string>()
    for (const modifier of syntax.modifiers) {
      const mark = modifier.argument ? `${modifier.name.text}(${modifier.argument.text})` : modifier.name.text
      if (marks.has(mark)) context.report.add('W0607', modifier.span, { name: syntax.name.text, modifier: mark })
      else if (mark === 'key' && type) {
        if (isSingle(type) && type.kind !== 'optional') keyFields.push(syntax.name.text)
        else if (type.kind !== 'error')
          context.report.add('W0603', modifier.span, { name: syntax.name.text, type: aType(type) })
      } else if (mark === 'time' && type) {
        if (timeField !== null) {
          context.report.add('W0601', modifier.span, { first: timeField, contract: name, name: syntax.name.text })
        } else if (type.kind !== 'time' && type.kind !== 'error') {
          context.report.add('W0602', modifier.span, { name: syntax.name.text, type: aType(type) })
        } else timeField = syntax.name.text
      } else if (mark === 'requester' && type) {
        if (requesterField !== null) {
          context.report.add('W0822', modifier.span, { reason: `${requesterField} already says who asks` })
        } else if (type.kind !== 'string' && type.kind !== 'error') {
          context.report.add('W0822', modifier.span, { reason: `${syntax.name.text} is ${aType(type)}, not a String` })
        } else requesterField = syntax.name.text
      }
      marks.add(mark)
    }
  }
  const version = declaration.version?.text ?? '0.0.0'
  const partial = context.broken
  const key = [version, timeField, requesterField, partial, keyFields.join(','), ...fields.map(fieldKey)].join('\n')
  return {
    kind: 'contract',
    name,
    module,
    id: fresh(),
    version,
    fields,
    timeField,
    requesterField,
    keyFields,
    key,
    partial,
  }
}

function defineSignature(
  context: Context,
  declaration: DefineDeclaration,
  module: string,
  fresh: () => number,
): Signature {
  const name = declaration.name.text
  const names = declaration.parameters.map(parameter => parameter.name)
  uniqueNames(context, names, 'define', 'parameter')
  const parameters = declaration.parameters.map(parameter => ({
    name: parameter.name.text,
    type: unrefined(context, parameter.type, 'A parameter'),
  }))
  const values = new Map<string, Expr>()
  declaration.parameters.forEach((parameter, index) => {
    const type = parameters[index]?.type
    const span = spanOf(context, parameter.name.span)
    if (type)
      values.set(parameter.name.text, { kind: 'element', variable: -1 - index, name: parameter.name.text, type, span })
  })
  const env: Env = {
    ...constantEnv,
    frame: { kind: 'values', values, outer: null },
    noHistory: { where: 'A define', knows: 'only its parameters' },
  }
  const wanted = declaration.result && unrefined(context, declaration.result, 'The result of a define')
  const body = context.infer(declaration.body, env, wanted)
  const found = typeHere(body, env)
  let result: Type = found
  if (wanted) {
    result = wanted
    if (found.kind === 'optional' && wanted.kind !== 'optional') presentType(context, body, declaration.body.span, env)
    else if (!fits(found, wanted)) reportMisfit(context, declaration.body, found, wanted, `the define ${name}`)
  }
  return { kind: 'define', name, module, parameters, result, body, key: `define ${fresh()}`, partial: context.broken }
}

/** Types are written out wherever they are used, so that a few lines could describe more fields than fit into memory. */
const typeLimit = 10_000

function limited(context: Context, name: Name, fields: readonly FieldType[]): readonly FieldType[] {
  let size = 0
  for (const field of fields) size += typeSize(field.type)
  if (size <= typeLimit) return fields
  context.report.add('W0002', name.span, { what: `The type of ${name.text}`, limit: '10,000 fields and members' })
  return []
}

function roleSignature(context: Context, declaration: RoleDeclaration, module: string): Signature {
  const name = declaration.name.text
  const rows = declaration.table && roleRowsOf(context, declaration.table)
  const table = declaration.table && context.lookup.find(declaration.table.text)
  const members = new Set<string>()
  for (const member of declaration.members) {
    if (member.kind === 'missing') continue
    if (member.kind !== 'literal' || member.literal.kind !== 'string') context.report.add('W0809', member.span)
    else if (members.has(member.literal.value))
      context.report.add('W0810', member.span, { name: member.literal.value, role: name })
    else members.add(member.literal.value)
  }
  const delegations = declaration.delegations.flatMap(
    syntax => delegationOf(context, syntax, name, declaration.table ? null : members) ?? [],
  )
  return {
    kind: 'role',
    name,
    module,
    members: [...members],
    delegations,
    rows,
    key: JSON.stringify([context.broken, [...members], delegations, table?.key ?? null]),
    partial: context.broken,
  }
}

/** Null where something of it is missing or wrong. */
function delegationOf(
  context: Context,
  syntax: DelegationSyntax,
  role: string,
  members: ReadonlySet<string> | null,
): PlanRole['delegations'][number] | null {
  const member = personOf(context, syntax.member)
  const deputy = personOf(context, syntax.deputy)
  const from = syntax.from && constantMoment(context, syntax.from, 'the time of a delegation')
  const until = syntax.until && constantMoment(context, syntax.until, 'the time of a delegation')
  if (member === null || deputy === null) return null
  if (members?.has(member) === false) context.report.add('W0825', syntax.member.span, { role, name: member, deputy })
  if (from !== null && until !== null && until < from && syntax.until)
    context.report.add('W0826', syntax.until.span, { deputy })
  return { member, deputy, from, until }
}

function personOf(context: Context, person: Expression): string | null {
  if (person.kind === 'literal' && person.literal.kind === 'string') return person.literal.value
  if (person.kind !== 'missing') context.report.add('W0809', person.span)
  return null
}

/** Contracts that are unknown are reported with the policy's body; here they are only left out. */
function policySignature(context: Context, declaration: PolicyDeclaration, module: string): PolicySignature {
  const name = declaration.name.text
  const contracts: ContractSignature[] = []
  const aliases: { name: string; contracts: ContractSignature[] }[] = []
  const rules: PolicySignature['rules'][number][] = []
  const lets: string[] = []
  for (const item of declaration.items) {
    if (item.kind === 'on') {
      const found = item.contracts.flatMap(contract => findContract(context, contract) ?? [])
      contracts.push(...found.filter(contract => !contracts.includes(contract)))
      if (item.alias) aliases.push({ name: item.alias.text, contracts: found })
    } else if (item.kind === 'let') lets.push(item.name.text)
    else if (item.kind === 'rule') rules.push({ name: item.name.text, lives: livesOn(item), ...asksOf(context, item) })
  }
  const key = JSON.stringify([
    context.broken,
    contracts.map(contract => contract.id),
    aliases.map(alias => [alias.name, alias.contracts.map(contract => contract.id)]),
    rules,
    lets,
  ])
  return { kind: 'policy', name, module, contracts, aliases, rules, lets, key, partial: context.broken }
}

/** A role apart from those of the same name in other modules. */
export function roleKey(role: { readonly module: string; readonly name: string }): string {
  return `${role.module}/${role.name}`
}

function livesOn(rule: RuleItem): boolean {
  return rule.effect.kind === 'expect' || rule.effect.kind === 'require-approval'
}

function asksOf(
  context: Context,
  rule: RuleItem,
): { readonly approvers: readonly string[]; readonly obligations: readonly string[] } {
  const stages = rule.effect.kind === 'require-approval' ? rule.effect.stages : []
  const approvers = stages.flatMap(stage => {
    const role = context.lookup.find(stage.role.text)
    return role?.kind === 'role' ? [roleKey(role)] : []
  })
  return { approvers, obligations: rule.then.map(obligation => obligation.verb.text) }
}
