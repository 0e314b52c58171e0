/** A program as it would be after some edits: completion looks at it, rename and refactorings are held against it. */
import { check } from '@writ/engine'
import { parse, type TextEdit } from '@writ/grammar'
import type { TextEdit as ClientEdit, WorkspaceEdit } from 'vscode-languageserver-types'
import { rangeOf, type Snapshot } from '../workspace/snapshot.ts'

/** Edits by path, in file offsets of the snapshot; those of one file do not overlap. */
export type Edits = ReadonlyMap<string, readonly TextEdit[]>

export function editsOf(path: string, edits: readonly TextEdit[]): Edits {
  return new Map([[path, edits]])
}

/** The program with the edits made. The snapshot itself stays as it is. */
export function attempt(snapshot: Snapshot, edits: Edits): Snapshot {
  const files = new Map(snapshot.files)
  for (const [path, own] of edits) {
    const file = files.get(path)
    if (file) files.set(path, parse(path, applied(file.text, own), file))
  }
  return { ...snapshot, files, checked: check([...files.values()], snapshot.checked) }
}

/** How many errors the program has. */
export function errorCount({ checked }: Snapshot): number {
  let count = 0
  for (const { severity } of checked.problems) if (severity === 'error') count++
  return count
}

/** `text` with all edits made at once. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let at = 0
  for (const { span, text: inserted } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start) + inserted
    at = span.end
  }
  return result + text.slice(at)
}

/** Where an offset of the old text is after the edits; behind what is inserted there. */
export function movedOffset(offset: number, edits: readonly TextEdit[]): number {
  let by = 0
  for (const { span, text } of edits) if (span.end <= offset) by += text.length - (span.end - span.start)
  return offset + by
}

/** As the protocol has them. */
export function workspaceEdit(snapshot: Snapshot, edits: Edits): WorkspaceEdit {
  const changes: Record<string, ClientEdit[]> = {}
  for (const [path, own] of edits) {
    const file = snapshot.files.get(path)
    const uri = snapshot.uris.get(path)
    if (!file || uri === undefined) continue
    changes[uri] = own.map(({ span, text }) => ({ range: rangeOf(file, span), newText: text }))
  }
  return { changes }
}
