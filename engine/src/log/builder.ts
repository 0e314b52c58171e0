/**
 * Makes a log from events, one at a time in any order: from values (tests, generated logs) by `add`, or by decoders that push
 * into the column builders themselves (`batch`, then `place`). What a value must be is decided before.
 */
import type { PlanContract } from '../plan/plan.ts'
import { absent, isRecord, unknown, type Value } from '../value/value.ts'
import { BoolBuilder, type ColumnBuilder, columnBuilder } from './column-builders.ts'
import type { Batch, Column, Log } from './columns.ts'
import { eventOrder } from './event-order.ts'
import { Interner } from './interner.ts'
import { type Leaf, leavesOf } from './leaves.ts'

/** An event as values. A field that is not named is absent where the contract allows it, else unknown. */
export interface BuiltEvent {
  readonly contract: number
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly file: string
  /** The record's place in its file. */
  readonly index: number
  readonly fields: Readonly<Record<string, Value>>
}

/** A column under construction, with the leaf it is for. */
export interface ColumnSlot {
  readonly leaf: Leaf
  readonly builder: ColumnBuilder
}

/** `columns`: per contract, the paths to keep; all without it. */
export class LogBuilder {
  readonly interner = new Interner()
  /** By contract, the columns to fill; every one gets exactly one value per event of the contract, before `place`. */
  readonly columns: readonly (readonly ColumnSlot[])[]
  readonly #files: string[] = []
  readonly #fileNumbers = new Map<string, number>()
  #size = 0
  #contract = new Uint16Array(64)
  #file = new Int32Array(64)
  #index = new Int32Array(64)
  #time = new Float64Array(64)

  constructor(contracts: readonly PlanContract[], columns?: readonly ReadonlySet<string>[]) {
    this.columns = contracts.map((contract, number) =>
      leavesOf(contract, columns?.[number]).map(leaf => ({ leaf, builder: columnBuilder(leaf.type, this.interner) })),
    )
  }

  /** Events so far. */
  get size(): number {
    return this.#size
  }

  add(event: BuiltEvent): this {
    const columns = this.columns[event.contract]
    if (columns === undefined) throw new RangeError(`there is no contract ${event.contract}`)
    for (const { leaf, builder } of columns) pushLeaf(builder, leaf, valueAt(event.fields, leaf))
    this.place(event.contract, event.time, this.fileNumber(event.file), event.index)
    return this
  }

  /** The number of a file for `place`. */
  fileNumber(file: string): number {
    const known = this.#fileNumbers.get(file)
    if (known !== undefined) return known
    const number = this.#files.push(file) - 1
    this.#fileNumbers.set(file, number)
    return number
  }

