/**
 * Measures a run after it is decided: indicators, objectives, and what contracts promise. One pass over the points of each
 * indicator and one over the log for the promises; equal to reference/measure.ts in every member (test/differential).
 */
import type { Ending } from '../obligation/instance.ts'
import type { PlanIndicator, PlanObjective } from '../plan/measure.ts'
import type { IndicatorFigures, Measures, ObjectiveFigures } from './figures.ts'
import { emptyOf, measuresAnything } from './nothing.ts'
import { ObjectiveState, windowFigures } from './objective-state.ts'
import type { PointKey } from './point.ts'
import { eachPoint, type Measurable } from './points.ts'
import { judgePromises } from './promises.ts'
import { Series, type SlidingWindow } from './sliding.ts'

export interface MeasureInput extends Measurable {
  readonly failedChecks: readonly { readonly seq: number }[]
  readonly ending: Ending
}

export function measure(run: MeasureInput): Measures {
  const { plan, log, events, ending } = run
  const endedAt = events === 0 ? null : endOf(run)
  if (!measuresAnything(plan) || endedAt === null) return { endedAt: null, ...emptyOf(plan) }
  const objectives: ObjectiveFigures[] = plan.objectives.map(() => ({ keys: [] }))
  const indicators = plan.indicators.map((indicator, index): IndicatorFigures => {
    const own = plan.objectives.flatMap((objective, place) =>
      objective.indicator === index ? { objective, place } : [],
    )
    const keys = new Map<string, KeyState>()
    const leftOut = eachPoint(run, indicator, (key, point) => {
      let state = keys.get(key.identity)
      if (!state) {
        state = keyState(
          indicator,
          own.map(({ objective }) => objective),
          key,
        )
        keys.set(key.identity, state)
      }
      state.series.add(point)
      for (const objective of state.objectives) objective.judge(point)
    })
    const all = [...keys.values()]
    own.forEach(({ place }, i) => {
      objectives[place] = {
        keys: all.flatMap(({ key, objectives: states }) => states[i]?.figures(key.words, endedAt) ?? []),
      }
    })
    return { keys: all.map(({ key, window }) => ({ key: key.words, ...windowFigures(window.at(endedAt)) })), leftOut }
  })
  const { rejectedRows, failedChecks } = run
  const promises = judgePromises({ plan, log, rejectedRows, failedChecks, events, ending, endedAt })
  return { endedAt, indicators, objectives, ...promises }
}

interface KeyState {
  readonly key: PointKey
  readonly series: Series
  readonly window: SlidingWindow
  readonly objectives: readonly ObjectiveState[]
}

function keyState(indicator: PlanIndicator, objectives: readonly PlanObjective[], key: PointKey): KeyState {
  const series = new Series()
  const window = series.window(indicator.function, indicator.rank, indicator.range)
  return { key, series, window, objectives: objectives.map(one => new ObjectiveState(one, indicator, series)) }
}

/** The moment that the last figures are of. */
function endOf({ log, events, ending }: MeasureInput): number {
  if (ending !== null) return 'closedAt' in ending ? ending.closedAt : ending.reached
  const seq = events - 1
  return log.batches[log.contractOf[seq] as number]?.time[log.rowOf[seq] as number] as number
}
