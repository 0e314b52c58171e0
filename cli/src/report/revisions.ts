/** What late events revised, in `writ simulate`: as text and as JSON. */
import type { Plan, Revisions } from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { count, counted, printable } from '../terminal/text.ts'
import { timeText } from './decision-lines.ts'
import type { Simulation } from './simulation.ts'

const mostShown = 5

export function revisionSection({ plan, view, revisions }: Simulation, { paint }: Output): string[] {
  if (revisions === null) return []
  const { late, decisions, instances } = revisions
  const placeAt = (seq: number): string => {
    const { file, index } = view.event(seq)
    return `${printable(file)}:${index}`
  }
  const lines = [
    ...decisions.map(
      ({ seq, policy, from, to }) =>
        `${placeAt(seq)}  ${from.decision} by ${ruleName(plan, policy, from.decidedBy)} -> ${to.decision} by ${ruleName(plan, policy, to.decidedBy)}  (${plan.policies[policy]?.name})`,
    ),
    ...instances.map(
      ({ seq, policy, rule, from, to }) =>
        `${placeAt(seq)}  ${endedText(from)} -> ${endedText(to)}  (${plan.policies[policy]?.name}.${ruleName(plan, policy, rule)})`,
    ),
  ]
  const more = lines.length - mostShown
  return [
    `${paint.bold('revisions')}  ${counted(late.length, 'event')} came late and revised ${counted(decisions.length, 'decision')} and ${counted(instances.length, 'instance')}`,
    ...lines.slice(0, mostShown).map(line => `  ${line}`),
    ...(more > 0 ? [`  … and ${count(more)} more`] : []),
  ]
}

export function revisionsJson({ plan, view }: Simulation, { late, decisions, instances }: Revisions): object {
  const eventAt = (seq: number): object => {
    const { contract, file, index } = view.event(seq)
    return { contract: plan.contracts[contract]?.name, file, index }
  }
  const decided = (policy: number, { decision, decidedBy }: Revisions['decisions'][number]['from']): object => ({
    decision,
    decidedBy: plan.policies[policy]?.rules[decidedBy]?.name ?? null,
  })
  const ended = (end: Revisions['instances'][number]['from']): object | null =>
    end && { status: end.status, at: end.at === null ? null : timeText(end.at) }
  return {
    late: late.map(eventAt),
    decisions: decisions.map(({ seq, policy, from, to }) => ({
      event: eventAt(seq),
      policy: plan.policies[policy]?.name,
      from: decided(policy, from),
      to: decided(policy, to),
    })),
    instances: instances.map(({ seq, policy, rule, from, to }) => ({
      event: eventAt(seq),
      policy: plan.policies[policy]?.name,
      rule: ruleName(plan, policy, rule),
      from: ended(from),
      to: ended(to),
    })),
  }
}

function ruleName(plan: Plan, policy: number, rule: number): string {
  return plan.policies[policy]?.rules[rule]?.name ?? 'default'
}

function endedText(end: Revisions['instances'][number]['from']): string {
  if (end === null) return 'none'
  return end.at === null ? end.status : `${end.status} at ${timeText(end.at)}`
}
