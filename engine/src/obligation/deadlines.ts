/**
 * The deadlines of pending instances. A rule (a stage of an approval) has one delay, and its instances come in the order of
 * time, so that each is a queue that is sorted by itself; the next deadline of all is the earliest of the queues' heads.
 * Instances that are settled otherwise stay in their queue until they come to its head.
 */
import { type GrowingInstances, larger, pendingCode } from './growing.ts'

/** The instances of one rule at one stage, oldest first. INVARIANT: their due times ascend. */
export class DeadlineQueue {
  readonly policy: number
  readonly rule: number
  readonly stage: number
  #places = new Int32Array(64)
  #head = 0
  #end = 0

  constructor(policy: number, rule: number, stage: number) {
    this.policy = policy
    this.rule = rule
    this.stage = stage
  }

  push(place: number): void {
    if (this.#end === this.#places.length) this.#makeRoom()
    this.#places[this.#end++] = place
  }

  /** The oldest instance that is still pending at this stage, or -1. */
  first(instances: GrowingInstances): number {
    while (this.#head < this.#end) {
      const place = this.#places[this.#head] as number
      if (this.waits(place, instances)) return place
      this.#head++
    }
    return -1
  }

  drop(): void {
    this.#head++
  }

  /** Every instance that still waits here, oldest first. */
  *pending(instances: GrowingInstances): Iterable<number> {
    for (let i = this.#head; i < this.#end; i++) {
      const place = this.#places[i] as number
      if (this.waits(place, instances)) yield place
    }
  }

  waits(place: number, instances: GrowingInstances): boolean {
    return instances.status[place] === pendingCode && instances.stage[place] === this.stage
  }

  /** Over the part that is gone, where that is at least half of it. */
  #makeRoom(): void {
    const live = this.#end - this.#head
    if (this.#head >= live) this.#places.copyWithin(0, this.#head, this.#end)
    else this.#places = larger(this.#places, new Int32Array(this.#places.length * 2))
    if (this.#head < live) return
    this.#head = 0
    this.#end = live
  }
}

/** All queues, and the time before which nothing is due. */
export class Deadlines {
  /** No deadline is before this; the earliest one may be later, where its instance is settled already. */
  next = Number.POSITIVE_INFINITY
  readonly #instances: GrowingInstances
  readonly #queues: DeadlineQueue[] = []

  constructor(instances: GrowingInstances) {
    this.#instances = instances
  }

  queue(policy: number, rule: number, stage: number): DeadlineQueue {
    const made = new DeadlineQueue(policy, rule, stage)
    this.#queues.push(made)
    return made
  }

  /** Puts a pending instance in its queue. */
  push(queue: DeadlineQueue, place: number): void {
    queue.push(place)
    const due = this.#instances.due[place] as number
    if (due < this.next) this.next = due
  }

  /** Calls `expire` for each deadline before `limit` (at it too where `inclusive`), in order: by time, policy, rule, opening. */
  pass(limit: number, inclusive: boolean, expire: (place: number, queue: DeadlineQueue) => void): void {
    for (;;) {
      const queue = this.#earliest()
      const place = queue === null ? -1 : queue.first(this.#instances)
      const due = place < 0 ? Number.POSITIVE_INFINITY : (this.#instances.due[place] as number)
      if (queue === null || !(due < limit || (inclusive && due === limit))) {
        this.next = due
        return
      }
      queue.drop()
      expire(place, queue)
    }
  }

  #earliest(): DeadlineQueue | null {
    const { due } = this.#instances
    let best: DeadlineQueue | null = null
    let bestPlace = -1
    for (const queue of this.#queues) {
      const place = queue.first(this.#instances)
      if (place < 0) continue
      const sooner = bestPlace < 0 ? -1 : (due[place] as number) - (due[bestPlace] as number)
      if (sooner < 0 || (sooner === 0 && best !== null && comesBefore(queue, place, best, bestPlace))) {
        best = queue
        bestPlace = place
      }
    }
    return best
  }
}

function comesBefore(a: DeadlineQueue, placeA: number, b: DeadlineQueue, placeB: number): boolean {
  return (a.policy - b.policy || a.rule - b.rule || placeA - placeB) < 0
}
