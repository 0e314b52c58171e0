/** From two versions to what is told of them: read the log once where both can share it, run both, and gather every number that reports need. */
import {
  type BothRuns,
  columnView,
  contractPart,
  type DistinguishingStory,
  distinguishingStories,
  type FlipReport,
  flipReport,
  judgedContracts,
  type Log,
  type MeaningReport,
  meaningReport,
  obligationTally,
  onSharedLog,
  type Plan,
  type PlanPair,
  pairPlans,
  reasonReadSet,
  runBoth,
  type StaticAnswer,
  sharedReadSet,
  staticAnswers,
} from '@writ/engine'
import { type Problem, parse } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import type { EventsChoice } from '../events.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import { timeText } from '../report/decision-lines.ts'
import { measuresJson } from '../report/measure-json.ts'
import type { Io } from '../terminal/io.ts'
import { progressOn } from '../terminal/progress.ts'
import type { Versions } from './versions.ts'

export interface Compared {
  readonly versions: Versions
  readonly pair: PlanPair
  readonly meaning: MeaningReport
  /** Changes of contracts that are not compatible both ways; what they are judged by is docs/contract-changes.md. */
  readonly contracts: readonly ContractNote[]
  /** What can be said for every log; null: the contracts differ, so that the versions are not about the same events. */
  readonly answers: readonly StaticAnswer[] | null
  /** A story for each policy that means something else; null likewise, or nobody asked. */
  readonly stories: readonly DistinguishingStory[] | null
  readonly log: ComparedLog | null
}
export interface ContractNote {
  readonly contract: string
  readonly kind: string
  readonly what: string
  readonly verdict: string
}
export interface ComparedLog {
  readonly shown: string
  /** Both versions read the log in one pass. */
  readonly shared: boolean
  readonly partial: boolean
  readonly flips: FlipReport
  readonly living: { readonly before: Living; readonly after: Living }
  readonly measures: { readonly before: Measured; readonly after: Measured }
  readonly runs: BothRuns
}
export type Living = ReturnType<typeof obligationTally>
export type Measured = ReturnType<typeof measuresJson>

export interface CompareOptions {
  readonly choice: EventsChoice | null
  readonly closeAt: number | null
  readonly codeGeneration: boolean
  readonly showProgress: boolean
  /** Whether tests are asked which flips they show. */
  readonly withTests: boolean
  /** How long the stories may be that tell the versions apart; null: none are looked for. */
  readonly maxEvents: number | null
}

/** Traces that are tried for one policy. */
const searchBudget = 1_000

export async function compare(versions: Versions, options: CompareOptions, io: Io): Promise<Compared | Refusal> {
  const { before, after } = versions
  const shared = onSharedLog(before.plan, after.plan)
  const pair = pairPlans(before.plan, shared ?? after.plan)
  const log = options.choice === null ? null : await onLog(pair, shared !== null, options.choice, options, io)
  if (log !== null && isRefusal(log)) return log
  const { maxEvents } = options
  return {
    versions,
    pair,
    meaning: meaningReport(pair),
    contracts: contractNotes(versions),
    answers: shared === null ? null : staticAnswers(pair),
    stories:
      shared === null || maxEvents === null ? null : distinguishingStories(pair, { maxEvents, budget: searchBudget }),
    log,
  }
}

async function onLog(
  pair: PlanPair,
  isShared: boolean,
  choice: EventsChoice,
  { closeAt, codeGeneration, showProgress, withTests }: CompareOptions,
  io: Io,
): Promise<ComparedLog | Refusal> {
  const read = (plan: Plan, columns: readonly ReadonlySet<string>[]) => opened(plan, columns, choice, showProgress, io)
  const old = await read(pair.before, isShared ? sharedReadSet(pair.before, pair.after) : reasonReadSet(pair.before))
  const now = isShared ? old : await read(pair.after, reasonReadSet(pair.after))
  const failure = unreadable(old.problem, now.problem, choice.shown)
  if (failure !== null) return failure
  const logs = { before: old.log, after: now.log }
  const late = closedTooSoon(pair, logs, closeAt)
  if (late !== null) return late
  const runs = runBoth(pair, logs, { codeGeneration, ...(closeAt === null ? {} : { closeAt }) })
  const views = {
    before: columnView(logs.before, pair.before.contracts),
    after: columnView(logs.after, pair.after.contracts),
  }
  return {
    shown: choice.shown,
    shared: isShared,
    partial: old.partial || now.partial,
    flips: flipReport({ pair, logs, runs, withTests }),
    living: {
      before: obligationTally(pair.before, views.before, runs.before),
      after: obligationTally(pair.after, views.after, runs.after),
    },
    measures: {
      before: measuresJson(pair.before, views.before, runs.before),
      after: measuresJson(pair.after, views.after, runs.after),
    },
    runs,
  }
}

interface Opened {
  readonly log: Log
  readonly problem: Problem | null
  readonly partial: boolean
}

function closedTooSoon(
  pair: PlanPair,
  logs: { readonly before: Log; readonly after: Log },
  closeAt: number | null,
): Refusal | null {
  if (closeAt === null) return null
  const lasts = (['before', 'after'] as const).map(side => {
    const size = logs[side].contractOf.length
    return size === 0 ? Number.NEGATIVE_INFINITY : columnView(logs[side], pair[side].contracts).event(size - 1).time
  })
  const last = Math.max(...lasts)
  return closeAt < last ? refuse('W3026', { time: timeText(closeAt), last: timeText(last) }) : null
}

function unreadable(old: Problem | null, now: Problem | null, path: string): Refusal | null {
  const problem = old ?? now
  if (problem === null) return null
  const why = problem.message
  return old?.code === 'W2062' && now?.code === 'W2062'
    ? refuse('W3066', { path, why })
    : refuse('W3063', { path, why })
}

async function opened(
  plan: Plan,
  columns: readonly ReadonlySet<string>[],
  choice: EventsChoice,
  showProgress: boolean,
  io: Io,
): Promise<Opened> {
  const progress = progressOn(io.error, 'reading', showProgress, () => performance.now())
  const read = await openEvents(plan, choice.shown, {
    columns,
    shouldStop: () => io.interrupted.aborted,
    onProgress: ({ bytesRead, bytesTotal, events }) => progress.update(bytesRead, bytesTotal, events),
    ...(choice.source === null ? {} : { source: choice.source }),
  })
  progress.finish()
  return { log: read.log, problem: read.problem, partial: read.stopped }
}

function contractNotes({ before, after }: Versions): readonly ContractNote[] {
  const part = (files: readonly { readonly path: string; readonly text: string }[]) =>
    contractPart(files.map(file => parse(file.path, file.text)))
  const judged = judgedContracts(part(before.workspace.files), part(after.workspace.files), {
    word: 'full',
    transitive: false,
  })
  return judged.flatMap(({ contract, changes }) =>
    changes.flatMap(({ change, verdict }) =>
      verdict === 'compatible' ? [] : [{ contract, kind: change.kind, what: change.what, verdict }],
    ),
  )
}
