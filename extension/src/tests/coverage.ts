/** Coverage of tests as VS Code shows it: rules as declarations, conditions as statements with two branches, defaults as statements. */
import {
  type CoverageParams,
  type CoverageResult,
  coverageRequest,
  type FileCoverageResult,
} from '@writ/language-server/messages'
import {
  BranchCoverage,
  DeclarationCoverage,
  FileCoverage,
  type FileCoverageDetail,
  StatementCoverage,
  type TestRun,
  Uri,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { toRange } from '../positions.ts'

const details = new WeakMap<FileCoverage, readonly FileCoverageDetail[]>()

/** `tests`: titles by file. */
export async function addCoverageOf(
  client: BaseLanguageClient,
  testRun: TestRun,
  tests: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
): Promise<void> {
  const params: CoverageParams = { tests: [...tests].map(([uri, items]) => ({ uri, titles: [...items.keys()] })) }
  const files: CoverageResult = await client.sendRequest(coverageRequest, params)
  for (const file of files) {
    const own = detailsIn(file)
    const coverage = FileCoverage.fromDetails(Uri.parse(file.uri), own)
    details.set(coverage, own)
    testRun.addCoverage(coverage)
  }
}

/** What `addCoverageOf` made of a file. */
export function detailsOf(coverage: FileCoverage): FileCoverageDetail[] {
  return [...(details.get(coverage) ?? [])]
}

function detailsIn({ rules, conditions, defaults }: FileCoverageResult): FileCoverageDetail[] {
  return [
    ...rules.map(({ name, range, count }) => new DeclarationCoverage(name, count, toRange(range))),
    ...conditions.map(({ range, seenTrue, seenFalse }) => {
      const at = toRange(range)
      const branches = [new BranchCoverage(seenTrue, at, 'true'), new BranchCoverage(seenFalse, at, 'false')]
      return new StatementCoverage(seenTrue + seenFalse, at, branches)
    }),
    ...defaults.map(({ range, count }) => new StatementCoverage(count, toRange(range))),
  ]
}
