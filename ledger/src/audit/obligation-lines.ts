/**
 * What lives on after events as lines of JSON, in the order in which it happens: a line for each change of an instance and for
 * each approval. The form is docs/schemas/obligation.schema.json; `writ simulate --obligations` writes it, and `writ run` with the
 * entry of each line.
 */
import {
  approvalEffects,
  type Consequence,
  consequenceOf,
  type EventView,
  type LogView,
  type Obligations,
  type Plan,
  presentValue,
  type TransitionKind,
  transitionKinds,
  type Value,
} from '@writ/engine'
import type { Json } from './canonical-json.ts'
import { timeText } from './value-json.ts'

export interface LivedOn {
  readonly plan: Plan
  readonly view: LogView
  readonly obligations: Obligations
  readonly rejected: ReadonlySet<number>
  /** By instance: its number over the whole run. */
  readonly numberOf: (place: number) => number
}

/** One thing that happened to obligations: by an event of the log, or by a deadline that showed with event `seq`. */
export interface Happened {
  readonly kind: 'transition' | 'approval'
  /** Index into the transitions, or into the effects of approvals. */
  readonly place: number
  /** The event that did it or showed it; the size of the log where no event did. */
  readonly seq: number
  /** A deadline passed, before anything that the event does. */
  readonly passed: boolean
  /** Of a transition: the stage that its instance stands at behind it. */
  readonly stage: number
}

/** Everything that happened, in its order. */
export function whatHappened({ view, obligations }: LivedOn, firstEvent = 0): readonly Happened[] {
  const { transitions, approvals, instances } = obligations
  const stages = stagesBefore(obligations)
  const happened: Happened[] = []
  let approval = 0
  let seq = firstEvent
  const approvalsUntil = (last: number): void => {
    for (; approval < approvals.size && (approvals.seq[approval] ?? 0) <= last; approval++) {
      const own = approvals.seq[approval] ?? 0
      happened.push({
        kind: 'approval',
        place: approval,
        seq: own,
        passed: false,
        stage: approvals.stage[approval] ?? 0,
      })
    }
  }
  for (let place = 0; place < transitions.size; place++) {
    const instance = transitions.instance[place] ?? 0
    const isEscalated = transitions.kind[place] === escalated
    const stage = (stages.get(instance) ?? instances.stage[instance] ?? 0) + (isEscalated ? 1 : 0)
    if (isEscalated) stages.set(instance, stage)
    const by = transitions.by[place] ?? -1
    const passed = by < 0
    if (passed) while (seq < view.size && view.event(seq).time <= (transitions.at[place] ?? 0)) seq++
    else seq = by
    approvalsUntil(passed ? seq - 1 : seq)
    happened.push({ kind: 'transition', place, seq, passed, stage })
  }
  approvalsUntil(view.size)
  return happened
}

/** The line of one of them. */
export function happenedLine(lived: LivedOn, happened: Happened): Readonly<Record<string, Json>> {
  return happened.kind === 'approval' ? approvalLine(lived, happened.place) : transitionLine(lived, happened)
}

/** The consequence of a transition: null where nothing ended, or nothing follows. */
export function outcomeOf({ plan, view, obligations, rejected }: LivedOn, place: number): Consequence | null {
  const { transitions, instances } = obligations
  if (!isOver(transitions.kind[place] ?? 0)) return null
  const options = { rejected: (seq: number) => rejected.has(seq) }
  return consequenceOf(plan, view, instances, transitions.instance[place] ?? 0, options)
}

/** The deadline that begins with a transition; null: none, or it is over. */
export function dueAfter({ plan, obligations }: LivedOn, { place, stage }: Happened): string | null {
  const { instances, transitions } = obligations
  if (isOver(transitions.kind[place] ?? 0)) return null
  const instance = transitions.instance[place] ?? 0
  const rule = plan.policies[instances.policy[instance] ?? -1]?.rules[instances.rule[instance] ?? -1]
  const within = rule?.expectation?.withinMilliseconds ?? rule?.approval?.stages[stage]?.withinMilliseconds
  return within === null || within === undefined ? null : timeText((transitions.at[place] ?? 0) + within)
}

export function consequenceJson({ decision, text, effects }: Consequence): Readonly<Record<string, Json>> {
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

const escalated = transitionKinds.indexOf('escalated')
const lasting: readonly TransitionKind[] = ['opened', 'escalated']

function isOver(kind: number): boolean {
  return !lasting.includes(transitionKinds[kind] ?? 'opened')
}

/** By instance that is escalated in the log: the stage at which it stood before. */
function stagesBefore({ transitions, instances }: Obligations): Map<number, number> {
  const stages = new Map<number, number>()
  for (let place = 0; place < transitions.size; place++) {
    if (transitions.kind[place] !== escalated) continue
    const instance = transitions.instance[place] ?? 0
    stages.set(instance, (stages.get(instance) ?? instances.stage[instance] ?? 0) - 1)
  }
  return stages
}

function transitionLine(lived: LivedOn, happened: Happened): Readonly<Record<string, Json>> {
  const { plan, view, obligations, numberOf } = lived
  const { instances, transitions } = obligations
  const { place, stage } = happened
  const instance = transitions.instance[place] ?? 0
  const policy = plan.policies[instances.policy[instance] ?? -1]
  const rule = policy?.rules[instances.rule[instance] ?? -1]
  const code = transitions.kind[place] ?? 0
  const by = transitions.by[place] ?? -1
  const asked = rule?.approval?.stages[stage]
  const opening = view.event(instances.openedSeq[instance] ?? 0)
  const outcome = outcomeOf(lived, place)
  const kind = transitionKinds[code] ?? 'opened'
  return {
    kind,
    instance: numberOf(instance),
    policy: policy?.name ?? '',
    rule: rule?.name ?? '',
    at: timeText(transitions.at[place] ?? 0),
    event: eventJson(plan, opening),
    ...(kind === 'opened' || by < 0 ? {} : { by: eventJson(plan, view.event(by)) }),
    ...(asked && !isOver(code) ? { stage: stage + 1, role: asked.role, quorum: asked.quorum } : {}),
    ...(isOver(code)
      ? { noticedAt: timeText(instances.noticedAt[instance] ?? 0) }
      : { due: dueAfter(lived, happened) }),
    ...(outcome ? { outcome: consequenceJson(outcome) } : {}),
  }
}

function approvalLine({ plan, view, obligations, numberOf }: LivedOn, i: number): Readonly<Record<string, Json>> {
  const { approvals } = obligations
  const event = view.event(approvals.seq[i] ?? 0)
  const instance = approvals.instance[i] ?? -1
  const text = (name: string): string | null => textOf(event.value([name]))
  return {
    kind: 'approval',
    effect: approvalEffects[approvals.effect[i] ?? 0] ?? 'unreadable',
    instance: instance < 0 ? null : numberOf(instance),
    at: timeText(event.time),
    event: eventJson(plan, event),
    request: text('request'),
    by: text('by'),
    role: text('role'),
    verdict: text('verdict'),
  }
}

export function textOf(value: Value): string | null {
  return typeof value === 'string' ? value : null
}

function eventJson(plan: Plan, event: EventView): Readonly<Record<string, Json>> {
  return { contract: plan.contracts[event.contract]?.name ?? '', file: event.file, index: event.index }
}
