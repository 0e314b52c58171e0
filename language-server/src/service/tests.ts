/** The tests of a file: where they are, and how they end. Running is the engine's (reference interpreter). */
import { runTests } from '@writ/engine'
import type { Range } from 'vscode-languageserver-types'
import { rangeOf, type Snapshot } from '../workspace/snapshot.ts'

export interface TestPlace {
  readonly uri: string
  readonly title: string
  readonly module: string
  readonly range: Range
  readonly titleRange: Range
}
export interface TestEnd {
  readonly uri: string
  readonly title: string
  readonly module: string
  readonly passed: boolean
  readonly failures: readonly { readonly range: Range; readonly message: string }[]
}

/** In the order of their places. */
export function testLocations(snapshot: Snapshot, path: string): readonly TestPlace[] {
  const file = snapshot.files.get(path)
  const uri = snapshot.uris.get(path)
  if (!file || uri === undefined) return []
  const head = file.declarations.find(({ syntax }) => syntax.kind === 'module')
  const module = head?.syntax.kind === 'module' ? head.syntax.name.text : ''
  return file.declarations.flatMap(({ start, end, syntax }) => {
    if (syntax.kind !== 'test') return []
    const { titleSpan } = syntax
    return [
      {
        uri,
        title: syntax.title,
        module,
        range: rangeOf(file, { start, end }),
        titleRange: rangeOf(file, { start: start + titleSpan.start, end: start + titleSpan.end }),
      },
    ]
  })
}

/** Runs the tests of a file, only those of the given titles where there are any; null where the program has errors. */
export function testOutcomes(
  snapshot: Snapshot,
  path: string,
  titles: readonly string[] | undefined,
): readonly TestEnd[] | null {
  const { plan } = snapshot.checked
  const file = snapshot.files.get(path)
  const uri = snapshot.uris.get(path)
  if (!plan || !file || uri === undefined) return null
  const select = (test: { readonly title: string; readonly span: { readonly file: number } }): boolean =>
    plan.files[test.span.file]?.path === path && (titles === undefined || titles.includes(test.title))
  return runTests(plan, { select }).map(({ title, module, passed, message, failedAt }) => ({
    uri,
    title,
    module,
    passed,
    failures: failedAt ? [{ range: rangeOf(file, failedAt), message: message ?? '' }] : [],
  }))
}
