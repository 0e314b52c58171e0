/** Windows that move over the points of one key: each point comes in once and leaves once, whatever is asked of them. */
import { calendarStart } from '../compile/history/calendar.ts'
import type { MeasureFunction, MeasureRange } from '../plan/measure.ts'
import type { Rational } from '../value/rational.ts'
import type { Held } from './budget.ts'
import type { Point } from './point.ts'
import { type Tally, tallyOf } from './tally.ts'

/** The points of one key, in the order in which they happened; windows of different ranges look at the same. */
export class Series {
  readonly #points: Point[] = []
  readonly #windows: SlidingWindow[] = []

  window(name: MeasureFunction, rank: Rational | null, range: MeasureRange): SlidingWindow {
    const made = new SlidingWindow(this.#points, tallyOf(name, rank), range)
    this.#windows.push(made)
    return made
  }

  /** The points that some window still holds; without windows none. */
  held(): readonly Point[] {
    return this.#points.slice(Math.min(this.#points.length, ...this.#windows.map(window => window.head)))
  }

  add(point: Point): void {
    this.#points.push(point)
    for (const window of this.#windows) window.take(point)
  }
}

export class SlidingWindow {
  readonly #points: readonly Point[]
  readonly #tally: Tally
  readonly #range: MeasureRange
  /** The first point that is still in the window. */
  #head = 0

  constructor(points: readonly Point[], tally: Tally, range: MeasureRange) {
    this.#points = points
    this.#tally = tally
    this.#range = range
  }

  get head(): number {
    return this.#head
  }

  take(point: Point): void {
    this.#tally.add(point.value)
  }

  /** What the window that ends at `time` holds. Times only grow. */
  at(time: number): Held {
    const range = this.#range
    // The last moment that is not in the window; times are whole milliseconds.
    const before = range.kind === 'over' ? time - range.milliseconds : calendarStart(time, range.unit, range.zone) - 1
    for (;;) {
      const oldest = this.#points[this.#head]
      if (oldest === undefined || oldest.time > before) break
      this.#tally.remove(oldest.value)
      this.#head++
    }
    return this.#tally.held()
  }
}
