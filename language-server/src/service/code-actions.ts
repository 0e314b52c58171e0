/** What an editor offers at a place: fixes of the problems there, refactorings, and changes of the whole file. */
import type { FileProblem } from '@writ/engine'
import type { Fix, TextEdit } from '@writ/grammar'
import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver-types'
import { linesOf, type Snapshot } from '../workspace/snapshot.ts'
import { editsOf, workspaceEdit } from './attempt.ts'
import { diagnosticOf, problemsOf } from './diagnostics.ts'
import { extractDefine, extractLet } from './refactor/extract.ts'
import { inlineDefine, inlineLet } from './refactor/inline.ts'
import { declareContract } from './refactor/missing-contract.ts'
import { organiseUses } from './refactor/organise-uses.ts'
import { selectedAt } from './refactor/place.ts'
import { splitRule } from './refactor/split-rule.ts'

/** The kinds that are offered; a client asks for some or for all. */
export const actionKinds = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorInline,
  CodeActionKind.RefactorRewrite,
  CodeActionKind.SourceOrganizeImports,
  CodeActionKind.SourceFixAll,
] as const

/** `only`: kinds that are wanted, their sub-kinds too; null: all but changes of the whole file that nobody asked for. */
export function codeActions(
  snapshot: Snapshot,
  path: string,
  range: Range,
  only: readonly string[] | null,
): readonly CodeAction[] {
  const wanted = (kind: string): boolean =>
    only === null || only.some(each => kind === each || kind.startsWith(`${each}.`))
  const actions: CodeAction[] = []
  if (wanted(CodeActionKind.QuickFix)) actions.push(...quickFixes(snapshot, path, range))
  if (
    wanted(CodeActionKind.RefactorExtract) ||
    wanted(CodeActionKind.RefactorInline) ||
    wanted(CodeActionKind.RefactorRewrite)
  )
    actions.push(...refactorings(snapshot, path, range).filter(({ kind }) => kind !== undefined && wanted(kind)))
  if (only !== null && wanted(CodeActionKind.SourceOrganizeImports)) {
    const edits = organiseUses(snapshot, path)
    if (edits.length > 0)
      actions.push(action(snapshot, path, 'Organise uses', CodeActionKind.SourceOrganizeImports, edits))
  }
  if (only !== null && wanted(CodeActionKind.SourceFixAll)) {
    const edits = allFixes(snapshot, path)
    if (edits.length > 0)
      actions.push(action(snapshot, path, 'Fix all that can be fixed', CodeActionKind.SourceFixAll, edits))
  }
  return actions
}

function quickFixes(snapshot: Snapshot, path: string, range: Range): readonly CodeAction[] {
  const file = snapshot.files.get(path)
  if (!file) return []
  const lines = linesOf(file)
  const start = lines.offset(range.start.line, range.start.character)
  const end = lines.offset(range.end.line, range.end.character)
  const here = (problemsOf(snapshot).get(path) ?? []).filter(({ span }) => span.start <= end && start <= span.end)
  return here.flatMap(found => {
    const diagnostics = [diagnosticOf(snapshot, file, found)]
    const made = declareContract(snapshot, path, found)
    return [...found.fixes, ...(made ? [made] : [])].map((fix, index) => ({
      ...action(snapshot, path, fix.title, CodeActionKind.QuickFix, fix.edits),
      diagnostics,
      ...(index === 0 && found.fixes.length > 0 ? { isPreferred: true } : {}),
    }))
  })
}

function refactorings(snapshot: Snapshot, path: string, range: Range): readonly CodeAction[] {
  const selected = selectedAt(snapshot, path, range)
  if (!selected) return []
  return [extractLet, extractDefine, inlineLet, inlineDefine, splitRule].flatMap(refactor => {
    const made = refactor(selected)
    return made ? [action(snapshot, path, made.title, made.kind, made.edits)] : []
  })
}

/** The preferred fix of every problem; one that overlaps another waits for the next time. */
export function allFixes(snapshot: Snapshot, path: string): readonly TextEdit[] {
  const taken: TextEdit[] = []
  for (const { fixes } of problemsOf(snapshot).get(path) ?? []) {
    const [fix] = fixes
    if (fix && isFree(fix, taken)) taken.push(...fix.edits)
  }
  return taken
}

function isFree({ edits }: Fix, taken: readonly TextEdit[]): boolean {
  return edits.every(({ span }) => taken.every(other => span.end < other.span.start || other.span.end < span.start))
}

function action(snapshot: Snapshot, path: string, title: string, kind: string, edits: readonly TextEdit[]): CodeAction {
  return { title, kind, edit: workspaceEdit(snapshot, editsOf(path, edits)) }
}

/** The problems of a file that have a fix. */
export function fixable(snapshot: Snapshot, path: string): readonly FileProblem[] {
  return (problemsOf(snapshot).get(path) ?? []).filter(({ fixes }) => fixes.length > 0)
}
