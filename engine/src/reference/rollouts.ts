/**
 * Which stages rollouts come to, slow and obvious: every figure is counted anew from all decisions so far. docs/language.md,
 * "Rollouts", sentence by sentence. The fast implementation (rollout/pass.ts) must agree with it in every field.
 */
import type { EventView } from '../log/view.ts'
import type { Plan, PlanGate, PlanMeasure, PlanRollout, RolloutStage } from '../plan/plan.ts'
import { bucketOf, buckets, bucketText } from '../rollout/bucket.ts'
import { type DecisionFacts, decisionView } from '../rollout/decision-facts.ts'
import { figureValue, type RolloutFigure } from '../rollout/figure.ts'
import {
  type ChangeCause,
  inForce,
  noRollouts,
  type RolloutChange,
  type Rollouts,
  rolledBack,
  type StageIndex,
  waiting,
} from '../rollout/stages.ts'
import { compare, rational } from '../value/rational.ts'
import { unknown, type Value } from '../value/value.ts'
import type { ReferenceRun } from './episodes.ts'
import { evaluateCondition } from './evaluate.ts'
import { indicatorBehind } from './measure.ts'
import { type Situation, situationAt } from './situation.ts'

/** A decision as the judge made it; those of one event stand together, in the order of the log. */
export interface Decided {
  readonly seq: number
  readonly policy: number
  /** Index into `decisionWords`. */
  readonly decision: number
  readonly decidedBy: number
}

export function referenceRollouts(run: ReferenceRun, decided: readonly Decided[]): Rollouts {
  const { plan, view, rejected, ending } = run
  if (plan.rollouts.length === 0) return noRollouts
  const course = new Course(plan)
  const measured: Measured[] = []
  const counts: number[] = []
  for (let seq = 0; seq < view.size; seq++) {
    const event = view.event(seq)
    course.pass(
      moment => moment < event.time,
      from => from <= event.time,
      seq,
    )
    if (rejected.has(seq)) continue
    const own = decided.filter(one => one.seq === seq)
    plan.rollouts.forEach((rollout, index) => {
      if (course.stage(index) === waiting && rollout.from === null && own.some(one => one.policy === rollout.policy))
        course.change(index, 'started', event.time, seq, seq, 0, [])
    })
    const standing = new Standing(plan, course, event, own)
    for (const one of own) {
      counts.push(standing.counts(one.policy) ? 1 : 0)
      measured.push({ ...one, time: event.time, facts: standing.facts(one) })
    }
    const before = plan.rollouts.map((_, index) => course.stage(index))
    plan.rollouts.forEach((rollout, index) => {
      const stage = rollout.stages[before[index] ?? waiting]
      if (stage && own.some(one => one.policy === rollout.policy)) judge(run, course, index, stage, event, measured)
    })
  }
  if (ending !== null && 'closedAt' in ending)
    course.pass(
      moment => moment <= ending.closedAt,
      from => from <= ending.closedAt,
      view.size,
    )
  if (ending !== null && 'reached' in ending)
    course.pass(
      moment => moment < ending.reached,
      from => from <= ending.reached,
      view.size,
    )
  const before = plan.rollouts.map(() => waiting)
  return { changes: course.changes, before, stages: course.stages(), counts: Uint8Array.from(counts) }
}

interface Measured extends Decided {
  readonly time: number
  readonly facts: DecisionFacts
}

/** Where each rollout stands, and how it came there. */
class Course {
  readonly changes: RolloutChange[] = []
  readonly #plan: Plan

  constructor(plan: Plan) {
    this.#plan = plan
  }

  last(rollout: number): RolloutChange | undefined {
    return this.changes.findLast(change => change.rollout === rollout)
  }
  stage(rollout: number): StageIndex {
    return this.last(rollout)?.to ?? waiting
  }
  stages(): readonly StageIndex[] {
    return this.#plan.rollouts.map((_, index) => this.stage(index))
  }

  change(
    rollout: number,
    cause: ChangeCause,
    at: number,
    by: number,
    since: number,
    to: StageIndex,
    figures: readonly RolloutFigure[],
  ): void {
    this.changes.push({ rollout, cause, at, by, since, from: this.stage(rollout), to, figures })
  }

  /** Moments that have passed, the earliest first; of equal ones in the order of the rollouts. */
  pass(isOver: (moment: number) => boolean, hasBegun: (from: number) => boolean, since: number): void {
    for (;;) {
      const next = this.#plan.rollouts
        .flatMap((rollout, index) => this.#moment(rollout, index) ?? [])
        .filter(({ cause, at }) => (cause === 'started' ? hasBegun(at) : isOver(at)))
        .sort((a, b) => a.at - b.at || a.rollout - b.rollout)[0]
      if (!next) return
      this.change(next.rollout, next.cause, next.at, -1, since, next.to, [])
    }
  }

  /** What time alone does next to a rollout, and when. */
  #moment(rollout: PlanRollout, index: number) {
    const stage = this.stage(index)
    if (stage >= inForce(rollout)) return null
    const end =
      rollout.until === null
        ? null
        : ({ rollout: index, cause: 'expired', at: rollout.until, to: rolledBack(rollout) } as const)
    const over = this.#over(rollout, index, stage)
    return over && (end === null || over.at <= end.at) ? over : end
  }

