/**
 * One comparison: a program and a log, judged by the reference interpreter and by the compiled evaluator with and without
 * generated code. Also how a seed becomes programs and logs, so that a seed in a report is enough to see the failure again.
 */
import {
  type BuiltEvent,
  check,
  evaluate,
  type Log,
  LogBuilder,
  type Plan,
  type RunResult,
  readSet,
  referenceRun,
} from '@writ/engine'
import { parse } from '@writ/grammar'
import { baselines } from './baselines.ts'
import { directView } from './direct-view.ts'
import { generateLog } from './generated-log.ts'
import { generateProgram } from './program.ts'
import { randomFrom } from './random.ts'

/** A program of a seed; `problems` are the errors where the checker does not accept it. */
export interface Program {
  readonly text: string
  readonly plan: Plan | null
  readonly problems: readonly string[]
}

export function programOf(seed: number): Program {
  return checked(generateProgram(randomFrom(seed)))
}

export function checked(text: string): Program {
  const { plan, problems } = check([parse('generated.writ', text)], undefined, { baselines })
  const errors = problems.filter(({ severity }) => severity === 'error')
  return {
    text,
    plan,
    problems: errors.map(({ code, message, span }) => `${code} ${message} at ${text.slice(span.start, span.end)}`),
  }
}

/** The `index`-th log of a seed. */
export function eventsOf(seed: number, index: number, plan: Plan): readonly BuiltEvent[] {
  return generateLog(randomFrom(seed * 31 + index + 1), plan)
}

/** With only the columns that evaluation reads, as a run has them, or with all. */
export function logOf(plan: Plan, events: readonly BuiltEvent[], everyColumn = false): Log {
  const builder = new LogBuilder(plan.contracts, everyColumn ? undefined : readSet(plan))
  for (const event of events) builder.add(event)
  return builder.build()
}

export interface Outcome {
  readonly reference: RunResult
  /** What differs, or null. */
  readonly difference: string | null
}

/** Runs all three and compares every field of their results. `closeAt`: when the log is closed. */
export function judge(plan: Plan, events: readonly BuiltEvent[], closeAt: number | null = null): Outcome {
  const log = logOf(plan, events)
  const reference = referenceRun(plan, directView(events), closeAt === null ? null : { closedAt: closeAt })
  for (const codeGeneration of [true, false]) {
    const name = codeGeneration ? 'generated code' : 'closures'
    let result: RunResult
    try {
      result = evaluate(plan, log, { codeGeneration, generateAfter: 1, ...(closeAt === null ? {} : { closeAt }) })
    } catch (error) {
      return {
        reference,
        difference: `${name}: throws ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      }
    }
    const difference = differenceOf(reference, result)
    if (difference !== null) return { reference, difference: `${name}: ${difference}` }
  }
  return { reference, difference: null }
}

/** The first field in which two results differ, in words. */
export function differenceOf(expected: RunResult, found: RunResult): string | null {
  const decisions = firstUnequal(decisionLines(expected), decisionLines(found), 'decision')
  if (decisions !== null) return decisions
  return (
    firstUnequal(Array.from(expected.rejected, String), Array.from(found.rejected, String), 'rejected event') ??
    firstUnequal(expected.failedChecks.map(json), found.failedChecks.map(json), 'failed check') ??
    firstUnequal(expected.notices.map(json), found.notices.map(json), 'notice') ??
    firstUnequal(instanceLines(expected), instanceLines(found), 'instance') ??
    firstUnequal(transitionLines(expected), transitionLines(found), 'transition') ??
    firstUnequal(approvalLines(expected), approvalLines(found), 'approval') ??
    measuresDifference(expected, found) ??
    rolloutsDifference(expected, found) ??
    (expected.hash === found.hash ? null : `hash ${found.hash} instead of ${expected.hash}`)
  )
}

function measuresDifference({ measures: expected }: RunResult, { measures: found }: RunResult): string | null {
  const lines = ({ endedAt, indicators, objectives, qualities, freshness }: RunResult['measures']) =>
    [endedAt, ...indicators, ...objectives, ...qualities, ...freshness].map(part => JSON.stringify(part))
  return firstUnequal(lines(expected), lines(found), 'measure')
}

function rolloutsDifference({ rollouts: expected }: RunResult, { rollouts: found }: RunResult): string | null {
  const counting = ({ counts }: RunResult['rollouts']) => Array.from(counts ?? [], String)
  return (
    firstUnequal(
      expected.changes.map(change => JSON.stringify(change)),
      found.changes.map(change => JSON.stringify(change)),
      'change',
    ) ??
    firstUnequal(expected.stages.map(String), found.stages.map(String), 'stage') ??
    firstUnequal(counting(expected), counting(found), 'counting decision')
  )
}

function decisionLines({ decisions }: RunResult): readonly string[] {
  return Array.from({ length: decisions.size }, (_, i) => {
    const set = decisions.matchSets[decisions.matched[i] ?? -1]
    return `event ${decisions.seq[i]} policy ${decisions.policy[i]}: ${decisions.decision[i]} by ${decisions.decidedBy[i]}, matched ${set?.rules.join() ?? '?'}, unknown ${set?.unknown.join() ?? '?'}${set?.lasting ? `, lasting ${set.lasting.join()}` : ''}${set?.waived ? `, waived ${JSON.stringify(set.waived)}` : ''}`
  })
}

function instanceLines({ obligations: { instances } }: RunResult): readonly string[] {
  return Array.from({ length: instances.size }, (_, i) => {
    const { policy, rule, openedSeq, due, stage, status, settledAt, settledBy, noticedAt } = instances
    return `policy ${policy[i]} rule ${rule[i]} of event ${openedSeq[i]}, due ${due[i]}, stage ${stage[i]}, status ${status[i]}, settled ${settledAt[i]} by ${settledBy[i]}, noticed ${noticedAt[i]}`
  })
}

function transitionLines({ obligations: { transitions } }: RunResult): readonly string[] {
  const { instance, kind, at, by } = transitions
  return Array.from({ length: transitions.size }, (_, i) => `${instance[i]}: ${kind[i]} at ${at[i]} by ${by[i]}`)
}

function approvalLines({ obligations: { approvals } }: RunResult): readonly string[] {
  const { seq, effect, instance, stage } = approvals
  return Array.from(
    { length: approvals.size },
    (_, i) => `event ${seq[i]}: ${effect[i]} of ${instance[i]} at ${stage[i]}`,
  )
}

function firstUnequal(expected: readonly string[], found: readonly string[], what: string): string | null {
  for (let i = 0; i < Math.max(expected.length, found.length); i++) {
    if (expected[i] !== found[i]) return `${what} ${i}: expected ${expected[i] ?? 'none'}, found ${found[i] ?? 'none'}`
  }
  return null
}

function json(value: object): string {
  return JSON.stringify(value, Object.keys(value).sort())
}
