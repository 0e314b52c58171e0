/** Messages of debugging recorded events and tests, between editor and server; plain data. The way of a session is the editor's. */
import type { DebugQuestion } from '../debug/answer.ts'
import type { DebugMoment, DebugPlace, DebugStep, DebugStop } from '../debug/moment.ts'

/** Client to server: `uri` is any file of the workspace whose log is attached, or the file of `test`. */
export const debugRequest = 'writ/debug'
export interface DebugParams {
  readonly uri: string
  /** Title of a test: its events are debugged. Without it, the log that is attached. */
  readonly test?: string
  readonly question: DebugQuestion
}

/** A place that an editor can open; lines and characters from 0. */
export interface PlacedDebug extends Omit<DebugPlace, 'path'> {
  readonly uri: string
}
/** To `moment`; null where no policy decides that event, or nothing is there to debug. */
export type DebugMomentResult = (Omit<DebugMoment, 'steps'> & { readonly steps: readonly PlacedDebugStep[] }) | null
export interface PlacedDebugStep extends Omit<DebugStep, 'place'> {
  readonly place: PlacedDebug
}
/** To `stops`. */
export type DebugStopsResult = readonly (Omit<DebugStop, 'place'> & { readonly place: PlacedDebug })[] | null
/** To `find`. */
export type DebugFindResult = number | null
export type { DebugQuestion } from '../debug/answer.ts'
export type { Wanted } from '../debug/subject.ts'
export type { DebugValue } from '../debug/values.ts'
export type { Watched } from '../debug/watch.ts'
