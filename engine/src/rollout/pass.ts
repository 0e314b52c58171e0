/**
 * Follows rollouts from event to event, fast: one pass over the log after its decisions, which never depend on them. Equal to
 * reference/rollouts.ts in every field (test/differential). What is measured is running-measure.ts, who counts is standing.ts.
 */
import type { Log } from '../log/columns.ts'
import type { Measurable } from '../measure/points.ts'
import type { Ending } from '../obligation/instance.ts'
import type { PlanGate, PlanMeasure, PlanRollout } from '../plan/plan.ts'
import type { Decisions } from '../run/decisions.ts'
import { noStagesYet, type RolloutState, type RolloutsContinuation } from './continued.ts'
import type { RolloutFigure } from './figure.ts'
import { compiledGate, type Gate } from './gate.ts'
import type { MeasureState } from './hit-window.ts'
import { RunningIndicator, unmeasured } from './running-indicator.ts'
import { type RunningFigure, RunningMeasure } from './running-measure.ts'
import {
  type ChangeCause,
  inForce,
  noRollouts,
  type RolloutChange,
  type Rollouts,
  rolledBack,
  type StageIndex,
  waiting,
} from './stages.ts'
import { Standing } from './standing.ts'

export interface RolloutInput extends Measurable {
  /** How many events at the beginning of the log are over, because the run goes on from `before`. */
  readonly over: number
  readonly ending: Ending
  readonly before: RolloutsContinuation | null
}

export interface RolledOut {
  readonly rollouts: Rollouts
  /** Where the rollouts stand at the end, to go on from. */
  readonly states: readonly RolloutState[]
}

export function rollOut(input: RolloutInput): RolledOut {
  const { plan, log, over, events, ending } = input
  if (plan.rollouts.length === 0) return { rollouts: noRollouts, states: [] }
  const pass = new RolloutPass(input)
  pass.run(log, over, events)
  if (ending !== null && 'closedAt' in ending) pass.passTime(ending.closedAt, true, events)
  if (ending !== null && 'reached' in ending) pass.passTime(ending.reached, false, events)
  return { rollouts: pass.rollouts(), states: pass.states() }
}

/** What time does next to a rollout. */
interface Moment {
  readonly at: number
  readonly cause: 'started' | 'over' | 'expired'
  readonly to: StageIndex
}

interface RunningGate {
  readonly holds: Gate
  readonly measures: readonly RunningFigure[]
}

class RolloutPass {
  readonly #decisions: Decisions
  readonly #rejectedRows: readonly (Uint8Array | null)[]
  readonly #running: readonly RunningRollout[]
  readonly #standing: Standing
  readonly #policies: number
  /** By policy: the measures over its decisions, of rollouts that are not over. */
  #measuresOf: readonly (readonly RunningMeasure[])[]
  readonly #changes: RolloutChange[] = []
  readonly #before: readonly StageIndex[]
  readonly #counts: Uint8Array
  /** The earliest time at which something may have passed. */
  #next = Number.NEGATIVE_INFINITY

  constructor(input: RolloutInput) {
    const { plan, log, decisions, rejectedRows, before } = input
    this.#decisions = decisions
    this.#rejectedRows = rejectedRows
    this.#counts = new Uint8Array(decisions.size)
    const states = (before ?? noStagesYet(plan)).stages
    this.#running = plan.rollouts.map(
      (rollout, index) => new RunningRollout(input, rollout, index, states[index] ?? stateless),
    )
    this.#before = this.#running.map(({ stage }) => stage)
    this.#standing = new Standing(plan, log, this.#running)
    this.#policies = plan.policies.length
    this.#measuresOf = this.#measures()
  }

  run(log: Log, over: number, events: number): void {
    const { contractOf, rowOf } = log
    const { seq: seqs, size } = this.#decisions
    const times = log.batches.map(batch => batch.time)
    let place = 0
    while (place < size && (seqs[place] as number) < over) place++
    for (let seq = over; seq < events; seq++) {
      const contract = contractOf[seq] as number
      const row = rowOf[seq] as number
      const time = (times[contract] as Float64Array)[row] as number
      if (this.#next <= time) this.passTime(time, false, seq)
      const rejected = this.#rejectedRows[contract] ?? null
      if (rejected !== null && rejected[row] === 1) continue
      const first = place
      while (place < size && seqs[place] === seq) place++
      if (place > first) this.#decided(first, place, contract, row, seq, time)
    }
  }

  /** Moments that have passed, the earliest first; of equal ones in the order of the rollouts. `since`: the event that shows it. */
  passTime(limit: number, inclusive: boolean, since: number): void {
    for (;;) {
      let first: RunningRollout | null = null
      let moment: Moment | null = null
      this.#next = Number.POSITIVE_INFINITY
      for (const running of this.#running) {
        const own = running.moment()
        if (own === null) continue
        const passed = own.at < limit || (own.at === limit && (inclusive || own.cause === 'started'))
        if (passed && (moment === null || own.at < moment.at)) {
          first = running
          moment = own
        }
        this.#next = Math.min(this.#next, own.at)
      }
      if (first === null || moment === null) return
      this.#change(first, moment.cause, moment.at, -1, since, moment.to, [])
    }
  }

  rollouts(): Rollouts {
    const stages = this.#running.map(({ stage }) => stage)
    return { changes: this.#changes, before: this.#before, stages, counts: this.#counts }
  }

  states(): readonly RolloutState[] {
    return this.#running.map(running => running.state())
  }

  #decided(first: number, end: number, contract: number, row: number, seq: number, time: number): void {
    const { policy, decision, decidedBy } = this.#decisions
    for (const running of this.#running) {
      const { rollout, stage } = running
      if (stage !== waiting || rollout.from !== null) continue
      if (policy.subarray(first, end).includes(rollout.policy)) this.#change(running, 'started', time, seq, seq, 0, [])
    }
    const standing = this.#standing
    standing.enter(policy, decision, first, end, contract, row)
    for (let i = first; i < end; i++) {
      const own = policy[i] as number
      const counts = standing.counts(own, -1)
      this.#counts[i] = counts ? 1 : 0
      const measures = this.#measuresOf[own] as readonly RunningMeasure[]
      if (measures.length === 0) continue
      const otherwise = standing.without(own)
      const strictness = decision[i] as number
      const facts = {
        decision: strictness,
        decidedBy: decidedBy[i] as number,
        counts,
        stricter: strictness > otherwise,
        milder: strictness < otherwise,
      }
      for (const measure of measures) measure.add(time, facts)
    }
    // In the order of the rollouts, which need not be that of their policies.
    for (const running of this.#running) if (standing.decides(running.rollout.policy)) this.#judge(running, seq, time)
  }

  #measures(): readonly (readonly RunningMeasure[])[] {
    const going = this.#running.filter(({ rollout, stage }) => stage < inForce(rollout))
    return Array.from({ length: this.#policies }, (_, policy) => going.flatMap(one => one.measuresOf(policy)))
  }

  #judge(running: RunningRollout, seq: number, time: number): void {
    const { rollout, stage, rollback, promote } = running
    const found = rollout.stages[stage]
    if (found === undefined) return
    if (rollback !== null) {
      const figures = rollback.measures.map(measure => measure.at(time, seq))
      if (rollback.holds(figures)) {
        this.#change(running, 'rolled-back', time, seq, seq + 1, rolledBack(rollout), figures)
        return
      }
    }
    if (promote === null || time < running.began + (found.milliseconds ?? 0)) return
    const figures = promote.measures.map(measure => measure.at(time, seq))
    if (promote.holds(figures)) this.#change(running, 'promoted', time, seq, seq + 1, stage + 1, figures)
  }

  #change(
    running: RunningRollout,
    cause: ChangeCause,
    at: number,
    by: number,
    since: number,
    to: StageIndex,
    figures: readonly RolloutFigure[],
  ): void {
    this.#changes.push({ rollout: running.index, cause, at, by, since, from: running.stage, to, figures })
    running.enter(to, at)
    if (to >= inForce(running.rollout)) this.#measuresOf = this.#measures()
    const next = running.moment()
    if (next !== null) this.#next = Math.min(this.#next, next.at)
  }
}

