/**
 * The slow, obvious judge: decides every event of a log, one after the other, and remembers nothing in between. The compiled
 * evaluator must agree with it in every field of the result (test/differential).
 */
import type { EventView, LogView } from '../log/view.ts'
import { hashWithMeasures } from '../measure/hash.ts'
import { hashWithObligations } from '../obligation/hash.ts'
import type { Ending } from '../obligation/instance.ts'
import type { Plan } from '../plan/plan.ts'
import { chainRollouts, hashWithRollouts, unbegunRolloutChains } from '../rollout/hash.ts'
import {
  type Decisions,
  decisionWords,
  type MatchSet,
  noticeCodes,
  type RunNotice,
  type RunResult,
} from '../run/decisions.ts'
import { hashDecisions } from '../run/hash.ts'
import { byRule } from '../run/notice-order.ts'
import { checkPasses, decide, type Verdict } from './decide.ts'
import { referenceMeasures } from './measure.ts'
import { type Asked, referenceObligations } from './obligations.ts'
import { type Decided, referenceRollouts } from './rollouts.ts'
import { historyOf } from './situation.ts'

/** Evaluates a plan over a log. */
export function referenceRun(plan: Plan, view: LogView, ending: Ending = null): RunResult {
  const { rejected, failedChecks } = checkContracts(plan, view)
  const history = historyOf(view, rejected)
  const rows: Row[] = []
  for (const event of eventsOf(view)) {
    if (rejected.has(event.seq)) continue
    plan.policies.forEach((_, index) => {
      const verdict = decide(plan, index, event, history)
      if (verdict) rows.push({ seq: event.seq, policy: index, verdict })
    })
  }
  const decisions = decisionColumns(rows)
  const settled = referenceObligations(plan, view, rejected, history, askedBy(plan, rows), ending)
  const { obligations } = settled
  const failed = new Set(failedChecks.map(({ seq }) => seq))
  const run = { plan, view, rejected, failed, decisions, obligations, ending }
  const measures = referenceMeasures(run)
  const rollouts = referenceRollouts(run, rows.map(decidedBy))
  return {
    decisions,
    rejected: Int32Array.from(rejected).sort(),
    failedChecks,
    notices: [...noticesOf(rows), ...settled.notices].sort(byRule),
    obligations,
    measures,
    rollouts,
    hash: hashWithRollouts(
      hashWithMeasures(hashWithObligations(hashDecisions(decisions), obligations), measures),
      rollouts,
      chainRollouts(unbegunRolloutChains, rollouts),
    ),
  }
}

/** Rules that require an approval and matched, where their decision is that of their policy. */
function askedBy(plan: Plan, rows: readonly Row[]): readonly Asked[] {
  return rows.flatMap(({ seq, policy, verdict }) =>
    verdict.matched
      .filter(rule => {
        const found = plan.policies[policy]?.rules[rule]
        return found?.approval && found.decision === verdict.decision
      })
      .map(rule => ({ seq, policy, rule })),
  )
}

function decidedBy({ seq, policy, verdict }: Row): Decided {
  return { seq, policy, decision: decisionWords.indexOf(verdict.decision), decidedBy: verdict.decidedBy }
}

/** Which events their contract rejects, and every check that failed, by seq and place of the check. */
export function checkContracts(
  plan: Plan,
  view: LogView,
): { readonly rejected: ReadonlySet<number>; readonly failedChecks: readonly { seq: number; check: number }[] } {
  const rejected = new Set<number>()
  const failedChecks: { seq: number; check: number }[] = []
  for (const event of eventsOf(view)) {
    plan.contracts[event.contract]?.checks.forEach((check, index) => {
      if (checkPasses(check, event)) return
      failedChecks.push({ seq: event.seq, check: index })
      if (check.otherwise === 'reject') rejected.add(event.seq)
    })
  }
  return { rejected, failedChecks }
}

function* eventsOf(view: LogView): Iterable<EventView> {
  for (let seq = 0; seq < view.size; seq++) yield view.event(seq)
}

type Row = { readonly seq: number; readonly policy: number; readonly verdict: Verdict }

function decisionColumns(rows: readonly Row[]): Decisions {
  const matchSets: MatchSet[] = []
  const known = new Map<string, number>()
  function matchSetOf({ matched, matchedUnknown, lasting, waived }: Verdict): number {
    const waivers = waived.map(({ rule, exception }) => `${rule} ${exception}`)
    const key = [matched, matchedUnknown, lasting, waivers].map(part => part.join()).join(';')
    let index = known.get(key)
    if (index === undefined) {
      const set = { rules: matched, unknown: matchedUnknown }
      const more = { ...(lasting.length > 0 ? { lasting } : {}), ...(waived.length > 0 ? { waived } : {}) }
      index = matchSets.push({ ...set, ...more }) - 1
      known.set(key, index)
    }
    return index
  }
  return {
    size: rows.length,
    seq: Int32Array.from(rows, row => row.seq),
    policy: Uint16Array.from(rows, row => row.policy),
    decision: Uint8Array.from(rows, row => decisionWords.indexOf(row.verdict.decision)),
    decidedBy: Int16Array.from(rows, row => row.verdict.decidedBy),
    matched: Int32Array.from(rows, row => matchSetOf(row.verdict)),
    matchSets,
  }
}

/** A rule always does the same on unknown, so that it has one notice at most. */
function noticesOf(rows: readonly Row[]): readonly RunNotice[] {
  const notices = new Map<string, RunNotice>()
  function note(code: RunNotice['code'], policy: number, rule: number, seq: number): void {
    const key = `${policy} ${rule}`
    const notice = notices.get(key) ?? { code, policy, rule, count: 0, firstSeq: seq }
    notices.set(key, { ...notice, count: notice.count + 1 })
  }
  for (const { seq, policy, verdict } of rows) {
    for (const rule of verdict.matchedUnknown) note(noticeCodes.matchedOnUnknown, policy, rule, seq)
    for (const rule of verdict.passedUnknown) note(noticeCodes.passedOnUnknown, policy, rule, seq)
  }
  return [...notices.values()]
}
