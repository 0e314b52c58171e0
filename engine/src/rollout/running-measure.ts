/**
 * A number measured over decisions, kept up to date as they come. What is true of a decision depends on few things (its decision,
 * its rule, three flags), so that it is asked once for each combination. Equal to reference/rollouts.ts (test/differential).
 */
import type { DecisionMeasure, PlanPolicy } from '../plan/plan.ts'
import { evaluateCondition } from '../reference/evaluate.ts'
import { situationAt } from '../reference/situation.ts'
import { type DecisionFacts, decisionView } from './decision-facts.ts'
import type { RolloutFigure } from './figure.ts'
import { HitWindow, type MeasureState } from './hit-window.ts'

/** What a condition asks, whatever it is measured of. */
export interface RunningFigure {
  /** What it is behind the event at this time and place of the log; neither ever goes back. */
  at(time: number, seq: number): RolloutFigure
  beginStage(): void
  state(): MeasureState
}

export class RunningMeasure implements RunningFigure {
  readonly #measure: DecisionMeasure
  readonly #policy: PlanPolicy
  /** By kind of decision: what `#kindOf` says; 0 where that was never asked. */
  readonly #known: Uint8Array
  readonly #window: HitWindow
  /** Of a measure without a range, since the stage began. */
  #count = 0
  #hitCount = 0

  constructor(measure: DecisionMeasure, policy: PlanPolicy, state: MeasureState | null) {
    this.#measure = measure
    this.#policy = policy
    this.#known = new Uint8Array((policy.rules.length + 1) * kindsPerRule)
    const hasRange = measure.overMilliseconds !== null
    this.#window = new HitWindow(hasRange ? state : null)
    if (hasRange || state === null) return
    this.#count = state.count
    this.#hitCount = state.hitCount
  }

  add(time: number, facts: DecisionFacts): void {
    const kind = this.#kindOf(facts)
    if (kind === outside) return
    if (this.#measure.overMilliseconds !== null) {
      this.#window.push(time, kind === hit)
      this.#move(time)
      return
    }
    this.#count++
    if (kind === hit) this.#hitCount++
  }

  at(time: number): RolloutFigure {
    const { overMilliseconds, function: name } = this.#measure
    this.#move(time)
    const { count, hitCount } =
      overMilliseconds === null ? { count: this.#count, hitCount: this.#hitCount } : this.#window
    return name === 'count' ? { value: count, of: null } : { value: hitCount, of: count }
  }

  /** What has no range counts from here. */
  beginStage(): void {
    this.#count = 0
    this.#hitCount = 0
  }

  state(): MeasureState {
    if (this.#measure.overMilliseconds !== null) return this.#window.state()
    return { times: [], hits: [], count: this.#count, hitCount: this.#hitCount }
  }

  #move(time: number): void {
    const { overMilliseconds } = this.#measure
    if (overMilliseconds === null) return
    this.#window.take(Number.POSITIVE_INFINITY)
    this.#window.forget(time - overMilliseconds)
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
