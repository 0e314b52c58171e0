/** What a measure came to. How it is counted is running-measure.ts. */
import { fromInteger, rational } from '../value/rational.ts'
import { unknown, type Value } from '../value/value.ts'

/** Of a count its value; of a share how many, of how many. */
export interface RolloutFigure {
  readonly value: number
  readonly of: number | null
}

/** As the conditions of rollouts see it: a share of nothing is unknown. */
export function figureValue({ value, of }: RolloutFigure): Value {
  if (of === 0) return unknown
  return of === null ? fromInteger(value) : rational(BigInt(value), BigInt(of))
}
