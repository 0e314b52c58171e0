/** A trace as a short story: what happens when, and what is decided about it; and the same as a `test` of the language. */
import { columnView } from '../log/column-view.ts'
import type { LogView } from '../log/view.ts'
import type { Plan } from '../plan/plan.ts'
import { counting, type Decided, decidedAt } from '../property/claim.ts'
import { decisionWords } from '../run/decisions.ts'
import { evaluate } from '../run/evaluate.ts'
import { presentDuration } from '../value/present.ts'
import { fromInteger } from '../value/rational.ts'
import type { Trace } from './trace.ts'
import { traceLog } from './trace.ts'
import { fieldsSource, textSource, timeSource } from './value-source.ts'

export interface StoryEvent {
  /** Milliseconds since the epoch. */
  readonly time: number
  /** `09:00` of the first event, `1 s later` of the others. */
  readonly when: string
  readonly contract: string
  /** `{ id: "r1", amount: 120 USD }` */
  readonly fields: string
  /** By every policy that decides it, as the engine does. */
  readonly decisions: readonly Decided[]
}

export interface Story {
  readonly events: readonly StoryEvent[]
  /** For explanations; `seq` is the place in `events`. */
  readonly view: LogView
}

/** Runs the engine on the trace. */
export function storyOf(plan: Plan, trace: Trace): Story {
  const log = traceLog(plan, trace)
  const run = evaluate(plan, log)
  const events = trace.map((event, seq): StoryEvent => {
    const contract = plan.contracts[event.contract]
    const before = trace[seq - 1]
    const later = before && presentDuration(fromInteger(event.time - before.time))
    return {
      time: event.time,
      when: before === undefined ? timeSource(event.time) : event.time === before.time ? 'at once' : `${later} later`,
      contract: contract?.name ?? '',
      fields: fieldsSource(event.fields, contract?.fields ?? []) ?? '{}',
      decisions: decidedAt(plan, run, seq),
    }
  })
  return { events, view: columnView(log, plan.contracts) }
}

/** The decision that holds for an event: the strictest of the policies that count. */
export function whatHolds(decided: readonly Decided[]): Decided | null {
  const strictness = ({ decision }: Decided): number => decisionWords.indexOf(decision)
  return counting(decided).reduce<Decided | null>(
    (best, one) => (best === null || strictness(one) > strictness(best) ? one : best),
    null,
  )
}

/** `hold by refunds.lead_signs`, `deny by the default of refunds`. */
export function decidedText(plan: Plan, { policy, decision, decidedBy }: Decided): string {
  const { name = '', rules = [] } = plan.policies[policy] ?? {}
  const rule = rules[decidedBy]
  return rule ? `${decision} by ${name}.${rule.name}` : `${decision} by the default of ${name}`
}

/** A test that states what the engine decides about the last event; `documentation` stands above it, line by line. */
export function testSource(plan: Plan, trace: Trace, title: string, documentation: readonly string[]): string {
  const { events } = storyOf(plan, trace)
  const steps = events.map(({ contract, fields, time }) => `  given ${contract} ${fields} at ${timeSource(time)}`)
  const last = events.at(-1)
  const held = last ? whatHolds(last.decisions) : null
  const rule = held && plan.policies[held.policy]?.rules[held.decidedBy]
  const by = held && rule ? ` by ${plan.policies[held.policy]?.name}.${rule.name}` : ''
  const expected = held ? [`  expect ${held.decision}${by}`] : []
  return [
    ...documentation.map(line => `/// ${line}`),
    `test ${textSource(title)} {`,
    ...steps,
    ...expected,
    '}',
    '',
  ].join('\n')
}
