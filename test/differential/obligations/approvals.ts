/** Turns the events of the contract Approval into approvals that have to do with the log: of requests in it, by people who may. */
import {
  absent,
  type BuiltEvent,
  eventDigest,
  isApproval,
  type Plan,
  referenceOf,
  unknown,
  type Value,
} from '@writ/engine'
import { directView } from '../direct-view.ts'
import type { Random } from '../random.ts'
import { people } from './program.ts'

export function withApprovals(random: Random, plan: Plan, events: readonly BuiltEvent[]): readonly BuiltEvent[] {
  const made: BuiltEvent[] = []
  const approval = plan.contracts.findIndex(isApproval)
  for (const event of events) {
    const before = made.filter(({ contract }) => contract !== approval)
    // Most are about what happened lately, for which there still is time.
    const request = before.length === 0 ? undefined : random.pick(random.chance(70) ? before.slice(-2) : before)
    if (event.contract !== approval || !request) {
      made.push(event)
      continue
    }
    // The same person now and then says the same again.
    const said = made.filter(({ contract }) => contract === approval).at(-1)
    const fields = said && random.chance(30) ? said.fields : approvalOf(random, plan, request, event)
    made.push({ ...event, fields })
  }
  return made
}

function approvalOf(random: Random, plan: Plan, request: BuiltEvent, event: BuiltEvent): BuiltEvent['fields'] {
  const contract = plan.contracts[request.contract]
  if (!contract) throw new RangeError(`the plan has no contract ${request.contract}`)
  const view = directView([request]).event(0)
  const digest = eventDigest(contract, view)
  const reference = referenceOf(contract, view) ?? digest
  const oneIn = (chance: number, value: Value, otherwise: Value) => (random.chance(chance) ? value : otherwise)
  return {
    ...event.fields,
    request: oneIn(2, unknown, oneIn(15, digest, oneIn(5, 'nobody', reference))),
    digest: oneIn(50, absent, oneIn(80, digest, oneIn(80, 'ffff', unknown))),
    by: oneIn(2, unknown, random.pick(people)),
    role: random.chance(5) ? 'Nobody' : random.pick(['Lead', 'Risk']),
    verdict: oneIn(2, unknown, oneIn(85, 'approve', 'reject')),
  }
}
