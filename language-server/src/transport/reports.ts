/**
 * The problems of every file as the client knows them, with an id per result: what has not changed is neither sent nor sent again.
 * INVARIANT: two results of one file have the same id exactly when their problems and places are the same.
 */
import type { FileProblem } from '@writ/engine'
import type { SourceFile } from '@writ/grammar'
import type { Diagnostic } from 'vscode-languageserver-types'
import { diagnosticOf, problemsOf, problemsOfCheck } from '../service/diagnostics.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

export interface Report {
  readonly id: string
  readonly diagnostics: readonly Diagnostic[]
}

interface Kept {
  readonly file: SourceFile
  readonly problems: readonly FileProblem[]
  readonly text: string
  readonly report: Report
}

const none: readonly FileProblem[] = []

export class Reports {
  readonly #kept = new Map<string, Kept>()
  readonly #pages: string | undefined
  #next = 1

  constructor(pages: string | undefined) {
    this.#pages = pages
  }

  /** `whole`: with flow and analysis. */
  of(snapshot: Snapshot, path: string, uri: string, whole: boolean): Report {
    const file = snapshot.files.get(path)
    if (!file) return { id: '0', diagnostics: [] }
    const problems = (whole ? problemsOf(snapshot) : problemsOfCheck(snapshot)).get(path) ?? none
    const known = this.#kept.get(uri)
    if (known && (known.file === file || problems.length === 0) && known.problems === problems) return known.report
    const diagnostics = problems.map(found => this.#linked(diagnosticOf(snapshot, file, found)))
    const text = JSON.stringify(diagnostics)
    const report = known?.text === text ? known.report : { id: String(this.#next++), diagnostics }
    this.#kept.set(uri, { file, problems, text, report })
    return report
  }

  forget(uri: string): void {
    this.#kept.delete(uri)
  }

  #linked(diagnostic: Diagnostic): Diagnostic {
    if (this.#pages === undefined) return diagnostic
    return { ...diagnostic, codeDescription: { href: `${this.#pages}/${diagnostic.code}.md` } }
  }
}
