/**
 * Reads recorded events and runs a program over them: what `simulate` and `explain` have in common. Ctrl-C while events are
 * read ends the reading; what was read is then run, and marked as partial.
 */
import { columnView, evaluate, type Log, obligationTally, type Plan, revisions, runIdentity } from '@writ/engine'
import type { Problem } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import type { EventsChoice } from './events.ts'
import { gatherFindings } from './gather-findings.ts'
import { timeText } from './report/decision-lines.ts'
import type { Simulation } from './report/simulation.ts'
import { tally } from './report/tally.ts'
import { type Delays, withAnswers } from './simulated-answers.ts'
import type { Io } from './terminal/io.ts'
import { progressOn } from './terminal/progress.ts'
import type { Workspace } from './workspace.ts'

export interface RecordedRunOptions {
  readonly plan: Plan
  readonly workspace: Workspace
  readonly choice: EventsChoice
  /** Columns to decode, per contract; undefined: all. */
  readonly columns: readonly ReadonlySet<string>[] | undefined
  readonly strict: boolean
  /** False: closures instead of generated code. */
  readonly codeGeneration: boolean
  /** Name of the policy the plan was cut down to; null: all. */
  readonly policy: string | null
  readonly showProgress: boolean
  /** Answers to requests are simulated with these delays, instead of the recorded approvals; needs all columns. */
  readonly delays?: Delays | null
  /** When the log is closed; without it, it ends open. */
  readonly closeAt?: number | null
}

/** Why the events could not be read, in the ledger's words. */
export interface Unreadable {
  readonly unreadable: Problem
}
export function isUnreadable(value: Simulation | Unreadable): value is Unreadable {
  return 'unreadable' in value
}

export async function recordedRun(io: Io, options: RecordedRunOptions): Promise<Simulation | Unreadable> {
  const { plan, workspace, choice, codeGeneration, strict } = options
  const { interrupted } = io
  const started = performance.now()
  const progress = progressOn(io.error, 'reading', options.showProgress, () => performance.now())
  const opened = await openEvents(plan, choice.shown, {
    strict,
    codeGeneration,
    shouldStop: () => interrupted.aborted,
    onProgress: ({ bytesRead, bytesTotal, events }) => progress.update(bytesRead, bytesTotal, events),
    ...(choice.source === null ? {} : { source: choice.source }),
    // A source that revises has its events decided in another order too, and by all that they say.
    ...(options.columns === undefined || revises(plan) ? {} : { columns: options.columns }),
  })
  progress.finish()
  if (opened.problem !== null) return { unreadable: opened.problem }
  const delays = options.delays ?? null
  const log = delays === null ? opened.log : answered(plan, opened.log, delays, codeGeneration)
  const view = columnView(log, plan.contracts)
  const closeAt = options.closeAt ?? null
  const last = log.contractOf.length === 0 ? Number.NEGATIVE_INFINITY : view.event(log.contractOf.length - 1).time
  if (closeAt !== null && closeAt < last) {
    // The catalogue is loaded where there is something to say.
    const { problem } = await import('@writ/grammar')
    return { unreadable: problem('W3026', { start: 0, end: 0 }, { time: timeText(closeAt), last: timeText(last) }) }
  }
  const ending = { codeGeneration, ...(closeAt === null ? {} : { closeAt }) }
  const result = evaluate(plan, log, ending)
  const mode = {
    log: opened.digest,
    policy: options.policy,
    source: choice.source,
    strict,
    closeAt,
    delays: delays && JSON.stringify(delays),
  }
  return {
    workspace,
    choice,
    plan,
    log,
    view,
    result,
    tally: tally(plan, result),
    simulated: delays !== null,
    revisions: opened.revising.size === 0 ? null : revisions(plan, log, result, opened.revising, ending),
    living: obligationTally(plan, view, result),
    findings: gatherFindings(opened, plan, view, result),
    files: opened.files,
    records: opened.records,
    skipped: opened.skipped,
    run: { identity: runIdentity(plan, mode), hash: result.hash },
    partial: opened.stopped,
    elapsedMs: performance.now() - started,
  }
}

function revises(plan: Plan): boolean {
  return plan.sources.some(source => source.lateMode === 'revise')
}

function answered(plan: Plan, log: Log, delays: Delays, codeGeneration: boolean): Log {
  const { obligations } = evaluate(plan, log, { codeGeneration })
  return withAnswers(plan, columnView(log, plan.contracts), obligations, delays)
}
