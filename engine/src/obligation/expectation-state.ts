/** One expectation while a run goes on: its instances, what fulfils them and what cancels them (pattern-watch.ts). */
import type { Log } from '../log/columns.ts'
import type { Plan, PlanExpectation } from '../plan/plan.ts'
import { noticeCodes, type RunNotice } from '../run/decisions.ts'
import type { DeadlineQueue, Deadlines } from './deadlines.ts'
import type { GrowingInstances } from './growing.ts'
import { PatternWatch } from './pattern-watch.ts'

export class ExpectationState {
  readonly policy: number
  readonly rule: number
  readonly awaited: PatternWatch
  /** Null: nothing cancels it. */
  readonly cancels: PatternWatch | null
  readonly #within: number
  readonly #instances: GrowingInstances
  readonly #deadlines: Deadlines
  readonly #queue: DeadlineQueue

  constructor(
    plan: Plan,
    log: Log,
    place: { readonly policy: number; readonly rule: number },
    expectation: PlanExpectation,
    instances: GrowingInstances,
    deadlines: Deadlines,
  ) {
    this.policy = place.policy
    this.rule = place.rule
    this.#within = expectation.withinMilliseconds
    this.#instances = instances
    this.#deadlines = deadlines
    this.#queue = deadlines.queue(place.policy, place.rule, 0)
    const { opens, awaited, cancels } = expectation
    this.awaited = new PatternWatch(plan, log, 'fulfilled', opens, awaited, instances, this.#queue)
    this.cancels = cancels && new PatternWatch(plan, log, 'cancelled', opens, cancels, instances, this.#queue)
  }

  open(row: number, seq: number, time: number): void {
    this.#enter(this.#instances.open(this.policy, this.rule, seq, time, time + this.#within), row)
  }

  /** An instance that is pending from before the log; its opening event stands in it all the same. */
  restore(row: number, seq: number, due: number): void {
    this.#enter(this.#instances.restore(this.policy, this.rule, seq, due, 0), row)
  }

  /** What could not be known of events and pending instances. */
  notices(): readonly RunNotice[] {
    const { policy, rule } = this
    const noticed = (code: RunNotice['code'], watch: PatternWatch | null): readonly RunNotice[] =>
      watch === null || watch.unknownPairs === 0
        ? []
        : [{ code, policy, rule, count: watch.unknownPairs, firstSeq: watch.firstUnknown }]
    return [
      ...noticed(noticeCodes.notMetOnUnknown, this.awaited),
      ...noticed(noticeCodes.notCancelledOnUnknown, this.cancels),
    ]
  }

  #enter(place: number, row: number): void {
    this.#deadlines.push(this.#queue, place)
    this.awaited.enter(place, row)
    this.cancels?.enter(place, row)
  }
}
