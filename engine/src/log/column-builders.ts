/**
 * Columns while they grow: one builder per kind of column, appended to row by row, finished once. Which columns a contract has
 * is said in leaves.ts; which value belongs to which kind is in `pushValue`, for those who have values; decoders push directly.
 */
import { type Rational, rational } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import { absent, isMoney, isRational, unknown, type Value } from '../value/value.ts'
import {
  type Absence,
  absentCode,
  type BoolColumn,
  type CodeColumn,
  type Column,
  type MoneyColumn,
  type NumberColumn,
  unknownCode,
  type ValueColumn,
} from './columns.ts'
import type { Interner } from './interner.ts'
import { emptySides, SideMap, sideAbsent, sideExact, sideUnknown } from './side-map.ts'

/** What every builder has. A builder is finished once and not used again. */
export interface ColumnBuilder {
  /** Rows so far. */
  readonly rows: number
  /** Throws where the value is of another kind: the programmer's mistake, a decoder has made it unknown before. */
  pushValue(value: Value): void
  pushAbsence(absence: Absence): void
  /** Row r of the column is the row `order[r]` that was pushed; null keeps the order. */
  finish(order: Int32Array | null): Column
}

/** The builder for a leaf's type. */
export function columnBuilder(type: Type, interner: Interner): ColumnBuilder {
  switch (type.kind) {
    case 'bool':
    case 'record':
      return new BoolBuilder()
    case 'string':
    case 'enum':
    case 'version':
      return new CodeBuilder(interner)
    case 'int':
    case 'decimal':
    case 'percent':
    case 'duration':
    case 'time':
      return new NumberBuilder()
    case 'money':
      return new MoneyBuilder(interner)
    case 'list':
      return new ValueBuilder()
    case 'optional':
      return columnBuilder(type.inner, interner)
    case 'error':
      throw new Error('a plan that runs has no field of an unknown type')
  }
}

/** Bool, and the presence of an optional record. */
export class BoolBuilder implements ColumnBuilder {
  rows = 0
  #values = new Uint8Array(firstCapacity)

