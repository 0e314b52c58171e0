/** What the server and its thread of the committed history say to each other; plain data. */
import type { FileProblem, PastVersion } from '@writ/engine'

/** The files of one folder that changed since the last message about it, and what `writ.json` says of its history. */
export interface ToHistory {
  readonly root: string
  /** Absolute path of the folder. */
  readonly folder: string
  readonly revision: number
  readonly settings: { readonly revision: string | null; readonly folder: string | null }
  readonly changed: readonly { readonly path: string; readonly text: string }[]
  readonly removed: readonly string[]
}

/** About the texts of `revision`. */
export interface FromHistory {
  readonly root: string
  readonly revision: number
  readonly problems: readonly FileProblem[]
  readonly versions: ReadonlyMap<string, readonly PastVersion[]>
}
