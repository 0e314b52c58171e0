/** Checkpoints (C2SP tlog-checkpoint): the text of a signed note that commits a log to its size and root. */

import { hashBytes } from './merkle.ts'
import { fromBase64 } from './signed-note.ts'

export interface Checkpoint {
  /** Who keeps the log, e.g. `example.com/log`; the name of its key. */
  readonly origin: string
  readonly size: bigint
  readonly root: Uint8Array
  /** Further lines, opaque. */
  readonly extensions: readonly string[]
}

/** Reads the text of a note; undefined where it is no checkpoint. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith('\n')) return undefined
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n')
  if (origin === undefined || origin === '' || sizeText === undefined || rootText === undefined) return undefined
  if (!/^(?:0|[1-9][0-9]{0,19})$/.test(sizeText) || extensions.includes('')) return undefined
  const root = fromBase64(rootText)
  if (root === undefined || root.length !== hashBytes) return undefined
  return { origin, size: BigInt(sizeText), root, extensions }
}

/** The text to sign. */
export function checkpointText(checkpoint: Checkpoint): string {
  const root = btoa(String.fromCharCode(...checkpoint.root))
  return [checkpoint.origin, checkpoint.size.toString(), root, ...checkpoint.extensions]
    .map(line => `${line}\n`)
    .join('')
}
