/**
 * Sequences kept up to date: by key and step, the latest start of a chain of events for the steps so far. A chain lies inside
 * the range exactly if its start does, so that the latest start is all there is to know.
 */
import type { Range } from '../../plan/expression.ts'
import { rangeStart } from './reach.ts'
import type { Resets } from './resets.ts'
import type { WindowRows } from './window-rows.ts'

export class SequenceState {
  readonly #range: Range
  readonly #beforeThis: boolean
  readonly #resets: Resets | null
  readonly #lanes: readonly Lane[]
  /** By step and slot: the start of a chain of certain events, and of one where unknown filters count as true. */
  readonly #certain: readonly Float64Array[]
  readonly #possible: readonly Float64Array[]

  /** All rows have slots of one key space. */
  constructor(steps: readonly WindowRows[], range: Range, beforeThis: boolean, resets: Resets | null) {
    this.#range = range
    this.#beforeThis = beforeThis
    this.#resets = resets
    const slotCount = steps[0]?.slotCount ?? 0
    this.#certain = steps.map(() => new Float64Array(slotCount).fill(Number.NEGATIVE_INFINITY))
    this.#possible = steps.map(() => new Float64Array(slotCount).fill(Number.NEGATIVE_INFINITY))
    const lanes = new Map<number, Lane>()
    steps.forEach((rows, step) => {
      const lane = lanes.get(rows.batch.contract) ?? new Lane(rows)
      lanes.set(rows.batch.contract, lane)
      // An event is one step only: later steps are asked first, before it can become the start of theirs.
      lane.steps.unshift({ step, where: rows.where })
    })
    this.#lanes = [...lanes.values()]
  }

  /** The truth at an event with this slot (-1: no event has its key, -2: its key is unknown). */
  truth(slot: number, seq: number, time: number): number {
    const last = this.#beforeThis ? seq - 1 : seq
    this.#advance(last)
    const resets = this.#resets
    if (resets !== null) while (resets.next(last) >= 0) resets.take()
    if (slot < 0) return slot === -1 ? 0 : 2
    if (resets !== null && resets.uncertain[slot] === 1) return 2
    const outside = resets === null ? rangeStart(this.#range, time) : (resets.last[slot] as number)
    if (((this.#certain.at(-1) as Float64Array)[slot] as number) > outside) return 1
    return ((this.#possible.at(-1) as Float64Array)[slot] as number) > outside ? 2 : 0
  }

  /** Takes the events of all lanes in the order of the log. */
  #advance(last: number): void {
    for (;;) {
      let next: Lane | null = null
      for (const lane of this.#lanes) if (lane.seq <= last && (next === null || lane.seq < next.seq)) next = lane
      if (next === null) return
      this.#take(next)
    }
  }

  #take(lane: Lane): void {
    const { rows, row } = lane
    lane.row++
    const slot = rows.slots === null ? 0 : (rows.slots[row] as number)
    if (slot < 0 || (rows.rejected !== null && rows.rejected[row] === 1)) return
    const { batch } = rows
    const own = (this.#resets === null ? batch.time[row] : batch.seq[row]) as number
    for (const { step, where } of lane.steps) {
      const truth = where === null ? 1 : where(row)
      if (truth === 0) continue
      if (truth === 1) extend(this.#certain, step, slot, own)
      extend(this.#possible, step, slot, own)
    }
  }
}

/** The rows of one contract, for those steps that are of it. */
class Lane {
  readonly rows: WindowRows
  readonly steps: { readonly step: number; readonly where: WindowRows['where'] }[] = []
  row = 0

  constructor(rows: WindowRows) {
    this.rows = rows
  }

  /** The place in the log of the next row. */
  get seq(): number {
    const { batch } = this.rows
    return this.row < batch.rows ? (batch.seq[this.row] as number) : Number.POSITIVE_INFINITY
  }
}

function extend(starts: readonly Float64Array[], step: number, slot: number, own: number): void {
  const here = starts[step] as Float64Array
  const start = step === 0 ? own : ((starts[step - 1] as Float64Array)[slot] as number)
  if (start > (here[slot] as number)) here[slot] = start
}
