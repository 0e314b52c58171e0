/** The bodies of contracts and samples: checks on one event, items, and the values that a sample gives. */
import type { ContractDeclaration, FieldValue, Name, SampleDeclaration, Span } from '@writ/grammar'
import type { ContractSignature } from '../bind/signature.ts'
import { suggestion } from '../bind/suggestion.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanQuality } from '../plan/measure.ts'
import type { PlanCheck } from '../plan/plan.ts'
import { compare, decimalText } from '../value/rational.ts'
import type { FieldType } from '../value/type.ts'
import { constantNumber, isConstant } from './constants.ts'
import { type Context, type Env, eventFields, nothingPresent, textOf } from './context.ts'
import { condition, fittingValue } from './demand.ts'
import { reportUnknownMember } from './names.ts'
import { lengthOf, qualityOf } from './quality.ts'
import { findContract } from './references.ts'
import { constantEnv } from './type-expressions.ts'

export interface ContractBody {
  readonly checks: readonly PlanCheck[]
  readonly quality: readonly PlanQuality[]
  readonly freshnessMilliseconds: number | null
  readonly retentionMilliseconds: number | null
}

/** Checks the items of a contract. */
export function contractBody(
  context: Context,
  declaration: ContractDeclaration,
  signature: ContractSignature,
): ContractBody {
  const fields = eventFields(signature)
  const env: Env = {
    frame: { kind: 'event', event: 0, fields, alias: null, it: true, bare: true, outer: null },
    present: nothingPresent,
    current: fields,
    noHistory: { where: 'A check of a contract', knows: 'one event alone' },
  }
  const checks: PlanCheck[] = []
  const quality: PlanQuality[] = []
  let freshnessMilliseconds: number | null = null
  let retentionMilliseconds: number | null = null
  const seen = new Set<string>()
  for (const item of declaration.items) {
    if (item.kind !== 'check' && item.kind !== 'quality') {
      if (seen.has(item.kind)) context.report.add('W0604', item.span, { item: item.kind, what: 'contract' })
      seen.add(item.kind)
    }
    switch (item.kind) {
      case 'check':
        checks.push({
          condition: condition(context, item.condition, env),
          otherwise: item.otherwise,
          message: item.message,
        })
        break
      case 'compatibility':
        checkMode(context, item.mode)
        break
      case 'quality': {
        const made = qualityOf(context, item, env)
        if (made) quality.push(made)
        break
      }
      case 'freshness':
        freshnessMilliseconds = lengthOf(context, item.duration, 'The freshness')
        break
      case 'retention':
        retentionMilliseconds = lengthOf(context, item.duration, 'The retention')
        break
      case 'owner':
        break
    }
  }
  return { checks, quality, freshnessMilliseconds, retentionMilliseconds }
}

const modes = ['backward', 'forward', 'full', 'none']

function checkMode(context: Context, mode: Name): void {
  if (mode.text === '' || modes.includes(mode.text)) return
  const { fixes } = suggestion(mode, modes)
  context.report.add('W0605', mode.span, { mode: mode.text, modes: modes.join(', ') }, { fixes })
}

export interface SampleBody {
  readonly contract: ContractSignature
  readonly values: ReadonlyMap<string, Expr>
}

/** Checks the values of a sample; null where its contract is not known. */
export function sampleBody(context: Context, declaration: SampleDeclaration): SampleBody | null {
  const contract = findContract(context, declaration.contract)
  if (!contract) {
    for (const field of declaration.fields)
      if (field.value.kind !== 'name') context.infer(field.value, constantEnv, null)
    return null
  }
  return { contract, values: constantFields(context, declaration.fields, contract, false) }
}

function checkRange(context: Context, field: FieldType, value: Expr, span: Span): void {
  const range = field.refinement?.range
  const number = range && constantNumber(value)
  if (!number || (compare(number, range.low) >= 0 && compare(number, range.high) <= 0)) return
  const shown = `${decimalText(range.low)} .. ${decimalText(range.high)}`
  context.report.add('W0608', span, { name: field.name, range: shown, text: textOf(context, span) })
}

/** The values of a sample or a step by field: constants of the field's type. `anyType`: values that break the contract are wanted. */
export function constantFields(
  context: Context,
  given: readonly FieldValue[],
  contract: ContractSignature,
  anyType: boolean,
): ReadonlyMap<string, Expr> {
  const { fields, unknown } = eventFields(contract)
  const values = new Map<string, Expr>()
  for (const { name, value } of given) {
    const field = fields.get(name.text)
    if (!field) {
      if (name.text !== '' && !unknown) reportUnknownMember(context, name, contract.name, fields.keys())
      continue
    }
    if (values.has(name.text)) {
      context.report.add('W0213', name.span, { what: 'event', kind: 'value', name: name.text })
      continue
    }
    const made = anyType
      ? context.infer(value, constantEnv, field.type)
      : fittingValue(context, value, constantEnv, field.type, `the field ${name.text}`)
    if (made.type.kind !== 'error' && !isConstant(made))
      context.report.add('W1005', value.span, { what: `The field ${name.text}`, name: textOf(context, value.span) })
    else if (!anyType) checkRange(context, field, made, value.span)
    values.set(name.text, made)
  }
  return values
}
