/** What stands beside the lineage of an event's decisions in every form: which they are, why, and what would have changed them. */
import type { Change } from '@writ/engine'
import type { Explained } from '../explained-event.ts'
import { coverSecrets } from './cover-secrets.ts'
import { timeText } from './decision-lines.ts'
import type { Simulation } from './simulation.ts'

export interface ToldEvent {
  readonly contract: string
  readonly file: string
  readonly index: number
  readonly time: string
  /** From 1. */
  readonly number: number
}
export interface ToldDecision {
  /** Id of its node. */
  readonly node: string
  readonly policy: string
  readonly version: string
  readonly decision: string
  /** Null: the default. */
  readonly decidedBy: string | null
  readonly reason: string
  readonly changes: readonly Pick<Change, 'kind' | 'text' | 'decision' | 'rule'>[]
}
export interface ToldDecisions {
  readonly title: string
  readonly event: ToldEvent
  /** The strictest first. */
  readonly decisions: readonly ToldDecision[]
}

/** Secrets are covered. Throws where nothing was decided. */
export function toldDecisions({ plan, view, workspace }: Simulation, explained: readonly Explained[]): ToldDecisions {
  const seq = explained[0]?.explanation.seq
  if (seq === undefined) throw new RangeError('nothing was decided')
  const { contract, file, index, time } = view.event(seq)
  const event: ToldEvent = {
    contract: plan.contracts[contract]?.name ?? '',
    file,
    index,
    time: timeText(time),
    number: seq + 1,
  }
  const decisions = explained.map(({ explanation, changes }): ToldDecision => {
    const policy = plan.policies[explanation.policy]
    const told = coverSecrets(plan, view, seq, { reason: explanation.reason, changes: changes.map(untied) }) as Pick<
      ToldDecision,
      'reason' | 'changes'
    >
    return {
      node: `decisions:${policy?.module}.${policy?.name}#${explanation.decision}`,
      policy: policy?.name ?? '',
      version: policy?.version ?? '',
      decision: explanation.decision,
      decidedBy: policy?.rules[explanation.decidedBy]?.name ?? null,
      reason: told.reason,
      changes: told.changes,
    }
  })
  return {
    title: `${event.contract} ${event.number} of ${workspace.shown}: where its decisions come from`,
    event,
    decisions,
  }
}

/** A change in words, without the means to apply it. */
function untied({ kind, text, decision, rule }: Change): ToldDecision['changes'][number] {
  return { kind, text, decision, rule }
}

/** `deny by velocity`. */
export function decidedText({ decision, decidedBy }: ToldDecision): string {
  return `${decision} by ${decidedBy ?? 'the default'}`
}

/** `with amount at most 50.00 USD instead of 60.00 USD it would be permit by small`. */
export function changeText({ kind, text, decision, rule }: ToldDecision['changes'][number]): string {
  const how = kind === 'wait' ? 'waiting: ' : kind === 'approval' ? 'with ' : kind === 'event' ? 'history: ' : ''
  return `${how}${text} → ${decision}${rule === null ? '' : ` by ${rule}`}`
}
