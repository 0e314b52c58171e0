/** A run that is to be measured, and the episodes of something that is judged moment by moment. */
import type { LogView } from '../log/view.ts'
import { figureOrNull, type Held } from '../measure/budget.ts'
import type { Episode } from '../measure/figures.ts'
import type { Ending, Obligations } from '../obligation/instance.ts'
import type { Plan } from '../plan/plan.ts'
import type { Decisions } from '../run/decisions.ts'
import type { Rational } from '../value/rational.ts'

/** A run that is to be measured. */
export interface ReferenceRun {
  readonly plan: Plan
  readonly view: LogView
  readonly rejected: ReadonlySet<number>
  readonly failed: ReadonlySet<number>
  readonly decisions: Decisions
  readonly obligations: Obligations
  readonly ending: Ending
}

/** One thing at one moment: whether it is as it should be. */
export interface Judged {
  readonly time: number
  readonly seq: number
  readonly held: Held
  readonly isWrong: boolean
  readonly figures: readonly string[]
}

/** The runs of moments at which it was not. `isWorse`: null where no worst value is noted. */
export function episodesOf(
  moments: readonly Judged[],
  isWorseThan: ((value: Rational, other: Rational) => boolean) | null,
): readonly Episode[] {
  const episodes: Episode[] = []
  moments.forEach(({ time, seq, held, isWrong, figures }, i) => {
    if (!isWrong || moments[i - 1]?.isWrong === true) return
    const end = moments.findIndex((moment, j) => j > i && !moment.isWrong)
    const during = moments.slice(i, end < 0 ? moments.length : end).flatMap(moment => moment.held.value ?? [])
    const worst = isWorseThan ? during.reduce((a, b) => (isWorseThan(b, a) ? b : a)) : null
    const { points, good } = held
    episodes.push({
      from: time,
      seq,
      until: moments[end]?.time ?? null,
      figures,
      points,
      good,
      worst: figureOrNull(worst),
    })
  })
  return episodes
}

export function figuresOf({ value, points, good }: Held) {
  return { value: figureOrNull(value), points, good }
}
