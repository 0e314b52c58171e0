/**
 * `writ simulate --obligations FILE`: one line for each change of an instance and for each approval, in the order in which they
 * happen. The form is docs/schemas/obligation.schema.json.
 */
import {
  approvalEffects,
  type Consequence,
  consequenceOf,
  type EventView,
  presentValue,
  transitionKinds,
  type Value,
} from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { type DecidedLog, timeText } from './decision-lines.ts'

/** Gives how many lines were written. */
export async function writeObligationLines(decided: DecidedLog, output: Output): Promise<number> {
  const { transitions, approvals } = decided.result.obligations
  const rejected = new Set(decided.result.rejected)
  /** By request: the stage that it has come to. */
  const stages = new Map<number, number>()
  let written = 0
  let approval = 0
  const write = async (line: object): Promise<void> => {
    output.write(`${JSON.stringify(line)}\n`)
    if (++written % 1024 === 0) await output.drained()
  }
  for (let i = 0; i < transitions.size; i++) {
    const at = transitions.at[i] ?? 0
    const by = transitions.by[i] ?? -1
    // An approval comes before what its event did, and before the deadlines that pass after it.
    for (; approval < approvals.size && isBefore(decided, approval, at, by); approval++)
      await write(approvalLine(decided, approval))
    if (transitions.kind[i] === escalatedCode) {
      const place = transitions.instance[i] ?? 0
      stages.set(place, (stages.get(place) ?? 0) + 1)
    }
    await write(transitionLine(decided, i, stages.get(transitions.instance[i] ?? 0) ?? 0, rejected))
  }
  for (; approval < approvals.size; approval++) await write(approvalLine(decided, approval))
  await output.drained()
  return written
}

const escalatedCode = transitionKinds.indexOf('escalated')

function isBefore({ result, view }: DecidedLog, approval: number, at: number, by: number): boolean {
  const seq = result.obligations.approvals.seq[approval] ?? 0
  return by >= 0 ? seq <= by : view.event(seq).time <= at
}

function transitionLine(decided: DecidedLog, i: number, stage: number, rejected: ReadonlySet<number>): object {
  const { plan, view, result } = decided
  const { instances, transitions } = result.obligations
  const place = transitions.instance[i] ?? 0
  const policy = plan.policies[instances.policy[place] ?? -1]
  const rule = policy?.rules[instances.rule[place] ?? -1]
  const kind = transitionKinds[transitions.kind[i] ?? 0]
  const by = transitions.by[i] ?? -1
  const asked = rule?.approval?.stages[stage]
  const opening = view.event(instances.openedSeq[place] ?? 0)
  const isOver = kind === 'fulfilled' || kind === 'breached'
  const consequence = isOver
    ? consequenceOf(plan, view, instances, place, { rejected: seq => rejected.has(seq) })
    : null
  return {
    kind,
    instance: place,
    policy: policy?.name,
    rule: rule?.name,
    at: timeText(transitions.at[i] ?? 0),
    event: eventJson(decided, opening),
    ...(kind === 'opened' || by < 0 ? {} : { by: eventJson(decided, view.event(by)) }),
    ...(asked && !isOver ? { stage: stage + 1, role: asked.role, quorum: asked.quorum } : {}),
    ...(isOver ? { noticedAt: timeText(instances.noticedAt[place] ?? 0) } : { due: dueAt(decided, i, stage) }),
    ...(consequence ? { outcome: consequenceJson(consequence) } : {}),
  }
}

/** The deadline that begins with a transition; null: none. */
function dueAt({ plan, result }: DecidedLog, i: number, stage: number): string | null {
  const { instances, transitions } = result.obligations
  const place = transitions.instance[i] ?? 0
  const rule = plan.policies[instances.policy[place] ?? -1]?.rules[instances.rule[place] ?? -1]
  const within = rule?.expectation?.withinMilliseconds ?? rule?.approval?.stages[stage]?.withinMilliseconds
  return within === null || within === undefined ? null : timeText((transitions.at[i] ?? 0) + within)
}

function approvalLine(decided: DecidedLog, i: number): object {
  const { approvals } = decided.result.obligations
  const event = decided.view.event(approvals.seq[i] ?? 0)
  const instance = approvals.instance[i] ?? -1
  const text = (name: string): string | null => textOf(event.value([name]))
  return {
    kind: 'approval',
    effect: approvalEffects[approvals.effect[i] ?? 0],
    instance: instance < 0 ? null : instance,
    at: timeText(event.time),
    event: eventJson(decided, event),
    request: text('request'),
    by: text('by'),
    role: text('role'),
    verdict: text('verdict'),
  }
}

function textOf(value: Value): string | null {
  return typeof value === 'string' ? value : null
}

function eventJson({ plan }: DecidedLog, event: EventView): object {
  return { contract: plan.contracts[event.contract]?.name, file: event.file, index: event.index }
}

function consequenceJson({ decision, text, effects }: Consequence): object {
  return {
    decision,
    text,
    effects: effects.map(({ verb, sink, values }) => ({
      verb,
      sink,
      fields: Object.fromEntries(values.map(({ name, value, type }) => [name, presentValue(value, type)] as const)),
    })),
  }
}
