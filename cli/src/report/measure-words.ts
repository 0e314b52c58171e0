/** What was measured, in words: values, targets, ranges, keys and moments. Shared by the report, its JSON and the findings. */
import {
  equal,
  figureValue,
  type KeyFigures,
  type MeasureRange,
  type Plan,
  type PlanIndicator,
  type PlanObjective,
  presentDuration,
  presentTime,
  presentValue,
  type Rational,
  rational,
  roundTo,
  type SourceSpan,
  type WindowFigures,
} from '@writ/engine'
import { count } from '../terminal/text.ts'

/** `98.5%`, `1,250.00 EUR`, `1 h 30 m`; `nothing` where there is no value. */
export function measuredText(indicator: PlanIndicator, value: string | null): string {
  if (value === null) return 'nothing'
  const number = figureValue(value)
  const { type } = indicator
  if (type.kind === 'money') return presentValue({ amount: number, currency: type.currency ?? '' }, type)
  return type.kind === 'percent' ? percentText(value) : presentValue(number, type)
}

/** A figure as a percentage, with two digits behind the point at most: `≈52.08%` where it is rounded. */
export function percentText(value: string): string {
  return shortened(figureValue(value), 'percent', 4)
}
/** A figure as a number, likewise. */
export function numberText(value: string): string {
  return shortened(figureValue(value), 'decimal', 2)
}

function shortened(number: Rational, kind: 'percent' | 'decimal', digits: number): string {
  const rounded = roundTo(number, digits)
  return `${equal(rounded, number) ? '' : '≈'}${presentValue(rounded, { kind })}`
}

/** `(197 of 200)`, of shares; else `(200 points)`. */
export function pointsText({ good, points }: WindowFigures): string {
  return good === null
    ? `(${count(points)} ${points === 1 ? 'point' : 'points'})`
    : `(${count(good)} of ${count(points)})`
}

/** `>= 99% over 30 d` */
export function targetText(plan: Plan, { indicator, target }: PlanObjective): string {
  const measured = plan.indicators[indicator]
  const { n, d } = target.value
  const value = measured ? measuredText(measured, `${n}/${d}`) : ''
  return `${target.operator} ${value} ${rangeText(target.range)}`
}

export function rangeText(range: MeasureRange): string {
  if (range.kind === 'over') return `over ${lengthText(range.milliseconds)}`
  return `per ${range.unit}${range.zone ? ` in ${range.zone.name}` : ''}`
}

export function lengthText(milliseconds: number): string {
  return presentDuration(rational(BigInt(milliseconds)))
}

export function momentText(milliseconds: number): string {
  return presentTime(rational(BigInt(milliseconds)))
}

/** ` for a1, chat`; empty without a key. */
export function keyText({ key }: Pick<KeyFigures, 'key'>): string {
  return key.length === 0 ? '' : ` for ${key.join(', ')}`
}

/** The text of a part of the program, on one line. */
export function sourceText(plan: Plan, { file, start, end }: SourceSpan): string {
  return plan.files[file]?.text.slice(start, end).replace(/\s+/g, ' ') ?? ''
}
