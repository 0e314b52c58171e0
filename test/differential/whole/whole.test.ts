/**
 * Everything together: on generated programs that decide, wait, ask, roll out and measure at once, the reference and the compiled
 * evaluator agree, in one run, in pieces of any size, closed at a deadline, and with late events in each mode. A failure names its seed.
 */
import {
  type BuiltEvent,
  evaluate,
  type Plan,
  type RunResult,
  referenceRun,
  revisions,
  transitionKinds,
} from '@writ/engine'
import { FindingLog } from '@writ/ledger'
import { expect, test } from 'vitest'
import { Lateness } from '../../../ledger/src/map/lateness.ts'
import { constructsOf, everyConstruct } from '../constructs.ts'
import { directView } from '../direct-view.ts'
import { generateLog } from '../generated-log.ts'
import { withApprovals } from '../obligations/approvals.ts'
import { checked, judge, logOf } from '../pair.ts'
import { atOnce, inOrder, inPieces } from '../pieces.ts'
import { type Random, randomFrom } from '../random.ts'
import { generateProgram } from './program.ts'

const programs = Number(process.env.WRIT_WHOLE ?? 60)
const first = Number(process.env.WRIT_SEED ?? 1)

interface Case {
  readonly seed: number
  readonly text: string
  readonly plan: Plan
  readonly random: Random
  readonly events: readonly BuiltEvent[]
}

/** A program and a log for each seed whose program checks; nearly all do. */
function* cases(): Generator<Case> {
  let refused = 0
  for (let seed = first; seed < first + programs; seed++) {
    const text = generateProgram(randomFrom(seed))
    const { plan } = checked(text ?? '')
    if (text === null || plan === null) {
      refused++
      continue
    }
    const random = randomFrom(seed * 41)
    yield { seed, text, plan, random, events: withApprovals(random, plan, generateLog(random, plan)) }
  }
  expect(refused).toBeLessThanOrEqual(programs / 10)
}

test(`on ${programs} programs: in one run, and in pieces`, { timeout: 600_000 }, () => {
  const seen = new Set<string>()
  const met = new Map<string, number>()
  for (const { seed, text, plan, random, events } of cases()) {
    for (const construct of constructsOf(plan)) seen.add(construct)
    const open = referenceRun(plan, directView(events))
    const closeAt = closingOf(random, open, events)
    const { reference, difference } = judge(plan, events, closeAt)
    expect(difference, `seed ${seed}, closed at ${closeAt}\n${text}`).toBe(null)
    countMoments(reference, met)
    const ordered = inOrder(events)
    const whole = atOnce(plan, ordered, closeAt)
    const tick = (last: number, next: number) => (random.chance(50) ? random.pick([last, next]) : null)
    const size = ordered.length <= 25 ? () => 1 : () => random.between(1, 15)
    expect(inPieces(plan, ordered, { size, closeAt }), `seed ${seed}, pieces\n${text}`).toEqual(whole)
    const any = () => random.between(1, 1 + ordered.length)
    expect(inPieces(plan, ordered, { size: any, tick, closeAt }), `seed ${seed}, ticks\n${text}`).toEqual(whole)
  }
  console.log(Object.fromEntries([...met].sort()))
  expect(everyConstruct().filter(name => !seen.has(name))).toEqual([])
  for (const moment of moments) expect(met.get(moment) ?? 0, moment).toBeGreaterThan(3)
})

test(`on ${programs} programs: late events in each mode`, { timeout: 600_000 }, () => {
  const counts = { late: 0, decisions: 0, instances: 0 }
  for (const { seed, text, plan, random, events } of cases()) {
    const arrived = outOfOrder(random, events)
    const lateness = random.pick([0, 250, 1_000, 600_000])
    for (const mode of ['record', 'reject', 'revise'] as const) {
      const about = `seed ${seed}, ${mode}, lateness ${lateness}\n${text}`
      const kept = admitted(arrived, lateness, mode)
      // What is late, said once more: further back than the lateness from the latest record of its file so far.
      const onTime = arrived.filter(event => latestBefore(event, arrived) - event.time <= lateness)
      expect(kept, about).toEqual(mode === 'reject' ? onTime : arrived)
      const { reference, difference } = judge(plan, kept)
      expect(difference, about).toBe(null)
      if (mode !== 'revise') continue
      const files = new Map(arrived.map(({ file }) => [file, lateness]))
      const log = logOf(plan, kept, true)
      const revised = revisions(plan, log, evaluate(plan, log), files)
      expect(revised?.late.length ?? 0, about).toBe(arrived.length - onTime.length)
      // As they came: a late event counts with the latest time before it.
      const asTheyCame = arrived.map(event =>
        onTime.includes(event) ? event : { ...event, time: latestBefore(event, arrived) },
      )
      const before = decisionsOf(referenceRun(plan, directView(asTheyCame)), asTheyCame)
      const after = decisionsOf(reference, arrived)
      const otherwise = [...after].filter(([place, decided]) => before.has(place) && before.get(place) !== decided)
      expect(revised?.decisions.length ?? 0, about).toBe(otherwise.length)
      counts.late += revised?.late.length ?? 0
      counts.decisions += revised?.decisions.length ?? 0
      counts.instances += revised?.instances.length ?? 0
    }
  }
  console.log(counts)
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(programs / 3)
})

