/**
 * What a problem is: a user's mistake as data, with a stable code. The catalogue (one file per group of codes beside this
 * one) declares each code once; `problem()` makes one. How problems are printed is the business of the command line and editor.
 */
import type { Span } from '../span.ts'

export type Severity = 'error' | 'warning' | 'information' | 'hint'

/** A mistake found in text or data. Spans are relative to what the producer says (declaration or file). */
export interface Problem {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly span: Span
  readonly related: readonly RelatedPlace[]
  /** Edits that mend it; the first is preferred. */
  readonly fixes: readonly Fix[]
}

/** Another place that explains the problem, in absolute file offsets. */
export interface RelatedPlace {
  readonly path: string
  readonly span: Span
  readonly message: string
}

/** A mend that the editor offers and `writ check --fix` applies. Spans are relative as the problem's own. */
export interface Fix {
  readonly title: string
  readonly edits: readonly TextEdit[]
}
export interface TextEdit {
  readonly span: Span
  readonly text: string
}

/** One entry of the catalogue. `{name}` in the message is filled from the parameters of `problem()`. */
export interface ProblemKind {
  readonly severity: Severity
  /** Three to six words, the title of its page in docs/problems. */
  readonly title: string
  readonly message: string
}

/** Declares a group of the catalogue; checks the form of the codes while the module loads. */
export function catalogue<K extends `W${number}`>(
  kinds: Readonly<Record<K, ProblemKind>>,
): Readonly<Record<K, ProblemKind>> {
  return kinds
}
