/** Coverage over the tests of a workspace and, where one is named, a log of recorded events. */
import {
  type Coverage,
  CoverageCounter,
  type CoverageWitness,
  type Plan,
  type PlanTest,
  readSet,
  type SourceSpan,
  testEnd,
  testLog,
} from '@writ/engine'
import type { Arguments } from './arguments.ts'
import { chooseEvents } from './events.ts'
import { recordedRun, type Unreadable } from './recorded-run.ts'
import { isRefusal, type Refusal } from './refusal.ts'
import type { Simulation } from './report/simulation.ts'
import type { Io } from './terminal/io.ts'
import type { Workspace } from './workspace.ts'

export interface CountedCoverage {
  readonly plan: Plan
  readonly coverage: Coverage
  readonly tests: number
  /** Events of the log; null where none was asked for. */
  readonly events: number | null
  /** `test "…", event 2` or `events.ndjson:17`. */
  readonly where: (witness: CoverageWitness) => string
}

/** The log of `--events`, with what the plan reads of it; null without the option. */
export async function logOf(
  plan: Plan,
  workspace: Workspace,
  args: Arguments,
  io: Io,
): Promise<Simulation | Unreadable | Refusal | null> {
  if (!args.has('events')) return null
  const choice = chooseEvents('test', workspace, args, io.cwd)
  if (isRefusal(choice)) return choice
  return await recordedRun(io, {
    plan,
    workspace,
    choice,
    columns: readSet(plan),
    strict: false,
    codeGeneration: true,
    policy: null,
    showProgress: false,
  })
}

export function countCoverage(plan: Plan, tests: readonly PlanTest[], recorded: Simulation | null): CountedCoverage {
  const counter = new CoverageCounter(plan)
  for (const one of tests) counter.add(testLog(plan, one), one.title, testEnd(one))
  if (recorded) counter.add(recorded.log, logName)
  return {
    plan,
    coverage: counter.coverage,
    tests: tests.length,
    events: recorded && recorded.log.contractOf.length,
    where: ({ run, seq }) => {
      if (run !== logName || !recorded) return `test "${run}", event ${seq + 1}`
      const event = recorded.view.event(seq)
      return `${event.file}:${event.index}`
    },
  }
}
/** No test has it: titles are never empty of letters and a control character. */
const logName = '\u0000log'

/** From 1. */
export function lineOf(plan: Plan, span: SourceSpan): number {
  return (plan.files[span.file]?.text ?? '').slice(0, span.start).split('\n').length
}
export function textOf(plan: Plan, span: SourceSpan): string {
  return (plan.files[span.file]?.text ?? '').slice(span.start, span.end).replace(/\s+/g, ' ')
}
