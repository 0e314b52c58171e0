/**
 * How fast deadlines are followed: a million events, half of them requests, the other half their answers, most of them in time;
 * as an expectation with an equality key, and as a rule that requires an approval. The peer keeps the pending requests in a
 * list and looks through it at every event, as one would write it first; it sees fewer events, for its time grows with them.
 */
import {
  absent,
  check,
  evaluate,
  fromInteger,
  type Log,
  LogBuilder,
  type Plan,
  readSet,
  type Value,
} from '@writ/engine'
import { parse } from '@writ/grammar'
import { print, rates, type Work } from './measure.ts'

const events = 1_000_000
const naiveEvents = 4_000
const rounds = 5
const minute = 60_000
/** A request every 20 ms: with 30 minutes to answer, tens of thousands are pending. */
const step = 20

interface Answered {
  readonly isRequest: boolean
  readonly id: string
  readonly time: number
}

const contracts = `contract Request { id: String key  agent: String requester }
contract Answer { request: String key }
role Lead { members "ana", "bo", "kim" }
`
const expectation = 'policy p { rule r after Request as q expect Answer where it.request == q.id within 30m }'
const approval = 'policy p { on Request as q default permit rule r require approval from Lead within 30m }'

follow('expectation within 30m, equality key', expectation, 5_000_000)
follow('approval within 30m, by reference', approval, 5_000_000)

function follow(name: string, policy: string, goal: number): void {
  const { plan, problems } = check([parse('bench.writ', `module bench\n${contracts}${policy}\n`)])
  if (plan === null) throw new Error(problems.map(({ message }) => message).join('\n'))
  const log = logOf(plan, answered(events))
  const measured = rates(rounds, decide(plan, log), naive(answered(naiveEvents)))
  print({
    name,
    value: measured.value,
    goal,
    peer: { name: 'list of pending, searched', value: measured.peers[0] ?? Number.NaN },
  })
}

function decide(plan: Plan, log: Log): Work {
  return () => {
    const { obligations } = evaluate(plan, log)
    if (obligations.instances.size !== events / 2) throw new Error('half of the events open an instance')
    return events
  }
}

/** Answers come after about 10 minutes, one in twenty after the deadline. */
function answered(count: number): readonly Answered[] {
  const made: Answered[] = []
  for (let i = 0; i < count / 2; i++) {
    const time = i * step
    const delay = i % 20 === 0 ? 31 * minute : ((i * 7919) % 1000) * 1200
    made.push({ isRequest: true, id: `r${i}`, time }, { isRequest: false, id: `r${i}`, time: time + delay })
  }
  return made.sort((a, b) => a.time - b.time)
}

function logOf(plan: Plan, entries: readonly Answered[]): Log {
  const builder = new LogBuilder(plan.contracts, readSet(plan))
  const place = (name: string) => plan.contracts.findIndex(contract => contract.name === name)
  const [request, answer, approves] = [place('Request'), place('Answer'), place('Approval')]
  entries.forEach(({ isRequest, id, time }, index) => {
    const fields: Record<string, Value> = isRequest
      ? { id, agent: 'bot' }
      : approves < 0
        ? { request: id }
        : {
            request: id,
            digest: absent,
            by: 'ana',
            role: 'Lead',
            verdict: 'approve',
            at: fromInteger(time),
            reason: absent,
          }
    builder.add({ contract: isRequest ? request : approves < 0 ? answer : approves, time, file: 'a', index, fields })
  })
  return builder.build()
}

function naive(entries: readonly Answered[]): Work {
  return () => {
    let pending: { readonly id: string; readonly due: number; status: string }[] = []
    const ended: { readonly id: string; readonly status: string; readonly at: number }[] = []
    for (const { isRequest, id, time } of entries) {
      for (const one of pending) if (one.due < time) ended.push({ id: one.id, status: 'breached', at: one.due })
      pending = pending.filter(one => one.due >= time)
      if (isRequest) pending.push({ id, due: time + 30 * minute, status: 'pending' })
      else {
        for (const one of pending) if (one.id === id) ended.push({ id, status: 'fulfilled', at: time })
        pending = pending.filter(one => one.id !== id)
      }
    }
    return entries.length
  }
}
