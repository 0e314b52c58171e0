/**
 * Many programs about obligations, each over several logs, some of them closed: at a deadline, a moment before or after one, or
 * at their last event. Failures are shrunk.
 */
import {
  approvalEffects,
  type BuiltEvent,
  instanceStatuses,
  type Obligations,
  type Plan,
  type RunResult,
  transitionKinds,
} from '@writ/engine'
import { verifyObligation } from '@writ/engine/verify'
import { findingsOf } from '../../../engine/src/analyze/analyze.ts'
import { directView } from '../direct-view.ts'
import { generateLog } from '../generated-log.ts'
import { checked, judge } from '../pair.ts'
import { type Random, randomFrom } from '../random.ts'
import { shrink } from '../shrink.ts'
import { withApprovals } from './approvals.ts'
import { generateProgram } from './program.ts'

export interface ObligationCampaign {
  readonly failures: readonly string[]
  readonly refused: readonly string[]
  readonly pairs: number
  /** How often each status, transition and effect was seen, and several deadlines at one instant. */
  readonly seen: ReadonlyMap<string, number>
}

export function obligationCampaign(seeds: Iterable<number>, logs: number): ObligationCampaign {
  const failures: string[] = []
  const refused: string[] = []
  const seen = new Map<string, number>()
  let pairs = 0
  for (const seed of seeds) {
    const { text, plan, problems } = checked(generateProgram(randomFrom(seed)))
    if (!plan) {
      refused.push(`seed ${seed}: the checker refuses it\n${problems.join('\n')}\n${text}`)
      continue
    }
    for (let index = 0; index < logs; index++) {
      const random = randomFrom(seed * 37 + index)
      const events = withApprovals(random, plan, generateLog(random, plan))
      const closeAt = closingOf(random, plan, events)
      const { reference, difference } = judge(plan, events, closeAt)
      pairs++
      const unbelieved = difference === null ? firstUnbelieved(plan, events, reference) : null
      if (unbelieved !== null) {
        failures.push(`seed ${seed}, log ${index}, closed at ${closeAt}: the checker refuses ${unbelieved}\n${text}`)
        break
      }
      const refuted = firstRefuted(plan, reference, seen)
      if (refuted !== null) {
        failures.push(`seed ${seed}, log ${index}, closed at ${closeAt}: ${refuted}\n${text}`)
        break
      }
      count(reference, seen)
      if (difference === null) continue
      failures.push(report(seed, index, text, events, difference, closeAt))
      break
    }
    if (failures.length >= 3) break
  }
  return { failures, refused, pairs, seen }
}

/** An expectation of which the analysis says that it never begins, or is never met, and which did. */
function firstRefuted(plan: Plan, { obligations }: RunResult, seen: Map<string, number>): string | null {
  const { policy, rule, status, size } = obligations.instances
  for (let index = 0; index < plan.policies.length; index++)
    for (const { claim } of findingsOf(plan, index)) {
      if (claim.kind !== 'never-begins' && claim.kind !== 'never-met') continue
      seen.set(`claim ${claim.kind}`, (seen.get(`claim ${claim.kind}`) ?? 0) + 1)
      for (let i = 0; i < size; i++) {
        if (policy[i] !== index || rule[i] !== claim.rule) continue
        if (claim.kind === 'never-begins' || instanceStatuses[status[i] ?? 0] === 'fulfilled')
          return `instance ${i} refutes that ${plan.policies[index]?.rules[claim.rule]?.name} ${claim.kind}`
      }
    }
  return null
}

/** Null, or a time not before the last event: at it, or about one of the deadlines that are then still pending. */
function closingOf(random: Random, plan: Plan, events: readonly BuiltEvent[]): number | null {
  const last = events.at(-1)
  if (!last || random.chance(40)) return null
  const { reference } = judge(plan, events)
  const { due, status } = reference.obligations.instances
  const pending = Array.from(due).filter((time, i) => status[i] === 0 && Number.isFinite(time))
  const near = pending.length === 0 ? last.time : random.pick(pending) + random.pick([-1, 0, 0, 1])
  return Math.max(last.time, near)
}