  #over(rollout: PlanRollout, index: number, stage: StageIndex) {
    if (stage === waiting)
      return rollout.from === null ? null : ({ rollout: index, cause: 'started', at: rollout.from, to: 0 } as const)
    const milliseconds = rollout.stages[stage]?.milliseconds ?? null
    if (milliseconds === null || rollout.promote !== null) return null
    const began = this.last(index)?.at ?? 0
    return { rollout: index, cause: 'over', at: began + milliseconds, to: stage + 1 } as const
  }
}

/** Which policies count at an event. */
class Standing {
  readonly #plan: Plan
  readonly #course: Course
  readonly #event: EventView
  readonly #own: readonly Decided[]

  constructor(plan: Plan, course: Course, event: EventView, own: readonly Decided[]) {
    this.#plan = plan
    this.#course = course
    this.#event = event
    this.#own = own
  }

  counts(policy: number): boolean {
    return this.#countsWithout(policy, null)
  }

  facts({ policy, decision, decidedBy }: Decided): DecisionFacts {
    const others = this.#own.filter(other => other.policy !== policy && this.#countsWithout(other.policy, policy))
    const otherwise = Math.max(0, ...others.map(other => other.decision))
    const counts = this.counts(policy)
    return { decision, decidedBy, counts, stricter: decision > otherwise, milder: decision < otherwise }
  }

  /** Whether a policy counts where another one is left out altogether. */
  #countsWithout(policy: number, left: number | null): boolean {
    const replacing = this.#plan.rollouts
      .filter(({ replaces }) => replaces === policy)
      .filter(other => other.policy !== left && this.#own.some(one => one.policy === other.policy))
    return this.#isIn(policy) && !replacing.some(other => this.#isIn(other.policy))
  }

  /** Whether it counts by its own mode and stage. */
  #isIn(policy: number): boolean {
    const index = this.#plan.rollouts.findIndex(rollout => rollout.policy === policy)
    const rollout = this.#plan.rollouts[index]
    if (this.#plan.policies[policy]?.mode !== 'enforce') return false
    if (!rollout) return true
    const stage = this.#course.stage(index)
    const found = rollout.stages[stage]
    if (found?.kind !== 'canary') return stage === inForce(rollout)
    const text = bucketText(
      rollout.name,
      found.keys.map(key => this.#event.value([key])),
    )
    return text !== null && compare(rational(BigInt(bucketOf(text)), BigInt(buckets)), found.share) < 0
  }
}

/** After an event that its policy decides: whether a rollout is rolled back, else whether it is promoted. */
function judge(
  run: ReferenceRun,
  course: Course,
  index: number,
  stage: RolloutStage,
  event: EventView,
  measured: readonly Measured[],
): void {
  const rollout = run.plan.rollouts[index]
  const last = course.last(index)
  if (!rollout || !last) return
  function figuresOf(gate: PlanGate): readonly RolloutFigure[] {
    return gate.measures.map(measure => figureOf(run, measure, event, last?.since ?? 0, measured))
  }
  const { rollback, promote } = rollout
  const change = (cause: ChangeCause, to: StageIndex, figures: readonly RolloutFigure[]) =>
    course.change(index, cause, event.time, event.seq, event.seq + 1, to, figures)
  if (rollback) {
    const figures = figuresOf(rollback)
    if (holds(rollback, figures, event)) {
      change('rolled-back', rolledBack(rollout), figures)
      return
    }
  }
  if (promote && event.time >= last.at + (stage.milliseconds ?? 0)) {
    const figures = figuresOf(promote)
    if (holds(promote, figures, event)) change('promoted', last.to + 1, figures)
  }
}

function holds({ condition, measures }: PlanGate, figures: readonly RolloutFigure[], event: EventView): boolean {
  const values = figures.map(figureValue)
  const elements = new Map<number, Value>(measures.map(({ variable }, i) => [variable, values[i] ?? unknown]))
  const at: Situation = { ...situationAt(event, null), elements }
  return evaluateCondition(condition, at) === true
}

function figureOf(
  run: ReferenceRun,
  measure: PlanMeasure,
  event: EventView,
  stageSince: number,
  measured: readonly Measured[],
): RolloutFigure {
  const { plan } = run
  if (measure.kind === 'indicator') {
    const indicator = plan.indicators[measure.indicator]
    if (!indicator) return { value: 0, of: 0 }
    const { points, good } = indicatorBehind(run, indicator, event)
    return good === null ? { value: points, of: null } : { value: good, of: points }
  }
  const { policy, where, value, overMilliseconds, function: name } = measure
  const own = plan.policies[policy]
  if (!own) return { value: 0, of: 0 }
  const asked = (condition: PlanGate['condition'] | null, { facts }: Measured) =>
    condition === null || evaluateCondition(condition, situationAt(decisionView(own, facts), null)) === true
  const inside = measured
    .filter(one => one.policy === policy)
    .filter(({ time, seq }) => (overMilliseconds === null ? seq >= stageSince : time > event.time - overMilliseconds))
    .filter(one => asked(where, one))
  if (name === 'count') return { value: inside.length, of: null }
  return { value: inside.filter(one => asked(value, one)).length, of: inside.length }
}
