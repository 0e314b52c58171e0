/**
 * The side map of a number column: for the rows that are no safe integer, what they are. One byte per row says absent, unknown
 * or exact, since a log may have an absent value in nearly every row; only exact numbers are objects.
 */
import type { Rational } from '../value/rational.ts'
import type { Absence } from './columns.ts'

/** Byte codes above every scale. */
export const sideExact = 253
export const sideAbsent = 254
export const sideUnknown = 255

/** For columns in which every row is a safe integer. */
export const emptySides: ReadonlyMap<number, Rational | Absence> = new Map<number, Rational | Absence>()

/** A `ReadonlyMap` from row to what stands there. */
export class SideMap implements ReadonlyMap<number, Rational | Absence> {
  /** By row; below `sideExact`: the row is not in this map. */
  readonly #sides: Uint8Array
  readonly #exact: ReadonlyMap<number, Rational>

  constructor(sides: Uint8Array, exact: ReadonlyMap<number, Rational>) {
    this.#sides = sides
    this.#exact = exact
  }

  get(row: number): Rational | Absence | undefined {
    const side = this.#sides[row]
    if (side === sideAbsent) return 'absent'
    if (side === sideUnknown) return 'unknown'
    return side === sideExact ? this.#exact.get(row) : undefined
  }
  has(row: number): boolean {
    return (this.#sides[row] ?? 0) >= sideExact
  }
  get size(): number {
    let size = 0
    for (const side of this.#sides) if (side >= sideExact) size++
    return size
  }
  *entries(): MapIterator<[number, Rational | Absence]> {
    for (let row = 0; row < this.#sides.length; row++) {
      const value = this.get(row)
      if (value !== undefined) yield [row, value]
    }
    return undefined
  }
  *keys(): MapIterator<number> {
    for (const [row] of this.entries()) yield row
    return undefined
  }
  *values(): MapIterator<Rational | Absence> {
    for (const [, value] of this.entries()) yield value
    return undefined
  }
  [Symbol.iterator](): MapIterator<[number, Rational | Absence]> {
    return this.entries()
  }
  forEach(
    callback: (value: Rational | Absence, row: number, map: ReadonlyMap<number, Rational | Absence>) => void,
  ): void {
    for (const [row, value] of this.entries()) callback(value, row, this)
  }
}
