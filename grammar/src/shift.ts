/** Moves spans and problems between the offsets of a declaration and those of its file. */
import type { Problem } from './problems/problem.ts'
import type { Span } from './span.ts'

/** `span` moved by `offset` characters. */
export function shiftSpan(span: Span, offset: number): Span {
  return { start: span.start + offset, end: span.end + offset }
}

/** `problem` with its span and its fixes moved; related places are in file offsets already. */
export function shiftProblem(problem: Problem, offset: number): Problem {
  if (offset === 0) return problem
  const fixes = problem.fixes.map(fix => ({
    ...fix,
    edits: fix.edits.map(edit => ({ ...edit, span: shiftSpan(edit.span, offset) })),
  }))
  return { ...problem, span: shiftSpan(problem.span, offset), fixes }
}
