/**
 * What measuring a run gives: for each indicator, objective and promise of the plan its figures at the end, and the episodes in
 * which it was not as it should be. Plain data that is also JSON; both evaluators give it, equal in every member.
 */

/** An exact number as text: whole, or as a fraction in lowest terms, `197/200`. */
export type Figure = string

export interface Measures {
  /** The moment that last figures are of: the closing of the log, else the time of its last event; null: there is none. */
  readonly endedAt: number | null
  /** In the order of `Plan.indicators`. */
  readonly indicators: readonly IndicatorFigures[]
  /** In the order of `Plan.objectives`. */
  readonly objectives: readonly ObjectiveFigures[]
  /** By contract, then in the order of `PlanContract.quality`. */
  readonly qualities: readonly QualityFigures[]
  /** Of the contracts that promise freshness, in their order. */
  readonly freshness: readonly FreshnessFigures[]
}

export interface IndicatorFigures {
  /** In the order in which the keys were first seen. */
  readonly keys: readonly KeyFigures[]
  /** How many points could not be measured, because a condition, a key or the value was unknown. */
  readonly leftOut: number
}
export interface KeyFigures extends WindowFigures {
  /** The key's values in words; empty without a key. */
  readonly key: readonly string[]
}
/** What a window holds at one moment. */
export interface WindowFigures {
  /** Null where nothing is in the window and the measure has no value for nothing. */
  readonly value: Figure | null
  readonly points: number
  /** Of shares: for how many of the points the condition holds; null for others. */
  readonly good: number | null
}

export interface ObjectiveFigures {
  readonly keys: readonly ObjectiveKeyFigures[]
}
export interface ObjectiveKeyFigures extends KeyFigures {
  /** Whether the target is met at the end; null where there is no value. */
  readonly met: boolean | null
  /** The part of the budget that is left at the end, below 0 where more is used than there is; null where there is no budget. */
  readonly remaining: Figure | null
  readonly breaches: readonly Episode[]
  /** By alert of the objective. */
  readonly alerts: readonly (readonly Episode[])[]
}

export interface QualityFigures extends WindowFigures {
  readonly contract: number
  readonly quality: number
  readonly episodes: readonly Episode[]
}

export interface FreshnessFigures {
  readonly contract: number
  /** Time of the last event of the contract; null where there is none. */
  readonly lastAt: number | null
  readonly gaps: readonly Gap[]
}
/** A time in which no event of the contract came although one was due. */
export interface Gap {
  /** When the last event (or the beginning of the log) was longer ago than allowed. */
  readonly from: number
  /** The event that showed it: -1 where the closing of the log did. */
  readonly seq: number
  /** When the next event came; null: none has. */
  readonly until: number | null
}

/** From the first moment at which something was not as it should be to the first at which it was again. */
export interface Episode {
  readonly from: number
  /** The event of the point it began with; of outcomes the event that the instance was opened with. */
  readonly seq: number
  /** Null: it lasts. */
  readonly until: number | null
  /** As it began: what the window held, or of alerts each of the conditions' burn rate or remaining budget. */
  readonly figures: readonly Figure[]
  readonly points: number
  readonly good: number | null
  /** The value farthest from the target in all of it; null for alerts. */
  readonly worst: Figure | null
}
