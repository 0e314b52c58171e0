/**
 * What lives on after events and decisions, slow and obvious: every event is held against every pending instance, and deadlines
 * are looked for one by one. docs/language.md, "Expectations" and "Approvals", as code. The fast implementation (obligation/
 * settle.ts) must agree with it in every field. Who may approve what is approvals.ts.
 */
import type { EventView, LogView } from '../log/view.ts'
import type { Ending, Obligations } from '../obligation/instance.ts'
import { isApproval } from '../plan/approval-contract.ts'
import type { Plan, PlanExpectation, PlanRule } from '../plan/plan.ts'
import { noticeCodes, type RunNotice } from '../run/decisions.ts'
import type { Truth } from '../value/operations.ts'
import { unknown } from '../value/value.ts'
import { approvalOutcome } from './approvals.ts'
import { evaluateCondition } from './evaluate.ts'
import type { Instance } from './instance.ts'
import { InstanceRecord } from './instance-record.ts'
import { type History, situationAt, withEvent } from './situation.ts'

/** A rule that asks for an approval of an event: it matched, and its decision is its policy's. */
export interface Asked {
  readonly seq: number
  readonly policy: number
  readonly rule: number
}

export interface Settled {
  readonly obligations: Obligations
  readonly notices: readonly RunNotice[]
}

/** `rejected`: seqs of events that neither begin nor meet anything, but show that time has passed. */
export function referenceObligations(
  plan: Plan,
  view: LogView,
  rejected: ReadonlySet<number>,
  history: History,
  asked: readonly Asked[],
  ending: Ending,
): Settled {
  const record = new InstanceRecord(plan)
  const notices = new Map<string, RunNotice>()
  function note(code: RunNotice['code'], policy: number, rule: number, seq: number): void {
    const key = `${code} ${policy} ${rule}`
    const known = notices.get(key) ?? { code, policy, rule, count: 0, firstSeq: seq }
    notices.set(key, { ...known, count: known.count + 1 })
  }
  for (let seq = 0; seq < view.size; seq++) {
    const event = view.event(seq)
    passDeadlines(record, due => due < event.time, event.time)
    if (rejected.has(seq)) continue
    const contract = plan.contracts[event.contract]
    if (contract && isApproval(contract))
      record.approve(approvalOutcome(plan, event, record.requests(), history), event)
    meet(record, event, note)
    open(plan, record, event, history, asked, note)
  }
  if (ending !== null && 'closedAt' in ending) passDeadlines(record, due => due <= ending.closedAt, ending.closedAt)
  if (ending !== null && 'reached' in ending) passDeadlines(record, due => due < ending.reached, ending.reached)
  const closedAt = ending !== null && 'closedAt' in ending ? ending.closedAt : null
  return { obligations: record.obligations(closedAt), notices: [...notices.values()] }
}

type Note = (code: RunNotice['code'], policy: number, rule: number, seq: number) => void

/** One deadline at a time, the earliest first, because a stage that begins may have passed as well. */
function passDeadlines(record: InstanceRecord, hasPassed: (due: number) => boolean, now: number): void {
  for (;;) {
    const next = record
      .pending()
      .filter(instance => hasPassed(instance.due))
      .sort((a, b) => a.due - b.due || a.policy - b.policy || a.rule - b.rule || a.openedSeq - b.openedSeq)[0]
    if (!next) return
    record.expire(next, now)
  }
}

/** The event fulfils every pending instance whose condition it satisfies, and cancels those that say so and that it does not fulfil. */
function meet(record: InstanceRecord, event: EventView, note: Note): void {
  for (const instance of waiting(record, event, 'awaited')) {
    const met = isMet(instance, 'awaited', event)
    if (met === unknown) note(noticeCodes.notMetOnUnknown, instance.policy, instance.rule, event.seq)
    if (met === true) record.fulfil(instance, event)
  }
  for (const instance of waiting(record, event, 'cancels')) {
    const met = isMet(instance, 'cancels', event)
    if (met === unknown) note(noticeCodes.notCancelledOnUnknown, instance.policy, instance.rule, event.seq)
    if (met === true) record.cancel(instance, event)
  }
}

function waiting(record: InstanceRecord, event: EventView, what: 'awaited' | 'cancels'): readonly Instance[] {
  return record
    .pending()
    .filter(({ expectation }) => expectation?.[what]?.contract === event.contract)
    .sort((a, b) => a.policy - b.policy || a.rule - b.rule || a.openedSeq - b.openedSeq)
}

function isMet({ expectation, opening }: Instance, what: 'awaited' | 'cancels', event: EventView): Truth {
  const pattern = expectation?.[what]
  if (!pattern) return false
  const { variable, where } = pattern
  if (where === null) return true
  return evaluateCondition(where, withEvent({ ...situationAt(opening, null), current: event }, variable, event))
}

function open(
  plan: Plan,
  record: InstanceRecord,
  event: EventView,
  history: History,
  asked: readonly Asked[],
  note: Note,
): void {
  plan.policies.forEach((policy, policyIndex) => {
    policy.rules.forEach((rule, ruleIndex) => {
      const began = begins(rule, event, history)
      if (began === unknown) note(noticeCodes.notOpenedOnUnknown, policyIndex, ruleIndex, event.seq)
      const isAsked = asked.some(one => one.seq === event.seq && one.policy === policyIndex && one.rule === ruleIndex)
      if (began === true || isAsked) record.open(policyIndex, ruleIndex, event)
    })
  })
}

function begins({ expectation }: PlanRule, event: EventView, history: History): Truth {
  if (expectation?.opens.contract !== event.contract) return false
  const { where }: PlanExpectation['opens'] = expectation.opens
  return where === null ? true : evaluateCondition(where, situationAt(event, history))
}
