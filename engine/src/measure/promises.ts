/** What contracts promise of their events, held against a log: `quality` at every event of the log, `freshness` between events. Fast: one pass for both. */

import { fieldReader } from '../compile/column-values.ts'
import { checkCondition, noHistory, scopeOf } from '../compile/conditions.ts'
import type { Log } from '../log/columns.ts'
import type { Ending } from '../obligation/instance.ts'
import type { PlanQuality } from '../plan/measure.ts'
import type { Plan } from '../plan/plan.ts'
import { isWhollyUnknown } from '../value/canonical.ts'
import { holdsUnknown, identity } from '../value/operations.ts'
import { fromInteger, rational } from '../value/rational.ts'
import { absent, type Value } from '../value/value.ts'
import { figureOf, type Held, holds, isWorse } from './budget.ts'
import type { FreshnessContinuation, MeasuresContinuation, QualityContinuation } from './continued.ts'
import type { FreshnessFigures, Gap, QualityFigures } from './figures.ts'
import { Episodes, windowFigures } from './objective-state.ts'

export interface PromisedRun {
  readonly plan: Plan
  readonly log: Log
  readonly rejectedRows: readonly (Uint8Array | null)[]
  readonly failedChecks: readonly { readonly seq: number }[]
  readonly events: number
  readonly over: number
  readonly seqOf: (seq: number) => number
  readonly ending: Ending
  readonly endedAt: number
  /** Time of the first event of the run. */
  readonly start: number
  readonly before: MeasuresContinuation
}

export interface Promises {
  readonly qualities: readonly QualityFigures[]
  readonly freshness: readonly FreshnessFigures[]
  readonly goOn: () => Pick<MeasuresContinuation, 'qualities' | 'freshness'>
}

export function judgePromises(run: PromisedRun): Promises {
  const { plan, log, rejectedRows, failedChecks, events, ending, endedAt, start, before, over, seqOf } = run
  const failed = new Set(failedChecks.map(({ seq }) => seq))
  const qualities = plan.contracts.flatMap((contract, index) =>
    contract.quality.map((quality, place) => new QualityState(run, index, place, quality, failed)),
  )
  qualities.forEach((state, i) => {
    state.restore(before.qualities[i] ?? null)
  })
  const freshness = plan.contracts.flatMap(({ freshnessMilliseconds }, contract) =>
    freshnessMilliseconds === null ? [] : new FreshnessState(contract, freshnessMilliseconds, start),
  )
  freshness.forEach((state, i) => {
    state.restore(before.freshness[i] ?? null)
  })
  for (let seq = over; seq < events; seq++) {
    const contract = log.contractOf[seq] as number
    const row = log.rowOf[seq] as number
    const time = timeAt(log, seq)
    const isRejected = rejectedRows[contract]?.[row] === 1
    const place = seqOf(seq)
    for (const state of freshness) state.event(contract, time, place)
    for (const state of qualities) state.event({ contract, row, time, seq, place, isRejected })
  }
  const passed = ending === null ? null : 'closedAt' in ending ? ending.closedAt : ending.reached
  return {
    qualities: qualities.map(state => state.figures(endedAt)),
    freshness: freshness.map(state => state.figures(passed)),
    goOn: () => ({
      qualities: qualities.map(state => state.state()),
      freshness: freshness.map(state => state.state()),
    }),
  }
}

interface Happening {
  readonly contract: number
  readonly row: number
  readonly time: number
  readonly seq: number
  /** In the whole run. */
  readonly place: number
  readonly isRejected: boolean
}

function timeAt(log: Log, seq: number): number {
  return log.batches[log.contractOf[seq] as number]?.time[log.rowOf[seq] as number] as number
}

/** An entry of the window: for uniqueness the identity of the fields, else whether the event is as it should be. */
type Entry = boolean | string

class QualityState {
  readonly #contract: number
  readonly #place: number
  readonly #quality: PlanQuality
  readonly #start: number
  readonly #entryOf: (row: number, seq: number) => Entry
  readonly #times: number[] = []
  readonly #entries: Entry[] = []
  readonly #counts = new Map<Entry, number>()
  #head = 0
  #episodes = new Episodes(null)

  constructor(
    { plan, log, start }: PromisedRun,
    contract: number,
    place: number,
    quality: PlanQuality,
    failed: ReadonlySet<number>,
  ) {
    this.#contract = contract
    this.#place = place
    this.#quality = quality
    this.#start = start
    this.#entryOf = entryReader(plan, log, contract, quality, failed)
  }

