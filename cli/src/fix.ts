/** Applies the preferred fixes of problems to the files of a workspace: `writ check --fix`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileProblem } from '@writ/engine'
import type { Fix, TextEdit } from '@writ/grammar'
import { type Refusal, refuse } from './refusal.ts'
import { systemReason } from './system-reason.ts'
import { shownPath, type Workspace } from './workspace.ts'

/** Writes the mended files. A fix that overlaps one before it waits for the next round. */
export function applyFixes(
  workspace: Workspace,
  problems: readonly FileProblem[],
): { readonly applied: number } | Refusal {
  let applied = 0
  for (const file of workspace.files) {
    const fixes = problems.filter(problem => problem.path === file.path).flatMap(problem => problem.fixes.slice(0, 1))
    const chosen = withoutOverlap(fixes)
    if (chosen.length === 0) continue
    const text = applyEdits(
      file.text,
      chosen.flatMap(fix => fix.edits),
    )
    if (text === file.text) continue
    try {
      writeFileSync(join(workspace.folder, file.path), text)
    } catch (error) {
      const path = shownPath(workspace.shown, file.path)
      return refuse('W3030', { path, why: systemReason(error), hint: 'Make it writable, or mend it by hand.' })
    }
    applied += chosen.length
  }
  return { applied }
}

/** `text` with all edits applied at once; spans are of the text before. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text
  for (const edit of edits.toSorted((a, b) => b.span.start - a.span.start)) {
    result = result.slice(0, edit.span.start) + edit.text + result.slice(edit.span.end)
  }
  return result
}

function withoutOverlap(fixes: readonly Fix[]): Fix[] {
  const taken: TextEdit[] = []
  return fixes.filter(fix => {
    const free = fix.edits.every(edit =>
      taken.every(other => edit.span.end < other.span.start || other.span.end < edit.span.start),
    )
    if (free) taken.push(...fix.edits)
    return free
  })
}
