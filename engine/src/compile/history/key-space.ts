/**
 * Keys of windows as small integers: every different key (of one field or several) that an event of the window's contracts has
 * gets a slot, and the state of a window is arrays by slot. Slots of all rows are worked out at once, before the run.
 */
import type { Column, Log } from '../../log/columns.ts'
import { holdsUnknown, identity, isKnown } from '../../value/operations.ts'
import type { Type } from '../../value/type.ts'
import type { Value } from '../../value/value.ts'
import { fieldReader } from '../column-values.ts'
import { PairTable } from '../pair-table.ts'
import { cursorOf, type Scope } from '../scope.ts'

/** Paths of the key fields, with the types by which values are told apart. */
export interface KeyPath {
  readonly path: readonly string[]
  readonly type: Type
}

/** Where the current event has a key value: a column of codes, or anything else as a value. */
export interface KeySource {
  readonly codes: Int32Array | null
  readonly read: (row: number) => Value
}

/** INVARIANT: two rows have one slot exactly if all their key fields are known and equal. */
export class KeySpace {
  /** Slots given so far. */
  size = 0
  readonly #scope: Scope
  readonly #log: Log
  readonly #parts: readonly Part[]
  /** For two parts and more: pairs of (slot of the parts before, number of this part). */
  readonly #pairs: readonly PairTable[]
  /** For one part: number to slot. */
  readonly #rows = new Map<string, Int32Array>()

  constructor(scope: Scope, parts: number) {
    this.#scope = scope
    this.#log = scope.log
    this.#parts = Array.from({ length: parts }, () => new Part(scope.log))
    this.#pairs = Array.from({ length: Math.max(0, parts - 1) }, () => new PairTable())
    if (parts === 0) this.size = 1
  }

  /** By row of the contract: its slot, or -1 where a key is unknown or absent. New keys get new slots. */
  rows(contract: number, paths: readonly KeyPath[]): Int32Array {
    const name = `${contract}:${JSON.stringify(paths.map(key => key.path))}`
    let slots = this.#rows.get(name)
    if (slots === undefined) {
      slots = this.#number(contract, paths)
      this.#rows.set(name, slots)
    }
    return slots
  }

  /**
   * The slot of the current event's key, by row of its contract: -1 where no event has it, -2 where a part of it is unknown or
   * absent. One source for each key field.
   */
  finder(sources: readonly KeySource[]): (row: number) => number {
    const finders = sources.map((source, index) => (this.#parts[index] as Part).finder(source))
    const [only] = finders
    if (only !== undefined && finders.length === 1) return only
    return row => {
      let slot = 0
      for (let part = 0; part < finders.length; part++) {
        const number = (finders[part] as (row: number) => number)(row)
        if (number === -2) return -2
        if (slot < 0 || number < 0) slot = -1
        else slot = part === 0 ? number : (this.#pairs[part - 1] as PairTable).find(slot, number)
      }
      return slot
    }
  }

  #number(contract: number, paths: readonly KeyPath[]): Int32Array {
    const cursor = cursorOf(this.#log, contract)
    const { rows, columns } = cursor.batch
    const slots = new Int32Array(rows)
    paths.forEach(({ path, type }, index) => {
      const part = this.#parts[index] as Part
      const column = columns.get(path.join('.'))
      const read = fieldReader(this.#scope, cursor, path, type)
      const numbers = part.number(column, rows, row => {
        cursor.row = row
        return read()
      })
      if (index === 0) slots.set(numbers)
      else {
        const pairs = this.#pairs[index - 1] as PairTable
        for (let row = 0; row < rows; row++) {
          const before = slots[row] as number
          const number = numbers[row] as number
          slots[row] = before < 0 || number < 0 ? -1 : pairs.intern(before, number)
        }
      }
    })
    const last = this.#pairs.at(-1)
    if (this.#parts.length > 0) this.size = last === undefined ? (this.#parts[0] as Part).size : last.size
    return slots
  }
}

/** The different values of one key field, numbered in the order in which rows have them. */
class Part {
  size = 0
  readonly #log: Log
  /** By dictionary code: number + 1. */
  #codes: Int32Array | null = null
  readonly #integers = new Map<number, number>()
  readonly #others = new Map<string, number>()

  constructor(log: Log) {
    this.#log = log
  }

  find(value: Value): number {
    if (typeof value === 'string') {
      const code = this.#log.dictionary.find(value)
      return code < 0 || this.#codes === null ? -1 : (this.#codes[code] as number) - 1
    }
    const integer = integerOf(value)
    return (integer === undefined ? this.#others.get(identity(value)) : this.#integers.get(integer)) ?? -1
  }

  /** By row of the source: the number of the value, -1 where no event has it, -2 where it is unknown or absent. */
  finder({ codes, read }: KeySource): (row: number) => number {
    const known = this.#codes
    if (codes !== null && known !== null)
      return row => {
        const code = codes[row] as number
        return code < 0 ? -2 : (known[code] as number) - 1
      }
    return row => {
      const value = read(row)
      return !isKnown(value) || holdsUnknown(value) ? -2 : this.find(value)
    }
  }

  number(column: Column | undefined, rows: number, read: (row: number) => Value): Int32Array {
    const numbers = new Int32Array(rows)
    if (column?.kind === 'code') {
      const codes = this.#codes ?? new Int32Array(this.#log.dictionary.size)
      this.#codes = codes
      for (let row = 0; row < rows; row++) {
        const code = column.values[row] as number
        if (code < 0) numbers[row] = -1
        else {
          let number = codes[code] as number
          if (number === 0) {
            number = ++this.size
            codes[code] = number
          }
          numbers[row] = number - 1
        }
      }
    } else if (column?.kind === 'number' && column.scale === 0) {
      for (let row = 0; row < rows; row++) {
        const integer = column.values[row] as number
        numbers[row] = Number.isNaN(integer) ? this.#intern(read(row)) : this.#internInteger(integer)
      }
    } else {
      for (let row = 0; row < rows; row++) numbers[row] = this.#intern(read(row))
    }
    return numbers
  }

  #intern(value: Value): number {
    if (!isKnown(value) || holdsUnknown(value)) return -1
    const integer = integerOf(value)
    if (integer !== undefined) return this.#internInteger(integer)
    const name = identity(value)
    let number = this.#others.get(name)
    if (number === undefined) {
      number = this.size++
      this.#others.set(name, number)
    }
    return number
  }

  #internInteger(integer: number): number {
    let number = this.#integers.get(integer)
    if (number === undefined) {
      number = this.size++
      this.#integers.set(integer, number)
    }
    return number
  }
}

/** Safe integers are told apart as numbers, everything else by its identity. */
function integerOf(value: Value): number | undefined {
  if (typeof value !== 'object' || !('d' in value) || value.d !== 1n) return undefined
  const integer = Number(value.n)
  return Number.isSafeInteger(integer) ? integer : undefined
}