  push(code: 0 | 1 | 2 | 3): void {
    if (this.rows === this.#values.length) this.#values = grown(this.#values, new Uint8Array(this.rows * 2))
    this.#values[this.rows++] = code
  }
  pushValue(value: Value): void {
    if (value === absent || value === unknown) this.pushAbsence(absenceOf(value))
    else if (typeof value === 'boolean') this.push(value ? 1 : 0)
    else throw wrongKind('a Bool', value)
  }
  pushAbsence(absence: Absence): void {
    this.push(absence === 'absent' ? 3 : 2)
  }
  finish(order: Int32Array | null): BoolColumn {
    return { kind: 'bool', values: arranged(this.#values, this.rows, order, n => new Uint8Array(n)) }
  }
}

/** String, enum and Version. */
export class CodeBuilder implements ColumnBuilder {
  rows = 0
  #values = new Int32Array(firstCapacity)
  readonly #interner: Interner

  constructor(interner: Interner) {
    this.#interner = interner
  }
  push(code: number): void {
    if (this.rows === this.#values.length) this.#values = grown(this.#values, new Int32Array(this.rows * 2))
    this.#values[this.rows++] = code
  }
  pushText(text: string): void {
    this.push(this.#interner.intern(text))
  }
  pushValue(value: Value): void {
    if (value === absent || value === unknown) this.pushAbsence(absenceOf(value))
    else if (typeof value === 'string') this.pushText(value)
    else throw wrongKind('a string', value)
  }
  pushAbsence(absence: Absence): void {
    this.push(absence === 'absent' ? absentCode : unknownCode)
  }
  finish(order: Int32Array | null): CodeColumn {
    return { kind: 'code', values: arranged(this.#values, this.rows, order, n => new Int32Array(n)) }
  }
}

/**
 * Int, Decimal, Percent, Duration, Time. Every number is kept with the digits it came with; the scale of the column is chosen at the
 * end, as the one at which most rows are safe integers, so that one odd row does not push the others off the fast path.
 */
export class NumberBuilder implements ColumnBuilder {
  rows = 0
  #values = new Float64Array(firstCapacity)
  /** Decimal digits of the row, or one of the side codes. */
  #scales = new Uint8Array(firstCapacity)
  readonly #exact = new Map<number, Rational>()

  /** The number `scaled` / 10^`scale`; `scaled` is a safe integer, `scale` in 0 .. 20. */
  push(scaled: number, scale: number): void {
    const row = this.rows++
    if (row === this.#values.length) {
      this.#values = grown(this.#values, new Float64Array(row * 2))
      this.#scales = grown(this.#scales, new Uint8Array(row * 2))
    }
    // Adding 0 makes -0 to 0, which is the same number.
    this.#values[row] = scaled + 0
    this.#scales[row] = scale
  }
  pushExact(value: Rational): void {
    const scale = decimalScale(value.d)
    const scaled = scale < 0 ? 0n : (value.n * 10n ** BigInt(scale)) / value.d
    if (scale >= 0 && scaled <= largestSafe && scaled >= -largestSafe) {
      this.push(Number(scaled), scale)
    } else {
      this.push(Number.NaN, sideExact)
      this.#exact.set(this.rows - 1, value)
    }
  }
  pushValue(value: Value): void {
    if (value === absent || value === unknown) this.pushAbsence(absenceOf(value))
    else if (isRational(value)) this.pushExact(value)
    else throw wrongKind('a number', value)
  }
  pushAbsence(absence: Absence): void {
    this.push(Number.NaN, absence === 'absent' ? sideAbsent : sideUnknown)
  }
  finish(order: Int32Array | null): NumberColumn {
    const rows = this.rows
    const scale = bestScale(this.#values, this.#scales, rows)
    const values = arranged(this.#values, rows, order, n => new Float64Array(n))
    const sides = arranged(this.#scales, rows, order, n => new Uint8Array(n))
    const exact = new Map<number, Rational>()
    let anySide = false
    for (let row = 0; row < rows; row++) {
      const own = sides[row] as number
      if (own === scale) {
        sides[row] = 0
        continue
      }
      if (own < sideExact) {
        const value = values[row] as number
        const raised = value * 10 ** (scale - own)
        if (own < scale && Math.abs(raised) <= Number.MAX_SAFE_INTEGER) {
          values[row] = raised
          sides[row] = 0
          continue
        }
        values[row] = Number.NaN
        sides[row] = sideExact
        exact.set(row, rational(BigInt(value), 10n ** BigInt(own)))
      } else if (own === sideExact) {
        exact.set(row, present(this.#exact.get(order === null ? row : (order[row] as number))))
      }
      anySide = true
    }
    return { kind: 'number', scale, values, exact: anySide ? new SideMap(sides, exact) : emptySides }
  }
}

/** Amounts as numbers, currencies as codes. */
export class MoneyBuilder implements ColumnBuilder {
  readonly amounts = new NumberBuilder()
  readonly currencies: CodeBuilder

  constructor(interner: Interner) {
    this.currencies = new CodeBuilder(interner)
  }
  get rows(): number {
    return this.amounts.rows
  }
  pushValue(value: Value): void {
    if (value === absent || value === unknown) {
      this.pushAbsence(absenceOf(value))
    } else if (isMoney(value)) {
      this.amounts.pushExact(value.amount)
      this.currencies.pushText(value.currency)
    } else {
      throw wrongKind('Money', value)
    }
  }
  pushAbsence(absence: Absence): void {
    this.amounts.pushAbsence(absence)
    this.currencies.pushAbsence(absence)
  }
  finish(order: Int32Array | null): MoneyColumn {
    const { scale, values, exact } = this.amounts.finish(order)
    return { kind: 'money', scale, values, exact, currency: this.currencies.finish(order).values }
  }
}

/** Lists. */
export class ValueBuilder implements ColumnBuilder {
  readonly #values: Value[] = []

  get rows(): number {
    return this.#values.length
  }
  pushValue(value: Value): void {
    this.#values.push(value)
  }
  pushAbsence(absence: Absence): void {
    this.#values.push(absence === 'absent' ? absent : unknown)
  }
  finish(order: Int32Array | null): ValueColumn {
    if (order === null) return { kind: 'value', values: this.#values }
    return { kind: 'value', values: Array.from(order, row => this.#values[row] ?? absent) }
  }
}

const firstCapacity = 16
const largestSafe = BigInt(Number.MAX_SAFE_INTEGER)

/** Digits after the point that `1 / d` needs, at most 20; -1 where it has no such decimal. */
function decimalScale(d: bigint): number {
  let scale = 0
  for (let power = 1n; scale <= 20; power *= 10n, scale++) if (power % d === 0n) return scale
  return -1
}

/** The scale that fits most rows, the smallest of those; 0 for a column without numbers. */
function bestScale(values: Float64Array, scales: Uint8Array, rows: number): number {
  let lowest = sideExact
  let highest = 0
  let largest = 0
  for (let row = 0; row < rows; row++) {
    const own = scales[row] as number
    if (own >= sideExact) continue
    if (own < lowest) lowest = own
    if (own > highest) highest = own
    const magnitude = Math.abs(values[row] as number)
    if (magnitude > largest) largest = magnitude
  }
  const raised = largest * 10 ** (highest - Math.min(lowest, highest))
  return raised <= Number.MAX_SAFE_INTEGER ? highest : scaleOfMost(values, scales, rows)
}

function scaleOfMost(values: Float64Array, scales: Uint8Array, rows: number): number {
  // A row fits every scale from its own up to the one at which it stops being a safe integer: +1 where it begins, -1 behind its end.
  const change = new Int32Array(64)
  for (let row = 0; row < rows; row++) {
    const own = scales[row] as number
    if (own >= sideExact) continue
    change[own] = (change[own] as number) + 1
    const behind = own + room(Math.abs(values[row] as number)) + 1
    change[behind] = (change[behind] as number) - 1
  }
  let best = 0
  let most = 0
  let fitting = 0
  for (let scale = 0; scale <= 20; scale++) {
    fitting += change[scale] as number
    if (fitting > most) {
      most = fitting
      best = scale
    }
  }
  return best
}

/** How often `magnitude` can be multiplied by 10 and stay safe. */
function room(magnitude: number): number {
  if (magnitude === 0) return 20
  let times = 0
  for (let rest = Number.MAX_SAFE_INTEGER / 10; magnitude <= rest; rest /= 10) times++
  return times
}

function absenceOf(value: typeof absent | typeof unknown): Absence {
  return value === absent ? 'absent' : 'unknown'
}

function present(value: Rational | undefined): Rational {
  if (value === undefined) throw new Error('an exact number has no value')
  return value
}

function wrongKind(wanted: string, value: Value): TypeError {
  return new TypeError(`the column holds ${wanted}, not ${typeof value}`)
}

type Numbers = Uint8Array | Int32Array | Float64Array

function grown<A extends Numbers>(from: A, to: A): A {
  to.set(from)
  return to
}

/** The rows in their order. Without a change of order the array itself, cut, where that wastes little. */
function arranged<A extends Numbers>(from: A, rows: number, order: Int32Array | null, make: (rows: number) => A): A {
  if (order === null && rows * 8 >= from.length * 7) return from.subarray(0, rows) as A
  const to = make(rows)
  if (order === null) to.set(from.subarray(0, rows))
  else for (let row = 0; row < rows; row++) to[row] = from[order[row] as number] as number
  return to
}