interface Measured {
  readonly measure: PlanMeasure
  readonly running: RunningFigure
}

function runningFigure(input: RolloutInput, measure: PlanMeasure, before: MeasureState | null): RunningFigure {
  const { plan, over } = input
  if (measure.kind === 'indicator') {
    const indicator = plan.indicators[measure.indicator]
    return indicator ? new RunningIndicator(input, indicator, over, before) : unmeasured
  }
  const policy = plan.policies[measure.policy]
  return policy ? new RunningMeasure(measure, policy, before) : unmeasured
}

const stateless: RolloutState = { stage: waiting, began: 0, measures: [] }

/** Where a rollout stands. */
class RunningRollout {
  readonly rollout: PlanRollout
  readonly index: number
  readonly promote: RunningGate | null
  readonly rollback: RunningGate | null
  stage: StageIndex
  began: number
  readonly #measures: readonly Measured[]
  #moment: Moment | null

  constructor(input: RolloutInput, rollout: PlanRollout, index: number, state: RolloutState) {
    this.rollout = rollout
    this.index = index
    this.stage = state.stage
    this.began = state.began
    const measures: Measured[] = []
    const running = (gate: PlanGate | null): RunningGate | null => {
      if (gate === null) return null
      const own = gate.measures.map((measure, place) => {
        const before = state.measures[measures.length + place] ?? null
        return { measure, running: runningFigure(input, measure, before) }
      })
      measures.push(...own)
      return { holds: compiledGate(gate), measures: own.map(one => one.running) }
    }
    this.promote = running(rollout.promote)
    this.rollback = running(rollout.rollback)
    this.#measures = measures
    this.#moment = this.#nextMoment()
  }

  measuresOf(policy: number): readonly RunningMeasure[] {
    return this.#measures.flatMap(({ measure, running }) =>
      measure.kind === 'decisions' && measure.policy === policy && running instanceof RunningMeasure ? [running] : [],
    )
  }

  state(): RolloutState {
    const { stage, began } = this
    return { stage, began, measures: this.#measures.map(({ running }) => running.state()) }
  }

  moment(): Moment | null {
    return this.#moment
  }

  enter(stage: StageIndex, at: number): void {
    this.stage = stage
    this.began = at
    for (const { running } of this.#measures) running.beginStage()
    this.#moment = this.#nextMoment()
  }

  #nextMoment(): Moment | null {
    const { rollout, stage } = this
    if (stage >= inForce(rollout)) return null
    const { until } = rollout
    const end: Moment | null = until === null ? null : { at: until, cause: 'expired', to: rolledBack(rollout) }
    const over = this.#over()
    return over !== null && (end === null || over.at <= end.at) ? over : end
  }

  #over(): Moment | null {
    const { rollout, stage } = this
    if (stage === waiting) return rollout.from === null ? null : { at: rollout.from, cause: 'started', to: 0 }
    const milliseconds = rollout.stages[stage]?.milliseconds ?? null
    if (milliseconds === null || rollout.promote !== null) return null
    return { at: this.began + milliseconds, cause: 'over', to: stage + 1 }
  }
}
