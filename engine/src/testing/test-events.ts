/**
 * The events of a test as a log: the values of `given`, held against their contracts. The time field of a contract that a
 * step does not give is the step's time.
 */

import { problem } from '@writ/grammar'
import { LogBuilder } from '../log/builder.ts'
import { columnView } from '../log/column-view.ts'
import type { Finding, Log } from '../log/columns.ts'
import type { EventView, LogView } from '../log/view.ts'
import { approvalPlace } from '../plan/approval-contract.ts'
import type { Plan, PlanStep, PlanTest } from '../plan/plan.ts'
import { evaluateExpression } from '../reference/evaluate.ts'
import { checkContracts } from '../reference/run.ts'
import { type History, historyOf, type Situation, situationAt } from '../reference/situation.ts'
import { eventDigest, referenceOf } from '../value/canonical.ts'
import { fromInteger } from '../value/rational.ts'
import { absent, type Value } from '../value/value.ts'
import { conform } from './conform.ts'
import { sourceText } from './why.ts'

export type GivenStep = Extract<PlanStep, { kind: 'given' }>
export type ApproveStep = Extract<PlanStep, { kind: 'approve' }>

const testFile = 'test'

/** The event given last, with everything before it. */
export interface GivenEvent {
  readonly step: GivenStep
  readonly view: LogView
  readonly event: EventView
  readonly history: History
  /** What is wrong with it, its failed checks included. */
  readonly findings: readonly Finding[]
  readonly rejected: boolean
}

/** The event given last of `steps` (at least one), which are in the order of their times. */
export function givenEvent(plan: Plan, steps: readonly (GivenStep | ApproveStep)[]): GivenEvent {
  const { log, last } = builtLog(plan, steps)
  if (!last) throw new Error('a test without given events has no last one')
  const view = columnView(log, plan.contracts)
  // Steps are in the order of time, and of their index at one time: so is the log.
  const event = view.event(last.seq)
  const { rejected, failedChecks } = checkContracts(plan, view)
  const failed = failedChecks
    .filter(({ seq }) => seq === event.seq)
    .map(({ check }) => checkFinding(plan, event, check))
  return {
    step: last.step,
    view,
    event,
    history: historyOf(view, rejected),
    findings: [...last.findings, ...failed],
    rejected: rejected.has(event.seq),
  }
}

/** All events of a test as a log; its events are in the order of its `given` and `approve` steps. */
export function testLog(plan: Plan, test: PlanTest): Log {
  const steps = test.steps.filter(step => step.kind === 'given' || step.kind === 'approve')
  return builtLog(plan, steps).log
}

/** The time that the last `at` of a test has reached, where no event is later: deadlines before it have passed. */
export function testEnd({ steps }: PlanTest): number | undefined {
  const times = steps.flatMap(step => (step.kind === 'given' || step.kind === 'approve' ? step.at : []))
  const end = Math.max(...steps.flatMap(step => (step.kind === 'at' ? step.at - 1 : [])), Number.NEGATIVE_INFINITY)
  return end > Math.max(...times, Number.NEGATIVE_INFINITY) ? end : undefined
}

function builtLog(
  plan: Plan,
  steps: readonly (GivenStep | ApproveStep)[],
): { readonly log: Log; readonly last: Last | undefined } {
  const builder = new LogBuilder(plan.contracts)
  let last: Last | undefined
  steps.forEach((step, index) => {
    if (step.kind === 'approve') {
      if (last) builder.add({ ...approvalOf(plan, step, last), time: step.at, file: testFile, index })
      return
    }
    const { fields, findings } = conformedStep(plan, step, index)
    builder.add({ contract: step.contract, time: step.at, file: testFile, index, fields })
    last = { step, findings, fields, seq: index }
  })
  return { log: builder.build(), last }
}

interface Last {
  readonly step: GivenStep
  readonly findings: readonly Finding[]
  readonly fields: Readonly<Record<string, Value>>
  readonly seq: number
}

/** An Approval that is bound to the digest of the event given last. */
function approvalOf(
  plan: Plan,
  { person, role, at }: ApproveStep,
  { step, fields, seq }: Last,
): { readonly contract: number; readonly fields: Readonly<Record<string, Value>> } {
  const contract = plan.contracts[step.contract]
  if (!contract) throw new Error(`the plan has no contract ${step.contract}`)
  const request: EventView = { ...noEvent(), seq, time: step.at, value: ([name = '']) => fields[name] ?? absent }
  const digest = eventDigest(contract, request)
  return {
    contract: approvalPlace(plan),
    fields: {
      request: referenceOf(contract, request) ?? digest,
      digest,
      by: person,
      role,
      verdict: 'approve',
      at: fromInteger(at),
      reason: absent,
    },
  }
}

/** Where the values of steps are evaluated: they are constants, so that there is no event to read. */
export const constants: Situation = situationAt(noEvent(), null)

function conformedStep(plan: Plan, step: GivenStep, index: number) {
  const contract = plan.contracts[step.contract]
  if (!contract) throw new Error(`the plan has no contract ${step.contract}`)
  const given: Record<string, Value> = {}
  if (contract.timeField !== null) given[contract.timeField] = fromInteger(step.at)
  for (const { name, value } of step.fields) given[name] = evaluateExpression(value, constants)
  return conform(contract, given, { file: plan.files[step.span.file]?.path ?? testFile, line: null, index })
}

function checkFinding(plan: Plan, event: EventView, index: number): Finding {
  const contract = plan.contracts[event.contract]
  const check = contract?.checks[index]
  if (!contract || !check) throw new Error(`contract ${event.contract} has no check ${index}`)
  const code = check.otherwise === 'reject' ? 'W2009' : 'W2010'
  const parameters = { contract: contract.name, check: check.message ?? sourceText(plan, check.condition.span) }
  const { message } = problem(code, { start: 0, end: 0 }, parameters)
  return { code, message, file: event.file, line: null, index: event.index, path: null }
}

function noEvent(): EventView {
  return {
    seq: 0,
    contract: 0,
    time: 0,
    file: testFile,
    index: 0,
    value: path => {
      throw new Error(`${path.join('.')} was read where there is no event`)
    },
  }
}
