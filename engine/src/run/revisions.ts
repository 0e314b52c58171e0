/**
 * What late events change: the decisions and outcomes as they were when events came, against what they are with every event at its
 * own time. Two runs over the same events, so that a revision says exactly what a run over the record as it came would have said
 * before, and nothing depends on when anybody looked.
 */
import { LogBuilder } from '../log/builder.ts'
import { columnView } from '../log/column-view.ts'
import type { Log } from '../log/columns.ts'
import { type InstanceStatus, instanceStatuses } from '../obligation/instance.ts'
import type { Plan } from '../plan/plan.ts'
import type { Value } from '../value/value.ts'
import { decisionWords, type RunResult } from './decisions.ts'
import { type EvaluateOptions, evaluate } from './evaluate.ts'

export interface Revisions {
  /** Events that came late, by their places in the log. */
  readonly late: readonly number[]
  readonly decisions: readonly RevisedDecision[]
  readonly instances: readonly RevisedInstance[]
}
export interface RevisedDecision {
  readonly seq: number
  readonly policy: number
  readonly from: Decided
  readonly to: Decided
}
export interface Decided {
  readonly decision: (typeof decisionWords)[number]
  /** Index of the rule, -1: the default. */
  readonly decidedBy: number
}
/** An instance that began or ended otherwise; null: there was, or is, none. */
export interface RevisedInstance {
  /** The event it begins with. */
  readonly seq: number
  readonly policy: number
  readonly rule: number
  readonly from: Ended | null
  readonly to: Ended | null
}
export interface Ended {
  readonly status: InstanceStatus
  /** Milliseconds; null while it is pending. */
  readonly at: number | null
}

/**
 * `lateness`: by file, how late (milliseconds) an event may come before it counts as late; files that are not named have no late
 * events. `log` has every column, `result` is its run. Null where nothing came late.
 */
export function revisions(
  plan: Plan,
  log: Log,
  result: RunResult,
  lateness: ReadonlyMap<string, number>,
  options: Pick<EvaluateOptions, 'codeGeneration' | 'closeAt'> = {},
): Revisions | null {
  const { arrived, late, seqOf } = asItCame(plan, log, lateness)
  if (late.length === 0) return null
  const before = evaluate(plan, arrived, options)
  return {
    late,
    decisions: revisedDecisions(before, result, seqOf),
    instances: revisedInstances(before, result, seqOf),
  }
}

interface Arrived {
  readonly arrived: Log
  readonly late: readonly number[]
  /** The place in the log of an event of the log as it came. */
  readonly seqOf: (seq: number) => number
}

/** The log with late events at the time of the latest one that had come before them from their file. */
function asItCame(plan: Plan, log: Log, lateness: ReadonlyMap<string, number>): Arrived {
  const view = columnView(log, plan.contracts)
  const events = Array.from({ length: view.size }, (_, seq) => view.event(seq))
  const times = events.map(event => event.time)
  const late: number[] = []
  for (const [file, allowed] of lateness) {
    let latest = Number.NEGATIVE_INFINITY
    for (const event of events.filter(one => one.file === file).sort((a, b) => a.index - b.index)) {
      if (latest - event.time > allowed) {
        late.push(event.seq)
        times[event.seq] = latest
      } else latest = Math.max(latest, event.time)
    }
  }
  if (late.length === 0) return { arrived: log, late, seqOf: seq => seq }
  const builder = new LogBuilder(plan.contracts)
  for (const { seq, contract, file, index, value } of events) {
    const fields: Record<string, Value> = {}
    for (const { name } of plan.contracts[contract]?.fields ?? []) fields[name] = value([name])
    builder.add({ contract, time: times[seq] ?? 0, file, index, fields })
  }
  const arrived = builder.build()
  const places = new Map(events.map(({ file, index, contract, seq }) => [`${file} ${index} ${contract}`, seq]))
  const other = columnView(arrived, plan.contracts)
  const seqOf = (seq: number): number => {
    const { file, index, contract } = other.event(seq)
    return places.get(`${file} ${index} ${contract}`) ?? -1
  }
  return { arrived, late: late.sort((a, b) => a - b), seqOf }
}

function revisedDecisions(
  before: RunResult,
  after: RunResult,
  seqOf: (seq: number) => number,
): readonly RevisedDecision[] {
  const made = new Map<string, Decided>()
  for (let i = 0; i < before.decisions.size; i++)
    made.set(`${seqOf(before.decisions.seq[i] ?? -1)} ${before.decisions.policy[i]}`, decidedAt(before, i))
  const revised: RevisedDecision[] = []
  for (let i = 0; i < after.decisions.size; i++) {
    const seq = after.decisions.seq[i] ?? -1
    const policy = after.decisions.policy[i] ?? -1
    const from = made.get(`${seq} ${policy}`)
    const to = decidedAt(after, i)
    if (from && (from.decision !== to.decision || from.decidedBy !== to.decidedBy))
      revised.push({ seq, policy, from, to })
  }
  return revised
}

function decidedAt({ decisions }: RunResult, i: number): Decided {
  return { decision: decisionWords[decisions.decision[i] ?? 0] ?? 'permit', decidedBy: decisions.decidedBy[i] ?? -1 }
}

function revisedInstances(
  before: RunResult,
  after: RunResult,
  seqOf: (seq: number) => number,
): readonly RevisedInstance[] {
  const was = instancesOf(before, seqOf)
  const is = instancesOf(after, seq => seq)
  const revised: RevisedInstance[] = []
  for (const key of new Set([...is.keys(), ...was.keys()])) {
    const from = was.get(key) ?? null
    const to = is.get(key) ?? null
    if (from?.status === to?.status && from?.at === to?.at) continue
    const [seq = -1, policy = -1, rule = -1] = key.split(' ').map(Number)
    revised.push({ seq, policy, rule, from, to })
  }
  return revised.sort((a, b) => a.seq - b.seq || a.policy - b.policy || a.rule - b.rule)
}

/** An event begins at most one instance of a rule. */
function instancesOf({ obligations }: RunResult, seqOf: (seq: number) => number): ReadonlyMap<string, Ended> {
  const { instances } = obligations
  const found = new Map<string, Ended>()
  for (let place = 0; place < instances.size; place++) {
    const status = instanceStatuses[instances.status[place] ?? 0] ?? 'pending'
    const at = instances.settledAt[place] ?? Number.NaN
    const key = [seqOf(instances.openedSeq[place] ?? -1), instances.policy[place], instances.rule[place]].join(' ')
    found.set(key, { status, at: Number.isNaN(at) ? null : at })
  }
  return found
}
