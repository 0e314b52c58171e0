/** Exceptions: which rule is waived, for which events, by whom, and until when. docs/language.md, "Exceptions". */
import type { ExceptionDeclaration, ExceptionItem, Expression } from '@writ/grammar'
import type { PolicySignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanException, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { commonFields } from './common-fields.ts'
import { type Context, type Env, nothingPresent, spanOf } from './context.ts'
import { condition } from './demand.ts'
import { constantMoment } from './moments.ts'
import { findPolicy } from './references.ts'
import type { WideLookup } from './scope.ts'

/** An exception whose policy is a signature still; assemble.ts gives it its index. */
export interface ExceptionBody {
  readonly policy: PolicySignature
  readonly exception: Omit<PlanException, 'policy'>
}

/** Null where its rule is not known; exceptions are made after policies, because they look into them. */
export function exceptionBody(
  context: Context,
  lookup: WideLookup,
  declaration: ExceptionDeclaration,
  module: string,
): ExceptionBody | null {
  checkItems(context, declaration)
  const found = ruleOf(context, lookup, find(declaration, 'rule'))
  const whenItem = find(declaration, 'when')
  const when = whenItem && found ? conditionOf(context, whenItem.condition, found) : null
  const from = find(declaration, 'from')
  const until = find(declaration, 'until')
  const begin = from && constantMoment(context, from.time, 'the time of an exception')
  const end = until && constantMoment(context, until.time, 'the time of an exception')
  if (until && begin !== null && end !== null && end < begin) context.report.add('W0842', until.span)
  const grantedBy = grantorOf(context, find(declaration, 'granted'))
  if (!found || end === null || grantedBy === null) return null
  return {
    policy: found.policy,
    exception: {
      name: declaration.name.text,
      module,
      documentation: declaration.documentation,
      rule: found.index,
      when,
      from: begin,
      until: end,
      grantedBy,
      because: find(declaration, 'because')?.text ?? null,
      span: spanOf(context, declaration.span),
    },
  }
}

type Item<K extends ExceptionItem['kind']> = Extract<ExceptionItem, { readonly kind: K }>

function find<K extends ExceptionItem['kind']>(declaration: ExceptionDeclaration, kind: K): Item<K> | null {
  for (const item of declaration.items) if (isKind(item, kind)) return item
  return null
}
function isKind<K extends ExceptionItem['kind']>(item: ExceptionItem, kind: K): item is Item<K> {
  return item.kind === kind
}

const needed = [
  { kind: 'rule', what: 'which rule it waives', add: 'rule POLICY.RULE' },
  { kind: 'granted', what: 'who granted it', add: 'granted by "…"' },
  { kind: 'until', what: 'when it ends', add: 'until 2026-12-31' },
] as const

function checkItems(context: Context, { name, items }: ExceptionDeclaration): void {
  const seen = new Set<string>()
  for (const item of items) {
    if (seen.has(item.kind)) context.report.add('W0604', item.span, { item: item.kind, what: 'exception' })
    seen.add(item.kind)
  }
  const missing = needed.filter(({ kind }) => !seen.has(kind))
  const [first] = missing
  if (!first) return
  const what = missing.map(one => one.what).join(' and ')
  const add = missing.map(one => `\`${one.add}\``).join(' and ')
  context.report.missing('W0840', name.span, { name: name.text, what, add })
}

interface FoundRule {
  readonly policy: PolicySignature
  readonly index: number
  readonly rule: PlanRule
}

function ruleOf(context: Context, lookup: WideLookup, item: Item<'rule'> | null): FoundRule | null {
  const policy = item && findPolicy(context, item.policy)
  if (!item || !policy) return null
  const body = lookup.bodyOf(policy) as PlanPolicy | null
  const index = body?.rules.findIndex(rule => rule.name === item.rule.text) ?? -1
  const rule = body?.rules[index]
  if (!body || !rule) {
    if (item.rule.text === '' || policy.partial) return null
    const { hint, fixes } = suggestion(
      item.rule,
      policy.rules.map(one => one.name),
    )
    context.report.add('W0841', item.rule.span, { policy: policy.name, rule: item.rule.text, hint }, { fixes })
    return null
  }
  if (rule.contracts.length === 0) context.report.add('W0843', item.span, { rule: rule.name })
  return { policy, index, rule }
}

/** Bare names are the fields that all events have which the rule concerns. */
function conditionOf(context: Context, expression: Expression, { policy, rule }: FoundRule): Expr {
  const concerned = policy.contracts.filter(contract => rule.contracts.includes(contract.id))
  const fields = commonFields(concerned.map(contract => contract.name).join(' or '), concerned)
  const env: Env = {
    frame: { kind: 'event', event: 0, fields, alias: null, it: true, bare: true, outer: null },
    present: nothingPresent,
    current: fields,
    noHistory: { where: 'An exception', knows: 'one event alone' },
  }
  return condition(context, expression, env)
}

function grantorOf(context: Context, item: Item<'granted'> | null): string | null {
  if (!item || item.by.kind === 'missing') return null
  if (item.by.kind === 'literal' && item.by.literal.kind === 'string') return item.by.literal.value
  context.report.add('W0844', item.by.span)
  return null
}
