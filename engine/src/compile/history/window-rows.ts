/** The rows of a contract as a window or a reset sees them. */
import type { Batch } from '../../log/columns.ts'
import type { Condition } from '../rules.ts'

export interface WindowRows {
  readonly batch: Batch
  /** By row: the slot of its key, -1 where it has none; null: everyone's window, slot 0. */
  readonly slots: Int32Array | null
  readonly slotCount: number
  /** Null: every row. */
  readonly where: Condition | null
  /** By row: 1 where a check took it out. */
  readonly rejected: Uint8Array | null
}
