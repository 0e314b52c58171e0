/**
 * A number measured over decisions, kept up to date as they come: how many there were in its range, and of how many something is
 * true. What is true of a decision depends on few things (its decision, its rule, three flags), so that it is asked once for
 * each combination. Equal to reference/rollouts.ts (test/differential).
 */
import type { PlanMeasure, PlanPolicy } from '../plan/plan.ts'
import { evaluateCondition } from '../reference/evaluate.ts'
import { situationAt } from '../reference/situation.ts'
import { type DecisionFacts, decisionView } from './decision-facts.ts'
import type { RolloutFigure } from './figure.ts'

/** What a measure knows: plain data, so that a run can go on from it. */
export interface MeasureState {
  /** Times of the decisions in the range, oldest first, each with whether it is one of those asked for; empty without a range. */
  readonly times: readonly number[]
  readonly hits: readonly boolean[]
  readonly count: number
  readonly hitCount: number
}

export class RunningMeasure {
  readonly #measure: PlanMeasure
  readonly #policy: PlanPolicy
  /** By kind of decision: what `#kindOf` says; 0 where that was never asked. */
  readonly #known: Uint8Array
  #times: number[] = []
  #hits: boolean[] = []
  #oldest = 0
  #count = 0
  #hitCount = 0

  constructor(measure: PlanMeasure, policy: PlanPolicy, state: MeasureState | null) {
    this.#measure = measure
    this.#policy = policy
    this.#known = new Uint8Array((policy.rules.length + 1) * kindsPerRule)
    if (state === null) return
    this.#times = [...state.times]
    this.#hits = [...state.hits]
    this.#count = state.count
    this.#hitCount = state.hitCount
  }

  add(time: number, facts: DecisionFacts): void {
    const kind = this.#kindOf(facts)
    if (kind === outside) return
    this.#count++
    if (kind === hit) this.#hitCount++
    if (this.#measure.overMilliseconds === null) return
    this.#times.push(time)
    this.#hits.push(kind === hit)
  }

  /** What it is at this time, which never goes back. */
  at(time: number): RolloutFigure {
    const { overMilliseconds } = this.#measure
    if (overMilliseconds !== null) this.#forget(time - overMilliseconds)
    return this.#measure.function === 'count'
      ? { value: this.#count, of: null }
      : { value: this.#hitCount, of: this.#count }
  }

  /** A stage begins: what has no range counts from here. */
  beginStage(): void {
    if (this.#measure.overMilliseconds !== null) return
    this.#count = 0
    this.#hitCount = 0
  }

  state(): MeasureState {
    return {
      times: this.#times.slice(this.#oldest),
      hits: this.#hits.slice(this.#oldest),
      count: this.#count,
      hitCount: this.#hitCount,
    }
  }

  #forget(until: number): void {
    const times = this.#times
    while (this.#oldest < times.length && (times[this.#oldest] as number) <= until) {
      this.#count--
      if (this.#hits[this.#oldest] === true) this.#hitCount--
      this.#oldest++
    }
    if (this.#oldest < worthCutting || this.#oldest * 2 < times.length) return
    this.#times = times.slice(this.#oldest)
    this.#hits = this.#hits.slice(this.#oldest)
    this.#oldest = 0
  }

  #kindOf(facts: DecisionFacts): number {
    const flags = (facts.counts ? 4 : 0) + (facts.stricter ? 8 : 0) + (facts.milder ? 16 : 0)
    const place = (facts.decidedBy + 1) * kindsPerRule + facts.decision + flags
    const known = this.#known[place]
    if (known !== undefined && known !== 0) return known
    const { where, value } = this.#measure
    const at = situationAt(decisionView(this.#policy, facts), null)
    const isIn = where === null || evaluateCondition(where, at) === true
    const made = !isIn ? outside : value === null || evaluateCondition(value, at) === true ? hit : inside
    this.#known[place] = made
    return made
  }
}

const [outside, inside, hit] = [1, 2, 3]
const kindsPerRule = 32
const worthCutting = 1024
