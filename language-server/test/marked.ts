/**
 * Short workspaces with marks for the tests of features: `|` is the cursor, `[[…]]` a selection. Files are separated by lines
 * `//- name.writ`; the file with the mark is the one that is asked about.
 */
import type { Position, Range, WorkspaceEdit } from 'vscode-languageserver-types'
import { applied } from '../src/service/attempt.ts'
import { linesOf, type Snapshot } from '../src/workspace/snapshot.ts'
import { Workspace } from '../src/workspace/workspace.ts'

const root = 'memory:/w/'

export interface Marked {
  readonly snapshot: Snapshot
  readonly path: string
  readonly position: Position
  readonly range: Range
}

export function marked(source: string): Marked {
  const workspace = new Workspace()
  workspace.setFolders([root])
  const parts = source.startsWith('//- ') ? source.split(/^\/\/- (.*)\n/m).slice(1) : ['main.writ', source]
  let asked = { path: parts[0] ?? '', start: 0, end: 0 }
  for (let index = 0; index < parts.length; index += 2) {
    const path = parts[index] ?? ''
    const { text, start, end } = unmarked(parts[index + 1] ?? '')
    if (start >= 0) asked = { path, start, end }
    workspace.setFile(root + path, text)
  }
  const found = workspace.find(root + asked.path)
  if (!found) throw new Error('there is no file in the source')
  const lines = linesOf(found.file)
  const at = (offset: number): Position => {
    const { line, column } = lines.position(offset)
    return { line, character: column }
  }
  return {
    snapshot: found.snapshot,
    path: found.path,
    position: at(asked.start),
    range: { start: at(asked.start), end: at(asked.end) },
  }
}

function unmarked(text: string): { readonly text: string; readonly start: number; readonly end: number } {
  const selection = /\[\[([\s\S]*?)\]\](?!\])/.exec(text)
  if (selection) {
    const inner = selection[1] ?? ''
    const start = selection.index
    return { text: text.replace(selection[0], () => inner), start, end: start + inner.length }
  }
  const start = text.indexOf('|')
  return start < 0 ? { text, start, end: start } : { text: text.replace('|', ''), start, end: start }
}

/** The texts after an edit, by path; of one file alone, its text. */
export function after(snapshot: Snapshot, edit: WorkspaceEdit): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {}
  for (const [path, file] of snapshot.files) {
    const edits = edit.changes?.[snapshot.uris.get(path) ?? ''] ?? []
    if (edits.length === 0) continue
    const lines = linesOf(file)
    const offset = ({ line, character }: Position): number => lines.offset(line, character)
    texts[path] = applied(
      file.text,
      edits.map(({ range, newText }) => ({
        span: { start: offset(range.start), end: offset(range.end) },
        text: newText,
      })),
    )
  }
  return texts
}
