/** One objective for one key while a run is measured: judged at every point of the key, it notes when the target is missed and when alerts are raised. */
import type { PlanIndicator, PlanObjective } from '../plan/measure.ts'
import type { Rational } from '../value/rational.ts'
import { burnRate, figureOf, figureOrNull, figureValue, type Held, holds, isWorse, remainingBudget } from './budget.ts'
import type { EpisodesState, ObjectiveContinuation } from './continued.ts'
import type { Episode, ObjectiveKeyFigures } from './figures.ts'
import type { Point } from './point.ts'
import type { Series, SlidingWindow } from './sliding.ts'

export class ObjectiveState {
  readonly #objective: PlanObjective
  readonly #indicator: PlanIndicator
  readonly #target: SlidingWindow
  readonly #alerts: readonly { readonly windows: readonly (SlidingWindow | null)[]; readonly episodes: Episodes }[]
  readonly #breaches: Episodes

  /** `before`: where it stood at the end of an earlier piece of the run; null: it begins. */
  constructor(
    objective: PlanObjective,
    indicator: PlanIndicator,
    series: Series,
    before: ObjectiveContinuation | null,
  ) {
    this.#breaches = new Episodes(before?.breaches ?? null)
    this.#objective = objective
    this.#indicator = indicator
    const { function: name, rank } = indicator
    this.#target = series.window(name, rank, objective.target.range)
    this.#alerts = objective.alerts.map(({ conditions }, alert) => ({
      windows: conditions.map(({ overMilliseconds }) =>
        overMilliseconds === null ? null : series.window(name, rank, { kind: 'over', milliseconds: overMilliseconds }),
      ),
      episodes: new Episodes(before?.alerts[alert] ?? null),
    }))
  }

  judge({ time, seq }: Point): void {
    const { target, alerts } = this.#objective
    const held = this.#target.at(time)
    const { value } = held
    const isMissed = value !== null && !holds(value, target.operator, target.value)
    this.#breaches.judge(isMissed, time, seq, held, () => (value === null ? [] : [figureOf(value)]))
    if (isMissed) this.#breaches.worsen(value, (a, b) => isWorse(a, b, target.operator))
    alerts.forEach(({ conditions }, index) => {
      const state = this.#alerts[index]
      if (!state) return
      const rates = conditions.map((condition, i): Rational | null => {
        const window = state.windows[i]
        if (!window || condition.overMilliseconds === null)
          return remainingBudget(target, this.#indicator.function, held)
        return burnRate(target, this.#indicator.function, window.at(time), condition.overMilliseconds)
      })
      const isRaised = rates.every((rate, i) => {
        const condition = conditions[i]
        return rate !== null && condition !== undefined && holds(rate, condition.operator, condition.limit)
      })
      state.episodes.judge(isRaised, time, seq, held, () =>
        rates.flatMap(rate => (rate === null ? [] : figureOf(rate))),
      )
    })
  }

  state(): ObjectiveContinuation {
    return { breaches: this.#breaches.state(), alerts: this.#alerts.map(({ episodes }) => episodes.state()) }
  }

  /** As of the end; windows only move on, so that nothing is judged after it. */
  figures(key: readonly string[], endedAt: number): ObjectiveKeyFigures {
    const { target } = this.#objective
    const held = this.#target.at(endedAt)
    return {
      key,
      ...windowFigures(held),
      met: held.value === null ? null : holds(held.value, target.operator, target.value),
      remaining: figureOrNull(remainingBudget(target, this.#indicator.function, held)),
      breaches: this.#breaches.all(),
      alerts: this.#alerts.map(({ episodes }) => episodes.all()),
    }
  }
}

export function windowFigures({ value, points, good }: Held) {
  return { value: figureOrNull(value), points, good }
}

/** Episodes of one thing, in the order of time. */
export class Episodes {
  readonly #done: Episode[]
  #open: Episode | null
  #worst: Rational | null

  constructor(before: EpisodesState | null) {
    this.#done = [...(before?.done ?? [])]
    this.#open = before?.open ?? null
    this.#worst = before?.worst ? figureValue(before.worst) : null
  }

  state(): EpisodesState {
    return { done: [...this.#done], open: this.#open, worst: figureOrNull(this.#worst) }
  }

  /** At a moment: an episode begins, goes on, or ends. `figures` is asked where one begins. */
  judge(isWrong: boolean, time: number, seq: number, { points, good }: Held, figures: () => Episode['figures']): void {
    if (isWrong && this.#open === null) {
      this.#open = { from: time, seq, until: null, figures: figures(), points, good, worst: null }
      this.#worst = null
    } else if (!isWrong && this.#open !== null) {
      this.#done.push({ ...this.#open, until: time, worst: figureOrNull(this.#worst) })
      this.#open = null
    }
  }

  /** Within an episode: `value` may be the worst so far. */
  worsen(value: Rational, isWorse: (value: Rational, other: Rational) => boolean): void {
    if (this.#worst === null || isWorse(value, this.#worst)) this.#worst = value
  }

  all(): readonly Episode[] {
    return this.#open === null ? this.#done : [...this.#done, { ...this.#open, worst: figureOrNull(this.#worst) }]
  }
}
