/**
 * A short log that was made up: events as values, in order. The reference interpreter reads it as it is; the engine gets it as
 * columns, as it gets a recorded log. Which traces are worth trying is the search's (search.ts).
 */
import { LogBuilder } from '../log/builder.ts'
import type { Log } from '../log/columns.ts'
import type { EventView, LogView } from '../log/view.ts'
import type { Plan } from '../plan/plan.ts'
import { fromInteger } from '../value/rational.ts'
import { absent, isRecord, unknown, type Value } from '../value/value.ts'

export interface TraceEvent {
  /** Index into `Plan.contracts`. */
  readonly contract: number
  /** Milliseconds since the epoch; no event is before the one ahead of it. */
  readonly time: number
  /** What its contract allows; without the field of its time, and members that are absent may be left out. */
  readonly fields: Readonly<Record<string, Value>>
}
export type Trace = readonly TraceEvent[]

const traceFile = 'trace'

/** The events one at a time, for the reference interpreter. */
export function traceView(plan: Plan, trace: Trace): LogView {
  const events = trace.map((event, seq): EventView => {
    const { contract, time } = event
    const fields = wholeFields(plan, event)
    return { seq, contract, time, file: traceFile, index: seq, value: path => valueAt(fields, path) }
  })
  return {
    size: trace.length,
    event: seq => {
      const event = events[seq]
      if (!event) throw new RangeError(`the trace has no event ${seq}`)
      return event
    },
    of: contract => events.filter(event => event.contract === contract).map(event => event.seq),
  }
}

/** The same events as columns, for the engine. */
export function traceLog(plan: Plan, trace: Trace): Log {
  const builder = new LogBuilder(plan.contracts)
  trace.forEach((event, index) => {
    const { contract, time } = event
    builder.add({ contract, time, file: traceFile, index, fields: wholeFields(plan, event) })
  })
  return builder.build()
}

/** With the field that its contract marks as the time. */
export function wholeFields(plan: Plan, { contract, time, fields }: TraceEvent): Readonly<Record<string, Value>> {
  const name = plan.contracts[contract]?.timeField ?? null
  return name === null ? fields : { ...fields, [name]: fromInteger(time) }
}

/** What makes two traces the same. */
export function traceKey(trace: Trace): string {
  return JSON.stringify(
    trace.map(({ contract, time, fields }) => [contract, time, fields]),
    plain,
  )
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : typeof value === 'symbol' ? { is: value.description } : value
}

function valueAt(fields: Readonly<Record<string, Value>>, path: readonly string[]): Value {
  let members = fields
  let value: Value = absent
  for (const name of path) {
    value = Object.hasOwn(members, name) ? (members[name] ?? absent) : absent
    if (value === absent || value === unknown) return value
    members = typeof value === 'object' && !Array.isArray(value) && isRecordValue(value) ? value.fields : {}
  }
  return value
}

function isRecordValue(value: Exclude<Value, boolean | string | symbol>): value is Extract<Value, { fields: unknown }> {
  return !Array.isArray(value) && isRecord(value)
}
