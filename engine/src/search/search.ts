/**
 * The search for a short trace with a wanted outcome. It keeps every trace that shows something new (which conditions hold at
 * its last event, how near counts and sums are to what they are compared with) and changes the kept ones in single steps: a
 * value, a time, an event more, an event many times. Deterministic; bounded by the number of traces that are evaluated.
 *
 * What a trace shows is asked of the caller (`Look`), so that properties, mutants and versions of a policy share this.
 */
import { absent, isRecord, type Value } from '../value/value.ts'
import type { Space } from './space.ts'
import { type Trace, type TraceEvent, traceKey } from './trace.ts'

/** What a trace shows at its last event. */
export interface Look {
  readonly found: boolean
  /** Traces of one text teach the same. Null: nothing can be learnt from it, and it is not built upon. */
  readonly shows: string | null
  /** It comes near to what is looked for: it is changed before others. */
  readonly promising?: boolean
}

export interface SearchOptions {
  /** How many events a trace may have; the same event many times in a row counts once. */
  readonly maxEvents: number
  /** How many traces are evaluated at most. */
  readonly budget: number
  readonly onProgress?: (evaluations: number) => void
}

export interface SearchResult {
  readonly trace: Trace | null
  readonly evaluations: number
  /** Everything that the search knows to try was tried; else the budget ended it. */
  readonly exhausted: boolean
}

export function search(space: Space, look: (trace: Trace) => Look, options: SearchOptions): SearchResult {
  return new Search(space, look, options).run()
}

interface Kept {
  readonly trace: Trace
  /** Events, those of a run of equal ones counted once. */
  readonly size: number
}

class Search {
  readonly #space: Space
  readonly #look: (trace: Trace) => Look
  readonly #options: SearchOptions
  readonly #tried = new Set<string>()
  readonly #shown = new Set<string>()
  /** By cost: short traces are changed before long ones. */
  readonly #queues: Kept[][] = []
  #evaluations = 0

  constructor(space: Space, look: (trace: Trace) => Look, options: SearchOptions) {
    this.#space = space
    this.#look = look
    this.#options = options
  }

