/**
 * The body of a property: for which events it speaks, and what it claims of their decisions. docs/language.md, "Properties".
 * Whether it holds is worked out in ../property.
 */
import type { Name, PropertyDeclaration, PropertyItem } from '@writ/grammar'
import type { ContractSignature, PolicySignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanClaim, PlanPolicy, PlanProperty } from '../plan/plan.ts'
import { commonFields } from './common-fields.ts'
import { type Context, type Env, type Frame, nothingPresent, spanOf } from './context.ts'
import { condition } from './demand.ts'
import { findContract } from './references.ts'
import { replaceFix } from './report.ts'
import type { WideLookup } from './scope.ts'

/** A property whose policies are signatures still; assemble.ts gives them their indices. Contracts are ids of signatures. */
export interface PropertyBody {
  readonly property: Omit<PlanProperty, 'claims'>
  readonly claims: readonly (Omit<PlanClaim, 'by'> & { readonly by: ClaimedBy | null })[]
}
export interface ClaimedBy {
  readonly policy: PolicySignature
  readonly rule: number | null
}

type Item<K extends PropertyItem['kind']> = Extract<PropertyItem, { readonly kind: K }>

/** Null where its events are not known. Properties are made after policies, because they look into them. */
export function propertyBody(
  context: Context,
  lookup: WideLookup,
  declaration: PropertyDeclaration,
  module: string,
): PropertyBody | null {
  const { report } = context
  const { name, items } = declaration
  const [about, ...more] = items.filter(item => item.kind === 'for')
  const claims = items.filter(item => item.kind === 'claim')
  for (const item of more) report.add('W0604', item.span, { item: 'for all', what: 'property' })
  if (about === undefined) report.missing('W1020', name.span, { name: name.text })
  if (claims.length === 0) report.missing('W1021', name.span, { name: name.text })
  if (about === undefined) return null
  const contracts = about.contracts.flatMap(contract => findContract(context, contract) ?? [])
  const where = about.where && condition(context, about.where, envOf(lookup, about, contracts, module))
  if (contracts.length < about.contracts.length) return null
  const deciders = decidersOf(context, lookup, about, contracts)
  return {
    property: {
      name: name.text,
      title: declaration.title,
      documentation: declaration.documentation,
      module,
      contracts: contracts.map(({ id }) => id),
      where,
      span: spanOf(context, declaration.span),
    },
    claims: claims.map(claim => ({
      always: claim.always,
      decisions: claim.decisions,
      by: claim.by && claimedBy(context, lookup, claim.by, deciders),
      span: spanOf(context, claim.span),
    })),
  }
}

/** The policies that decide events of any of the contracts. */
function decidersOf(
  context: Context,
  lookup: WideLookup,
  about: Item<'for'>,
  contracts: readonly ContractSignature[],
): readonly PolicySignature[] {
  const found = new Set<PolicySignature>()
  for (const [place, contract] of contracts.entries()) {
    const deciders = lookup.deciders(contract)
    const written = about.contracts[place]
    if (deciders.length === 0 && written) context.report.add('W1010', written.span, { contract: contract.name })
    for (const policy of deciders) found.add(policy)
  }
  return [...found]
}

/** The event by the alias and as `it`; the lets of the module's policies that know no other event. */
function envOf(lookup: WideLookup, about: Item<'for'>, contracts: readonly ContractSignature[], module: string): Env {
  const fields = commonFields(about.alias?.text ?? contracts.map(({ name }) => name).join(' or '), contracts)
  const alias = about.alias?.text ?? null
  const frame: Frame = { kind: 'event', event: 0, fields, alias, it: true, bare: false, outer: null }
  const lets = new Map<string, Expr>()
  const [first] = contracts
  for (const policy of first ? lookup.deciders(first) : []) {
    const isOfAll = contracts.every(contract => policy.contracts.includes(contract))
    if (policy.module !== module || !isOfAll || policy.contracts.length > contracts.length) continue
    const body = policy.lets.length > 0 ? (lookup.bodyOf(policy) as PlanPolicy | null) : null
    for (const { name, value } of body?.lets ?? []) if (!lets.has(name) && name !== alias) lets.set(name, value)
  }
  return {
    frame: { kind: 'values', values: lets, outer: frame },
    present: nothingPresent,
    current: fields,
    noHistory: null,
  }
}

/** A policy, `policy.rule`, or a rule whose name no other policy that decides the events has. */
function claimedBy(
  context: Context,
  lookup: WideLookup,
  name: Name,
  deciders: readonly PolicySignature[],
): ClaimedBy | null {
  if (name.text === '') return null
  const all = deciders.flatMap(policy => [
    { text: policy.name, long: policy.name, policy, rule: null },
    ...policy.rules.flatMap(({ name: rule }) => {
      const place = (lookup.bodyOf(policy) as PlanPolicy | null)?.rules.findIndex(one => one.name === rule) ?? -1
      const long = `${policy.name}.${rule}`
      return place < 0 ? [] : [{ text: rule, long, policy, rule: place }]
    }),
  ])
  const exact = all.filter(one => one.long === name.text)
  const found = exact.length > 0 ? exact : all.filter(one => one.text === name.text)
  const [first] = found
  if (first && found.length === 1) return { policy: first.policy, rule: first.rule }
  if (first) {
    const candidates = found.map(one => one.long)
    const fixes = candidates.map(candidate => replaceFix(`Change it to ${candidate}`, name.span, candidate))
    context.report.add('W1006', name.span, { name: name.text, candidates: candidates.join(', ') }, { fixes })
    return null
  }
  if (deciders.some(policy => policy.partial)) return null
  const { hint, fixes } = suggestion(
    name,
    all.map(one => one.text),
  )
  context.report.add('W1022', name.span, { name: name.text, hint }, { fixes })
  return null
}
