/**
 * A log that is evaluated in pieces, each going on from the continuation of the one before, which goes through JSON: what comes
 * of it, put together, in the numbers of the whole run. Only the events that history or a pending instance needs are given again.
 */
import {
  type BuiltEvent,
  beginning,
  type Continuation,
  evaluate,
  forgottenUntil,
  historyReach,
  LogBuilder,
  neededEvents,
  type Plan,
} from '@writ/engine'
import { directView } from './direct-view.ts'

/** What a run gives, in words, the same for one run and for pieces of it. */
export interface Told {
  readonly hash: string
  readonly decisions: readonly string[]
  readonly transitions: readonly string[]
  readonly effects: readonly string[]
}

export interface PiecesOptions {
  /** How many events the next piece has. */
  readonly size: () => number
  readonly closeAt?: number | null
  /** Whether a tick at the time of the last event, or a time before the next one, comes between two pieces. */
  readonly tick?: (last: number, next: number) => number | null
}

/** The events in the order of the log, numbered by it. */
export function inOrder(events: readonly BuiltEvent[]): readonly BuiltEvent[] {
  const view = directView(events)
  const byPlace = new Map(events.map(event => [`${event.file} ${event.index}`, event]))
  return Array.from({ length: view.size }, (_, seq) => {
    const { file, index } = view.event(seq)
    const event = byPlace.get(`${file} ${index}`)
    if (event === undefined) throw new Error(`event ${seq} is lost`)
    return { ...event, file: 'stream', index: seq }
  })
}

export function inPieces(plan: Plan, events: readonly BuiltEvent[], options: PiecesOptions): Told {
  const reach = historyReach(plan)
  const told: Told = { hash: '', decisions: [], transitions: [], effects: [] }
  const rejected = new Set<number>()
  let hash = ''
  let continuation: Continuation = beginning(plan)
  const step = (first: number, end: number, more: { closeAt?: number; reached?: number }): void => {
    const needed = new Set(neededEvents(continuation))
    const latest = continuation.time ?? Number.NEGATIVE_INFINITY
    const kept = events
      .slice(0, first)
      .filter(
        ({ contract, time, index }) =>
          !rejected.has(index) && (needed.has(index) || time > forgottenUntil(reach[contract] ?? null, latest)),
      )
    const builder = new LogBuilder(plan.contracts)
    for (const event of [...kept, ...events.slice(first, end)]) builder.add(event)
    const log = builder.build()
    const resume = { continuation: parsed(continuation), seqs: kept.map(({ index }) => index) }
    const result = evaluate(plan, log, { resume, continues: true, generateAfter: 1, ...more })
    hash = result.hash
    const seqOf = (seq: number) => (seq < kept.length ? (kept[seq]?.index ?? -1) : first + seq - kept.length)
    for (const seq of result.rejected) rejected.add(seqOf(seq))
    const { numberOf, firstDecision } = result
    collect(told, result, firstDecision, { seqOf, numberOf })
    if (result.continuation !== null) continuation = result.continuation
  }
  let at = 0
  while (at < events.length) {
    const end = Math.min(events.length, at + Math.max(1, options.size()))
    step(at, end, {})
    at = end
    const last = events[at - 1]?.time ?? 0
    const tick = options.tick?.(last, events[at]?.time ?? options.closeAt ?? last)
    if (tick !== undefined && tick !== null) step(at, at, { reached: tick })
  }
  if (options.closeAt !== undefined && options.closeAt !== null) step(at, at, { closeAt: options.closeAt })
  else if (hash === '') step(0, 0, {})
  return { ...told, hash }
}

/** One run over all of it. */
export function atOnce(plan: Plan, events: readonly BuiltEvent[], closeAt: number | null): Told {
  const builder = new LogBuilder(plan.contracts)
  for (const event of events) builder.add(event)
  const result = evaluate(plan, builder.build(), { generateAfter: 1, ...(closeAt === null ? {} : { closeAt }) })
  const told: Told = { hash: result.hash, decisions: [], transitions: [], effects: [] }
  collect(told, result, 0, { seqOf: seq => seq, numberOf: place => place })
  return told
}

interface Numbering {
  readonly seqOf: (seq: number) => number
  readonly numberOf: (place: number) => number
}

function collect(
  told: Told,
  { decisions, obligations }: ReturnType<typeof evaluate>,
  firstDecision: number,
  { seqOf, numberOf }: Numbering,
): void {
  const { transitions, approvals, instances } = obligations
  const add = (list: keyof Omit<Told, 'hash'>, words: readonly unknown[]): void => {
    ;(told[list] as string[]).push(JSON.stringify(words))
  }
  for (let i = firstDecision; i < decisions.size; i++) {
    const { seq, policy, decision, decidedBy, matched, matchSets } = decisions
    add('decisions', [seqOf(seq[i] ?? -1), policy[i], decision[i], decidedBy[i], matchSets[matched[i] ?? -1]])
  }
  for (let i = 0; i < transitions.size; i++) {
    const place = transitions.instance[i] ?? -1
    const by = transitions.by[i] ?? -1
    const opened = seqOf(instances.openedSeq[place] ?? -1)
    const rule = [instances.policy[place], instances.rule[place]]
    add('transitions', [numberOf(place), rule, opened, transitions.kind[i], transitions.at[i], by < 0 ? by : seqOf(by)])
  }
  for (let i = 0; i < approvals.size; i++) {
    const place = approvals.instance[i] ?? -1
    const instance = place < 0 ? place : numberOf(place)
    add('effects', [seqOf(approvals.seq[i] ?? -1), approvals.effect[i], instance, approvals.stage[i]])
  }
}

function parsed(continuation: Continuation): Continuation {
  return JSON.parse(JSON.stringify(continuation))
}
