/** History forms: aggregates, `exists`, `no` and sequences, with their patterns, keys and ranges. docs/language.md, "History". */
import type {
  AggregateExpression,
  EventPattern,
  ExistsExpression,
  KeySyntax,
  RangeSyntax,
  SequenceExpression,
  Span,
  WindowSyntax,
} from '@writ/grammar'
import type { ContractSignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr, Key, Pattern, Range, WindowShape } from '../plan/expression.ts'
import type { Rational } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { unknown } from '../value/value.ts'
import { findZone, zoneNames } from '../zone/zones.ts'
import { constantDuration, constantNumber } from './constants.ts'
import {
  type Context,
  type Env,
  type EventFields,
  errorExpr,
  eventFields,
  type Frame,
  spanOf,
  textOf,
} from './context.ts'
import { condition, presentType, typeHere } from './demand.ts'
import { driftAgainst } from './drift.ts'
import { fieldOf } from './names.ts'
import { assuming } from './narrowing.ts'
import { findContract } from './references.ts'
import { replaceFix } from './report.ts'
import {
  aType,
  boolType,
  commonType,
  decimalType,
  errorType,
  intType,
  isNumber,
  isSingle,
  optionalOf,
  percentType,
  showType,
  withoutOptional,
} from './type-relations.ts'

type AggregateName = AggregateExpression['function']

/** A pattern whose contract is known, with what stands inside of it. */
interface BoundPattern {
  readonly pattern: Pattern
  readonly contract: ContractSignature
  /** Inside the pattern, where its `where` holds. */
  readonly inside: Env
}

export function inferAggregate(context: Context, e: AggregateExpression, env: Env): Expr {
  const { function: name, value: valueSyntax } = e
  if (refused(context, e.span, env, [e.event])) return errorExpr(context, e.span)
  const bound = bindPattern(context, e.event, env, null)
  const window = inferWindow(context, e.window, e.span, bound ? [bound.contract] : [], env)
  const rank = name === 'drift' ? null : rankOf(context, e, name, env)
  if (!bound || !window) return errorExpr(context, e.span)
  const expected = name === 'share' ? boolType : null
  const value = valueSyntax && context.infer(valueSyntax, bound.inside, expected)
  // The parser reports a missing value, and one of `count`.
  if ((name === 'count') === (value !== null)) return errorExpr(context, e.span)
  const found = value && valueSyntax ? presentType(context, value, valueSyntax.span, bound.inside) : intType
  if (name === 'drift' && valueSyntax) {
    const drift = driftAgainst(context, e, found)
    if (drift === null) return errorExpr(context, e.span)
    const type = optionalOf(decimalType)
    const span = spanOf(context, e.span)
    if (drift === 'not read') return { kind: 'literal', value: unknown, type, span }
    return { kind: 'aggregate', function: name, pattern: bound.pattern, value, rank, drift, ...window, type, span }
  }
  const type = aggregateType(name, found)
  if (type === null && valueSyntax)
    context.report.add('W0907', valueSyntax.span, { function: name, expected: taken(name), found: aType(found) })
  return {
    kind: 'aggregate',
    function: name,
    pattern: bound.pattern,
    value,
    rank,
    ...window,
    type: type ?? errorType,
    span: spanOf(context, e.span),
  }
}

export function inferExists(context: Context, e: ExistsExpression, env: Env): Expr {
  if (refused(context, e.span, env, [e.event])) return errorExpr(context, e.span)
  const bound = bindPattern(context, e.event, env, null)
  const window = inferWindow(context, e.window, e.span, bound ? [bound.contract] : [], env)
  if (!bound || !window) return errorExpr(context, e.span)
  return { kind: 'exists', pattern: bound.pattern, ...window, type: boolType, span: spanOf(context, e.span) }
}

