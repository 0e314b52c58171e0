/**
 * A window kept up to date over the columns: two cursors over the rows of its contract, one for the rows that have come into
 * the range and one for those that have left it, and counts by key. Sums, extremes and the like are accumulators that hear of
 * every row that enters and leaves. All windows of one shape are one object.
 *
 * INVARIANT: events of a log are in order of time, and a window is asked at events in the order of the log.
 */

import type { Range } from '../../plan/expression.ts'
import { unitSpan } from './calendar.ts'
import type { Resets } from './resets.ts'
import type { WindowRows } from './window-rows.ts'

/** Hears of the rows whose filter is true (1) or unknown (2). */
export interface Accumulator {
  enter(row: number, slot: number, where: number): void
  leave(row: number, slot: number, where: number): void
  /** Forgets all rows of a key. */
  clear(slot: number): void
}

export class Window {
  /** By slot: rows in the range whose filter is true, and unknown. */
  readonly counts: Int32Array
  readonly uncertain: Int32Array
  /** By row: the filter where it was asked; null where every row counts. */
  readonly filtered: Uint8Array | null
  readonly rows: WindowRows
  readonly #accumulators: Accumulator[] = []
  readonly #range: Range
  readonly #beforeThis: boolean
  readonly #resets: Resets | null
  #entered = 0
  #left = 0
  #seen = -1
  #unitStart = 0
  #unitEnd = Number.NEGATIVE_INFINITY

  constructor(rows: WindowRows, range: Range, beforeThis: boolean, resets: Resets | null) {
    this.rows = rows
    this.counts = new Int32Array(rows.slotCount)
    this.uncertain = new Int32Array(rows.slotCount)
    this.filtered = rows.where === null && rows.rejected === null ? null : new Uint8Array(rows.batch.rows)
    this.#range = range
    this.#beforeThis = beforeThis
    this.#resets = resets
  }

  /** Whether an event has been asked for. */
  get isUnderWay(): boolean {
    return this.#seen >= 0
  }

  /** Only before the first event is asked for. */
  add(accumulator: Accumulator): void {
    if (this.isUnderWay) throw new Error('the window is under way')
    this.#accumulators.push(accumulator)
  }

  /** Brings the window to an event: its place in the log and its time. */
  advance(seq: number, time: number): void {
    if (seq === this.#seen) return
    this.#seen = seq
    const last = this.#beforeThis ? seq - 1 : seq
    if (this.#resets !== null) this.#enterBetweenResets(this.#resets, last)
    else {
      this.#enter(last)
      this.#leave(this.#outside(time))
    }
  }

  /** Whether the last reset of a key is uncertain; then nothing is known of its window. */
  isUncertain(slot: number): boolean {
    return this.#resets !== null && this.#resets.uncertain[slot] === 1
  }

  /** The time up to which events are outside. */
  #outside(time: number): number {
    const range = this.#range
    if (range.kind === 'over') return time - range.milliseconds
    if (range.kind !== 'per') return Number.NEGATIVE_INFINITY
    if (time >= this.#unitEnd) {
      const span = unitSpan(time, range.unit, range.zone)
      this.#unitStart = span.start
      this.#unitEnd = span.until
    }
    return this.#unitStart - 1
  }

  #enter(last: number): void {
    const { batch, slots, where, rejected } = this.rows
    const { seq, rows } = batch
    const { filtered, counts } = this
    const accumulators = this.#accumulators
    let row = this.#entered
    for (; row < rows && (seq[row] as number) <= last; row++) {
      const slot = slots === null ? 0 : (slots[row] as number)
      if (slot < 0) continue
      let truth = 1
      if (filtered !== null) {
        truth = rejected !== null && rejected[row] === 1 ? 0 : where === null ? 1 : where(row)
        filtered[row] = truth
        if (truth === 0) continue
      }
      if (truth === 1) counts[slot] = (counts[slot] as number) + 1
      else this.uncertain[slot] = (this.uncertain[slot] as number) + 1
      for (let i = 0; i < accumulators.length; i++) (accumulators[i] as Accumulator).enter(row, slot, truth)
    }
    this.#entered = row
  }

  #leave(outside: number): void {
    const { batch, slots } = this.rows
    const { time } = batch
    const { filtered, counts } = this
    const accumulators = this.#accumulators
    const end = this.#entered
    let row = this.#left
    for (; row < end && (time[row] as number) <= outside; row++) {
      const slot = slots === null ? 0 : (slots[row] as number)
      if (slot < 0) continue
      const truth = filtered === null ? 1 : (filtered[row] as number)
      if (truth === 0) continue
      if (truth === 1) counts[slot] = (counts[slot] as number) - 1
      else this.uncertain[slot] = (this.uncertain[slot] as number) - 1
      for (let i = 0; i < accumulators.length; i++) (accumulators[i] as Accumulator).leave(row, slot, truth)
    }
    this.#left = row
  }

  /** A reset ends what came up to it, the reset's own event included. */
  #enterBetweenResets(resets: Resets, last: number): void {
    for (let next = resets.next(last); next >= 0; next = resets.next(last)) {
      this.#enter(next)
      const slot = resets.take()
      if (slot < 0) continue
      this.counts[slot] = 0
      this.uncertain[slot] = 0
      for (const accumulator of this.#accumulators) accumulator.clear(slot)
    }
    this.#enter(last)
  }
}
