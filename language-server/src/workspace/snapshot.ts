/**
 * A program at one moment: the files of one folder, parsed and checked, and ways between offsets and positions. Everything in
 * ../service reads a snapshot and nothing else. How snapshots follow each other while somebody types is workspace.ts.
 */
import type { Baselines, Checked, FileProblem, PastVersion } from '@writ/engine'
import { type LineIndex, lineIndex, type PlacedDeclaration, type SourceFile, type Span } from '@writ/grammar'
import type { Location, Position, Range } from 'vscode-languageserver-types'
import type { Settings } from './settings.ts'

export interface Snapshot {
  /** Key of the folder, with its slash at the end. */
  readonly root: string
  /** By path relative to the root. */
  readonly files: ReadonlyMap<string, SourceFile>
  /** By path: as the client writes it. */
  readonly uris: ReadonlyMap<string, string>
  /** Paths of files that are too large to be read. */
  readonly tooLarge: ReadonlySet<string>
  readonly settings: Settings
  /** What values are held against; null where not all that `writ.json` names can be read. */
  readonly baselines: Baselines | null
  readonly checked: Checked
  /** Null: not known, or not yet. */
  readonly history: JudgedHistory | null
}

/** What the committed history says of the workspace; of texts that may be older than those of the snapshot. */
export interface JudgedHistory {
  /** The files that were judged. */
  readonly files: ReadonlyMap<string, SourceFile>
  /** In their places in those files. */
  readonly problems: readonly FileProblem[]
  /** The numbers that contracts and policies had, by module and name; the oldest first. */
  readonly versions: ReadonlyMap<string, readonly PastVersion[]>
}

/** Files above are not parsed; in UTF-16 units. */
export const largestFile = 5_000_000

const lines = new WeakMap<SourceFile, LineIndex>()

export function linesOf(file: SourceFile): LineIndex {
  let index = lines.get(file)
  if (!index) {
    index = lineIndex(file.text)
    lines.set(file, index)
  }
  return index
}

/** An offset of the file at `path`; 0 where there is none. */
export function offsetAt(snapshot: Snapshot, path: string, position: Position): number {
  const file = snapshot.files.get(path)
  return file ? linesOf(file).offset(position.line, position.character) : 0
}

export function rangeOf(file: SourceFile, span: Span): Range {
  const index = linesOf(file)
  return { start: toPosition(index, span.start), end: toPosition(index, span.end) }
}

/** Null where there is no such file; that of the language itself has no place that a client could show. */
export function locationOf(snapshot: Snapshot, path: string, span: Span): Location | null {
  const file = snapshot.files.get(path)
  const uri = snapshot.uris.get(path)
  return file && uri !== undefined ? { uri, range: rangeOf(file, span) } : null
}

function toPosition(index: LineIndex, offset: number): Position {
  const { line, column } = index.position(offset)
  return { line, character: column }
}

/** The declaration around an offset, its end included; null between declarations. */
export function declarationAt(file: SourceFile, offset: number): PlacedDeclaration | null {
  const { declarations } = file
  let low = 0
  let high = declarations.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = declarations[middle]
    if (!found) return null
    if (found.end < offset) low = middle + 1
    else if (found.start > offset) high = middle - 1
    else {
      // Where two touch, the one that begins here is meant.
      const next = declarations[middle + 1]
      return next && next.start <= offset ? next : found
    }
  }
  return null
}
