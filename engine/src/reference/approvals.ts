/**
 * What an Approval does, slow and obvious: it is held against every request for approval that there was. docs/language.md,
 * "Approvals", sentence by sentence. The fast implementation is obligation/approval-state.ts.
 */
import type { EventView } from '../log/view.ts'
import type { ApprovalEffect } from '../obligation/instance.ts'
import type { Plan, PlanRole } from '../plan/plan.ts'
import { eventDigest, referenceOf } from '../value/canonical.ts'
import { absent, unknown } from '../value/value.ts'
import { evaluateCondition } from './evaluate.ts'
import type { Instance } from './instance.ts'
import { type History, situationAt } from './situation.ts'

/** What an Approval did, and to which request; null: to none. */
export interface ApprovalOutcome {
  readonly effect: ApprovalEffect
  readonly instance: Instance | null
  /** Who counts from now on, where it was counted. */
  readonly people: readonly string[]
}

/** `instances`: every request so far, oldest first. */
export function approvalOutcome(
  plan: Plan,
  event: EventView,
  instances: readonly Instance[],
  history: History,
): ApprovalOutcome {
  const holds: Holds = (role, person) => holdsRole(role, person, event, history)
  const said = saidBy(event)
  if (said === null) return { effect: 'unreadable', instance: null, people: [] }
  const matching = instances.filter(instance => isMeant(plan, said, instance))
  const candidates = matching.filter(({ status }) => status === 'pending')
  const outcomes = candidates.map(instance => ({ instance, ...outcomeOn(plan, said, instance, event.time, holds) }))
  const taken = outcomes.find(({ effect }) => effect === 'counted' || effect === 'rejected') ?? outcomes[0]
  if (taken) return taken
  const newest = matching.at(-1)
  if (!newest) return { effect: 'unmatched', instance: null, people: [] }
  const isLate = newest.status === 'breached' && newest.settledBy === -1
  return { effect: isLate ? 'late' : 'settled', instance: newest, people: [] }
}

interface Said {
  readonly request: string
  readonly digest: string | null
  readonly by: string
  readonly role: string
  readonly verdict: string
}

/** Null where one cannot tell. */
function saidBy(event: EventView): Said | null {
  const [request, digest, by, role, verdict] = ['request', 'digest', 'by', 'role', 'verdict'].map(name =>
    event.value([name]),
  )
  if (typeof request !== 'string' || typeof by !== 'string' || typeof role !== 'string') return null
  if (typeof verdict !== 'string' || (digest !== absent && typeof digest !== 'string')) return null
  return { request, digest: typeof digest === 'string' ? digest : null, by, role, verdict }
}

function isMeant(plan: Plan, { request }: Said, { opening }: Instance): boolean {
  const contract = contractAt(plan, opening)
  return request === referenceOf(contract, opening) || request === eventDigest(contract, opening)
}

function outcomeOn(
  plan: Plan,
  { digest, by, role, verdict }: Said,
  instance: Instance,
  time: number,
  holds: Holds,
): { readonly effect: ApprovalEffect; readonly people: readonly string[] } {
  const none = (effect: ApprovalEffect) => ({ effect, people: [] })
  const stages = instance.approval?.stages ?? []
  const contract = contractAt(plan, instance.opening)
  if (digest !== null && digest !== eventDigest(contract, instance.opening)) return none('altered')
  if (role !== stages[instance.stage]?.role) {
    const isOver = stages.slice(0, instance.stage).some(stage => stage.role === role)
    return none(isOver && standsFor(plan, role, by, time, holds) !== null ? 'late' : 'foreign')
  }
  const member = standsFor(plan, role, by, time, holds)
  if (member === null) return none('foreign')
  const requester = contract.requesterField === null ? absent : instance.opening.value([contract.requesterField])
  if (requester === by || requester === member || requester === unknown) return none('self')
  if (instance.counted.includes(by) || instance.counted.includes(member)) return none('duplicate')
  return verdict === 'reject' ? none('rejected') : { effect: 'counted', people: [by, member] }
}

/** Whether somebody is a member of a role at the Approval, not acting for another. */
type Holds = (role: PlanRole, person: string) => boolean

/** Listed, or with a row in the table of the role. */
function holdsRole({ members, rows }: PlanRole, person: string, event: EventView, history: History): boolean {
  if (members.includes(person)) return true
  if (rows === null) return false
  return history
    .upTo(rows.contract, event.seq)
    .filter(row => row.value([rows.key]) === person)
    .some(row => rows.where === null || evaluateCondition(rows.where, situationAt(row, null)) === true)
}

/** The member that somebody is or acts for at this time, or null. */
function standsFor(plan: Plan, role: string, person: string, time: number, holds: Holds): string | null {
  const found: PlanRole | undefined = plan.roles.find(({ name }) => name === role)
  if (!found) return null
  if (holds(found, person)) return person
  const delegation = found.delegations.find(
    ({ member, deputy, from, until }) =>
      deputy === person && holds(found, member) && (from === null || from <= time) && (until === null || time <= until),
  )
  return delegation?.member ?? null
}

function contractAt(plan: Plan, event: EventView) {
  const contract = plan.contracts[event.contract]
  if (!contract) throw new Error(`the plan has no contract ${event.contract}`)
  return contract
}
