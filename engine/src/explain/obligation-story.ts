/**
 * What became of an instance, as a short story in the order of time: how it began, which approvals did what, which stages passed
 * in vain, how it ended and what follows. Why the decision was made that it began with is page.ts.
 */
import type { EventView, LogView } from '../log/view.ts'
import {
  type ApprovalEffect,
  approvalEffects,
  type InstanceStatus,
  instanceStatuses,
  type Obligations,
  type TransitionKind,
  transitionKinds,
} from '../obligation/instance.ts'
import type { Plan, PlanRule } from '../plan/plan.ts'
import { presentTime, presentValue } from '../value/present.ts'
import { fromInteger } from '../value/rational.ts'
import { consequenceOf } from './consequence.ts'
import { approvalWords } from './reason.ts'
import type { ExplainOptions } from './scope.ts'

export interface ObligationStory {
  /** Place of the instance. */
  readonly instance: number
  readonly policy: string
  readonly rule: string
  readonly status: InstanceStatus
  /** `2026-11-20 09:00:00Z  …`, one for each thing that happened. */
  readonly lines: readonly string[]
}

/** The instances that began with an event, or that it ended. */
export function obligationStories(
  plan: Plan,
  view: LogView,
  obligations: Obligations,
  seq: number,
  options: ExplainOptions = {},
): readonly ObligationStory[] {
  const { instances } = obligations
  const stories: ObligationStory[] = []
  for (let place = 0; place < instances.size; place++)
    if (instances.openedSeq[place] === seq || instances.settledBy[place] === seq)
      stories.push(storyOf(plan, view, obligations, place, options))
  return stories
}

function storyOf(
  plan: Plan,
  view: LogView,
  obligations: Obligations,
  place: number,
  options: ExplainOptions,
): ObligationStory {
  const { instances } = obligations
  const policy = plan.policies[instances.policy[place] ?? -1]
  const rule = policy?.rules[instances.rule[place] ?? -1]
  if (!policy || !rule) throw new RangeError(`the plan has no rule of instance ${place}`)
  const status = instanceStatuses[instances.status[place] ?? 0] ?? 'pending'
  const told = [...transitionsOf(plan, view, obligations, place, rule), ...approvalsOf(view, obligations, place)]
  // At one time an approval comes before what it does, and that before the deadlines that pass.
  const lines = told
    .sort((a, b) => a.at - b.at || a.rank - b.rank)
    .map(({ at, text }) => `${presentTime(fromInteger(at))}  ${text}`)
  const follows = followsOf(plan, view, obligations, place, options)
  return { instance: place, policy: policy.name, rule: rule.name, status, lines: [...lines, ...follows] }
}

interface Told {
  readonly at: number
  readonly rank: number
  readonly text: string
}

function transitionsOf(
  plan: Plan,
  view: LogView,
  { instances, transitions }: Obligations,
  place: number,
  rule: PlanRule,
): readonly Told[] {
  const told: Told[] = []
  let stage = 0
  for (let i = 0; i < transitions.size; i++) {
    if (transitions.instance[i] !== place) continue
    const kind = transitionKinds[transitions.kind[i] ?? 0] ?? 'opened'
    if (kind === 'escalated') stage++
    const by = transitions.by[i] ?? -1
    const event = by < 0 ? null : view.event(by)
    const rank = kind === 'opened' ? 0 : event ? 2 : 3
    told.push({
      at: transitions.at[i] ?? 0,
      rank,
      text: transitionText(plan, rule, kind, stage, event, instances.noticedAt[place] ?? 0),
    })
  }
  return told
}

function transitionText(
  plan: Plan,
  rule: PlanRule,
  kind: TransitionKind,
  stage: number,
  event: EventView | null,
  noticedAt: number,
): string {
  const asked = rule.approval?.stages[stage]
  const wanted = asked ? `${approvalWords(asked)} is asked for` : awaitedWords(plan, rule)
  const by = event ? ` by ${eventWords(plan, event)}` : ''
  switch (kind) {
    case 'opened':
      return `${event ? `${eventWords(plan, event)}: ` : ''}${wanted}`
    case 'escalated':
      return `nobody answered in time; ${wanted}`
    case 'fulfilled':
      return rule.approval ? 'approved' : `fulfilled${by}`
    case 'cancelled':
      return `cancelled${by}`
    case 'breached':
      return event ? 'refused' : `the deadline passes (noticed at ${presentTime(fromInteger(noticedAt))})`
  }
}

function awaitedWords(plan: Plan, { expectation }: PlanRule): string {
  if (!expectation) return ''
  const within = presentValue(fromInteger(expectation.withinMilliseconds), { kind: 'duration' })
  return `${plan.contracts[expectation.awaited.contract]?.name} is expected within ${within}`
}

function approvalsOf(view: LogView, { approvals }: Obligations, place: number): readonly Told[] {
  const told: Told[] = []
  for (let i = 0; i < approvals.size; i++) {
    const effect = approvalEffects[approvals.effect[i] ?? 0]
    if (approvals.instance[i] !== place || !effect) continue
    const event = view.event(approvals.seq[i] ?? 0)
    const who = `${String(event.value(['by']))} as ${String(event.value(['role']))}`
    const word = event.value(['verdict']) === 'reject' ? 'rejects' : 'approves'
    told.push({ at: event.time, rank: 1, text: `${who} ${word}${approvalEffectWords[effect]}` })
  }
  return told
}

/** What an approval did, as the end of a sentence. */
export const approvalEffectWords: Readonly<Record<ApprovalEffect, string>> = {
  counted: '',
  rejected: '',
  late: ': too late, no effect',
  duplicate: ' again: no effect',
  foreign: ', who does not hold the role that is asked: no effect',
  self: ' the own request: no effect',
  altered: ' another request than this one: no effect',
  settled: ' what was settled already: no effect',
  unmatched: ': there is no such request',
  unreadable: ': it breaks its contract, no effect',
}

function followsOf(
  plan: Plan,
  view: LogView,
  { instances }: Obligations,
  place: number,
  options: ExplainOptions,
): readonly string[] {
  const consequence = consequenceOf(plan, view, instances, place, options)
  if (!consequence) {
    const due = instances.due[place] ?? 0
    if (instances.status[place] !== 0) return []
    return [Number.isFinite(due) ? `pending until ${presentTime(fromInteger(due))}` : 'pending, without a deadline']
  }
  const effects = consequence.effects.map(({ verb, sink, values }) => {
    const members = values.map(({ name, value, type }) => `${name}: ${presentValue(value, type, { quoted: true })}`)
    return `then ${[verb, sink, `{ ${members.join(', ')} }`].filter(Boolean).join(' ')}`
  })
  return [
    `what follows: ${consequence.decision}${consequence.text === null ? '' : `, “${consequence.text}”`}`,
    ...effects,
  ]
}

function eventWords(plan: Plan, event: EventView): string {
  return `${plan.contracts[event.contract]?.name} (${event.file}, record ${event.index + 1})`
}
