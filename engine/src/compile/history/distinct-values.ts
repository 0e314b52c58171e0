/** How many different values a window has by key: a count of rows for each pair of key and value. */
import { PairTable } from '../pair-table.ts'
import type { Accumulator } from './window.ts'

export class DistinctValues implements Accumulator {
  /** By slot: different values, and unknown ones. */
  readonly counts: Int32Array
  readonly unknown: Int32Array
  /** By row: the number of its value, -1 where it is unknown. */
  readonly #numbers: Int32Array
  readonly #numberOf: (row: number) => number
  readonly #pairs = new PairTable()
  /** By pair: rows with it, and the pair of the same key that was met before it. */
  #rows = new Int32Array(64)
  #before = new Int32Array(64)
  /** By slot: the pair met last, or -1. */
  readonly #pairOf: Int32Array

  /** `numberOf`: equal for equal values, -1 for unknown ones. */
  constructor(numberOf: (row: number) => number, slotCount: number, rows: number) {
    this.#numberOf = numberOf
    this.counts = new Int32Array(slotCount)
    this.unknown = new Int32Array(slotCount)
    this.#numbers = new Int32Array(rows)
    this.#pairOf = new Int32Array(slotCount).fill(-1)
  }

  enter(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const number = this.#numberOf(row)
    this.#numbers[row] = number
    if (number < 0) {
      this.unknown[slot] = (this.unknown[slot] as number) + 1
      return
    }
    const known = this.#pairs.size
    const pair = this.#pairs.intern(slot, number)
    if (pair === known) this.#add(pair, slot)
    const rows = this.#rows[pair] as number
    if (rows === 0) this.counts[slot] = (this.counts[slot] as number) + 1
    this.#rows[pair] = rows + 1
  }
  leave(row: number, slot: number, where: number): void {
    if (where !== 1) return
    const number = this.#numbers[row] as number
    if (number < 0) {
      this.unknown[slot] = (this.unknown[slot] as number) - 1
      return
    }
    const pair = this.#pairs.find(slot, number)
    const rows = (this.#rows[pair] as number) - 1
    this.#rows[pair] = rows
    if (rows === 0) this.counts[slot] = (this.counts[slot] as number) - 1
  }
  clear(slot: number): void {
    this.counts[slot] = 0
    this.unknown[slot] = 0
    for (let pair = this.#pairOf[slot] as number; pair >= 0; pair = this.#before[pair] as number) this.#rows[pair] = 0
  }

  #add(pair: number, slot: number): void {
    if (pair === this.#rows.length) {
      const rows = new Int32Array(pair * 2)
      const before = new Int32Array(pair * 2)
      rows.set(this.#rows)
      before.set(this.#before)
      this.#rows = rows
      this.#before = before
    }
    this.#before[pair] = this.#pairOf[slot] as number
    this.#pairOf[slot] = pair
  }
}
