/** Problems for machines: the form of `writ check --format json`, docs/schemas/check.schema.json. Lines and columns from 1. */
import type { FileProblem } from '@writ/engine'
import { lineIndex, type Span, type TextEdit } from '@writ/grammar'
import { severityCounts } from '../program.ts'
import type { SourceTexts } from '../workspace.ts'

export function checkJson(problems: readonly FileProblem[], sources: SourceTexts): object {
  const places = placesIn(sources)
  return {
    workspace: sources.shown,
    files: sources.texts.size,
    counts: severityCounts(problems),
    problems: problems.map(problem => ({
      code: problem.code,
      severity: problem.severity,
      message: problem.message,
      ...places(problem.path, problem.span),
      related: problem.related.map(related => ({ ...places(related.path, related.span), message: related.message })),
      fixes: problem.fixes.map(fix => ({
        title: fix.title,
        edits: fix.edits.map((edit: TextEdit) => ({ ...places(problem.path, edit.span), text: edit.text })),
      })),
    })),
  }
}

export interface JsonPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Turns spans into lines and columns; each file's lines are counted once. */
export function placesIn(sources: SourceTexts): (path: string, span: Span) => JsonPlace {
  const indices = new Map<string, ReturnType<typeof lineIndex>>()
  return (path, span) => {
    const index = indices.get(path) ?? lineIndex(sources.texts.get(path) ?? '')
    indices.set(path, index)
    const start = index.position(span.start)
    const end = index.position(span.end)
    return {
      file: path,
      line: start.line + 1,
      column: start.column + 1,
      endLine: end.line + 1,
      endColumn: end.column + 1,
    }
  }
}
