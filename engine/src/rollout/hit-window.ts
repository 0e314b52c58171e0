/**
 * How many points there are in a range of time, and how many of them are hits. Points come in the order of their times; each is taken
 * into the range when it is asked for, and leaves it once.
 */

/** What a window knows: plain data, so that a run can go on from it. */
export interface MeasureState {
  /** Times of the points that are in the range, or are still to be taken into it, oldest first, each with whether it is a hit. */
  readonly times: readonly number[]
  readonly hits: readonly boolean[]
  /** How many are in the range, the first of `times`; of points without a range how many there were. */
  readonly count: number
  readonly hitCount: number
}

export class HitWindow {
  #times: number[]
  #hits: boolean[]
  #oldest = 0
  #count: number
  #hitCount: number

  constructor(state: MeasureState | null) {
    this.#times = [...(state?.times ?? [])]
    this.#hits = [...(state?.hits ?? [])]
    this.#count = state?.count ?? 0
    this.#hitCount = state?.hitCount ?? 0
  }

  get count(): number {
    return this.#count
  }
  get hitCount(): number {
    return this.#hitCount
  }

  /** A point that waits to be taken. */
  push(time: number, isHit: boolean): void {
    this.#times.push(time)
    this.#hits.push(isHit)
  }

  /** Takes the points that wait and have a time before `end`. */
  take(end: number): void {
    for (let next = this.#oldest + this.#count; next < this.#times.length; next++) {
      if ((this.#times[next] as number) >= end) return
      this.#count++
      if (this.#hits[next] === true) this.#hitCount++
    }
  }

  /** Points up to and including this time leave. */
  forget(until: number): void {
    while (this.#count > 0 && (this.#times[this.#oldest] as number) <= until) {
      this.#count--
      if (this.#hits[this.#oldest] === true) this.#hitCount--
      this.#oldest++
    }
    if (this.#oldest < worthCutting || this.#oldest * 2 < this.#times.length) return
    this.#times = this.#times.slice(this.#oldest)
    this.#hits = this.#hits.slice(this.#oldest)
    this.#oldest = 0
  }

  state(): MeasureState {
    return {
      times: this.#times.slice(this.#oldest),
      hits: this.#hits.slice(this.#oldest),
      count: this.#count,
      hitCount: this.#hitCount,
    }
  }
}

const worthCutting = 1024
