/**
 * The rows of one contract chained by key, newest first, as far as the log has been seen. Asking for a place in the log moves
 * the chains there; places are asked for in ascending order.
 */
import type { Batch } from '../../log/columns.ts'

export class KeyChains {
  readonly batch: Batch
  /** By row: the row before it with the same slot, or -1. */
  readonly previous: Int32Array
  readonly #slots: Int32Array
  readonly #newest: Int32Array
  readonly #rejected: Uint8Array | null
  #next = 0

  constructor(batch: Batch, slots: Int32Array | null, slotCount: number, rejected: Uint8Array | null) {
    this.batch = batch
    this.previous = new Int32Array(batch.rows)
    this.#slots = slots ?? new Int32Array(batch.rows)
    this.#newest = new Int32Array(slotCount).fill(-1)
    this.#rejected = rejected
  }

  /** The newest row with this slot among the events up to and including `seq`, or -1. */
  newest(slot: number, seq: number): number {
    const { seq: seqs, rows } = this.batch
    while (this.#next < rows && (seqs[this.#next] as number) <= seq) {
      const row = this.#next++
      const own = this.#slots[row] as number
      if (own < 0 || (this.#rejected !== null && this.#rejected[row] === 1)) continue
      this.previous[row] = this.#newest[own] as number
      this.#newest[own] = row
    }
    return slot < 0 ? -1 : (this.#newest[slot] as number)
  }
}
