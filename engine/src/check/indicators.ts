/** Indicators: what is measured of events, decisions and outcomes. docs/language.md, "Indicators and objectives". */
import type { AggregateExpression, EventPattern, IndicatorDeclaration, WindowSyntax } from '@writ/grammar'
import type { ContractSignature, PolicySignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import { type MeasureRange, type PlanIndicator, streamFields } from '../plan/measure.ts'
import type { PlanPolicy } from '../plan/plan.ts'
import type { Type } from '../value/type.ts'
import { commonFields } from './common-fields.ts'
import { constantDuration } from './constants.ts'
import { type Context, type Env, type EventFields, eventFields, type Frame, nothingPresent, spanOf } from './context.ts'
import { condition, presentType } from './demand.ts'
import { aggregateType, inferPer, keyField, rankOf, taken } from './history.ts'
import { assuming } from './narrowing.ts'
import { findContract, findPolicy } from './references.ts'
import type { WideLookup } from './scope.ts'
import { constantEnv } from './type-expressions.ts'
import {
  aType,
  boolType,
  durationType,
  errorType,
  intType,
  isSingle,
  stringType,
  withoutOptional,
} from './type-relations.ts'

/** An indicator whose contract and policy are signatures still; assemble.ts gives them their index. */
export interface IndicatorBody {
  readonly of:
    | { readonly kind: 'events'; readonly contract: ContractSignature }
    | { readonly kind: 'decisions'; readonly policy: PolicySignature }
    | { readonly kind: 'outcomes'; readonly policy: PolicySignature; readonly rule: number }
  readonly indicator: Omit<PlanIndicator, 'of'>
}

/** What stands in the stream: the contracts of its events, and the names that it adds to their fields. */
interface Stream {
  readonly of: IndicatorBody['of']
  readonly contracts: readonly ContractSignature[]
  readonly added: ReadonlyMap<string, Expr>
}

/** Null where something is wrong with it; indicators are made after policies, because they look into them. */
export function indicatorBody(
  context: Context,
  lookup: WideLookup,
  declaration: IndicatorDeclaration,
  module: string,
): IndicatorBody | null {
  const { value: form } = declaration
  if (form.kind === 'missing') return null
  if (form.kind !== 'aggregate') {
    context.report.add('W0870', form.span)
    return null
  }
  const stream = streamOf(context, lookup, form.event)
  if (!stream) return null
  const { function: name } = form
  if (name === 'last' || name === 'first' || name === 'drift') {
    context.report.add('W0871', form.span, { function: name })
    return null
  }
  const range = rangeOf(context, form)
  const keys = keysOf(context, form.window, stream.contracts)
  const env = envOf(form.event, stream)
  const rank = rankOf(context, form, name, env)
  const where = form.event.where && condition(context, form.event.where, env)
  const inside = where ? assuming(env, where, true) : env
  const value = form.value && context.infer(form.value, inside, name === 'share' ? boolType : null)
  // The parser reports a missing value, and one of `count`.
  if ((name === 'count') === (value !== null) || !range || !keys) return null
  const found = value && form.value ? presentType(context, value, form.value.span, inside) : intType
  const type = aggregateType(name, found)
  if (type === null && form.value)
    context.report.add('W0907', form.value.span, { function: name, expected: taken(name), found: aType(found) })
  if (form.value && found.kind === 'money' && found.currency === null && name !== 'distinct')
    context.report.add('W0881', form.value.span)
  if (type === null || type.kind === 'error') return null
  return {
    of: stream.of,
    indicator: {
      name: declaration.name.text,
      module,
      documentation: declaration.documentation,
      function: name,
      value,
      where,
      rank,
      keys,
      range,
      type: withoutOptional(type),
      span: spanOf(context, declaration.span),
    },
  }
}

function streamOf(context: Context, lookup: WideLookup, event: EventPattern): Stream | null {
  if (event.stream === null) {
    const contract = findContract(context, event.contract)
    return contract && { of: { kind: 'events', contract }, contracts: [contract], added: new Map() }
  }
  const policy = findPolicy(context, event.contract)
  if (!policy) return null
  if (event.stream === 'decisions') {
    const { permit, warn, hold, deny, rule } = streamFields.decisions
    const added = elements(context, event, [
      ['permit', permit, boolType],
      ['warn', warn, boolType],
      ['hold', hold, boolType],
      ['deny', deny, boolType],
      ['rule', rule, stringType],
    ])
    return { of: { kind: 'decisions', policy }, contracts: policy.contracts, added }
  }
  return outcomes(context, lookup, event, policy)
}

function outcomes(context: Context, lookup: WideLookup, event: EventPattern, policy: PolicySignature): Stream | null {
  if (!event.rule || event.rule.text === '') return null
  const name = event.rule.text
  const body = lookup.bodyOf(policy) as PlanPolicy | null
  const index = body?.rules.findIndex(rule => rule.name === name) ?? -1
  const rule = body?.rules[index]
  if (!rule) {
    if (!body || policy.partial) return null
    const known = policy.rules.map(one => one.name)
    const { hint, fixes } = suggestion(event.rule, known)
    context.report.add('W0875', event.rule.span, { policy: policy.name, rule: name, hint }, { fixes })
    return null
  }
  if (!rule.expectation && !rule.approval) {
    context.report.add('W0874', event.rule.span, { rule: name })
    return null
  }
  const opening = rule.expectation?.opens.contract
  const contracts =
    opening === undefined
      ? policy.contracts.filter(contract => rule.contracts.includes(contract.id))
      : [lookup.contractWith(opening)].filter(contract => contract !== null)
  const { fulfilled, breached, took } = streamFields.outcomes
  const added = elements(context, event, [
    ['fulfilled', fulfilled, boolType],
    ['breached', breached, boolType],
    ['took', took, durationType],
  ])
  return { of: { kind: 'outcomes', policy, rule: index }, contracts, added }
}

function elements(
  context: Context,
  event: EventPattern,
  fields: readonly (readonly [string, number, Type])[],
): ReadonlyMap<string, Expr> {
  const span = spanOf(context, event.span)
  return new Map(fields.map(([name, variable, type]) => [name, { kind: 'element', variable, name, type, span }]))
}

/** Bare names are what the stream adds, then the fields of the event. */
function envOf(event: EventPattern, { contracts, added }: Stream): Env {
  const fields: EventFields = commonFields(contracts.map(contract => contract.name).join(' or '), contracts)
  const alias = event.alias?.text ?? null
  const outer: Frame = { kind: 'event', event: 0, fields, alias, it: true, bare: true, outer: null }
  return {
    frame: added.size === 0 ? outer : { kind: 'values', values: added, outer },
    present: nothingPresent,
    current: null,
    noHistory: { where: 'An indicator', knows: 'one event alone' },
  }
}

function rangeOf(context: Context, { window, span }: AggregateExpression): MeasureRange | null {
  const { range } = window
  if (window.beforeThis) context.report.add('W0872', window.span)
  if (!range) {
    context.report.missing('W0902', span)
    return null
  }
  return measureRange(context, range, 'The range of an indicator')
}

/** `over D` or `per UNIT`; reports others. */
export function measureRange(
  context: Context,
  range: NonNullable<WindowSyntax['range']>,
  what: string,
): MeasureRange | null {
  switch (range.kind) {
    case 'over': {
      if (range.duration.kind === 'missing') return null
      const duration = context.infer(range.duration, constantEnv, null)
      if (duration.type.kind === 'error') return null
      const milliseconds = constantDuration(duration)
      if (milliseconds === null) context.report.add('W0507', range.duration.span, { what })
      return milliseconds === null ? null : { kind: 'over', milliseconds }
    }
    case 'per': {
      const made = inferPer(context, range)
      return made?.kind === 'per' ? made : null
    }
    case 'since':
      context.report.add('W0872', range.span)
      return null
  }
}

function keysOf(
  context: Context,
  window: WindowSyntax,
  contracts: readonly ContractSignature[],
): PlanIndicator['keys'] | null {
  let isWrong = false
  const keys = window.keys.map(key => {
    const types = contracts.map(contract => keyField(context, key, contract))
    const [type = errorType] = types
    if (key.value) context.report.add('W0873', key.span, { name: key.name.text })
    else if (type && !isSingle(type))
      context.report.add('W0910', key.name.span, { name: key.name.text, type: aType(type) })
    const isSecret = contracts.some(contract =>
      eventFields(contract).fields.get(key.name.text)?.classes.includes('secret'),
    )
    if (isSecret) context.report.add('W0883', key.name.span, { name: key.name.text })
    isWrong ||= types.includes(null) || key.value !== null || isSecret
    return { name: key.name.text, type: type ?? errorType }
  })
  return isWrong ? null : keys
}
