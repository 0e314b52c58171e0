/** The body of a source: format, files, time, lateness, and the maps onto contracts. */
import type { MapItem, SourceDeclaration, SourceItem, Span } from '@writ/grammar'
import type { ContractSignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { PlanMap, PlanSource, RawExpr, SourceFormat } from '../plan/plan.ts'
import type { Type } from '../value/type.ts'
import { constantDuration } from './constants.ts'
import { type Context, eventFields, spanOf, textOf } from './context.ts'
import { rawCondition, rawPath, rawValue } from './raw.ts'
import { findContract } from './references.ts'
import { insertFix } from './report.ts'
import { constantEnv } from './type-expressions.ts'
import { aType, withoutOptional } from './type-relations.ts'

const formats = ['ndjson', 'json', 'csv', 'chat', 'cloudtrail'] as const satisfies readonly SourceFormat[]
const timeUnits = ['iso8601', 'seconds', 'milliseconds'] as const
const lateModes = ['record', 'reject', 'revise'] as const

/** A source of the plan; its contracts are ids of signatures. Null where it has no usable format. */
export function sourceBody(context: Context, declaration: SourceDeclaration): PlanSource | null {
  const { report } = context
  let format: SourceFormat | null = null
  let time: PlanSource['time'] = { kind: 'contract' }
  let latenessMilliseconds = 0
  let lateMode: PlanSource['lateMode'] = 'record'
  const files: string[] = []
  const maps: { readonly map: PlanMap; readonly contract: ContractSignature; readonly span: Span }[] = []
  const seen = new Set<string>()
  for (const item of declaration.items) {
    if (item.kind !== 'map' && item.kind !== 'files') {
      if (seen.has(item.kind)) report.add('W0604', item.span, { item: item.kind, what: 'source' })
      seen.add(item.kind)
    }
    switch (item.kind) {
      case 'format':
        format = formatOf(context, item)
        break
      case 'files':
        files.push(...item.patterns)
        break
      case 'time':
        time = timeOf(context, item) ?? time
        break
      case 'lateness': {
        latenessMilliseconds = latenessOf(context, item)
        lateMode = lateModeOf(context, item) ?? lateMode
        break
      }
      case 'map': {
        const contract = findContract(context, item.contract)
        if (contract) maps.push({ map: mapOf(context, item, contract), contract, span: item.span })
        break
      }
    }
  }
  if (!seen.has('format')) {
    const at = afterBrace(context.text)
    const fixes = [insertFix('Add format ndjson', at, '\n  format ndjson')]
    const parameters = { name: declaration.name.text, formats: formats.slice(1).join(', ') }
    report.missing('W0701', declaration.name.span, parameters, { fixes })
  }
  if (!seen.has('time')) reportTimeless(context, declaration)
  reportUnreached(context, maps)
  if (!format) return null
  return {
    name: declaration.name.text,
    format,
    files,
    time,
    latenessMilliseconds,
    lateMode,
    maps: maps.map(({ map }) => map),
    span: spanOf(context, declaration.span),
  }
}

type Item<K extends SourceItem['kind']> = Extract<SourceItem, { readonly kind: K }>

function formatOf(context: Context, item: Item<'format'>): SourceFormat | null {
  const { text, span } = item.format
  const found = formats.find(format => format === text)
  if (found || text === '') return found ?? null
  const { fixes } = suggestion(item.format, formats)
  context.report.add('W0702', span, { format: text, formats: formats.join(', ') }, { fixes })
  return null
}

function timeOf(context: Context, item: Item<'time'>): PlanSource['time'] | null {
  const { path: syntax, unit: unitName } = item
  if (syntax.kind === 'missing') return null
  if (syntax.kind === 'name' && syntax.name.text === 'order' && !unitName) return { kind: 'order' }
  const path = rawPath(syntax)
  const unit = timeUnits.find(unit => unit === unitName?.text)
  if (!path) {
    context.report.add('W0705', syntax.span, { reason: 'The time of a record is one of its members' })
  } else if (!unitName) {
    const fixes = [insertFix('Read it as iso8601', syntax.span.end, ' as iso8601')]
    const reason = `It is not said how ${textOf(context, syntax.span)} is written`
    context.report.missing('W0705', item.span, { reason }, { fixes })
  } else if (!unit) {
    context.report.add('W0705', unitName.span, { reason: `${unitName.text} is no way to write a time` })
  } else return { kind: 'path', path, unit }
  return null
}

function latenessOf(context: Context, item: Item<'lateness'>): number {
  if (item.duration.kind === 'missing') return 0
  const duration = context.infer(item.duration, constantEnv, null)
  if (duration.kind === 'literal' && item.duration.kind === 'literal' && item.duration.literal.kind === 'duration')
    return item.duration.literal.milliseconds
  const milliseconds = constantDuration(duration)
  if (milliseconds === null && duration.type.kind !== 'error')
    context.report.add('W0507', item.duration.span, { what: 'The lateness' })
  return milliseconds ?? 0
}

function lateModeOf(context: Context, item: Item<'lateness'>): PlanSource['lateMode'] | null {
  if (!item.mode || item.mode.text === '') return null
  const { text, span } = item.mode
  const found = lateModes.find(mode => mode === text)
  if (found) return found
  const { fixes } = suggestion(item.mode, lateModes)
  context.report.add('W0706', span, { mode: text }, { fixes })
  return null
}

/** Every field has a value: that of its line, or the raw member of its name. */
function mapOf(context: Context, item: MapItem, contract: ContractSignature): PlanMap {
  const { fields } = eventFields(contract)
  const given = new Map<string, RawExpr>()
  for (const { name, value } of item.fields) {
    const field = fields.get(name.text)
    if (!field) {
      const { hint, fixes } = suggestion(name, fields.keys())
      if (name.text !== '' && !contract.partial)
        context.report.add('W0703', name.span, { contract: contract.name, name: name.text, hint }, { fixes })
    } else if (given.has(name.text)) {
      context.report.add('W0213', name.span, { what: 'map', kind: 'line', name: name.text })
    }
    const read = rawValue(context, value)
    if (field && read.kind === 'literal' && !literalFits(read.value, withoutOptional(field.type))) {
      const text = textOf(context, value.span)
      context.report.add('W0709', value.span, { name: name.text, expected: aType(field.type), text })
    }
    given.set(name.text, read)
  }
  const when = item.when && rawCondition(context, item.when)
  const lines = contract.fields.map(field => ({
    field: field.name,
    value: given.get(field.name) ?? ({ kind: 'path', path: [field.name] } as const),
  }))
  return { contract: contract.id, when, fields: lines }
}

/** Text may be converted to nearly everything; what can never be is told here. */
function literalFits(value: string | number | boolean, type: Type): boolean {
  switch (type.kind) {
    case 'enum':
      return typeof value === 'string' && type.members.includes(value)
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean' || value === 'true' || value === 'false'
    case 'int':
    case 'decimal':
    case 'percent':
      return typeof value === 'number' || (typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)))
    case 'money':
    case 'duration':
    case 'time':
    case 'version':
      return typeof value === 'string'
    case 'record':
    case 'list':
      return false
    case 'optional':
    case 'error':
      return true
  }
}

function reportTimeless(context: Context, declaration: SourceDeclaration): void {
  for (const item of declaration.items) {
    if (item.kind !== 'map') continue
    const contract = context.lookup.find(item.contract.text)
    if (contract?.kind !== 'contract' || contract.timeField !== null || contract.partial) continue
    const fixes = [insertFix('Add time order', afterBrace(context.text), '\n  time order')]
    context.report.missing('W0708', item.contract.span, { contract: contract.name }, { fixes })
    return
  }
}

function reportUnreached(context: Context, maps: readonly { readonly map: PlanMap; readonly span: Span }[]): void {
  const all = maps.findIndex(({ map }) => map.when === null)
  if (all < 0) return
  for (const { span } of maps.slice(all + 1)) context.report.add('W0707', span)
}

/** Behind the `{` that opens the declaration. */
function afterBrace(text: string): number {
  return text.indexOf('{') + 1
}
