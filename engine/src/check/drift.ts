/** `drift(e against NAME)`: the baseline that is named, and whether it counts values like these. docs/language.md, "Drift". */
import type { AggregateExpression } from '@writ/grammar'
import { suggestion } from '../bind/suggestion.ts'
import type { Baseline, Drift } from '../plan/baseline.ts'
import type { Type } from '../value/type.ts'
import type { Context } from './context.ts'
import { aType, showType, withoutOptional } from './type-relations.ts'

/** What the values are held against; `not read` where whoever checks has no baselines; null where something is wrong. */
export function driftAgainst(context: Context, e: AggregateExpression, found: Type): Drift | 'not read' | null {
  const { parameter, option } = e
  if (parameter?.kind !== 'name') {
    context.report.missing('W0914', e.span)
    return null
  }
  const measure = option === null ? 'psi' : option.kind === 'name' ? option.name.text : ''
  if (measure !== 'psi' && measure !== 'ks') {
    if (option !== null && option.kind !== 'missing') context.report.add('W0917', option.span)
    return null
  }
  const { name } = parameter
  const baseline = context.lookup.baseline(name.text)
  if (baseline === undefined) {
    context.report.add('W0918', name.span, { name: name.text })
    return 'not read'
  }
  if (baseline === null) {
    const { hint, fixes } = suggestion(name, context.lookup.baselineNames())
    context.report.add('W0915', name.span, { name: name.text, hint }, { fixes })
    return null
  }
  const type = withoutOptional(found)
  if (type.kind === 'error') return null
  if (!counts(baseline, type)) {
    const of =
      baseline.of === 'texts' ? 'texts' : baseline.currency === null ? 'numbers' : `amounts in ${baseline.currency}`
    context.report.add('W0916', e.value?.span ?? e.span, {
      name: name.text,
      of,
      found: aType(type),
      type: showType(type),
    })
    return null
  }
  return { measure, baseline }
}

function counts(baseline: Baseline, type: Type): boolean {
  switch (type.kind) {
    case 'string':
    case 'enum':
    case 'bool':
    case 'version':
      return baseline.of === 'texts'
    case 'int':
    case 'decimal':
    case 'percent':
    case 'duration':
      return baseline.of === 'numbers' && baseline.currency === null
    case 'money':
      return baseline.of === 'numbers' && baseline.currency !== null && baseline.currency === type.currency
    default:
      return false
  }
}
