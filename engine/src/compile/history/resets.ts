/** The resets of `since`, in the order of the log: for each key, whether the last one is certain and where it was. */
import type { WindowRows } from './window-rows.ts'

export class Resets {
  /** By slot: 1 where the last reset that counts is uncertain. */
  readonly uncertain: Uint8Array
  /** By slot: the seq of the last certain reset, -1 where there was none. */
  readonly last: Int32Array
  readonly #rows: WindowRows
  #row = 0
  #truth = 0

  constructor(rows: WindowRows) {
    this.#rows = rows
    this.uncertain = new Uint8Array(rows.slotCount)
    this.last = new Int32Array(rows.slotCount).fill(-1)
  }

  /** The seq of the next reset up to `seq`, or -1. */
  next(seq: number): number {
    const { batch, slots, where, rejected } = this.#rows
    for (; this.#row < batch.rows; this.#row++) {
      const row = this.#row
      const own = batch.seq[row] as number
      if (own > seq) return -1
      if (slots !== null && (slots[row] as number) < 0) continue
      if (rejected !== null && rejected[row] === 1) continue
      this.#truth = where === null ? 1 : where(row)
      if (this.#truth !== 0) return own
    }
    return -1
  }

  /** Takes the reset that `next` found: the slot that is to be cleared, or -1 where it is uncertain. */
  take(): number {
    const row = this.#row++
    const { batch, slots } = this.#rows
    const slot = slots === null ? 0 : (slots[row] as number)
    if (this.#truth === 2) {
      this.uncertain[slot] = 1
      return -1
    }
    this.uncertain[slot] = 0
    this.last[slot] = batch.seq[row] as number
    return slot
  }
}