  run(): SearchResult {
    const found = this.#begin() ?? this.#grow()
    const exhausted = found === null && this.#queues.every(queue => queue.length === 0)
    return { trace: found, evaluations: this.#evaluations, exhausted }
  }

  #begin(): Trace | null {
    for (const trace of this.#space.seeds) {
      const found = this.#try(trace, Math.min(sizeOf(trace), this.#options.maxEvents))
      if (found) return found
      if (this.#isOver()) return null
    }
    return null
  }

  #grow(): Trace | null {
    for (let kept = this.#take(); kept !== null; kept = this.#take()) {
      for (const trace of this.#changesOf(kept)) {
        const size = sizeOf(trace)
        if (size > Math.max(this.#options.maxEvents, kept.size)) continue
        const found = this.#try(trace, size)
        if (found) return found
        if (this.#isOver()) return null
      }
    }
    return null
  }

  #isOver(): boolean {
    return this.#evaluations >= this.#options.budget
  }

  #take(): Kept | null {
    for (const queue of this.#queues) {
      const first = queue?.shift()
      if (first) return first
    }
    return null
  }

  /** The trace itself where it is what is looked for. */
  #try(trace: Trace, size: number): Trace | null {
    const key = traceKey(trace)
    if (this.#tried.has(key)) return null
    this.#tried.add(key)
    this.#evaluations++
    if (this.#evaluations % progressEvery === 0) this.#options.onProgress?.(this.#evaluations)
    const { found, shows, promising = false } = this.#look(trace)
    if (found) return trace
    if (shows === null || this.#shown.has(shows)) return null
    this.#shown.add(shows)
    // Runs of equal events come after traces of as many different ones: they multiply what there is to change.
    const cost = promising ? 0 : size + (trace.length > size ? 2 : 0)
    while (this.#queues.length <= cost) this.#queues.push([])
    this.#queues[cost]?.push({ trace, size })
    return null
  }

  *#changesOf({ trace }: Kept): Iterable<Trace> {
    yield* valueChanges(trace, this.#space)
    yield* timeChanges(trace, this.#space)
    yield* growth(trace, this.#space)
  }
}

const progressEvery = 256

/** Events of a trace, those of a run of equal ones counted once. */
export function sizeOf(trace: Trace): number {
  return trace.filter((event, i) => event.fields !== trace[i - 1]?.fields || event.contract !== trace[i - 1]?.contract)
    .length
}

/** One value of one event (or of a whole run of equal ones) is another one; the last event first. */
function* valueChanges(trace: Trace, space: Space): Iterable<Trace> {
  for (let i = trace.length - 1; i >= 0; i--) {
    const event = trace[i]
    const next = trace[i + 1]
    if (!event || (next && next.fields === event.fields && next.contract === event.contract)) continue
    for (const { path, values } of space.choices.get(event.contract)?.leaves ?? [])
      for (const value of values) {
        const fields = withValue(event.fields, path, value)
        if (fields === null) continue
        yield trace.map(other =>
          other.fields === event.fields && other.contract === event.contract ? { ...other, fields } : other,
        )
        if (trace[i - 1]?.fields === event.fields) yield trace.with(i, { ...event, fields })
      }
  }
}

/** The time between two events is another one, or all begins at another moment. */
function* timeChanges(trace: Trace, space: Space): Iterable<Trace> {
  for (let i = trace.length - 1; i > 0; i--) {
    const [before, event] = [trace[i - 1], trace[i]]
    if (!before || !event) continue
    for (const gap of space.gaps) yield moved(trace, i, before.time + gap - event.time)
  }
  const [first] = trace
  if (first) for (const start of space.starts) yield moved(trace, 0, start - first.time)
}

/** One event more, in every place but the last; or an event many times. */
function* growth(trace: Trace, space: Space): Iterable<Trace> {
  for (let place = trace.length - 1; place >= 0; place--) {
    const next = trace[place]
    if (!next) continue
    for (const contract of space.earlier) {
      const like = trace.find(event => event.contract === contract)
      const fields = like?.fields ?? space.choices.get(contract)?.simplest
      if (fields === undefined || fields === null) continue
      // A copy, so that it is an event of its own and not one more of a run.
      const added: TraceEvent = { contract, time: next.time, fields: { ...fields } }
      yield [...trace.slice(0, place), added, ...moved(trace.slice(place), 0, space.step)]
    }
  }
  if (sizeOf(trace) < trace.length) return
  for (const [place, event] of trace.entries())
    for (const times of space.repeats) {
      const run = Array.from({ length: times - 1 }, (_, i) => ({ ...event, time: event.time + i }))
      if (trace.length + run.length <= mostEvents)
        yield [...trace.slice(0, place), ...run, ...moved(trace.slice(place), 0, run.length)]
    }
}

const mostEvents = 120

/** The events from `place` on, later by so much. */
function moved(trace: Trace, place: number, by: number): Trace {
  return trace.map((event, i) => (i < place ? event : { ...event, time: event.time + by }))
}

/** Null where there is nothing to put it into, or it is there already. */
export function withValue(
  fields: Readonly<Record<string, Value>>,
  [name = '', ...rest]: readonly string[],
  value: Value,
): Readonly<Record<string, Value>> | null {
  if (rest.length === 0) {
    if (value !== absent) return { ...fields, [name]: value }
    if (!Object.hasOwn(fields, name)) return null
    const { [name]: _, ...others } = fields
    return others
  }
  const record = fields[name]
  if (record === undefined || typeof record !== 'object' || Array.isArray(record)) return null
  if (!('fields' in record) || !isRecord(record)) return null
  const inside = withValue(record.fields, rest, value)
  return inside === null ? null : { ...fields, [name]: { fields: inside } }
}
