/** What refactorings ask of a selection: the policy around it, the expression that it covers, and whether a change keeps the program whole. */
import { type Inspection, inspect, type Seen, type Unit } from '@writ/engine/editor'
import {
  type Expression,
  isExpression,
  nodesAt,
  type RuleItem,
  type Span,
  type TextEdit,
  walkExpressions,
} from '@writ/grammar'
import type { Range } from 'vscode-languageserver-types'
import { unitAt } from '../../names/occurrences.ts'
import { linesOf, type Snapshot } from '../../workspace/snapshot.ts'
import { attempt, editsOf, errorCount } from '../attempt.ts'

export interface Selected {
  readonly snapshot: Snapshot
  readonly path: string
  readonly unit: Unit
  /** In the file. */
  readonly span: Span
  readonly seen: Inspection
  /** The expression that the selection covers; null where it covers none. */
  readonly expression: Expression | null
}

export function selectedAt(snapshot: Snapshot, path: string, range: Range): Selected | null {
  const file = snapshot.files.get(path)
  if (!file) return null
  const lines = linesOf(file)
  let start = lines.offset(range.start.line, range.start.character)
  let end = lines.offset(range.end.line, range.end.character)
  while (start < end && /\s/.test(file.text[start] ?? '')) start++
  while (end > start && /\s/.test(file.text[end - 1] ?? '')) end--
  const unit = unitAt(snapshot, path, file, start)
  if (!unit || end > unit.placed.end) return null
  const span = { start: start - unit.placed.start, end: end - unit.placed.start }
  let expression: Expression | null = null
  walkExpressions(unit.syntax, each => {
    if (each.span.start === span.start && each.span.end === span.end) expression ??= each
  })
  return { snapshot, path, unit, span: { start, end }, seen: inspect(snapshot.checked, unit), expression }
}

/** The innermost expression at the start of the selection, for those that need no selection. */
export function expressionAt({ unit, span }: Selected): Expression | null {
  return nodesAt(unit.syntax, span.start - unit.placed.start).findLast(isExpression) ?? null
}

export function ruleAt({ unit, span }: Selected): RuleItem | null {
  if (unit.syntax.kind !== 'policy') return null
  const at = span.start - unit.placed.start
  for (const item of unit.syntax.items)
    if (item.kind === 'rule' && item.span.start <= at && at <= item.span.end) return item
  return null
}

export function knownOf({ seen }: Selected, expression: Expression): Seen | null {
  return seen.get(expression) ?? null
}

/** The text of a part of the declaration. */
export function textOf({ unit }: Selected, { start, end }: Span): string {
  return unit.placed.text.slice(start, end)
}

/** Edits of the declaration as edits of the file; null where the program would have more errors than now. */
export function keptWhole({ snapshot, path, unit }: Selected, edits: readonly TextEdit[]): readonly TextEdit[] | null {
  const { start } = unit.placed
  const moved = edits.map(({ span, text }) => ({ span: { start: span.start + start, end: span.end + start }, text }))
  return errorCount(attempt(snapshot, editsOf(path, moved))) > errorCount(snapshot) ? null : moved
}

/** A name that nothing in the declaration has. */
export function freshName({ unit }: Selected, wanted: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}_${count}`
    if (!new RegExp(`\\b${name}\\b`).test(unit.placed.text)) return name
  }
}
