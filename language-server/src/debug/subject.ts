/**
 * What is debugged: a checked program over events that are all there, a recorded log or those of a test, and where its policies decide.
 * Nothing runs while it is debugged: every moment is worked out anew, so that steps backwards cost what steps forwards do.
 */
import { type Checked, columnView, type Log, type LogView, type Plan, testLog } from '@writ/engine'
import type { SourceFile } from '@writ/grammar'
import { type PolicyRun, runPolicy } from '../simulation/policy-run.ts'

export interface DebugSubject {
  readonly plan: Plan
  readonly view: LogView
  /** By index of the policy. */
  readonly runs: readonly PolicyRun[]
  /** Of the program, by path: watched expressions are checked in their places. */
  readonly files: ReadonlyMap<string, SourceFile>
  readonly checked: Checked
}

/** The events of a test; null where there is no such test, or the program has errors. */
export function testSubject(
  files: ReadonlyMap<string, SourceFile>,
  checked: Checked,
  path: string,
  title: string,
): DebugSubject | null {
  const { plan } = checked
  const test = plan?.tests.find(one => one.title === title && plan.files[one.span.file]?.path === path)
  if (!plan || !test) return null
  const log = testLog(plan, test)
  return { plan, view: columnView(log, plan.contracts), runs: allRuns(plan, log), files, checked }
}

function allRuns(plan: Plan, log: Log): readonly PolicyRun[] {
  return plan.policies.flatMap((_, index) => runPolicy(plan, index, log, () => false) ?? [])
}

/** A policy, or one of its rules; null: whatever the policy decides. By names: they outlive an edit. */
export interface Wanted {
  readonly policy: string
  readonly rule: string | null
}

/**
 * The nearest event before or behind `from` that one of `wanted` matched; null where there is none. `from` itself is not looked at;
 * -1 and the number of events are places too.
 */
export function findEvent(
  { runs }: DebugSubject,
  from: number,
  direction: 'forward' | 'back',
  wanted: readonly Wanted[],
): number | null {
  let best: number | null = null
  for (const { policy, rule } of wanted) {
    const run = runs.find(({ name }) => name === policy)
    if (!run) continue
    const found = nearest(run, from, direction, rule)
    if (found === null) continue
    if (best === null || (direction === 'forward' ? found < best : found > best)) best = found
  }
  return best
}

function nearest({ decisions, rules }: PolicyRun, from: number, direction: 'forward' | 'back', rule: string | null) {
  const index = rule === null ? null : rules.indexOf(rule)
  const matches = decisions.matchSets.map(set => index === null || set.rules.includes(index))
  const step = direction === 'forward' ? 1 : -1
  let place = firstBehind(decisions.seq, decisions.size, direction === 'forward' ? from : from - 1)
  if (direction === 'back') place--
  for (; place >= 0 && place < decisions.size; place += step)
    if (matches[decisions.matched[place] ?? 0] === true) return decisions.seq[place] ?? null
  return null
}

/** The first place whose event is later than `seq`; they ascend. */
function firstBehind(seqs: ArrayLike<number>, size: number, seq: number): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((seqs[middle] ?? 0) <= seq) low = middle + 1
    else high = middle
  }
  return low
}