/** Null, the last event, or about a deadline that is then still pending; at it as often as beside it. */
function closingOf(
  random: Random,
  { obligations: { instances } }: RunResult,
  events: readonly BuiltEvent[],
): number | null {
  const last = events.at(-1)
  if (!last || random.chance(30)) return null
  const pending = Array.from(instances.due).filter((due, i) => instances.status[i] === 0 && Number.isFinite(due))
  return Math.max(last.time, pending.length === 0 ? last.time : random.pick(pending) + random.pick([-1, 0, 0, 1]))
}

/** Moments at which a mistake of one millisecond, or of one place in the order, would show. */
const moments = [
  'deadlines at one instant',
  'met at the deadline',
  'closed at the deadline',
  'rollout over',
  'rollout promoted',
  'rollout rolled-back',
  'does not count',
  'cancelled',
  'escalated',
]

function countMoments({ obligations, rollouts }: RunResult, met: Map<string, number>): void {
  const add = (moment: string) => met.set(moment, (met.get(moment) ?? 0) + 1)
  const { instances, transitions, closedAt } = obligations
  for (let i = 0; i < transitions.size; i++) {
    const [kind, at, by] = [transitionKinds[transitions.kind[i] ?? 0], transitions.at[i], transitions.by[i] ?? -1]
    const alone = by >= 0 || transitions.by[i - 1] !== -1 || transitions.at[i - 1] !== at
    if (!alone) add('deadlines at one instant')
    if (kind === 'fulfilled' && at === instances.due[transitions.instance[i] ?? 0]) add('met at the deadline')
    if (kind === 'cancelled' || kind === 'escalated') add(kind)
    if (by === -1 && closedAt !== null && at === closedAt) add('closed at the deadline')
  }
  for (const { cause } of rollouts.changes) add(`rollout ${cause}`)
  if (Array.from(rollouts.counts ?? []).includes(0)) add('does not count')
}

/** The same records, some of which come with a time of before. */
function outOfOrder(random: Random, events: readonly BuiltEvent[]): readonly BuiltEvent[] {
  return events.map(event =>
    random.chance(25) ? { ...event, time: event.time - random.pick([1, 250, 1_000, 60_000, 600_000, 600_001]) } : event,
  )
}

/** What a source with this lateness lets in, by the ledger; in the order of the files. */
function admitted(events: readonly BuiltEvent[], lateness: number, lateMode: 'record' | 'reject' | 'revise') {
  const files = [...new Set(events.map(({ file }) => file))]
  const gates = new Map(
    files.map(file => {
      const source = { name: 's', format: 'ndjson', files: [], time: { kind: 'contract' }, maps: [] } as const
      const span = { file: 0, start: 0, end: 0 }
      return [file, new Lateness({ ...source, span, latenessMilliseconds: lateness, lateMode }, new FindingLog())]
    }),
  )
  return events.filter(({ file, index, time }) => gates.get(file)?.admits(time, { file, line: index, index }))
}

function latestBefore({ file, index }: BuiltEvent, events: readonly BuiltEvent[]): number {
  const earlier = events.filter(other => other.file === file && other.index < index).map(({ time }) => time)
  return earlier.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY)
}

/** By place of the event and policy. */
function decisionsOf({ decisions }: RunResult, events: readonly BuiltEvent[]): ReadonlyMap<string, string> {
  const view = directView(events)
  return new Map(
    Array.from({ length: decisions.size }, (_, i) => {
      const { file, index } = view.event(decisions.seq[i] ?? 0)
      return [`${file} ${index} ${decisions.policy[i]}`, `${decisions.decision[i]} by ${decisions.decidedBy[i]}`]
    }),
  )
}