  event({ contract, row, time, seq, place, isRejected }: Happening): void {
    const { measure, operator, value: bound, milliseconds } = this.#quality
    const looksAtAccepted = measure === 'uniqueness' || measure === 'volume'
    if (contract === this.#contract && !(isRejected && looksAtAccepted)) this.#add(time, this.#entryOf(row, seq))
    const held = this.#at(time)
    const { value } = held
    // A window that reaches to before the log may lack events that were there.
    const isFull = time - milliseconds >= this.#start
    const isJudged = measure !== 'volume' || isFull || operator === '<' || operator === '<='
    const isWrong = isJudged && value !== null && !holds(value, operator, bound)
    this.#episodes.judge(isWrong, time, place, held, () => (value === null ? [] : [figureOf(value)]))
    if (isWrong) this.#episodes.worsen(value, (a, b) => isWorse(a, b, operator))
  }

  restore(before: QualityContinuation | null): void {
    for (const [time, entry] of before?.entries ?? []) this.#add(time, entry)
    this.#episodes = new Episodes(before?.episodes ?? null)
  }
  state(): QualityContinuation {
    const times = this.#times.slice(this.#head)
    return {
      entries: times.map((time, i) => [time, this.#entries[this.#head + i] ?? false]),
      episodes: this.#episodes.state(),
    }
  }

  figures(endedAt: number): QualityFigures {
    const held = this.#at(endedAt)
    return {
      contract: this.#contract,
      quality: this.#place,
      ...windowFigures(held),
      episodes: this.#episodes.all(),
    }
  }

  #add(time: number, entry: Entry): void {
    this.#times.push(time)
    this.#entries.push(entry)
    this.#counts.set(entry, (this.#counts.get(entry) ?? 0) + 1)
  }

  #at(time: number): Held {
    const before = time - this.#quality.milliseconds
    while ((this.#times[this.#head] ?? Number.POSITIVE_INFINITY) <= before) {
      const entry = this.#entries[this.#head] as Entry
      const left = (this.#counts.get(entry) ?? 0) - 1
      if (left > 0) this.#counts.set(entry, left)
      else this.#counts.delete(entry)
      this.#head++
    }
    const { measure } = this.#quality
    if (measure === 'volume') {
      const points = this.#times.length - this.#head
      return { value: fromInteger(points), points, good: null }
    }
    const all = this.#times.length - this.#head
    // Of what has no value it cannot be said whether it is there twice.
    const points = measure === 'uniqueness' ? all - (this.#counts.get(false) ?? 0) : all
    const good =
      measure === 'uniqueness' ? this.#counts.size - (this.#counts.has(false) ? 1 : 0) : (this.#counts.get(true) ?? 0)
    return { value: points === 0 ? null : rational(BigInt(good), BigInt(points)), points, good }
  }
}

function entryReader(
  plan: Plan,
  log: Log,
  contract: number,
  { measure, fields, condition }: PlanQuality,
  failed: ReadonlySet<number>,
): (row: number, seq: number) => Entry {
  const batch = log.batches[contract]
  if (measure === 'volume' || batch === undefined || batch.rows === 0) return () => true
  if (condition !== null) {
    const holdsAt = checkCondition(condition, scopeOf(plan, log, contract, noHistory))
    return row => holdsAt(row) === 1
  }
  if (fields.length === 0) return (_, seq) => !failed.has(seq)
  const scope = scopeOf(plan, log, contract, noHistory)
  const reads = fields.map(name => {
    const type = plan.contracts[contract]?.fields.find(field => field.name === name)?.type ?? { kind: 'error' }
    const read = fieldReader(scope, scope.current, [name], type)
    return (row: number): Value => {
      scope.current.row = row
      return read()
    }
  })
  switch (measure) {
    case 'completeness':
      return row => reads.every(read => isThere(read(row)))
    case 'validity':
      return row => reads.every(read => !holdsUnknown(read(row)))
    case 'uniqueness':
      return row => {
        const values = reads.map(read => read(row))
        return values.every(value => isThere(value) && !holdsUnknown(value)) ? values.map(identity).join() : false
      }
  }
}

function isThere(value: Value): boolean {
  return value !== absent && !isWhollyUnknown(value)
}

class FreshnessState {
  readonly #contract: number
  readonly #limit: number
  #last: number
  #lastAt: number | null = null
  #gaps: Gap[] = []
  #open: Gap | null = null

  constructor(contract: number, limit: number, start: number) {
    this.#contract = contract
    this.#limit = limit
    this.#last = start
  }

  event(contract: number, time: number, seq: number): void {
    this.#open ??= this.#gapAt(time, seq)
    if (contract !== this.#contract) return
    this.#last = time
    this.#lastAt = time
    if (this.#open === null) return
    this.#gaps.push({ ...this.#open, until: time })
    this.#open = null
  }

  restore(before: FreshnessContinuation | null): void {
    if (before === null) return
    this.#last = before.lastAt ?? this.#last
    this.#lastAt = before.lastAt
    this.#gaps = [...before.gaps]
    this.#open = before.open
  }
  state(): FreshnessContinuation {
    return { lastAt: this.#lastAt, gaps: [...this.#gaps], open: this.#open }
  }

  /** `passed`: up to when time has passed beyond the last event; null: not at all. What only that shows is not kept: an event may show it later. */
  figures(passed: number | null): FreshnessFigures {
    const open = this.#open ?? (passed === null ? null : this.#gapAt(passed, -1))
    return { contract: this.#contract, lastAt: this.#lastAt, gaps: open === null ? this.#gaps : [...this.#gaps, open] }
  }

  #gapAt(time: number, seq: number): Gap | null {
    const due = this.#last + this.#limit
    return time > due ? { from: due, seq, until: null } : null
  }
}
