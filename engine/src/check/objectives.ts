/** Objectives: the target of an indicator, and when what is left of its budget goes too fast. docs/language.md, "Indicators and objectives". */
import type { BudgetCondition, Name, ObjectiveDeclaration, ObjectiveItem } from '@writ/grammar'
import type { PlanAlert, PlanIndicator, PlanObjective } from '../plan/measure.ts'
import { compare, fromInteger, type Rational, zero } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { constantNumber } from './constants.ts'
import { type Context, spanOf } from './context.ts'
import { fittingValue } from './demand.ts'
import { type IndicatorBody, measureRange } from './indicators.ts'
import { findIndicator } from './references.ts'
import type { WideLookup } from './scope.ts'
import { constantEnv } from './type-expressions.ts'
import { decimalType, isNumber, percentType } from './type-relations.ts'

/** An objective whose indicator is a body still; assemble.ts gives it its index. */
export interface ObjectiveBody {
  readonly indicator: IndicatorBody
  readonly objective: Omit<PlanObjective, 'indicator'>
}

/** Null where something is wrong with it; objectives are made after indicators. */
export function objectiveBody(
  context: Context,
  lookup: WideLookup,
  declaration: ObjectiveDeclaration,
  module: string,
): ObjectiveBody | null {
  const indicator = indicatorOf(context, lookup, declaration.indicator)
  const seen = new Set<string>()
  for (const item of declaration.items) {
    if (item.kind === 'warn') continue
    if (seen.has(item.kind)) context.report.add('W0604', item.span, { item: item.kind, what: 'objective' })
    seen.add(item.kind)
  }
  const targetItem = declaration.items.find(item => item.kind === 'target')
  if (!targetItem) context.report.missing('W0877', declaration.name.span, { name: declaration.name.text })
  const target = targetItem && indicator && targetOf(context, targetItem, indicator.indicator)
  const budget = target && indicator ? budgetOf(indicator.indicator, target) : null
  const alerts = declaration.items.flatMap(item => (item.kind === 'warn' ? alertOf(context, item, budget) : []))
  if (!indicator || !target) return null
  const owner = declaration.items.find(item => item.kind === 'owner')
  return {
    indicator,
    objective: {
      name: declaration.name.text,
      module,
      documentation: declaration.documentation,
      owner: owner?.owner ?? null,
      target,
      alerts,
      span: spanOf(context, declaration.span),
    },
  }
}

function indicatorOf(context: Context, lookup: WideLookup, name: Name): IndicatorBody | null {
  const found = findIndicator(context, name)
  return found && (lookup.bodyOf(found) as IndicatorBody | null)
}

type Indicator = IndicatorBody['indicator']

function targetOf(
  context: Context,
  { operator, value, range, span }: Extract<ObjectiveItem, { readonly kind: 'target' }>,
  indicator: Indicator,
): PlanObjective['target'] | null {
  const number = boundOf(context, value, indicator.type, 'the target')
  const own = range ? measureRange(context, range, 'The range of a target') : indicator.range
  if (number === null || own === null) return null
  if ((operator === '>=' || operator === '>') && growing.has(indicator.function)) {
    context.report.add('W0878', span, { function: indicator.function })
    return null
  }
  return { operator, value: number, range: own }
}

/** What only grows while a window fills, so that a lower bound would always be missed at first. */
const growing: ReadonlySet<string> = new Set<PlanIndicator['function']>(['count', 'sum', 'distinct'])

/** A constant that fits the type; reports what else it is. */
export function boundOf(context: Context, value: ObjectiveValue, type: Type, what: string): Rational | null {
  if (value.kind === 'missing') return null
  const made = fittingValue(context, value, constantEnv, isNumber(type) ? decimalType : type, what)
  if (made.type.kind === 'error') return null
  const number = constantNumber(made)
  if (number === null)
    context.report.add('W0317', value.span, { what: `${what.charAt(0).toUpperCase()}${what.slice(1)}` })
  return number
}
type ObjectiveValue = BudgetCondition['limit']

/** Which alerts the target leaves room for: what may be missed of a share, or what may be used of a limit. */
type Budget = 'share' | 'limit' | 'limit without a rate' | 'none'

function budgetOf({ function: name }: Indicator, { operator, value, range }: PlanObjective['target']): Budget {
  if (name === 'share') {
    const isUpper = operator === '<=' || operator === '<'
    const room = isUpper ? compare(value, zero) : compare(fromInteger(1), value)
    return room > 0 ? 'share' : 'none'
  }
  if (name !== 'count' && name !== 'sum') return 'none'
  if (compare(value, zero) <= 0) return 'none'
  return range.kind === 'over' ? 'limit' : 'limit without a rate'
}

function alertOf(
  context: Context,
  { text, conditions, span }: Extract<ObjectiveItem, { readonly kind: 'warn' }>,
  budget: Budget | null,
): readonly PlanAlert[] {
  const made = conditions.flatMap(one => conditionOf(context, one, budget))
  return made.length < conditions.length ? [] : [{ text, conditions: made, span: spanOf(context, span) }]
}

function conditionOf(
  context: Context,
  { measure, operator, limit, over, span }: BudgetCondition,
  budget: Budget | null,
): PlanAlert['conditions'] {
  if (measure.text !== 'burn' && measure.text !== 'remaining') {
    if (measure.text !== '') context.report.add('W0880', measure.span, { name: measure.text })
    return []
  }
  if ((measure.text === 'burn') !== (over !== null)) {
    context.report.missing('W0882', span)
    return []
  }
  if (budget === 'none' || (budget === 'limit without a rate' && measure.text === 'burn')) {
    context.report.add('W0879', span)
    return []
  }
  const isBurn = measure.text === 'burn'
  const number = boundOf(context, limit, isBurn ? decimalType : percentType, isBurn ? 'the burn rate' : 'what remains')
  const range =
    over && measureRange(context, { kind: 'over', duration: over, span: over.span }, 'The range of a burn rate')
  if (number === null || (over !== null && range?.kind !== 'over')) return []
  const overMilliseconds = range?.kind === 'over' ? range.milliseconds : null
  return [{ measure: measure.text, operator, limit: number, overMilliseconds }]
}
