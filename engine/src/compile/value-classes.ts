/**
 * The values of one column in classes that all the atoms on the column treat alike, each class with a bit per rule (1: no atom
 * of the rule on this column is false). A class is worked out when the first event has a value of it, by asking the atoms at
 * that event, so that nothing about their meaning is written twice.
 */
import type { BoolColumn, CodeColumn, MoneyColumn, NumberColumn } from '../log/columns.ts'
import type { Condition } from './rules.ts'
import { Thresholds } from './thresholds.ts'

/** An atom, and the place of its rule in the group. */
export interface PlacedCondition {
  readonly place: number
  readonly holds: Condition
}

export interface ValueClasses {
  /** By class: one word per 32 rules. */
  readonly masks: Int32Array
  /** By class: 1 where an atom is unknown. */
  readonly unknown: Uint8Array
  /** The class of the value at a row. */
  classOf(row: number): number
}

/** Classes made so far; equal ones are one. */
class Classes {
  masks: Int32Array
  unknown = new Uint8Array(8)
  #size = 0
  readonly #words: number
  readonly #known = new Map<string, number>()
  readonly #conditions: readonly PlacedCondition[]
  readonly #all: Int32Array

  constructor(rules: number, conditions: readonly PlacedCondition[]) {
    this.#words = (rules + 31) >>> 5
    this.masks = new Int32Array(8 * this.#words)
    this.#conditions = conditions
    this.#all = new Int32Array(this.#words).fill(-1)
  }

  /** The class of the value at this row, new or known. */
  at(row: number): number {
    const mask = this.#all.slice()
    let anyUnknown = 0
    for (const { place, holds } of this.#conditions) {
      const truth = holds(row)
      if (truth === 0) mask[place >>> 5] = (mask[place >>> 5] as number) & ~(1 << (place & 31))
      else if (truth === 2) anyUnknown = 1
    }
    const name = `${anyUnknown},${mask.join()}`
    let number = this.#known.get(name)
    if (number === undefined) {
      number = this.#size++
      this.#known.set(name, number)
      if (this.#size > this.unknown.length) this.#grow()
      this.masks.set(mask, number * this.#words)
      this.unknown[number] = anyUnknown
    }
    return number
  }

  #grow(): void {
    const unknown = new Uint8Array(this.unknown.length * 2)
    const masks = new Int32Array(this.masks.length * 2)
    unknown.set(this.unknown)
    masks.set(this.masks)
    this.unknown = unknown
    this.masks = masks
  }
}

export class BoolClasses extends Classes implements ValueClasses {
  readonly #values: Uint8Array
  /** By value: class + 1, 0 where not yet made. */
  readonly #table = new Int32Array(4)

  constructor(column: BoolColumn, rules: number, conditions: readonly PlacedCondition[]) {
    super(rules, conditions)
    this.#values = column.values
  }

  classOf(row: number): number {
    const value = this.#values[row] as number
    const known = this.#table[value] as number
    if (known !== 0) return known - 1
    const made = this.at(row)
    this.#table[value] = made + 1
    return made
  }
}

export class CodeClasses extends Classes implements ValueClasses {
  readonly #values: Int32Array
  /** By code + 2: class + 1, 0 where not yet made, -1: a string that no atom names. */
  readonly #table: Int32Array
  #other = -1

  /** `named`: the codes that atoms speak of, where they treat all others alike; else null. */
  constructor(
    column: CodeColumn,
    codes: number,
    named: ReadonlySet<number> | null,
    rules: number,
    conditions: readonly PlacedCondition[],
  ) {
    super(rules, conditions)
    this.#values = column.values
    this.#table = new Int32Array(codes + 2)
    if (named === null) return
    this.#table.fill(-1, 2)
    for (const code of named) this.#table[code + 2] = 0
  }

  classOf(row: number): number {
    const place = (this.#values[row] as number) + 2
    const known = this.#table[place] as number
    if (known > 0) return known - 1
    if (known < 0 && this.#other >= 0) return this.#other
    const made = this.at(row)
    if (known < 0) this.#other = made
    else this.#table[place] = made + 1
    return made
  }
}

export class NumberClasses extends Classes implements ValueClasses {
  readonly #values: Float64Array
  readonly #exact: NumberColumn['exact']
  readonly #thresholds: Thresholds
  /** By place among the thresholds; then absent, unknown. Class + 1, 0 where not yet made. */
  readonly #table: Int32Array

  constructor(
    column: NumberColumn | MoneyColumn,
    thresholds: readonly number[],
    rules: number,
    conditions: readonly PlacedCondition[],
  ) {
    super(rules, conditions)
    this.#values = column.values
    this.#exact = column.exact
    this.#thresholds = new Thresholds(thresholds)
    this.#table = new Int32Array(this.#thresholds.places + 2)
  }

  classOf(row: number): number {
    const value = this.#values[row] as number
    let place: number
    if (Number.isNaN(value)) {
      const side = this.#exact.get(row)
      // A number beyond the safe integers is at no place of the table.
      if (side !== 'absent' && side !== 'unknown') return this.at(row)
      place = this.#thresholds.places + (side === 'absent' ? 0 : 1)
    } else place = this.#thresholds.placeOf(value)
    const known = this.#table[place] as number
    if (known !== 0) return known - 1
    const made = this.at(row)
    this.#table[place] = made + 1
    return made
  }
}
