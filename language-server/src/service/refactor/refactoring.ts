/** A change of the text that keeps what the program means; offered only where the program stays free of new errors. */
import type { TextEdit } from '@writ/grammar'

export interface Refactoring {
  readonly title: string
  readonly kind: 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite'
  /** Of the file that was asked about, in its offsets. */
  readonly edits: readonly TextEdit[]
}
