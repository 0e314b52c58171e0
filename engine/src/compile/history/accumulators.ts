/**
 * What windows keep of their values, by key: running sums, extremes, first and last events, sorted values. Each hears of the
 * rows that enter and leave; different values are counted in distinct-values.ts.
 */
import type { Accumulator } from './window.ts'
import { ValueDoubts, type WindowValues } from './window-values.ts'

/** Running sums of safe integers. */
export class Sums implements Accumulator {
  readonly sums: Float64Array
  readonly doubts: ValueDoubts
  readonly values: WindowValues
  /** By row. */
  readonly numbers: Float64Array

  constructor(values: WindowValues, slotCount: number) {
    this.values = values
    this.numbers = values.keep()
    this.sums = new Float64Array(slotCount)
    this.doubts = new ValueDoubts(values, slotCount)
  }

  enter(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const value = this.values.enter(row)
    if (Number.isNaN(value)) {
      this.doubts.enter(row, slot)
      return
    }
    const sum = (this.sums[slot] as number) + value
    this.sums[slot] = sum
    // A sum beyond the safe integers may be inexact, and stay so after subtracting.
    if (sum > Number.MAX_SAFE_INTEGER || sum < -Number.MAX_SAFE_INTEGER) this.doubts.exactOnly[slot] = 1
  }
  leave(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const value = this.numbers[row] as number
    if (Number.isNaN(value)) this.doubts.leave(slot)
    else this.sums[slot] = (this.sums[slot] as number) - value
  }
  clear(slot: number): void {
    this.sums[slot] = 0
    this.doubts.unknown[slot] = 0
  }
}

/**
 * The largest or smallest value: by key a queue of rows, each better than all that came after it, linked through arrays by row.
 */
export class Extremes implements Accumulator {
  readonly doubts: ValueDoubts
  readonly values: WindowValues
  /** By row. */
  readonly numbers: Float64Array
  /** By slot: the row with the best value, or -1. */
  readonly best: Int32Array
  readonly #last: Int32Array
  readonly #next: Int32Array
  readonly #previous: Int32Array
  readonly #sign: 1 | -1

  /** `sign` 1: the largest, -1: the smallest. */
  constructor(values: WindowValues, slotCount: number, rows: number, sign: 1 | -1) {
    this.values = values
    this.numbers = values.keep()
    this.doubts = new ValueDoubts(values, slotCount)
    this.best = new Int32Array(slotCount).fill(-1)
    this.#last = new Int32Array(slotCount).fill(-1)
    this.#next = new Int32Array(rows)
    this.#previous = new Int32Array(rows)
    this.#sign = sign
  }

  enter(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const value = this.values.enter(row)
    if (Number.isNaN(value)) {
      this.doubts.enter(row, slot)
      return
    }
    const { numbers } = this
    const sign = this.#sign
    let last = this.#last[slot] as number
    while (last >= 0 && ((numbers[last] as number) - value) * sign <= 0) last = this.#previous[last] as number
    this.#previous[row] = last
    this.#next[row] = -1
    if (last < 0) this.best[slot] = row
    else this.#next[last] = row
    this.#last[slot] = row
  }
  leave(row: number, slot: number, where: number): void {
    if (where !== 1) return
    if (Number.isNaN(this.numbers[row] as number)) {
      this.doubts.leave(slot)
      return
    }
    if (this.best[slot] !== row) return
    const next = this.#next[row] as number
    this.best[slot] = next
    if (next < 0) this.#last[slot] = -1
    else this.#previous[next] = -1
  }
  clear(slot: number): void {
    this.best[slot] = -1
    this.#last[slot] = -1
    this.doubts.unknown[slot] = 0
  }
}

/** The newest row by key whose filter is not false; -1: none. */
export class LastRows implements Accumulator {
  readonly rows: Int32Array

  constructor(slotCount: number) {
    this.rows = new Int32Array(slotCount).fill(-1)
  }
  enter(row: number, slot: number): void {
    this.rows[slot] = row
  }
  leave(row: number, slot: number): void {
    if (this.rows[slot] === row) this.rows[slot] = -1
  }
  clear(slot: number): void {
    this.rows[slot] = -1
  }
}

/** The oldest row by key whose filter is not false; -1: none. Rows of a key are linked from old to new. */
export class FirstRows implements Accumulator {
  readonly rows: Int32Array
  readonly #last: Int32Array
  readonly #next: Int32Array

  constructor(slotCount: number, rows: number) {
    this.rows = new Int32Array(slotCount).fill(-1)
    this.#last = new Int32Array(slotCount).fill(-1)
    this.#next = new Int32Array(rows)
  }
  enter(row: number, slot: number): void {
    this.#next[row] = -1
    const last = this.#last[slot] as number
    if (last < 0) this.rows[slot] = row
    else this.#next[last] = row
    this.#last[slot] = row
  }
  leave(row: number, slot: number): void {
    const next = this.#next[row] as number
    this.rows[slot] = next
    if (next < 0) this.#last[slot] = -1
  }
  clear(slot: number): void {
    this.rows[slot] = -1
    this.#last[slot] = -1
  }
}

/** The values by key, sorted; for quantiles. */
export class SortedValues implements Accumulator {
  readonly doubts: ValueDoubts
  readonly values: WindowValues
  /** By row. */
  readonly numbers: Float64Array
  readonly #sorted: (number[] | undefined)[] = []

  constructor(values: WindowValues, slotCount: number) {
    this.values = values
    this.numbers = values.keep()
    this.doubts = new ValueDoubts(values, slotCount)
  }

  /** The value at a place, from 0. */
  at(slot: number, place: number): number {
    return this.#sorted[slot]?.[place] ?? Number.NaN
  }
  enter(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const value = this.values.enter(row)
    if (Number.isNaN(value)) {
      this.doubts.enter(row, slot)
      return
    }
    const sorted = this.#sorted[slot] ?? []
    this.#sorted[slot] = sorted
    sorted.splice(placeOf(sorted, value), 0, value)
  }
  leave(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const value = this.numbers[row] as number
    if (Number.isNaN(value)) {
      this.doubts.leave(slot)
      return
    }
    const sorted = this.#sorted[slot] ?? []
    sorted.splice(placeOf(sorted, value), 1)
  }
  clear(slot: number): void {
    this.#sorted[slot] = []
    this.doubts.unknown[slot] = 0
  }
}

/** The first place whose value is not below `value`. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
