/** Messages about lineage between editor and server; for both ends. */
import type { Position } from 'vscode-languageserver-types'
import type { PlacedGraph } from '../service/lineage.ts'

export type { PlacedGraph, PlacedNode } from '../service/lineage.ts'

/** Client to server: the lineage of the program around a file. */
export const lineageRequest = 'writ/lineage'
export interface LineageParams {
  readonly uri: string
}
/** Null where the program has errors. */
export type LineageResult = PlacedGraph | null

/** Client to server: the node at a position, its id; null where none is. */
export const lineageAtRequest = 'writ/lineageAt'
export interface LineageAtParams {
  readonly uri: string
  readonly position: Position
}
export type LineageAtResult = string | null

/** Server to client, after every check without errors in which something changed. */
export const programChangedNotification = 'writ/programChanged'
