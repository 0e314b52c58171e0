/** Counts over what lived on after the events of a run: instances by rule, approvals by what they did, and the load of each role. */
import type { LogView } from '../log/view.ts'
import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/decisions.ts'
import {
  type ApprovalEffect,
  approvalEffects,
  type InstanceStatus,
  instanceStatuses,
  transitionKinds,
} from './instance.ts'

export interface ObligationTally {
  /** Rules that had instances, in the order of the plan. */
  readonly rules: readonly LivingRule[]
  /** Effects that were seen, in the order of the catalogue. */
  readonly effects: readonly { readonly effect: ApprovalEffect; readonly count: number }[]
  readonly roles: readonly RoleLoad[]
}
export interface LivingRule {
  readonly policy: number
  readonly rule: number
  readonly kind: 'expectation' | 'approval'
  readonly opened: number
  readonly ended: Readonly<Record<InstanceStatus, number>>
}
export interface RoleLoad {
  readonly role: string
  /** Requests that came to a stage of this role. */
  readonly asked: number
  /** Approvals that counted, and rejections. */
  readonly answered: number
  /** Stages of this role that passed in vain. */
  readonly expired: number
  /** The most requests that waited for this role at one time. */
  readonly busiest: number
  /** The most requests that came to it on one day (UTC). */
  readonly mostPerDay: number
}

export function obligationTally(plan: Plan, view: LogView, { obligations }: RunResult): ObligationTally {
  return {
    rules: livingRules(plan, obligations),
    effects: approvalEffects.flatMap((effect, code) => {
      const count = obligations.approvals.effect.filter(found => found === code).length
      return count === 0 ? [] : [{ effect, count }]
    }),
    roles: roleLoads(plan, view, obligations),
  }
}

function livingRules(plan: Plan, { instances }: RunResult['obligations']): readonly LivingRule[] {
  const counts = plan.policies.map(({ rules }) => rules.map(() => instanceStatuses.map(() => 0)))
  for (let place = 0; place < instances.size; place++) {
    const own = counts[instances.policy[place] ?? -1]?.[instances.rule[place] ?? -1]
    const status = instances.status[place] ?? 0
    if (own) own[status] = (own[status] ?? 0) + 1
  }
  return plan.policies.flatMap(({ rules }, policy) =>
    rules.flatMap((rule, index): LivingRule[] => {
      if (rule.expectation === null && rule.approval === null) return []
      const [pending = 0, fulfilled = 0, breached = 0, cancelled = 0] = counts[policy]?.[index] ?? []
      const opened = pending + fulfilled + breached + cancelled
      const kind = rule.expectation === null ? 'approval' : 'expectation'
      return [{ policy, rule: index, kind, opened, ended: { pending, fulfilled, breached, cancelled } }]
    }),
  )
}

function roleLoads(
  plan: Plan,
  view: LogView,
  { instances, transitions, approvals }: RunResult['obligations'],
): readonly RoleLoad[] {
  const loads = new Map(
    plan.roles.map(({ name }) => [name, { role: name, asked: 0, answered: 0, expired: 0, busiest: 0, mostPerDay: 0 }]),
  )
  const waiting = new Map<string, number>()
  const days = new Map<string, number>()
  const stageOf = new Map<number, number>()
  for (let i = 0; i < transitions.size; i++) {
    const place = transitions.instance[i] ?? 0
    const stages = plan.policies[instances.policy[place] ?? -1]?.rules[instances.rule[place] ?? -1]?.approval?.stages
    if (!stages) continue
    const kind = transitionKinds[transitions.kind[i] ?? 0]
    const before = loads.get(stages[stageOf.get(place) ?? 0]?.role ?? '')
    const isVain = (transitions.by[i] ?? -1) < 0
    if (before && isVain && (kind === 'escalated' || kind === 'breached')) before.expired++
    if (before && kind !== 'opened') waiting.set(before.role, (waiting.get(before.role) ?? 0) - 1)
    if (kind === 'escalated') stageOf.set(place, (stageOf.get(place) ?? 0) + 1)
    const now = loads.get(stages[stageOf.get(place) ?? 0]?.role ?? '')
    if (!now || (kind !== 'opened' && kind !== 'escalated')) continue
    now.asked++
    const together = (waiting.get(now.role) ?? 0) + 1
    waiting.set(now.role, together)
    now.busiest = Math.max(now.busiest, together)
    const day = `${now.role} ${Math.floor((transitions.at[i] ?? 0) / 86_400_000)}`
    const onDay = (days.get(day) ?? 0) + 1
    days.set(day, onDay)
    now.mostPerDay = Math.max(now.mostPerDay, onDay)
  }
  for (let i = 0; i < approvals.size; i++) {
    const effect = approvalEffects[approvals.effect[i] ?? 0]
    if (effect !== 'counted' && effect !== 'rejected') continue
    const load = loads.get(String(view.event(approvals.seq[i] ?? 0).value(['role'])))
    if (load) load.answered++
  }
  return [...loads.values()].filter(({ asked }) => asked > 0)
}
