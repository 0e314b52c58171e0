/** Plans that measure nothing, and runs without anything to measure. */
import type { Plan } from '../plan/plan.ts'
import type { Measures } from './figures.ts'

/** Whether the plan measures anything: else the run's hash and its results are those of its decisions alone. */
export function measuresAnything({ indicators, contracts }: Plan): boolean {
  return (
    indicators.length > 0 ||
    contracts.some(({ quality, freshnessMilliseconds }) => quality.length > 0 || freshnessMilliseconds !== null)
  )
}

/** Of a run without events: everything is there, and nothing in it. */
export function emptyOf(plan: Plan): Omit<Measures, 'endedAt'> {
  return {
    indicators: plan.indicators.map(() => ({ keys: [], leftOut: 0 })),
    objectives: plan.objectives.map(() => ({ keys: [] })),
    qualities: plan.contracts.flatMap(({ quality }, contract) =>
      quality.map((_, place) => ({ contract, quality: place, value: null, points: 0, good: null, episodes: [] })),
    ),
    freshness: plan.contracts.flatMap(({ freshnessMilliseconds }, contract) =>
      freshnessMilliseconds === null ? [] : { contract, lastAt: null, gaps: [] },
    ),
  }
}
