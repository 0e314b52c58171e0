/** What stands at a place: the symbol there, with its documentation, or the type of the expression. */
import { inspect, showType } from '@writ/engine/editor'
import { isExpression, nodesAt } from '@writ/grammar'
import type { Hover, Position } from 'vscode-languageserver-types'
import { occurrenceAt, unitAt } from '../names/occurrences.ts'
import { offsetAt, rangeOf, type Snapshot } from '../workspace/snapshot.ts'
import { describe, markdown } from './describe.ts'

export function hover(snapshot: Snapshot, path: string, position: Position): Hover | null {
  const file = snapshot.files.get(path)
  if (!file) return null
  const offset = offsetAt(snapshot, path, position)
  const found = occurrenceAt(snapshot, path, offset)
  if (found) {
    const { symbols, type } = found.occurrence
    // An alias of several contracts has the same field in each: the first tells enough.
    const texts = symbols.slice(0, 3).map(symbol => markdown(describe(snapshot, symbol, type)))
    return { contents: { kind: 'markdown', value: texts.join('\n\n---\n\n') }, range: rangeOf(file, found.span) }
  }
  const unit = unitAt(snapshot, path, file, offset)
  if (!unit) return null
  const { start } = unit.placed
  const expression = nodesAt(unit.syntax, offset - start).findLast(isExpression)
  const seen = expression && inspect(snapshot.checked, unit).get(expression)
  if (!expression || !seen || seen.type.kind === 'error') return null
  const span = { start: start + expression.span.start, end: start + expression.span.end }
  return {
    contents: { kind: 'markdown', value: `\`\`\`writ\n${showType(seen.type)}\n\`\`\`` },
    range: rangeOf(file, span),
  }
}
