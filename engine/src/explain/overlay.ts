/**
 * The log as it would be after one change: another value in the current event, the event at another time, an event less or
 * one more before it. Nothing is copied; what is not changed is read from the log itself.
 */
import type { EventView } from '../log/view.ts'
import { unknown, type Value } from '../value/value.ts'
import { type Scope, scopeAt } from './scope.ts'

/** One change to the log around the current event. Values are by path joined with '.'. */
export interface Overlay {
  readonly fields?: ReadonlyMap<string, Value>
  /** The current event at another time, milliseconds, with nothing new before it. */
  readonly time?: number
  /** Events that did not happen. */
  readonly without?: ReadonlySet<number>
  /** An event just before the current one, at its time. What it does not say is read from `like`, else unknown. */
  readonly added?: AddedEvent
}
export interface AddedEvent {
  readonly contract: number
  readonly fields: ReadonlyMap<string, Value>
  readonly like: EventView | null
}

/** What the rules would see after the change. */
export function overlaid(scope: Scope, overlay: Overlay): Scope {
  const { view, event: original } = scope
  const event: EventView = {
    ...placeOf(original),
    time: overlay.time ?? original.time,
    value: path => overlay.fields?.get(path.join('.')) ?? original.value(path),
  }
  const changed = {
    size: view.size,
    event: (seq: number) => (seq === event.seq ? event : view.event(seq)),
    of: (contract: number) => view.of(contract),
    withValue: (contract: number, path: readonly string[], value: Value) =>
      overlay.fields?.has(path.join('.')) ? null : (view.withValue?.(contract, path, value) ?? null),
  }
  const rejected = (seq: number) => overlay.without?.has(seq) === true || scope.rejected(seq)
  return { ...scopeAt(scope.plan, changed, rejected, event), added: addedEvent(overlay.added, event) }
}

function addedEvent(added: AddedEvent | undefined, current: EventView): EventView | null {
  if (!added) return null
  return {
    ...placeOf(current),
    // INVARIANT: no event of a log has this place; it stands between the current event and the one before it.
    seq: current.seq - 0.5,
    contract: added.contract,
    value: path => added.fields.get(path.join('.')) ?? added.like?.value(path) ?? unknown,
  }
}

function placeOf({ seq, contract, time, file, index }: EventView) {
  return { seq, contract, time, file, index }
}