  /** Says where the event whose columns were just filled stands. */
  place(contract: number, time: number, file: number, index: number): void {
    const event = this.#size++
    if (event === this.#time.length) this.#grow(event * 2)
    this.#contract[event] = contract
    this.#time[event] = time
    this.#file[event] = file
    this.#index[event] = index
  }

  /** The log, in order of (time, file path, index), equal places as they came. The builder is used up. */
  build(): Log {
    const size = this.#size
    const paths = this.#files.toSorted(byCodeUnit)
    const ranks = new Map(paths.map((path, place) => [path, place]))
    const rank = Int32Array.from(this.#files, path => ranks.get(path) ?? 0)
    const file = this.#file.subarray(0, size)
    if (!rank.every((number, i) => number === i))
      for (let e = 0; e < size; e++) file[e] = rank[file[e] as number] as number
    const order = eventOrder(size, this.#time, file, this.#index)
    const log = order === null ? this.#ofOneContract(size, file) : null
    return { ...(log ?? this.#ofAll(size, file, order)), dictionary: this.interner, files: paths }
  }

  /** Most logs of one contract come in order: then what was collected is the batch. Null where there are more contracts. */
  #ofOneContract(size: number, file: Int32Array): Pick<Log, 'batches' | 'contractOf' | 'rowOf'> | null {
    const contractOf = this.#contract.subarray(0, size)
    const contract = contractOf[0] ?? 0
    for (const other of contractOf) if (other !== contract) return null
    const seq = new Int32Array(size)
    for (let event = 0; event < size; event++) seq[event] = event
    const collected = {
      rows: size,
      seq,
      time: this.#time.subarray(0, size),
      file,
      index: this.#index.subarray(0, size),
    }
    const batches = this.columns.map((slots, number) => {
      const own = number === contract ? collected : new BatchDraft(0, false).finish(number, [])
      return { ...own, contract: number, columns: finished(slots, null, own.time) }
    })
    return { batches, contractOf, rowOf: seq }
  }

  #ofAll(size: number, file: Int32Array, order: Int32Array | null): Pick<Log, 'batches' | 'contractOf' | 'rowOf'> {
    const rowCounts = new Int32Array(this.columns.length)
    const arrivalRow = order === null ? null : new Int32Array(size)
    for (let event = 0; event < size; event++) {
      const contract = this.#contract[event] as number
      const row = rowCounts[contract] as number
      rowCounts[contract] = row + 1
      if (arrivalRow !== null) arrivalRow[event] = row
    }
    const drafts = Array.from(rowCounts, rows => new BatchDraft(rows, order !== null))
    const contractOf = new Uint16Array(size)
    const rowOf = new Int32Array(size)
    for (let seq = 0; seq < size; seq++) {
      const event = order === null ? seq : (order[seq] as number)
      const contract = this.#contract[event] as number
      const draft = drafts[contract] as BatchDraft
      contractOf[seq] = contract
      rowOf[seq] = draft.take(
        seq,
        this.#time[event] as number,
        file[event] as number,
        this.#index[event] as number,
        arrivalRow === null ? 0 : (arrivalRow[event] as number),
      )
    }
    const batches = this.columns.map((slots, contract) => (drafts[contract] as BatchDraft).finish(contract, slots))
    return { batches, contractOf, rowOf }
  }

  #grow(capacity: number): void {
    const contract = new Uint16Array(capacity)
    const file = new Int32Array(capacity)
    const index = new Int32Array(capacity)
    const time = new Float64Array(capacity)
    contract.set(this.#contract)
    file.set(this.#file)
    index.set(this.#index)
    time.set(this.#time)
    this.#contract = contract
    this.#file = file
    this.#index = index
    this.#time = time
  }
}

/** The order of paths, and of nothing else: by UTF-16 unit, whatever the locale. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

class BatchDraft {
  #rows = 0
  readonly #seq: Int32Array
  readonly #time: Float64Array
  readonly #file: Int32Array
  readonly #index: Int32Array
  readonly #order: Int32Array | null

  constructor(rows: number, reordered: boolean) {
    this.#seq = new Int32Array(rows)
    this.#time = new Float64Array(rows)
    this.#file = new Int32Array(rows)
    this.#index = new Int32Array(rows)
    this.#order = reordered ? new Int32Array(rows) : null
  }

  take(seq: number, time: number, file: number, index: number, arrivalRow: number): number {
    const row = this.#rows++
    this.#seq[row] = seq
    this.#time[row] = time
    this.#file[row] = file
    this.#index[row] = index
    if (this.#order !== null) this.#order[row] = arrivalRow
    return row
  }

  finish(contract: number, slots: readonly ColumnSlot[]): Batch {
    return {
      contract,
      rows: this.#rows,
      seq: this.#seq,
      time: this.#time,
      file: this.#file,
      index: this.#index,
      columns: finished(slots, this.#order, this.#time),
    }
  }
}

/** The columns by key. A column that has nothing but the times of the events shares their array. */
function finished(
  slots: readonly ColumnSlot[],
  order: Int32Array | null,
  time: Float64Array,
): ReadonlyMap<string, Column> {
  return new Map(
    slots.map(({ leaf, builder }) => {
      const column = builder.finish(order)
      const isTime = leaf.type.kind === 'time' && column.kind === 'number' && column.scale === 0
      return [
        leaf.key,
        isTime && column.values.every((value, row) => value === time[row]) ? { ...column, values: time } : column,
      ]
    }),
  )
}

function pushLeaf(builder: ColumnBuilder, leaf: Leaf, value: Value): void {
  if (builder instanceof BoolBuilder && leaf.type.kind === 'record' && value !== absent && value !== unknown)
    builder.push(1)
  else builder.pushValue(value)
}

function valueAt(fields: Readonly<Record<string, Value>>, leaf: Leaf): Value {
  let value: Value | undefined
  let members = fields
  for (const name of leaf.path) {
    value = Object.hasOwn(members, name) ? members[name] : undefined
    if (value === undefined) return leaf.optional ? absent : unknown
    if (value === absent || value === unknown) return value
    members = typeof value === 'object' && isRecord(value) ? value.fields : {}
  }
  return value ?? absent
}
