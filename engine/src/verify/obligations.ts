/**
 * The checker of obligations: whether an instance began, was met, passed its deadlines and ended as a run says, from the plan and the
 * events alone. Of approvals it follows what is said to one request; that another request took an approval first is believed
 * only where that one is older or this one has no use for it.
 */
import type { EventView, LogView } from '../log/view.ts'
import type { ApprovalEffect, Obligations } from '../obligation/instance.ts'
import type { Pattern } from '../plan/expression.ts'
import type { Plan, PlanApproval, PlanExpectation, PlanRule } from '../plan/plan.ts'
import type { Doubt } from './claims.ts'
import { datum, isNothing } from './datum.ts'
import { holds, type Place, takenOut } from './meaning.ts'
import { digestOf, namesOf, standsFor } from './request.ts'
import type { Verification } from './verification.ts'

/** Names of the codes, written a second time. */
const statuses = ['pending', 'fulfilled', 'breached', 'cancelled'] as const
const effects: readonly ApprovalEffect[] = [
  'counted',
  'rejected',
  'late',
  'duplicate',
  'foreign',
  'self',
  'altered',
  'settled',
  'unmatched',
  'unreadable',
]

/** Whether what a run says of one instance follows from the plan and the events of the log. */
export function verifyObligation(plan: Plan, view: LogView, obligations: Obligations, instance: number): Verification {
  const doubt = doubtful(plan, view, obligations, instance)
  return doubt ? { accepted: false, ...doubt } : { accepted: true }
}

interface Ended {
  readonly status: (typeof statuses)[number]
  readonly settledAt: number
  readonly settledBy: number
  readonly noticedAt: number
  readonly due: number
  readonly stage: number
}

function doubtful(plan: Plan, view: LogView, obligations: Obligations, place: number): Doubt | null {
  const { instances } = obligations
  const rule = plan.policies[instances.policy[place] ?? -1]?.rules[instances.rule[place] ?? -1]
  const seq = instances.openedSeq[place] ?? -1
  if (!rule || seq < 0 || seq >= view.size) return { where: 'instance', why: 'there is no such rule or event' }
  const opening = view.event(seq)
  const at: Place = { plan, view, now: opening, events: new Map([[0, opening]]), elements: new Map() }
  if (takenOut(opening, at)) return { where: 'openedSeq', why: 'a check takes this event out of the log' }
  const { expectation, approval } = rule
  if (!expectation && !approval) return { where: 'rule', why: 'nothing lives on after this rule' }
  if (
    expectation &&
    (expectation.opens.contract !== opening.contract || holds(expectation.opens, opening, at) !== true)
  )
    return { where: 'openedSeq', why: 'the expectation does not begin with this event' }
  const right = expectation
    ? expected(expectation, at, obligations.closedAt)
    : followed(plan, view, obligations, place, rule, approval, at)
  if ('why' in right) return right
  const found: Ended = {
    status: statuses[instances.status[place] ?? 0] ?? 'pending',
    settledAt: instances.settledAt[place] ?? 0,
    settledBy: instances.settledBy[place] ?? -1,
    noticedAt: instances.noticedAt[place] ?? 0,
    due: instances.due[place] ?? 0,
    stage: instances.stage[place] ?? 0,
  }
  for (const name of ['status', 'settledAt', 'settledBy', 'noticedAt', 'due', 'stage'] as const)
    if (!Object.is(found[name], right[name])) return { where: name, why: `it is ${String(right[name])}` }
  return null
}

function expected(
  { awaited, cancels, withinMilliseconds }: PlanExpectation,
  at: Place,
  closedAt: number | null,
): Ended {
  const due = at.now.time + withinMilliseconds
  const open = { due, stage: 0 }
  for (let seq = at.now.seq + 1; seq < at.view.size; seq++) {
    const event = at.view.event(seq)
    if (event.time > due) return { ...open, ...passed(due, event.time) }
    if (takenOut(event, at)) continue
    const meets = (pattern: Pattern | null): boolean =>
      pattern?.contract === event.contract && holds(pattern, event, { ...at, now: event }) === true
    const status = meets(awaited) ? 'fulfilled' : meets(cancels) ? 'cancelled' : null
    if (status === null) continue
    return { ...open, status, settledAt: event.time, settledBy: seq, noticedAt: event.time }
  }
  return { ...open, ...(closedAt !== null && closedAt >= due ? passed(due, closedAt) : pending) }
}

