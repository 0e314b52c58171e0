/**
 * Which causes of flips the tests of the newer version show: a test shows a cause where the two versions decide its events
 * differently, and for that cause. Found by running both versions over the events of each test.
 */
import type { Plan, PlanTest } from '../plan/plan.ts'
import { testLog } from '../testing/test-events.ts'
import { causeText, stateText } from './describe.ts'
import { type Flips, flipsOf, type PolicyCause } from './flips.ts'
import type { PlanPair } from './pair.ts'
import { runBoth } from './run-both.ts'

/** `isShared`: both versions have the same events, so that they can be run over the events of a test. Gives the causes that no test shows, in words. */
export function untestedCauses(pair: PlanPair, flips: Flips, isShared: boolean): readonly string[] {
  const open = new Map<string, string>()
  for (let flip = 0; flip < flips.size; flip++) {
    const cause = flips.causes[flips.cause[flip] ?? -1]
    if (!cause) continue
    const key = isShared ? keyOf(cause) : `${keyOf(cause)} ${flips.to[flip]}`
    if (!open.has(key)) open.set(key, causeText(pair, cause))
  }
  if (open.size === 0) return []
  const shown = isShared ? shownByRuns(pair) : null
  if (shown) for (const key of shown) open.delete(key)
  else for (const [key] of open) if (isExpected(pair, key, flips)) open.delete(key)
  return [...open.values()]
}

function keyOf({ policy, cause }: PolicyCause): string {
  return `${policy} ${JSON.stringify(cause)}`
}

function shownByRuns(pair: PlanPair): ReadonlySet<string> {
  const shown = new Set<string>()
  for (const test of pair.after.tests) {
    const log = testLog(pair.after, test)
    const logs = { before: log, after: log }
    const flips = flipsOf({ pair, logs, runs: runBoth(pair, logs) })
    for (let flip = 0; flip < flips.size; flip++) {
      const cause = flips.causes[flips.cause[flip] ?? -1]
      if (cause) shown.add(keyOf(cause))
    }
  }
  return shown
}

/** The older version has no such events: a test that is new, and expects what becomes of the decision, has to do. */
function isExpected(pair: PlanPair, key: string, flips: Flips): boolean {
  const known = new Set(pair.before.tests.map(test => textOf(pair.before, test)))
  const fresh = pair.after.tests.filter(test => !known.has(textOf(pair.after, test)))
  const wanted = new Set<string>()
  for (let flip = 0; flip < flips.size; flip++) {
    const cause = flips.causes[flips.cause[flip] ?? -1]
    if (cause && `${keyOf(cause)} ${flips.to[flip]}` === key) wanted.add(stateText(flips.to[flip] ?? 0))
  }
  return fresh.some(test =>
    test.steps.some(step =>
      step.kind === 'expect-problem'
        ? wanted.has('not decided')
        : step.kind === 'expect-decision' && wanted.has(step.decision),
    ),
  )
}

function textOf(plan: Plan, { span }: PlanTest): string {
  return plan.files[span.file]?.text.slice(span.start, span.end) ?? ''
}
