/** All properties of a plan, judged one after the other, with where they stand. */
import type { SourceSpan } from '../plan/expression.ts'
import type { Plan, PlanProperty } from '../plan/plan.ts'
import { type JudgeOptions, judgeProperty, type PropertyVerdict } from './judge.ts'

export interface PropertyResult {
  readonly property: PlanProperty
  /** Path of the file, and the line of the property in it, from 1. */
  readonly file: string
  readonly line: number
  readonly verdict: PropertyVerdict
}

export interface PropertyOptions extends Omit<JudgeOptions, 'onProgress'> {
  /** Which to judge; all of them without it. */
  readonly select?: (property: PlanProperty) => boolean
  /** How many traces were evaluated for this property so far. */
  readonly onProgress?: (property: PlanProperty, evaluations: number) => void
}

/** In the order of the plan. */
export function runProperties(plan: Plan, options: PropertyOptions = {}): readonly PropertyResult[] {
  const { select, onProgress, ...limits } = options
  const chosen = select ? plan.properties.filter(select) : plan.properties
  return chosen.map(property => ({
    property,
    file: plan.files[property.span.file]?.path ?? '',
    line: lineOf(plan, property.span),
    verdict: judgeProperty(plan, property, {
      ...limits,
      ...(onProgress ? { onProgress: evaluations => onProgress(property, evaluations) } : {}),
    }),
  }))
}

function lineOf(plan: Plan, span: SourceSpan): number {
  const text = plan.files[span.file]?.text ?? ''
  return text.slice(0, span.start).split('\n').length
}