/** The first instance that the independent checker does not accept; looks at a few of each run, because it is slow. */
function firstUnbelieved(plan: Plan, events: readonly BuiltEvent[], { obligations }: RunResult): string | null {
  const view = directView(events)
  const { size } = obligations.instances
  for (let place = 0; place < size; place += Math.max(1, Math.floor(size / 6))) {
    const verification = verifyObligation(plan, view, obligations, place)
    if (!verification.accepted) return `instance ${place}: ${verification.where}, ${verification.why}`
    const lie = lies(obligations, place).findIndex(told => verifyObligation(plan, view, told, place).accepted)
    if (lie >= 0) return `nothing, but accepts lie ${lie} about instance ${place}`
  }
  return null
}

/** The same run with one wrong claim about an instance. */
function lies(obligations: Obligations, place: number): readonly Obligations[] {
  const { instances } = obligations
  const changed = <T extends Uint8Array | Int32Array | Float64Array>(column: T, value: number): T => {
    const copy = column.slice() as T
    copy[place] = value
    return copy
  }
  const { status, due, stage, settledAt, settledBy } = instances
  return [
    { ...instances, status: changed(status, ((status[place] ?? 0) + 1) % 3) },
    { ...instances, due: changed(due, Number.isFinite(due[place]) ? (due[place] ?? 0) + 1 : 0) },
    { ...instances, stage: changed(stage, (stage[place] ?? 0) + 1) },
    { ...instances, settledAt: changed(settledAt, Number.isNaN(settledAt[place]) ? 0 : (settledAt[place] ?? 0) - 1) },
    { ...instances, settledBy: changed(settledBy, (settledBy[place] ?? 0) + 1) },
  ].map(told => ({ ...obligations, instances: told }))
}

function count({ obligations }: RunResult, seen: Map<string, number>): void {
  const add = (name: string | undefined) => name !== undefined && seen.set(name, (seen.get(name) ?? 0) + 1)
  const { instances, transitions, approvals } = obligations
  for (const status of instances.status) add(instanceStatuses[status])
  for (let i = 0; i < transitions.size; i++) {
    add(`transition ${transitionKinds[transitions.kind[i] ?? 0]}`)
    const byDeadline = transitions.by[i] === -1 && transitions.by[i - 1] === -1
    if (byDeadline && transitions.at[i] === transitions.at[i - 1]) add('deadlines at one instant')
    const instance = transitions.instance[i] ?? 0
    const met = (transitions.by[i] ?? -1) >= 0 && transitions.kind[i] === 2
    if (met && transitions.at[i] === instances.due[instance]) add('met at the deadline')
  }
  for (const effect of approvals.effect) add(`approval ${approvalEffects[effect]}`)
  if (obligations.closedAt !== null && Array.from(instances.settledAt).includes(obligations.closedAt))
    add('closed at the deadline')
}

function report(
  seed: number,
  index: number,
  text: string,
  events: readonly BuiltEvent[],
  difference: string,
  closeAt: number | null,
): string {
  const small = shrink(
    text,
    events,
    difference,
    (smaller, fewer) => {
      const { plan } = checked(smaller)
      if (!plan || fewer.some(event => plan.contracts[event.contract] === undefined)) return null
      try {
        return judge(plan, fewer, closeAt).difference
      } catch {
        return null
      }
    },
    1500,
  )
  const shown = JSON.stringify(small.events, (_, value: unknown) =>
    typeof value === 'symbol' ? value.description : typeof value === 'bigint' ? String(value) : value,
  )
  return `seed ${seed}, log ${index}, closed at ${closeAt}: ${difference}\n${small.difference}\n${small.text}\n${shown}`
}
