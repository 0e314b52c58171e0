/**
 * Collects the problems of one declaration. Spans are those of the declaration; check.ts makes file offsets of them.
 * INVARIANT: one mistake is reported once: a second problem at the same place is not taken.
 */
import { type Fix, type Problem, type ProblemCode, problem, type Span } from '@writ/grammar'
import type { UnitProblem } from '../bind/unit.ts'

export interface Report {
  readonly problems: UnitProblem[]
  add(
    code: ProblemCode,
    span: Span,
    parameters?: Readonly<Record<string, string | number>>,
    more?: Partial<Pick<UnitProblem, 'related' | 'fixes' | 'imports'>>,
  ): void
  /** As `add`, about something that is not there; silent where the declaration has syntax errors, for it may be in what was lost. */
  missing: Report['add']
}

/** `syntax` are the problems that the parser has of the declaration; where it reports an error, nothing more is said. */
export function reportOf(syntax: readonly Problem[] = []): Report {
  const problems: UnitProblem[] = []
  const errors = syntax.filter(found => found.severity === 'error')
  const places = new Set<string>()
  const add: Report['add'] = (code, span, parameters = {}, more = {}) => {
    const place = `${span.start}-${span.end}`
    const made = problem(code, span, parameters, more.fixes ? { fixes: more.fixes } : {})
    if (made.severity === 'error') {
      if (places.has(place) || errors.some(error => error.span.start <= span.start && span.end <= error.span.end))
        return
      places.add(place)
    }
    problems.push({ ...made, related: more.related ?? [], imports: more.imports ?? null })
  }
  return { problems, add, missing: errors.length > 0 ? () => {} : add }
}

/** A fix that puts `text` in place of `span`. */
export function replaceFix(title: string, span: Span, text: string): Fix {
  return { title, edits: [{ span, text }] }
}
export function insertFix(title: string, at: number, text: string): Fix {
  return { title, edits: [{ span: { start: at, end: at }, text }] }
}
