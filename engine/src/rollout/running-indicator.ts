/** An indicator as the condition of a rollout asks for it: what it is behind one event after the other. Its points are those of ../measure. */
import { calendarStart } from '../compile/history/calendar.ts'
import { eachPoint, type Measurable } from '../measure/points.ts'
import type { PlanIndicator } from '../plan/measure.ts'
import type { RolloutFigure } from './figure.ts'
import { HitWindow, type MeasureState } from './hit-window.ts'
import type { RunningFigure } from './running-measure.ts'

export class RunningIndicator implements RunningFigure {
  readonly #indicator: PlanIndicator
  readonly #window: HitWindow
  /** Those of this piece of the run, in the order in which they happen. */
  readonly #points: { readonly time: number; readonly seq: number; readonly isHit: boolean }[] = []
  #next = 0

  /** `over`: how many events at the beginning of the log are over, because the run goes on from `state`. */
  constructor(run: Measurable, indicator: PlanIndicator, over: number, state: MeasureState | null) {
    this.#indicator = indicator
    this.#window = new HitWindow(state)
    eachPoint(run, indicator, (_, { time, seq, value }) => {
      if (indicator.of.kind === 'outcomes' || seq >= over) this.#points.push({ time, seq, isHit: value === true })
    })
  }

  at(time: number, seq: number): RolloutFigure {
    const { of, range, function: name } = this.#indicator
    const isOutcome = of.kind === 'outcomes'
    for (let point = this.#points[this.#next]; point !== undefined; point = this.#points[++this.#next]) {
      if (isOutcome ? point.time >= time : point.seq > seq) break
      this.#window.push(point.time, point.isHit)
    }
    this.#window.take(isOutcome ? time : Number.POSITIVE_INFINITY)
    this.#window.forget(
      range.kind === 'over' ? time - range.milliseconds : calendarStart(time, range.unit, range.zone) - 1,
    )
    const { count, hitCount } = this.#window
    return name === 'count' ? { value: count, of: null } : { value: hitCount, of: count }
  }

  beginStage(): void {
    // An indicator has a range of its own.
  }

  state(): MeasureState {
    for (let point = this.#points[this.#next]; point !== undefined; point = this.#points[++this.#next])
      this.#window.push(point.time, point.isHit)
    return this.#window.state()
  }
}

/** Of an indicator that is not measured here: nothing, for ever. */
export const unmeasured: RunningFigure = {
  at: () => ({ value: 0, of: 0 }),
  beginStage: () => undefined,
  state: () => ({ times: [], hits: [], count: 0, hitCount: 0 }),
}
