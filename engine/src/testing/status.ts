/** What `expect pending|fulfilled|breached RULE` asks: of the instance of the rule that began last, at the time of the step. */
import type { EventView, LogView } from '../log/view.ts'
import {
  type ApprovalEffect,
  approvalEffects,
  type InstanceStatus,
  instanceStatuses,
  type Obligations,
} from '../obligation/instance.ts'
import type { Plan, PlanStep } from '../plan/plan.ts'
import { referenceRun } from '../reference/run.ts'
import { presentTime } from '../value/present.ts'
import { fromInteger } from '../value/rational.ts'
import type { GivenEvent } from './test-events.ts'

type StatusStep = Extract<PlanStep, { kind: 'expect-status' }>

/** Null where it holds, else the message. `now`: deadlines before it have passed. */
export function expectStatus(plan: Plan, step: StatusStep, view: LogView | null, now: number): string | null {
  const expected = `expected ${step.rule} to be ${step.status}`
  if (view === null) return `${expected}, but no event is given yet that it could begin with`
  const { obligations } = referenceRun(plan, view, { reached: now })
  const place = lastOf(plan, obligations, step.rule)
  if (place < 0) return `${expected}, but it never began`
  const status = statusOf(obligations, place)
  return status === step.status
    ? null
    : `${expected}, but it is ${status}: ${story(plan, obligations, place, view, now)}`
}

/** A request for approval of one event. */
export interface Request {
  readonly rule: string
  readonly stage: number
  readonly status: InstanceStatus
  /** The role that is asked now; null where it has ended. */
  readonly asks: string | null
}

/** The requests that the event given last made, as they are at this time. */
export function requestsOf(plan: Plan, given: GivenEvent, now: number): readonly Request[] {
  const { obligations } = referenceRun(plan, given.view, { reached: now })
  const { instances } = obligations
  return Array.from({ length: instances.size }, (_, place) => place).flatMap(place => {
    const rule = plan.policies[instances.policy[place] ?? -1]?.rules[instances.rule[place] ?? -1]
    if (!rule?.approval || instances.openedSeq[place] !== given.event.seq) return []
    const status = statusOf(obligations, place)
    const stage = instances.stage[place] ?? 0
    const asks = status === 'pending' ? (rule.approval.stages[stage]?.role ?? null) : null
    return [{ rule: rule.name, stage, status, asks }]
  })
}

function lastOf(plan: Plan, { instances }: Obligations, name: string): number {
  for (let place = instances.size - 1; place >= 0; place--) {
    const policy = plan.policies[instances.policy[place] ?? -1]
    const rule = policy?.rules[instances.rule[place] ?? -1]
    if (policy && rule && `${policy.name}.${rule.name}` === name) return place
  }
  return -1
}

function statusOf({ instances }: Obligations, place: number): InstanceStatus {
  return instanceStatuses[instances.status[place] ?? 0] ?? 'pending'
}

/** `it began with RefundIssued at 09:00, and was due until 09:30`. */
function story(plan: Plan, obligations: Obligations, place: number, view: LogView, now: number): string {
  const { instances } = obligations
  const opening = eventWords(plan, view.event(instances.openedSeq[place] ?? 0))
  const due = instances.due[place] ?? Number.POSITIVE_INFINITY
  const until = Number.isFinite(due) ? `due until ${timeText(due)}` : 'without a deadline'
  const settledBy = instances.settledBy[place] ?? -1
  const began = `it began with ${opening}, ${until}${inVain(obligations, place, view)}`
  if (statusOf(obligations, place) === 'pending') return `${began}, and it is ${timeText(now)} now`
  return settledBy < 0
    ? `${began}, and nothing met it`
    : `${began}, and ended with ${eventWords(plan, view.event(settledBy))}`
}

/** Approvals that had no effect on it. */
function inVain({ approvals }: Obligations, place: number, view: LogView): string {
  const told: string[] = []
  for (let i = 0; i < approvals.size; i++) {
    const effect = approvalEffects[approvals.effect[i] ?? 0]
    if (approvals.instance[i] !== place || effect === 'counted' || effect === 'rejected' || !effect) continue
    const event = view.event(approvals.seq[i] ?? 0)
    told.push(`the approval by ${String(event.value(['by']))} at ${timeText(event.time)} had no effect: ${why[effect]}`)
  }
  return told.length === 0 ? '' : `; ${told.join('; ')}`
}

const why: Readonly<Record<Exclude<ApprovalEffect, 'counted' | 'rejected'>, string>> = {
  late: 'it came too late',
  duplicate: 'the same person had approved already',
  foreign: 'the person does not hold the role that is asked',
  self: 'nobody approves their own request',
  altered: 'it is of another request than this one',
  settled: 'it was settled already',
  unmatched: 'there is no such request',
  unreadable: 'it breaks its contract',
}

function eventWords(plan: Plan, event: EventView): string {
  return `${plan.contracts[event.contract]?.name ?? 'an event'} at ${timeText(event.time)}`
}

/** Clock times of tests are of one day, which then need not be said. */
function timeText(time: number): string {
  return presentTime(fromInteger(time)).replace('2000-01-01 ', '').replace(/Z$/, '')
}
