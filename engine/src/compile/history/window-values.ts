/**
 * The values of a window's events, as numbers by row. A value that is no fast number is either unknown, which makes every
 * aggregate over it unknown, or known to the exact path only, which makes its key exact from then on.
 */
import { holdsUnknown, isKnown } from '../../value/operations.ts'
import type { Value } from '../../value/value.ts'

export class WindowValues {
  readonly scale: number
  readonly #compute: ((row: number) => number) | null
  readonly #exact: (row: number) => Value
  readonly #rows: number
  #numbers: Float64Array

  /** `numbers`: the column they stand in, or how each is computed, for this many rows. */
  constructor(
    numbers: Float64Array | ((row: number) => number),
    scale: number,
    rows: number,
    exact: (row: number) => Value,
  ) {
    this.#compute = typeof numbers === 'function' ? numbers : null
    this.#numbers = typeof numbers === 'function' ? new Float64Array(0) : numbers
    this.scale = scale
    this.#rows = rows
    this.#exact = exact
  }

  /** By row, for those that have entered: whoever keeps values asks for them before the first one does. */
  keep(): Float64Array {
    if (this.#compute !== null && this.#numbers.length === 0) this.#numbers = new Float64Array(this.#rows)
    return this.#numbers
  }

  /** The number of a row that enters; NaN: ask `isUnknown`. */
  enter(row: number): number {
    if (this.#compute === null) return this.#numbers[row] as number
    const number = this.#compute(row)
    this.#numbers[row] = number
    return number
  }

  /** Of a row whose number is NaN: whether its value is unknown; else it is known, but not as a fast number. */
  isUnknown(row: number): boolean {
    const value = this.#exact(row)
    return !isKnown(value) || holdsUnknown(value)
  }
}

/** What accumulators of values have in common: by slot, unknown values in the range, and whether only the exact path will do. */
export class ValueDoubts {
  readonly unknown: Int32Array
  /** By slot: 1 from the first value or sum on that is no fast number. */
  readonly exactOnly: Uint8Array
  readonly #values: WindowValues

  constructor(values: WindowValues, slotCount: number) {
    this.#values = values
    this.unknown = new Int32Array(slotCount)
    this.exactOnly = new Uint8Array(slotCount)
  }

  enter(row: number, slot: number): void {
    if (this.#values.isUnknown(row)) this.unknown[slot] = (this.unknown[slot] as number) + 1
    else this.exactOnly[slot] = 1
  }
  /** INVARIANT: a slot that is exact only is not read again, so that its count of unknowns need not be right. */
  leave(slot: number): void {
    this.unknown[slot] = (this.unknown[slot] as number) - 1
  }
}
