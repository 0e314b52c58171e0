/** Where a form stands at an event: its window brought up to the event, and the slot of the event's key. */
import type { Scope } from '../scope.ts'
import type { Window } from './window.ts'

/** No event of the log has the current key; the current key, or the last reset, is unknown. */
export const emptySlot = -1
export const unknownSlot = -2

/** By row of the current contract: the slot, `emptySlot` or `unknownSlot`; the window is brought to the event. */
export function placeOf(window: Window, slotOf: (row: number) => number, scope: Scope): (row: number) => number {
  const { seq, time } = scope.current.batch
  return row => {
    const slot = slotOf(row)
    window.advance(seq[row] as number, time[row] as number)
    return slot >= 0 && window.isUncertain(slot) ? unknownSlot : slot
  }
}
