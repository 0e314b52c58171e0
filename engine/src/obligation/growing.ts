/** Columns that grow while a run goes on, doubling: instances and transitions as the fast implementation keeps them. */
import { type Instances, instanceStatuses, type TransitionKind, type Transitions, transitionKinds } from './instance.ts'

/** Codes, so that inner loops compare numbers. */
export const pendingCode = instanceStatuses.indexOf('pending')

export class GrowingInstances {
  size = 0
  policy = new Uint16Array(first)
  rule = new Uint16Array(first)
  openedSeq = new Int32Array(first)
  due = new Float64Array(first)
  stage = new Uint8Array(first)
  status = new Uint8Array(first)
  settledAt = new Float64Array(first)
  settledBy = new Int32Array(first)
  noticedAt = new Float64Array(first)
  readonly #transitions = new GrowingTransitions()

  /** `due`: Infinity where there is no deadline. Gives the place of the instance. */
  open(policy: number, rule: number, seq: number, time: number, due: number): number {
    const place = this.#begin(policy, rule, seq, due)
    this.#transitions.add(place, openedCode, time, seq)
    return place
  }

  /** One that is pending from before the log; its opening is no transition here. */
  restore(policy: number, rule: number, seq: number, due: number, stage: number): number {
    const place = this.#begin(policy, rule, seq, due)
    this.stage[place] = stage
    return place
  }

  /** One that ended before the log, and of which only this is known; no event of the log opened or settled it. */
  restoreEnded(policy: number, rule: number, stage: number, late: boolean): number {
    const place = this.restore(policy, rule, -1, Number.NaN, stage)
    this.status[place] = late ? breachedStatus : fulfilledStatus
    this.settledBy[place] = late ? -1 : -2
    return place
  }

  /** By an event; breached by an Approval that refuses. */
  settle(place: number, kind: 'fulfilled' | 'breached' | 'cancelled', seq: number, time: number): void {
    this.#end(place, codeOf(kind), time, seq, time)
  }

  /** By the deadline, which showed at `now`. */
  breach(place: number, now: number): void {
    this.#end(place, breachedCode, this.due[place] as number, -1, now)
  }

  escalate(place: number, due: number): void {
    this.#transitions.add(place, escalatedCode, this.due[place] as number, -1)
    this.stage[place] = (this.stage[place] as number) + 1
    this.due[place] = due
  }

  instances(): Instances {
    const { size } = this
    return {
      size,
      policy: this.policy.subarray(0, size),
      rule: this.rule.subarray(0, size),
      openedSeq: this.openedSeq.subarray(0, size),
      due: this.due.subarray(0, size),
      stage: this.stage.subarray(0, size),
      status: this.status.subarray(0, size),
      settledAt: this.settledAt.subarray(0, size),
      settledBy: this.settledBy.subarray(0, size),
      noticedAt: this.noticedAt.subarray(0, size),
    }
  }

  transitions(): Transitions {
    return this.#transitions.written()
  }

  #begin(policy: number, rule: number, seq: number, due: number): number {
    const place = this.size
    if (place === this.policy.length) this.#grow()
    this.policy[place] = policy
    this.rule[place] = rule
    this.openedSeq[place] = seq
    this.due[place] = due
    this.settledAt[place] = Number.NaN
    this.settledBy[place] = -1
    this.noticedAt[place] = Number.NaN
    this.size = place + 1
    return place
  }

  #end(place: number, transition: number, at: number, by: number, now: number): void {
    this.status[place] = statusAfter[transition] as number
    this.settledAt[place] = at
    this.settledBy[place] = by
    this.noticedAt[place] = now
    this.#transitions.add(place, transition, at, by)
  }

  #grow(): void {
    const size = this.policy.length * 2
    this.policy = larger(this.policy, new Uint16Array(size))
    this.rule = larger(this.rule, new Uint16Array(size))
    this.openedSeq = larger(this.openedSeq, new Int32Array(size))
    this.due = larger(this.due, new Float64Array(size))
    this.stage = larger(this.stage, new Uint8Array(size))
    this.status = larger(this.status, new Uint8Array(size))
    this.settledAt = larger(this.settledAt, new Float64Array(size))
    this.settledBy = larger(this.settledBy, new Int32Array(size))
    this.noticedAt = larger(this.noticedAt, new Float64Array(size))
  }
}

class GrowingTransitions {
  #size = 0
  #instance = new Int32Array(first)
  #kind = new Uint8Array(first)
  #at = new Float64Array(first)
  #by = new Int32Array(first)

  add(instance: number, kind: number, at: number, by: number): void {
    const place = this.#size
    if (place === this.#kind.length) this.#grow()
    this.#instance[place] = instance
    this.#kind[place] = kind
    this.#at[place] = at
    this.#by[place] = by
    this.#size = place + 1
  }

  written(): Transitions {
    const size = this.#size
    return {
      size,
      instance: this.#instance.subarray(0, size),
      kind: this.#kind.subarray(0, size),
      at: this.#at.subarray(0, size),
      by: this.#by.subarray(0, size),
    }
  }

  #grow(): void {
    const size = this.#kind.length * 2
    this.#instance = larger(this.#instance, new Int32Array(size))
    this.#kind = larger(this.#kind, new Uint8Array(size))
    this.#at = larger(this.#at, new Float64Array(size))
    this.#by = larger(this.#by, new Int32Array(size))
  }
}

type Numbers = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

/** The numbers of `from` in the longer `to`. */
export function larger<T extends Numbers>(from: T, to: T): T {
  to.set(from)
  return to
}

const first = 1024

const codeOf = (kind: TransitionKind) => transitionKinds.indexOf(kind)
const openedCode = codeOf('opened')
const escalatedCode = codeOf('escalated')
const breachedCode = codeOf('breached')
const statusNames: readonly string[] = instanceStatuses
/** By kind of transition; an instance goes on where its kind names no status. */
const statusAfter = transitionKinds.map(kind => Math.max(pendingCode, statusNames.indexOf(kind)))
const fulfilledStatus = instanceStatuses.indexOf('fulfilled')
const breachedStatus = instanceStatuses.indexOf('breached')
