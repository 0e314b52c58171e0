/**
 * `writ simulate --approver-delay`: how requests for approval would have fared if people had answered as slowly as that. Recorded
 * approvals are left out, and answers put in their place: at each stage as many members of the role are asked as have to agree, and
 * each approves after a delay that the digest of the request fixes. No chance is in it: the same log gives the same answers.
 */
import { hash } from 'node:crypto'
import {
  absent,
  type BuiltEvent,
  eventDigest,
  fromInteger,
  isApproval,
  type Log,
  LogBuilder,
  type LogView,
  type Obligations,
  type Plan,
  type PlanContract,
  type PlanRule,
  referenceOf,
  type Value,
} from '@writ/engine'

/** Delays by quantile, both ascending: `10m,p90=4h` is [[0, 0], [0.5, 600000], [0.9, 14400000]]. */
export type Delays = readonly (readonly [quantile: number, milliseconds: number])[]

/** `10m` (the median), `p90=4h`, or several with commas; null where it is none of these, or longer delays come first. */
export function delaysOf(text: string): Delays | null {
  const points: (readonly [number, number])[] = [[0, 0]]
  for (const part of text.split(',')) {
    const found = /^\s*(?:p(\d{1,2})\s*=\s*)?(\d+)(ms|s|m|h|d)\s*$/.exec(part)
    if (!found) return null
    const quantile = found[1] === undefined ? 0.5 : Number(found[1]) / 100
    points.push([quantile, Number(found[2]) * (units[found[3] ?? ''] ?? 1)])
  }
  const sorted = points.toSorted(([a], [b]) => a - b)
  const ascends = sorted.every(([quantile, delay], i) => {
    const before = sorted[i - 1]
    return !before || (quantile > before[0] && delay >= before[1])
  })
  return ascends ? sorted : null
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The log with simulated answers instead of the recorded ones; `obligations` are those of a run over the events of `view`. */
export function withAnswers(plan: Plan, view: LogView, obligations: Obligations, delays: Delays): Log {
  const builder = new LogBuilder(plan.contracts)
  const approval = plan.contracts.findIndex(isApproval)
  for (let seq = 0; seq < view.size; seq++) {
    const event = view.event(seq)
    const contract = plan.contracts[event.contract]
    if (!contract || event.contract === approval) continue
    const fields: Record<string, Value> = {}
    for (const { name } of contract.fields) fields[name] = event.value([name])
    const { time, file, index } = event
    builder.add({ contract: event.contract, time, file, index, fields })
  }
  const answers: BuiltEvent[] = []
  const { instances } = obligations
  for (let place = 0; place < instances.size; place++) {
    const rule = plan.policies[instances.policy[place] ?? -1]?.rules[instances.rule[place] ?? -1]
    if (rule?.approval) answers.push(...answersTo(plan, view, instances.openedSeq[place] ?? 0, rule, approval, delays))
  }
  answers.forEach((answer, index) => {
    builder.add({ ...answer, index })
  })
  return builder.build()
}

function answersTo(
  plan: Plan,
  view: LogView,
  seq: number,
  rule: PlanRule,
  contract: number,
  delays: Delays,
): readonly BuiltEvent[] {
  const request = view.event(seq)
  const asked = contractAt(plan, request.contract)
  const digest = eventDigest(asked, request)
  const requester = asked.requesterField === null ? absent : request.value([asked.requesterField])
  const answers: BuiltEvent[] = []
  let begins = request.time
  for (const [stage, { role, quorum, withinMilliseconds }] of (rule.approval?.stages ?? []).entries()) {
    const members = plan.roles.find(({ name }) => name === role)?.members.filter(member => member !== requester) ?? []
    // Whoever's turn it is: the work is shared out evenly over many requests.
    const turn = Math.floor(share(`${digest} ${role} ${stage}`) * members.length)
    const people = [...members.slice(turn), ...members.slice(0, turn)].slice(0, quorum)
    const times = people.map(by => begins + delayAt(share(`${digest} ${role} ${stage} ${by}`), delays))
    people.forEach((by, i) => {
      const time = times[i] ?? begins
      const said = { request: referenceOf(asked, request) ?? digest, digest, by, role, verdict: 'approve' }
      const fields: Record<string, Value> = { ...said, at: fromInteger(time), reason: absent }
      answers.push({ contract, time, file: 'simulated answers', index: 0, fields })
    })
    const due = withinMilliseconds === null ? Number.POSITIVE_INFINITY : begins + withinMilliseconds
    if (people.length === quorum && times.every(time => time <= due)) break
    begins = due
    if (!Number.isFinite(due)) break
  }
  return answers
}

/** In [0, 1), the same for the same text. */
function share(text: string): number {
  return Number.parseInt(hash('sha256', text).slice(0, 12), 16) / 2 ** 48
}

/** Straight lines between the points; beyond the last one its delay. */
function delayAt(quantile: number, delays: Delays): number {
  let [before = [0, 0] as const] = delays
  for (const point of delays) {
    if (point[0] >= quantile) {
      const width = point[0] - before[0]
      const part = width === 0 ? 0 : (quantile - before[0]) / width
      return Math.round(before[1] + part * (point[1] - before[1]))
    }
    before = point
  }
  return before[1]
}

function contractAt(plan: Plan, contract: number): PlanContract {
  const found = plan.contracts[contract]
  if (!found) throw new RangeError(`the plan has no contract ${contract}`)
  return found
}