export function inferSequence(context: Context, e: SequenceExpression, env: Env): Expr {
  if (refused(context, e.span, env, e.steps)) return errorExpr(context, e.span)
  const aliases = e.steps.flatMap(step => (step.alias ? [step.alias.text] : []))
  const bound = e.steps.map(step => bindPattern(context, step, env, aliases))
  const known = bound.filter(pattern => pattern !== null)
  const contracts = known.map(pattern => pattern.contract)
  const window = inferWindow(context, e.window, e.span, contracts, env)
  if (!window || known.length < bound.length) return errorExpr(context, e.span)
  const steps = known.map(pattern => pattern.pattern)
  return { kind: 'sequence', steps, ...window, type: boolType, span: spanOf(context, e.span) }
}

/** Reports history where none can be asked. */
export function refused(context: Context, span: Span, env: Env, events: readonly EventPattern[]): boolean {
  if (env.noHistory === null) return false
  // The names count as used: nothing more is wrong with them.
  for (const event of events) context.lookup.find(event.contract.text)
  if (env.noHistory === 'nested') context.report.add('W0903', span)
  else context.report.add('W0904', span, env.noHistory)
  return true
}

/** Binds the event of a pattern and checks its `where`. `steps` are the aliases of the sequence it is in. */
function bindPattern(
  context: Context,
  event: EventPattern,
  env: Env,
  steps: readonly string[] | null,
): BoundPattern | null {
  if (event.stream !== null) {
    context.lookup.find(event.contract.text)
    context.report.add('W0876', event.span, { stream: event.stream })
    return null
  }
  const contract = findContract(context, event.contract)
  if (!contract) return null
  const variable = ++context.counters.event
  let outer: Frame | null = env.frame
  if (steps) outer = { kind: 'forbidden', names: new Set(steps.filter(name => name !== event.alias?.text)), outer }
  const frame: Frame = {
    kind: 'event',
    event: variable,
    fields: eventFields(contract),
    alias: event.alias?.text ?? null,
    it: true,
    bare: true,
    outer,
  }
  const inner: Env = { ...env, frame, noHistory: 'nested' }
  const where = event.where ? condition(context, event.where, inner) : null
  const inside = where ? assuming(inner, where, true) : inner
  return { pattern: { contract: contract.id, variable, where }, contract, inside }
}

function inferWindow(
  context: Context,
  window: WindowSyntax,
  form: Span,
  contracts: readonly ContractSignature[],
  env: Env,
): WindowShape | null {
  const last = { start: window.span.end, end: window.span.end }
  if (window.keys.length === 0 && !window.everyone) context.report.missing('W0901', form)
  else if (!window.range)
    context.report.missing('W0902', form, {}, { fixes: [replaceFix('Add over 24h', last, ' over 24h')] })
  const keys = window.keys.flatMap(key => inferKey(context, key, contracts, env) ?? [])
  const range = window.range && inferRange(context, window, env, keys)
  if (!range || keys.length < window.keys.length) return null
  return { keys, range, beforeThis: window.beforeThis }
}

/** A key: the field of the window's events, and the value it equals. */
function inferKey(context: Context, key: KeySyntax, contracts: readonly ContractSignature[], env: Env): Key | null {
  const types = contracts.map(contract => keyField(context, key, contract))
  const value = key.value
    ? context.infer(key.value, env, types.find(type => type !== null) ?? null)
    : currentKey(context, key, env)
  if (!value || contracts.length === 0 || types.includes(null)) return null
  const found = withoutOptional(typeHere(value, env))
  for (const [index, type] of types.entries()) {
    const contract = contracts[index]
    if (!type || !contract) continue
    if (!isSingle(type)) {
      context.report.add('W0910', key.name.span, { name: key.name.text, type: aType(type) })
      return null
    }
    if (commonType(type, found) === null) {
      context.report.add('W0911', key.span, {
        name: key.name.text,
        left: showType(type),
        contract: contract.name,
        right: showType(found),
      })
      return null
    }
  }
  return { path: [key.name.text], value }
}

/** The type of a key on a contract's events; null where they have no such field, which is reported. */
export function keyField(context: Context, key: KeySyntax, contract: ContractSignature): Type | null {
  const { fields, unknown } = eventFields(contract)
  const field = fields.get(key.name.text)
  if (field) return withoutOptional(field.type)
  if (unknown || key.name.text === '') return errorType
  const { hint, fixes } = suggestion(key.name, fields.keys())
  context.report.add('W0905', key.name.span, { contract: contract.name, name: key.name.text, hint }, { fixes })
  return null
}

