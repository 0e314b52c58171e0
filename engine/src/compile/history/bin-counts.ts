/** How many values of a window fall into each bin of a baseline, by key. */
import type { Accumulator } from './window.ts'

export class BinCounts implements Accumulator {
  /** By slot: values without a bin. */
  readonly unknown: Int32Array
  /** Bins of slot 0, then of slot 1, … */
  readonly #counts: Int32Array
  readonly #bins: number
  /** By row: the bin of its value, -1 where it has none. */
  readonly #binOf: Int32Array
  readonly #binAt: (row: number) => number

  constructor(binAt: (row: number) => number, bins: number, slotCount: number, rows: number) {
    this.#binAt = binAt
    this.#bins = bins
    this.unknown = new Int32Array(slotCount)
    this.#counts = new Int32Array(slotCount * bins)
    this.#binOf = new Int32Array(rows)
  }

  at(slot: number): readonly number[] {
    return Array.from(this.#counts.subarray(slot * this.#bins, (slot + 1) * this.#bins))
  }
  enter(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const bin = this.#binAt(row)
    this.#binOf[row] = bin
    this.#count(slot, bin, 1)
  }
  leave(row: number, slot: number, where: number): void {
    if (where === 1) this.#count(slot, this.#binOf[row] as number, -1)
  }
  clear(slot: number): void {
    this.#counts.fill(0, slot * this.#bins, (slot + 1) * this.#bins)
    this.unknown[slot] = 0
  }

  #count(slot: number, bin: number, change: 1 | -1): void {
    if (bin < 0) this.unknown[slot] = (this.unknown[slot] as number) + change
    else this.#counts[slot * this.#bins + bin] = (this.#counts[slot * this.#bins + bin] as number) + change
  }
}
