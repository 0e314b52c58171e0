/**
 * Where a number stands among sorted thresholds, found in a step or two: the numbers between the first and the last threshold
 * are cut into many equal parts, and each part knows how many thresholds lie before it.
 */

/** More parts than thresholds, so that most parts have none. */
const partsPerThreshold = 8

export class Thresholds {
  /** Places that `placeOf` may give are below this. */
  readonly places: number
  readonly #sorted: Float64Array
  readonly #before: Int32Array
  readonly #first: number
  readonly #last: number
  readonly #perPart: number

  /** Infinite thresholds are of no effect: no number reaches them. */
  constructor(thresholds: readonly number[]) {
    const sorted = Float64Array.from(new Set(thresholds.filter(Number.isFinite))).sort()
    this.#sorted = sorted
    this.places = sorted.length * 2 + 1
    this.#first = sorted[0] ?? 0
    this.#last = sorted.at(-1) ?? 0
    const parts = sorted.length * partsPerThreshold
    this.#perPart = this.#last > this.#first ? parts / (this.#last - this.#first) : 0
    this.#before = new Int32Array(parts + 1)
    let below = 0
    for (let part = 0; part <= parts; part++) {
      while (below < sorted.length && this.#partOf(sorted[below] as number) < part) below++
      this.#before[part] = below
    }
  }

  /** Twice the number of thresholds below `value`, plus 1 where it is one itself. */
  placeOf(value: number): number {
    if (value < this.#first) return 0
    if (value > this.#last) return this.places - 1
    const sorted = this.#sorted
    // INVARIANT: parts grow with numbers, so that thresholds of earlier parts are below the value.
    let below = this.#before[this.#partOf(value)] as number
    while ((sorted[below] as number) < value) below++
    return below * 2 + (sorted[below] === value ? 1 : 0)
  }

  #partOf(value: number): number {
    return Math.floor((value - this.#first) * this.#perPart)
  }
}