/** `by customer`: the field of the same name of the current event. */
function currentKey(context: Context, key: KeySyntax, env: Env): Expr | null {
  const current: EventFields | null = env.current
  if (!current || current.unknown) return errorExpr(context, key.span)
  if (!current.fields.has(key.name.text)) {
    context.report.add('W0906', key.span, { contract: current.title, name: key.name.text })
    return null
  }
  const frame = { kind: 'event', event: 0, fields: current, alias: null, it: false, bare: false, outer: null } as const
  return fieldOf(context, frame, key.name, key.name.span, env)
}

function inferRange(context: Context, window: WindowSyntax, env: Env, keys: readonly Key[]): Range | null {
  const range = window.range
  if (!range) return null
  switch (range.kind) {
    case 'over': {
      if (range.duration.kind === 'missing') return null
      const duration = context.infer(range.duration, env, null)
      if (duration.type.kind === 'error') return null
      const milliseconds = constantDuration(duration)
      if (milliseconds === null) context.report.add('W0507', range.duration.span, { what: 'The range of `over`' })
      return milliseconds === null ? null : { kind: 'over', milliseconds }
    }
    case 'per':
      return inferPer(context, range)
    case 'since': {
      const bound = bindPattern(context, range.event, env, null)
      if (!bound) return null
      const wrong = window.keys.filter(key => keyField(context, key, bound.contract) === null)
      return wrong.length > 0 ? null : { kind: 'since', reset: bound.pattern, resetKeys: keys }
    }
  }
}

/** UTC is no zone of the plan: it is what is meant without one. */
export function inferPer(
  context: Context,
  { unit, zone: name, span }: Extract<RangeSyntax, { kind: 'per' }>,
): Range | null {
  if (name === null || name === 'UTC') return { kind: 'per', unit }
  const zone = findZone(name)
  if (zone) return { kind: 'per', unit, zone }
  const start = span.start + textOf(context, span).indexOf(JSON.stringify(name))
  const place = { start: start + 1, end: start + 1 + name.length }
  const { hint, fixes } = suggestion({ text: name, span: place }, zoneNames())
  context.report.add('W0913', span, { zone: name, hint }, { fixes })
  return null
}

export function rankOf(context: Context, e: AggregateExpression, name: AggregateName, env: Env): Rational | null {
  if (name !== 'quantile') {
    if (e.parameter) {
      const form = `${name}(…) of ${e.event.contract.text} …`
      context.report.add('W0908', e.parameter.span, { function: name, form })
    }
    return null
  }
  const rank = e.parameter && context.infer(e.parameter, env, percentType)
  const value = rank && rank.type.kind === 'percent' ? constantNumber(rank) : null
  if (!value || value.n < 0n || value.n > value.d) {
    context.report.missing('W0909', e.parameter?.span ?? e.span)
    return null
  }
  return value
}

/** The type of the aggregate of values of this type, or null where it takes no such values. */
export function aggregateType(name: AggregateName, value: Type): Type | null {
  if (value.kind === 'error') return name === 'count' || name === 'distinct' ? intType : errorType
  const measured = isNumber(value) || ['money', 'duration', 'percent'].includes(value.kind)
  switch (name) {
    case 'count':
    case 'distinct':
      return intType
    case 'sum':
      return measured ? value : null
    case 'avg':
      return measured ? optionalOf(isNumber(value) ? decimalType : value) : null
    case 'min':
    case 'max':
    case 'quantile':
      return measured || value.kind === 'time' ? optionalOf(value) : null
    case 'share':
      return value.kind === 'bool' ? optionalOf(percentType) : null
    case 'last':
    case 'first':
      return optionalOf(value)
    case 'drift':
      return null
  }
}

export function taken(name: AggregateName): string {
  switch (name) {
    case 'sum':
    case 'avg':
      return 'numbers, Money, Duration or Percent'
    case 'min':
    case 'max':
    case 'quantile':
      return 'numbers, Money, Duration, Percent or Time'
    case 'share':
      return 'a condition'
    default:
      return 'any value'
  }
}
