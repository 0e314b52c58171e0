/**
 * Events as a log recorded them: what all decisions about one event say of its fields, put together, and laid out as columns for a
 * program. What is withheld, was cut off or was read by nobody is unknown there, and it is kept which fields of which event that are.
 */
import { absent, type Log, LogBuilder, type Plan, reasonReadSet, unknown, type Value } from '@writ/engine'
import type { Json } from './canonical-json.ts'
import { timeOfText, valueOfJson } from './json-value.ts'
import type { DecisionRecord } from './record.ts'

/** A decision of the log, with what is disclosed of what it withholds. */
export interface ReplayEntry {
  readonly entry: number
  readonly record: DecisionRecord
  /** By path in the record. */
  readonly openings: ReadonlyMap<string, Json>
}

/** One event and the decisions about it. */
export interface RecordedEvent {
  readonly index: number
  readonly time: number
  readonly contract: string
  readonly entries: readonly ReplayEntry[]
}

/** Why a value is not there: withheld without its opening, cut off because the record was long, or read by no policy. */
export type Gap = 'masked' | 'cut' | 'not recorded'

/** The log of a program, and what it lacks. */
export interface RecordedLog {
  readonly log: Log
  /** In the order of the log. */
  readonly events: readonly RecordedEvent[]
  /** By place in `events`, by field. */
  readonly gaps: readonly ReadonlyMap<string, Gap>[]
  /** By place: a withheld value that is null, which does not tell absent from unknown. */
  readonly ambiguous: readonly boolean[]
}

/** Decisions that follow each other are about one event where it has the same place in the stream. */
export function eventsOf(entries: Iterable<ReplayEntry>): readonly RecordedEvent[] {
  const events: { index: number; time: number; contract: string; entries: ReplayEntry[] }[] = []
  for (const one of entries) {
    const { index, contract, time } = one.record.event
    const last = events.at(-1)
    if (last !== undefined && last.index === index && last.contract === contract) last.entries.push(one)
    else events.push({ index, contract, time: timeOfText(time) ?? 0, entries: [one] })
  }
  return events
}

/** Events of contracts that the program has not are left out. */
export function recordedLog(plan: Plan, events: readonly RecordedEvent[]): RecordedLog {
  const columns = reasonReadSet(plan).map(
    (paths, index) => new Set([...paths, ...(plan.contracts[index]?.keyFields ?? [])]),
  )
  const builder = new LogBuilder(plan.contracts, columns)
  const numbers = new Map(plan.contracts.map((contract, number) => [contract.name, number]))
  // Events are in the order of their stream, which is that of their times; the log keeps it.
  const known = events.filter(event => numbers.has(event.contract))
  const gaps: ReadonlyMap<string, Gap>[] = []
  const ambiguous: boolean[] = []
  for (const event of known) {
    const contract = numbers.get(event.contract) ?? 0
    const missing = new Map<string, Gap>()
    let unsure = false
    for (const { leaf, builder: column } of builder.columns[contract] ?? []) {
      const found = fieldOf(event, leaf.key)
      const type = leaf.optional ? ({ kind: 'optional', inner: leaf.type } as const) : leaf.type
      const value = typeof found === 'string' ? unknown : decidedValue(found, type)
      if (typeof found === 'string') missing.set(leaf.key, found)
      else if (found.json === null && found.secret && leaf.optional) unsure = true
      column.pushValue(value)
    }
    builder.place(contract, event.time, builder.fileNumber('stream'), event.index)
    gaps.push(missing)
    ambiguous.push(unsure)
  }
  return { log: builder.build(), events: known, gaps, ambiguous }
}

interface FoundField {
  readonly json: Json
  readonly unknown: boolean
  readonly secret: boolean
}

function fieldOf(event: RecordedEvent, key: string): FoundField | Gap {
  let gap: Gap = 'not recorded'
  for (const { record, openings } of event.entries) {
    for (const part of ['inputs', 'keys'] as const) {
      if (!Object.hasOwn(record[part], key)) continue
      const path = `${part}.${key}`
      const secret = record.withheld?.[path] !== undefined
      if (secret && openings.has(path)) return { json: openings.get(path) ?? null, unknown: false, secret }
      if (secret) gap = 'masked'
      else if (record.cut?.[path] !== undefined) gap = 'cut'
      else {
        const isUnknown = part === 'inputs' && record.unknown?.inputs?.includes(key) === true
        const json: Json = record[part][key] ?? null
        // A key that broke its contract is null among the keys, and named among the inputs.
        if (part === 'keys' && json === null) continue
        return { json, unknown: isUnknown, secret }
      }
    }
  }
  return gap
}

function decidedValue({ json, unknown: isUnknown }: FoundField, type: Parameters<typeof valueOfJson>[1]): Value {
  if (isUnknown) return unknown
  if (json === null) return type.kind === 'optional' ? absent : unknown
  return valueOfJson(json, type) ?? unknown
}
