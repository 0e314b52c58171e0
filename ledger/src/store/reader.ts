/**
 * Asking a store: pages of the list, counts over time, names, single events with their evidence, and what belongs together. One reader is one
 * connection, for one thread; a question that takes long can be ended from another thread.
 */
import type { Problem } from '@writ/grammar'
import { type Detail, detailOf } from './detail.ts'
import { EvidenceReader } from './evidence.ts'
import { type Facet, type FacetField, facetsOf } from './facets.ts'
import type { Filter } from './filter.ts'
import { type Histogram, type HistogramRequest, histogramOf } from './histogram.ts'
import { type ListedEvent, ListedEvents, type Page, type PageRequest } from './page.ts'
import { type Connection, openForReading } from './schema.ts'
import { Selection } from './selection.ts'
import { allSources, type SourceState } from './sources.ts'
import { readState } from './state.ts'

/** Thrown by a question that was ended with `cancel`. */
export class Cancelled extends Error {
  constructor() {
    super('the question was ended')
  }
}

export interface StoreSummary {
  readonly events: number
  /** Of the first and the last event, in microseconds since 1970; null where there is none. */
  readonly from: number | null
  readonly to: number | null
  /** False while an import is under way, or was ended: questions take longer then, and events may come twice. */
  readonly finished: boolean
  /** Whether all events can be searched. */
  readonly searchable: boolean
  readonly sources: readonly SourceState[]
}

export type OpenedReader =
  | { readonly ok: true; readonly reader: StoreReader }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Opens the store at `path`; throws the system's errors. `cancel`: one shared number; while another thread has set it to anything but 0,
 * questions throw `Cancelled` within some ten milliseconds. `shown`: the path as messages name it.
 */
export function openStore(path: string, cancel: Int32Array = new Int32Array(1), shown = path): OpenedReader {
  const opened = openForReading(path, shown)
  return opened.ok ? { ok: true, reader: new StoreReader(opened.db, path, cancel) } : opened
}

export class StoreReader {
  readonly #db: Connection
  readonly #path: string
  readonly #events: ListedEvents
  readonly #evidence: EvidenceReader

  constructor(db: Connection, path: string, cancel: Int32Array) {
    this.#db = db
    this.#path = path
    // SQLite can be ended from inside of a query only: each row that is looked at asks.
    db.function('tick', { deterministic: false }, () => {
      if (Atomics.load(cancel, 0) !== 0) throw new Cancelled()
      return 1
    })
    this.#events = new ListedEvents(db)
    this.#evidence = new EvidenceReader(db)
  }

  summary(): StoreSummary {
    const single = (statement: string): number | null =>
      this.#db.prepare<[], number | null>(statement).pluck().get() ?? null
    const last = single('SELECT max(id) FROM event') ?? 0
    return {
      events: single('SELECT sum(n) FROM hour') ?? 0,
      from: single('SELECT min(time) FROM event'),
      to: single('SELECT max(time) FROM event'),
      finished: readState(this.#db, 'indexed') === 1 && readState(this.#db, 'finished') >= last,
      searchable: readState(this.#db, 'searchable') >= last,
      sources: allSources(this.#db),
    }
  }

  /** Events in the order of time, newest first unless asked otherwise, from behind a cursor on. */
  page(request: PageRequest): Page {
    return this.#events.page(request)
  }

  /** All events of a filter, to be asked for by their rank; for scroll bars. Costs four bytes for each. */
  select(filter: Filter): Selection {
    return new Selection(this.#db, this.#events, filter)
  }

  histogram(request: HistogramRequest): Histogram {
    return histogramOf(this.#db, request)
  }

  /** The names that occur most often among the events of a filter, at most `most`. */
  facets(field: FacetField, filter: Filter, most: number): readonly Facet[] {
    return facetsOf(this.#db, field, filter, most)
  }

  /** One event with its record as it was imported; undefined where there is no such event. */
  detail(id: number): Detail | undefined {
    return detailOf(this.#db, this.#evidence, this.#events, this.#path, id)
  }

  /** The events that belong together with one: those of its correlation id, else those of its record; oldest first, at most `most`. */
  chain(id: number, most: number): readonly ListedEvent[] {
    return this.#events.chain(this.#evidence, id, most)
  }

  close(): void {
    this.#db.close()
  }
}
