/**
 * Measures a run after it is decided: indicators, objectives, and what contracts promise. One pass over the points of each
 * indicator and one over the log for the promises; equal to reference/measure.ts in every member (test/differential).
 */
import type { Log } from '../log/columns.ts'
import type { Ending } from '../obligation/instance.ts'
import type { PlanIndicator, PlanObjective } from '../plan/measure.ts'
import { figureOf, figureValue } from './budget.ts'
import { type KeyContinuation, type MeasuresContinuation, nothingMeasured, type PointState } from './continued.ts'
import type { Measures, ObjectiveFigures } from './figures.ts'
import { emptyOf, measuresAnything } from './nothing.ts'
import { ObjectiveState, windowFigures } from './objective-state.ts'
import type { PointKey } from './point.ts'
import { eachPoint, type Measurable } from './points.ts'
import { judgePromises } from './promises.ts'
import { Series, type SlidingWindow } from './sliding.ts'

export interface MeasureInput extends Measurable {
  readonly failedChecks: readonly { readonly seq: number }[]
  readonly ending: Ending
  /** Where measuring stood at the end of an earlier piece of the run; null: the run begins. */
  readonly before: MeasuresContinuation | null
}

export interface Measured {
  readonly measures: Measures
  readonly goOn: () => MeasuresContinuation
}

/** The figures are of the whole run up to the end of this piece of it. */
export function measure(run: MeasureInput): Measured {
  const { plan, log, events, over, ending } = run
  const before = run.before ?? nothingMeasured(plan)
  const hasNew = events > over
  const start = before.start ?? (hasNew ? timeOf(log, over) : null)
  const last = hasNew ? timeOf(log, events - 1) : before.last
  if (!measuresAnything(plan) || start === null || last === null) {
    const measures = { endedAt: null, ...emptyOf(plan) }
    return { measures, goOn: () => ({ ...before, start, last }) }
  }
  const endedAt = ending === null ? last : 'closedAt' in ending ? ending.closedAt : ending.reached
  const objectives: ObjectiveFigures[] = plan.objectives.map(() => ({ keys: [] }))
  const states = plan.indicators.map((indicator, index) => {
    const own = plan.objectives.flatMap((objective, place) =>
      objective.indicator === index ? { objective, place } : [],
    )
    const asked = own.map(({ objective }) => objective)
    const known = before.indicators[index]
    const keys = new Map<string, KeyState>()
    for (const key of known?.keys ?? []) keys.set(key.identity, keyState(indicator, asked, key, key))
    const leftOut =
      (known?.leftOut ?? 0) +
      eachPoint(run, indicator, (key, point) => {
        let state = keys.get(key.identity)
        if (!state) {
          state = keyState(indicator, asked, key, null)
          keys.set(key.identity, state)
        }
        state.series.add(point)
        for (const objective of state.objectives) objective.judge(point)
      })
    const all = [...keys.values()]
    own.forEach(({ place }, i) => {
      objectives[place] = {
        keys: all.flatMap(({ key, objectives: judged }) => judged[i]?.figures(key.words, endedAt) ?? []),
      }
    })
    return { all, leftOut }
  })
  const indicators = states.map(({ all, leftOut }) => ({
    keys: all.map(({ key, window }) => ({ key: key.words, ...windowFigures(window.at(endedAt)) })),
    leftOut,
  }))
  const { qualities, freshness, goOn } = judgePromises({ ...run, endedAt, start, before })
  return {
    measures: { endedAt, indicators, objectives, qualities, freshness },
    goOn: () => ({
      start,
      last,
      indicators: states.map(({ all, leftOut }) => ({ leftOut, keys: all.map(keyContinuation) })),
      ...goOn(),
    }),
  }
}

interface KeyState {
  readonly key: PointKey
  readonly series: Series
  readonly window: SlidingWindow
  readonly objectives: readonly ObjectiveState[]
}

function keyState(
  indicator: PlanIndicator,
  objectives: readonly PlanObjective[],
  { identity, words }: PointKey,
  before: KeyContinuation | null,
): KeyState {
  const series = new Series()
  const window = series.window(indicator.function, indicator.rank, indicator.range)
  const judged = objectives.map((one, i) => new ObjectiveState(one, indicator, series, before?.objectives[i] ?? null))
  const isText = indicator.function === 'distinct'
  for (const [time, seq, value] of before?.points ?? [])
    series.add({ time, seq, value: typeof value === 'boolean' || isText ? value : figureValue(value) })
  return { key: { identity, words }, series, window, objectives: judged }
}

function keyContinuation({ key, series, objectives }: KeyState): KeyContinuation {
  return {
    ...key,
    points: series.held().map(({ time, seq, value }): PointState => {
      return [time, seq, typeof value === 'object' ? figureOf(value) : value]
    }),
    objectives: objectives.map(objective => objective.state()),
  }
}

function timeOf(log: Log, seq: number): number {
  return log.batches[log.contractOf[seq] as number]?.time[log.rowOf[seq] as number] as number
}
