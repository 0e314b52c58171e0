/**
 * Makes a trace smaller while it keeps what it was found for: fewer events, then the simplest values, then plain times.
 * The last event stays the last.
 */
import { absent } from '../value/value.ts'
import { withValue } from './search.ts'
import type { Space } from './space.ts'
import { type Trace, traceKey } from './trace.ts'

/** `holds` is asked at most `budget` times. */
export function shrink(trace: Trace, space: Space, holds: (trace: Trace) => boolean, budget = 4_000): Trace {
  let best = trace
  let asked = 0
  const better = (candidate: Trace): boolean => {
    if (asked >= budget || traceKey(candidate) === traceKey(best)) return false
    asked++
    if (!holds(candidate)) return false
    best = candidate
    return true
  }
  for (let before = ''; before !== traceKey(best) && asked < budget; ) {
    before = traceKey(best)
    for (let length = Math.floor(best.length / 2); length >= 1; length = Math.floor(length / 2))
      for (let place = 0; place + length < best.length; )
        if (!better([...best.slice(0, place), ...best.slice(place + length)])) place++
    for (const change of simplifications(best, space)) {
      const candidate = change(best)
      if (candidate) better(candidate)
    }
  }
  return best
}

type Change = (trace: Trace) => Trace | null

function simplifications(trace: Trace, space: Space): readonly Change[] {
  const changes: Change[] = []
  for (const [place, event] of trace.entries()) {
    const simplest = space.choices.get(event.contract)?.simplest
    if (simplest) changes.push(now => replaced(now, place, simplest))
    for (const { path, values } of space.choices.get(event.contract)?.leaves ?? [])
      for (const value of values.slice(0, 3))
        changes.push(now => {
          const fields = withValue(now[place]?.fields ?? {}, path, value)
          const before = rankOf(now[place]?.fields ?? {}, path, values)
          return fields && values.indexOf(value) < before ? replaced(now, place, fields) : null
        })
  }
  const [start] = space.starts
  if (start !== undefined) changes.push(now => later(now, 0, start - (now[0]?.time ?? start)))
  for (let place = 1; place < trace.length; place++)
    changes.push(now => later(now, place, (now[place - 1]?.time ?? 0) + space.step - (now[place]?.time ?? 0)))
  return changes
}

/** The whole run of equal events is changed with one of them. */
function replaced(trace: Trace, place: number, fields: Trace[number]['fields']): Trace {
  const old = trace[place]?.fields
  return trace.map((event, i) => (i === place || event.fields === old ? { ...event, fields } : event))
}

function rankOf(fields: Trace[number]['fields'], path: readonly string[], values: readonly unknown[]): number {
  const key = JSON.stringify(at(fields, path) ?? absent, text)
  const rank = values.findIndex(value => JSON.stringify(value, text) === key)
  return rank < 0 ? values.length : rank
}
function at(fields: unknown, path: readonly string[]): unknown {
  let value = fields
  for (const [i, name] of path.entries()) {
    const members: unknown = i === 0 ? value : Reflect.get(Object(value), 'fields')
    value = Reflect.get(Object(members), name)
  }
  return value
}
function text(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : typeof value === 'symbol' ? value.description : value
}

function later(trace: Trace, place: number, by: number): Trace | null {
  return by === 0 ? null : trace.map((event, i) => (i < place ? event : { ...event, time: event.time + by }))
}
