/**
 * What tests show of rules, for an editor's coverage view: rules as functions, their atomic conditions as branches that were true and
 * false, defaults as statements. What is counted is the engine's, as `writ test --coverage` counts it.
 */
import { CoverageCounter, type Plan, type PlanTest, type SourceSpan, testEnd, testLog } from '@writ/engine'
import type { Range } from 'vscode-languageserver-types'
import { rangeOf, type Snapshot } from '../workspace/snapshot.ts'

export interface CoveredFile {
  readonly uri: string
  readonly rules: readonly {
    readonly name: string
    readonly range: Range
    /** Events at which it matched; of an expectation, how often it began. */
    readonly count: number
  }[]
  readonly conditions: readonly { readonly range: Range; readonly seenTrue: number; readonly seenFalse: number }[]
  readonly defaults: readonly { readonly range: Range; readonly count: number }[]
}

/** Of the tests of the given titles in the given files (URIs); null where the program has errors. */
export function testCoverage(
  snapshot: Snapshot,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): readonly CoveredFile[] | null {
  const { plan } = snapshot.checked
  if (!plan) return null
  const counter = new CoverageCounter(plan)
  for (const test of plan.tests)
    if (isWanted(snapshot, plan, test, wanted)) counter.add(testLog(plan, test), test.title, testEnd(test))
  const { rules, defaults } = counter.coverage
  const files = new Map<string, Writable>()
  const fileOf = (span: SourceSpan): Writable | undefined => {
    const path = plan.files[span.file]?.path ?? ''
    const uri = snapshot.uris.get(path)
    if (uri === undefined) return undefined
    const file = files.get(path) ?? { uri, rules: [], conditions: [], defaults: [] }
    files.set(path, file)
    return file
  }
  const at = (span: SourceSpan): Range => {
    const file = snapshot.files.get(plan.files[span.file]?.path ?? '')
    return file ? rangeOf(file, span) : nowhere
  }
  for (const { policy, rule, matched, instances, conditions } of rules) {
    const found = plan.policies[policy]
    const own = found?.rules[rule]
    if (!found || !own) continue
    const count = instances?.began ?? matched
    fileOf(own.span)?.rules.push({ name: `${found.name}.${own.name}`, range: at(own.span), count })
    for (const { condition, seenTrue, seenFalse } of conditions)
      fileOf(condition.span)?.conditions.push({ range: at(condition.span), seenTrue, seenFalse })
  }
  for (const [policy, count] of defaults.entries()) {
    const found = plan.policies[policy]
    // A policy of expectations alone decides nothing, so that its default cannot be missing.
    if (found && found.contracts.length > 0)
      fileOf(found.default.span)?.defaults.push({ range: at(found.default.span), count })
  }
  return [...files.values()]
}

const nowhere: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

interface Writable {
  readonly uri: string
  readonly rules: { name: string; range: Range; count: number }[]
  readonly conditions: { range: Range; seenTrue: number; seenFalse: number }[]
  readonly defaults: { range: Range; count: number }[]
}

function isWanted(
  { uris }: Snapshot,
  plan: Plan,
  { span, title }: PlanTest,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const uri = uris.get(plan.files[span.file]?.path ?? '')
  return uri !== undefined && wanted.get(uri)?.has(title) === true
}