const pending = { status: 'pending', settledAt: Number.NaN, settledBy: -1, noticedAt: Number.NaN } as const

function passed(due: number, noticedAt: number) {
  return { status: 'breached', settledAt: due, settledBy: -1, noticedAt } as const
}

/** What becomes of a request, event by event; a doubt where an approval did not do what is said. */
function followed(
  plan: Plan,
  view: LogView,
  { approvals, closedAt }: Obligations,
  place: number,
  rule: PlanRule,
  approval: PlanApproval | null,
  at: Place,
): Ended | Doubt {
  const contract = plan.contracts[at.now.contract]
  if (!approval || !contract || !rule.contracts.includes(at.now.contract))
    return { where: 'rule', why: 'the rule does not ask for an approval of this event' }
  const names = namesOf(contract, at.now)
  const recorded = new Map(Array.from(approvals.seq, (seq, i) => [seq, i]))
  let due = at.now.time + (approval.stages[0]?.withinMilliseconds ?? Number.POSITIVE_INFINITY)
  let stage = 0
  let people: string[] = []
  let counted = 0
  /** The stage after the deadlines before `time`; the end, where the last one passed. */
  const passing = (isOver: (due: number) => boolean, time: number): Ended | null => {
    while (isOver(due)) {
      const next = approval.stages[stage + 1]
      if (!next) return { due, stage, ...passed(due, time) }
      due += next.withinMilliseconds ?? Number.POSITIVE_INFINITY
      stage++
      people = []
      counted = 0
    }
    return null
  }
  for (let seq = at.now.seq + 1; seq < view.size; seq++) {
    const event = view.event(seq)
    const over = passing(one => one < event.time, event.time)
    if (over) return over
    const i = recorded.get(seq)
    if (i === undefined || !names.includes(String(datum(event.value(['request']))))) continue
    const effect = effectOf(at, approval, stage, people, event)
    const said = effects[approvals.effect[i] ?? -1]
    const taker = approvals.instance[i] ?? -1
    const takes = said === 'counted' || said === 'rejected'
    if (taker === place && said !== effect)
      return { where: `approval of event ${seq}`, why: `it is ${effect}, not ${said}` }
    const isUsed = effect === 'counted' || effect === 'rejected'
    // Used once: an older request may have taken it.
    if (isUsed && taker !== place && !(takes && taker >= 0 && taker < place))
      return { where: `approval of event ${seq}`, why: `it is ${effect} for this request` }
    if (taker !== place || !isUsed) continue
    if (effect === 'rejected')
      return { due, stage, status: 'breached', settledAt: event.time, settledBy: seq, noticedAt: event.time }
    const by = String(datum(event.value(['by'])))
    people.push(by, standsFor(at, datum(event.value(['role'])), by, event) ?? by)
    if (++counted >= (approval.stages[stage]?.quorum ?? 1))
      return { due, stage, status: 'fulfilled', settledAt: event.time, settledBy: seq, noticedAt: event.time }
  }
  const over = closedAt === null ? null : passing(one => one <= closedAt, closedAt)
  return over ?? { due, stage, ...pending }
}

/** What an Approval does to a pending request at this stage. */
function effectOf(
  at: Place,
  { stages }: PlanApproval,
  stage: number,
  people: readonly string[],
  event: EventView,
): ApprovalEffect {
  const [by, role, verdict, digest] = ['by', 'role', 'verdict', 'digest'].map(name => datum(event.value([name])))
  if (typeof by !== 'string' || typeof role !== 'string' || typeof verdict !== 'string') return 'unreadable'
  const { plan, now: request } = at
  const contract = plan.contracts[request.contract]
  if (!contract || digest === undefined) return 'unreadable'
  if (typeof digest === 'string' && digest !== digestOf(contract, request)) return 'altered'
  if (isNothing(digest) && digest.nothing === 'unknown') return 'unreadable'
  const member = standsFor(at, role, by, event)
  if (stages[stage]?.role !== role)
    return member !== null && stages.some((one, place) => place < stage && one.role === role) ? 'late' : 'foreign'
  if (member === null) return 'foreign'
  if (contract.requesterField !== null) {
    const asking = datum(request.value([contract.requesterField]))
    if (typeof asking !== 'string' || asking === by || asking === member) return 'self'
  }
  if (people.includes(by) || people.includes(member)) return 'duplicate'
  return verdict === 'reject' ? 'rejected' : 'counted'
}
