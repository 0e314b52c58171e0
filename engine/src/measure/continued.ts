/** What measuring goes on from when more of the log comes, as plain data: what the windows still hold, and what was found so far. Events are numbered over the whole run. */
import type { Plan } from '../plan/plan.ts'
import type { Episode, Figure, Gap } from './figures.ts'

export interface MeasuresContinuation {
  /** Times of the first and the last event so far; null: there was none. */
  readonly start: number | null
  readonly last: number | null
  /** In the order of the plan's indicators. */
  readonly indicators: readonly IndicatorState[]
  /** By contract, then quality. */
  readonly qualities: readonly QualityContinuation[]
  readonly freshness: readonly FreshnessContinuation[]
}
export interface IndicatorState {
  readonly leftOut: number
  readonly keys: readonly KeyContinuation[]
}
export interface KeyContinuation {
  readonly identity: string
  readonly words: readonly string[]
  readonly points: readonly PointState[]
  /** Of the objectives on the indicator, in their order. */
  readonly objectives: readonly ObjectiveContinuation[]
}
/** The value: a truth of shares, an identity of `distinct`, else a figure. */
export type PointState = readonly [time: number, seq: number, value: boolean | string]
export interface ObjectiveContinuation {
  readonly breaches: EpisodesState
  readonly alerts: readonly EpisodesState[]
}
export interface EpisodesState {
  readonly done: readonly Episode[]
  readonly open: Episode | null
  readonly worst: Figure | null
}
export interface QualityContinuation {
  readonly entries: readonly (readonly [time: number, entry: boolean | string])[]
  readonly episodes: EpisodesState
}
export interface FreshnessContinuation {
  readonly lastAt: number | null
  readonly gaps: readonly Gap[]
  readonly open: Gap | null
}

const noEpisodes: EpisodesState = { done: [], open: null, worst: null }

/** Of a run that is about to begin. */
export function nothingMeasured(plan: Plan): MeasuresContinuation {
  return {
    start: null,
    last: null,
    indicators: plan.indicators.map(() => ({ leftOut: 0, keys: [] })),
    qualities: plan.contracts.flatMap(({ quality }) => quality.map(() => ({ entries: [], episodes: noEpisodes }))),
    freshness: plan.contracts.flatMap(({ freshnessMilliseconds }) =>
      freshnessMilliseconds === null ? [] : { lastAt: null, gaps: [], open: null },
    ),
  }
}
