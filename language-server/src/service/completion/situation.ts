/**
 * Where completion was asked: a word is put where the cursor is, the declaration is read and checked with it, and the place of that word
 * in the tree, with what the checker knew there, is the situation.
 */
import { inspect, type Seen, type Unit } from '@writ/engine/editor'
import { isExpression, nodesAt, type SyntaxNode } from '@writ/grammar'
import type { Position } from 'vscode-languageserver-types'
import { unitAt } from '../../names/occurrences.ts'
import { offsetAt, type Snapshot } from '../../workspace/snapshot.ts'
import { attempt, editsOf } from '../attempt.ts'

export interface Situation {
  /** The program with the word in it. */
  readonly snapshot: Snapshot
  readonly path: string
  /** What the cursor stands in; null between declarations. */
  readonly unit: Unit | null
  /** From the declaration to the innermost node at the word. */
  readonly nodes: readonly SyntaxNode[]
  readonly seen: ReadonlyMap<SyntaxNode, Seen>
  /** What is replaced: the word at the cursor, in the file as it is. */
  readonly start: number
  readonly end: number
  /** The text of the declaration before the word. */
  readonly before: string
  /** Nothing but space stands before it on its line. */
  readonly freshLine: boolean
}

const marker = 'writ_cursor'

/** Null inside of comments and of texts outside of their `{}`. */
export function situationAt(snapshot: Snapshot, path: string, position: Position): Situation | null {
  const file = snapshot.files.get(path)
  if (!file || snapshot.tooLarge.has(path)) return null
  const offset = offsetAt(snapshot, path, position)
  const start = offset - (/\w*$/.exec(file.text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0)
  const end = offset + (/^\w*/.exec(file.text.slice(offset, offset + 200))?.[0].length ?? 0)
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1
  const line = file.text.slice(lineStart, start)
  if (isQuiet(line)) return null
  const after = attempt(snapshot, editsOf(path, [{ span: { start, end }, text: marker }]))
  const marked = after.files.get(path)
  if (!marked) return null
  const unit = unitAt(after, path, marked, start + 1)
  const inside = unit && start + 1 <= unit.placed.end ? unit : null
  return {
    snapshot: after,
    path,
    unit: inside,
    nodes: inside ? nodesAt(inside.syntax, start + 1 - inside.placed.start) : [],
    seen: inside ? inspect(after.checked, inside) : new Map(),
    start,
    end,
    before: inside ? inside.placed.text.slice(0, start - inside.placed.start) : '',
    freshLine: line.trim() === '',
  }
}

/** What the checker knew at the expression around the word; of a word that stands alone, at it itself. */
export function seenAt({ nodes, seen }: Situation): Seen | null {
  const expression = nodes.findLast(isExpression)
  return (expression && seen.get(expression)) ?? null
}

/** In a comment, or in a text but not in one of its holes. */
function isQuiet(line: string): boolean {
  let text = false
  let hole = false
  for (let at = 0; at < line.length; at++) {
    const letter = line[at]
    if (!text) {
      if (letter === '/' && line[at + 1] === '/') return true
      if (letter === '"') text = true
    } else if (hole) {
      if (letter === '}') hole = false
    } else if (letter === '\\') at++
    else if (letter === '"') text = false
    else if (letter === '{') {
      if (line[at + 1] === '{') at++
      else hole = true
    }
  }
  return text && !hole
}
