/** The canonical layout as edits: of a file, of the declarations in a range, of the declaration that was just closed. */
import { format, formatDeclarations, type SourceFile, type TextEdit } from '@writ/grammar'
import type { TextEdit as ClientEdit, Position, Range } from 'vscode-languageserver-types'
import { declarationAt, linesOf, offsetAt, rangeOf, type Snapshot } from '../workspace/snapshot.ts'

export function formatting(snapshot: Snapshot, path: string): readonly ClientEdit[] {
  const file = snapshot.files.get(path)
  if (!file || snapshot.tooLarge.has(path)) return []
  const edit = difference(file.text, format(file.text))
  return edit ? clientEdits(file, [edit]) : []
}

export function rangeFormatting(snapshot: Snapshot, path: string, range: Range): readonly ClientEdit[] {
  const file = snapshot.files.get(path)
  if (!file || snapshot.tooLarge.has(path)) return []
  const lines = linesOf(file)
  const start = lines.offset(range.start.line, range.start.character)
  const end = lines.offset(range.end.line, range.end.character)
  return clientEdits(file, trimmed(file, formatDeclarations(file, { start, end })))
}

/** After `}`: the declaration that it ends. After a line end: the indentation of the new line. */
export function onTypeFormatting(
  snapshot: Snapshot,
  path: string,
  position: Position,
  typed: string,
): readonly ClientEdit[] {
  const file = snapshot.files.get(path)
  if (!file || snapshot.tooLarge.has(path)) return []
  const offset = offsetAt(snapshot, path, position)
  if (typed === '}') {
    const placed = declarationAt(file, offset)
    if (placed?.end !== offset) return []
    return clientEdits(file, trimmed(file, formatDeclarations(file, { start: offset, end: offset })))
  }
  const placed = declarationAt(file, offset)
  const before = placed ? placed.text.slice(0, offset - placed.start) : ''
  const start = linesOf(file).offset(position.line, 0)
  const found = /^[ \t]*/.exec(file.text.slice(start))?.[0] ?? ''
  const closes = /^[ \t]*[}\])]/.test(file.text.slice(start))
  const wanted = ' '.repeat(2 * Math.max(0, depthOf(before) - (closes ? 1 : 0)))
  if (found === wanted) return []
  return clientEdits(file, [{ span: { start, end: start + found.length }, text: wanted }])
}

/** Brackets that are open at the end of `text`, texts and comments left out. */
function depthOf(text: string): number {
  const plain = text.replace(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, '')
  let depth = 0
  for (const letter of plain) {
    if (letter === '{' || letter === '(' || letter === '[') depth++
    else if (letter === '}' || letter === ')' || letter === ']') depth = Math.max(0, depth - 1)
  }
  return depth
}

/** What differs in the middle, so that cursors before and behind stay where they are. */
function difference(before: string, after: string): TextEdit | null {
  if (before === after) return null
  let start = 0
  while (start < before.length && before[start] === after[start]) start++
  let tail = 0
  const most = Math.min(before.length, after.length) - start
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return { span: { start, end: before.length - tail }, text: after.slice(start, after.length - tail) }
}

function trimmed(file: SourceFile, edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits.flatMap(({ span, text }) => {
    const edit = difference(file.text.slice(span.start, span.end), text)
    if (!edit) return []
    return [{ span: { start: span.start + edit.span.start, end: span.start + edit.span.end }, text: edit.text }]
  })
}

function clientEdits(file: SourceFile, edits: readonly TextEdit[]): readonly ClientEdit[] {
  return edits.map(({ span, text }) => ({ range: rangeOf(file, span), newText: text }))
}
