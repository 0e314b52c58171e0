/**
 * Where compiled code reads from: which row each event variable stands at, and the log and plan behind it. The exact closures
 * (exact.ts), the fast path (lower.ts) and the windows (history/) share these; what they make of them is theirs.
 */
import type { Batch, Log } from '../log/columns.ts'
import type { EventVariable, Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import type { Value } from '../value/value.ts'

/** The row at which an event variable stands; whoever asks for a value of it moves it first. */
export interface Cursor {
  readonly contract: number
  readonly batch: Batch
  row: number
}

/** A value that is worked out when it is called. */
export type Read = () => Value

type HistoryExpr = Extract<Expr, { kind: 'aggregate' | 'exists' | 'sequence' }>

/** What is known while one expression is compiled. */
export interface Scope {
  readonly log: Log
  readonly plan: Plan
  /** The event that is decided or checked: variable 0. */
  readonly current: Cursor
  readonly events: ReadonlyMap<EventVariable, Cursor>
  /** The elements of the enclosing `any` and `all`, set before their condition is asked. */
  readonly elements: ReadonlyMap<number, { value: Value }>
  /** Lets of the current event that are compiled already; they remember their value per row. */
  readonly lets: Map<Expr, Read>
  /** Compiles a history form; throws in the scope of a check, where there is no history. */
  readonly history: (form: HistoryExpr, scope: Scope) => Read
}

export function batchOf(log: Log, contract: number): Batch {
  const batch = log.batches[contract]
  if (batch === undefined) throw new RangeError(`the log has no contract ${contract}`)
  return batch
}

export function cursorOf(log: Log, contract: number): Cursor {
  return { contract, batch: batchOf(log, contract), row: 0 }
}

/** The same scope with one more event variable, as inside `where`. */
export function withEvent(scope: Scope, variable: EventVariable, cursor: Cursor): Scope {
  return { ...scope, events: new Map(scope.events).set(variable, cursor) }
}
