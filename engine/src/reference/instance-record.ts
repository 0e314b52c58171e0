/** The instances of one run as the reference implementation keeps them: objects in a list, and the list of what happened. */
import type { EventView } from '../log/view.ts'
import {
  type ApprovalEffect,
  approvalEffects,
  instanceStatuses,
  type Obligations,
  type TransitionKind,
  transitionKinds,
} from '../obligation/instance.ts'
import type { Plan } from '../plan/plan.ts'
import type { ApprovalOutcome } from './approvals.ts'
import type { Instance } from './instance.ts'

interface Transition {
  readonly kind: TransitionKind
  readonly instance: Instance
  readonly at: number
  readonly by: number
}

interface Effect {
  readonly effect: ApprovalEffect
  readonly instance: Instance | null
  readonly seq: number
  readonly stage: number
}

export class InstanceRecord {
  readonly #plan: Plan
  readonly #instances: Instance[] = []
  readonly #transitions: Transition[] = []
  readonly #effects: Effect[] = []

  constructor(plan: Plan) {
    this.#plan = plan
  }

  pending(): Instance[] {
    return this.#instances.filter(({ status }) => status === 'pending')
  }

  open(policy: number, index: number, event: EventView): void {
    const rule = this.#plan.policies[policy]?.rules[index]
    const within = rule?.expectation?.withinMilliseconds ?? rule?.approval?.stages[0]?.withinMilliseconds ?? null
    const instance: Instance = {
      place: this.#instances.length,
      policy,
      rule: index,
      expectation: rule?.expectation ?? null,
      approval: rule?.approval ?? null,
      opening: event,
      openedSeq: event.seq,
      due: within === null ? Number.POSITIVE_INFINITY : event.time + within,
      stage: 0,
      status: 'pending',
      settledAt: Number.NaN,
      settledBy: -1,
      noticedAt: Number.NaN,
      counted: [],
      approvals: 0,
    }
    this.#instances.push(instance)
    this.#transitions.push({ kind: 'opened', instance, at: event.time, by: event.seq })
  }

  fulfil(instance: Instance, event: EventView): void {
    this.#settle(instance, 'fulfilled', event.time, event.seq, event.time)
  }

  cancel(instance: Instance, event: EventView): void {
    this.#settle(instance, 'cancelled', event.time, event.seq, event.time)
  }

  refuse(instance: Instance, event: EventView): void {
    this.#settle(instance, 'breached', event.time, event.seq, event.time)
  }

  /** An Approval did something, if only to be on record; it counts where it says so. */
  approve({ effect, instance, people }: ApprovalOutcome, event: EventView): void {
    this.#effects.push({ effect, instance, seq: event.seq, stage: instance?.stage ?? 0 })
    if (instance === null) return
    if (effect === 'rejected') this.refuse(instance, event)
    if (effect !== 'counted') return
    instance.counted.push(...people)
    instance.approvals++
    const quorum = instance.approval?.stages[instance.stage]?.quorum ?? 1
    if (instance.approvals >= quorum) this.fulfil(instance, event)
  }

  /** Every request for approval so far. */
  requests(): readonly Instance[] {
    return this.#instances.filter(({ approval }) => approval !== null)
  }

  /** The deadline has passed, and `now` is when that shows: the next stage begins, or the instance is breached. */
  expire(instance: Instance, now: number): void {
    const next = instance.approval?.stages[instance.stage + 1]
    if (!next) {
      this.#settle(instance, 'breached', instance.due, -1, now)
      return
    }
    this.#transitions.push({ kind: 'escalated', instance, at: instance.due, by: -1 })
    instance.stage++
    instance.counted = []
    instance.approvals = 0
    instance.due = next.withinMilliseconds === null ? Number.POSITIVE_INFINITY : instance.due + next.withinMilliseconds
  }

  obligations(closedAt: number | null): Obligations {
    const instances = this.#instances
    const transitions = this.#transitions
    const effects = this.#effects
    return {
      instances: {
        size: instances.length,
        policy: Uint16Array.from(instances, instance => instance.policy),
        rule: Uint16Array.from(instances, instance => instance.rule),
        openedSeq: Int32Array.from(instances, instance => instance.openedSeq),
        due: Float64Array.from(instances, instance => instance.due),
        stage: Uint8Array.from(instances, instance => instance.stage),
        status: Uint8Array.from(instances, instance => instanceStatuses.indexOf(instance.status)),
        settledAt: Float64Array.from(instances, instance => instance.settledAt),
        settledBy: Int32Array.from(instances, instance => instance.settledBy),
        noticedAt: Float64Array.from(instances, instance => instance.noticedAt),
      },
      transitions: {
        size: transitions.length,
        instance: Int32Array.from(transitions, transition => transition.instance.place),
        kind: Uint8Array.from(transitions, transition => transitionKinds.indexOf(transition.kind)),
        at: Float64Array.from(transitions, transition => transition.at),
        by: Int32Array.from(transitions, transition => transition.by),
      },
      approvals: {
        size: effects.length,
        seq: Int32Array.from(effects, one => one.seq),
        effect: Uint8Array.from(effects, one => approvalEffects.indexOf(one.effect)),
        instance: Int32Array.from(effects, one => one.instance?.place ?? -1),
        stage: Uint8Array.from(effects, one => one.stage),
      },
      closedAt,
    }
  }

  #settle(
    instance: Instance,
    status: 'fulfilled' | 'breached' | 'cancelled',
    at: number,
    by: number,
    noticedAt: number,
  ): void {
    instance.status = status
    instance.settledAt = at
    instance.settledBy = by
    instance.noticedAt = noticedAt
    this.#transitions.push({ kind: status, instance, at, by })
  }
}
