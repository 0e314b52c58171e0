/** Two versions over one log against a run of each alone, and their flips: a partition by cause, whose explanations are accepted. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { baselines } from '../../../test/differential/baselines.ts'
import { differenceOf, eventsOf, programOf } from '../../../test/differential/pair.ts'
import { check } from '../../src/check/check.ts'
import { countsIn, flipsOf, inShadow, undecided } from '../../src/diff/flips.ts'
import { groupsOf } from '../../src/diff/groups.ts'
import { pairPlans } from '../../src/diff/pair.ts'
import { runBoth } from '../../src/diff/run-both.ts'
import { onSharedLog, sharedReadSet } from '../../src/diff/shared-log.ts'
import { explain } from '../../src/explain/trace.ts'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import { editsOf } from '../../src/mutation/edits.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { evaluate } from '../../src/run/evaluate.ts'
import { verifyExplanation } from '../../src/verify/index.ts'

const seeds = Number(process.env.WRIT_DIFF_SEEDS ?? 12)

interface Versions {
  readonly before: Plan
  readonly after: Plan
  readonly edit: string
}

/** A generated program and some small changes of its text that still check. */
function versionsOf(seed: number): readonly Versions[] {
  const { text, plan } = programOf(seed)
  if (plan === null) return []
  const edits = editsOf(parse('generated.writ', text))
  const step = Math.max(1, Math.floor(edits.length / 6))
  return edits.flatMap((edit, place): readonly Versions[] => {
    if (place % step !== seed % step) return []
    const changed = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end)
    const after = check([parse('generated.writ', changed)], undefined, { baselines }).plan
    return after ? [{ before: plan, after, edit: `${edit.text} at ${edit.span.start}` }] : []
  })
}

test(`equal to two separate runs, flips are a partition, and their explanations are accepted (${seeds} seeds)`, () => {
  let flipped = 0
  let reused = 0
  for (const [seed, versions] of Array.from({ length: seeds }, (_, i) =>
    versionsOf(i + 1).map(one => [i + 1, one] as const),
  ).flat()) {
    const { before } = versions
    const after = onSharedLog(before, versions.after)
    if (after === null) continue
    const pair = pairPlans(before, after)
    const builder = new LogBuilder(before.contracts, sharedReadSet(before, after))
    for (const event of eventsOf(seed, 0, before)) builder.add(event)
    const log = builder.build()
    const logs = { before: log, after: log }
    const runs = runBoth(pair, logs)
    const told = `seed ${seed}, ${versions.edit}`
    expect(differenceOf(evaluate(before, log), runs.before), told).toBeNull()
    expect(differenceOf(evaluate(after, log), runs.after), told).toBeNull()
    reused += after.policies.length - runs.decidedAgain
    const flips = flipsOf({ pair, logs, runs })
    flipped += flips.size
    const view = columnView(log, before.contracts)
    const views = { before: view, after: columnView(log, after.contracts) }
    const groups = groupsOf(pair, flips, views)
    expect(
      groups.reduce((sum, { count }) => sum + count, 0),
      told,
    ).toBe(flips.size)
    expect(flips.size, told).toBe(flipsByHand(pair.before, pair.after, runs))
    for (const { examples } of groups)
      for (const flip of examples) {
        const own = pair.policies[flips.policy[flip] ?? -1]
        const [was, is] = [flips.from[flip] ?? 0, flips.to[flip] ?? 0]
        if (own?.before != null && was !== undecided)
          expect(
            verifyExplanation(before, views.before, explain(before, views.before, flips.before[flip] ?? 0, own.before)),
            told,
          ).toEqual({ accepted: true })
        if (own?.after != null && is !== undecided)
          expect(
            verifyExplanation(after, views.after, explain(after, views.after, flips.after[flip] ?? 0, own.after)),
            told,
          ).toEqual({ accepted: true })
      }
  }
  expect(flipped).toBeGreaterThan(seeds)
  expect(reused).toBeGreaterThan(0)
})

/** Both versions have the same policies in the same order: counted decision by decision. */
function flipsByHand(before: Plan, after: Plan, runs: ReturnType<typeof runBoth>): number {
  const states = (plan: Plan, run: typeof runs.before) => {
    const counts = countsIn(plan, run)
    return new Map(
      Array.from({ length: run.decisions.size }, (_, i) => [
        `${run.decisions.seq[i]} ${run.decisions.policy[i]}`,
        (run.decisions.decision[i] ?? 0) + (counts(i) ? 0 : inShadow),
      ]),
    )
  }
  const [was, is] = [states(before, runs.before), states(after, runs.after)]
  let flips = 0
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [from, to] = [was.get(key) ?? undecided, is.get(key) ?? undecided]
    if (from !== to && (from % inShadow !== 0 || to % inShadow !== 0)) flips++
  }
  return flips
}
