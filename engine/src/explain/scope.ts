/**
 * What an expression may look at while it is explained: the event being decided, the events that windows bind, the elements
 * of `any`/`all`, and the log up to the event without those that a contract's `check … else reject` took out.
 */
import type { EventView, LogView } from '../log/view.ts'
import type { EventVariable, Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import type { Rollouts } from '../rollout/stages.ts'
import type { Value } from '../value/value.ts'

/** Tells the events that were taken out of the log. */
export type Rejected = (seq: number) => boolean

export interface ExplainOptions {
  /** Tells rejected events; `RunResult.rejected` as a predicate saves evaluating their checks again. */
  readonly rejected?: Rejected
  /** Of the run that the decision is of; without it an explanation does not say at which stage a rollout was. */
  readonly rollouts?: Rollouts
}

export interface Scope {
  readonly plan: Plan
  readonly view: LogView
  readonly rejected: Rejected
  /** An event that did not happen, tried out just before the current one (overlay.ts). */
  readonly added: EventView | null
  /** The current event. */
  readonly event: EventView
  /** Events bound by windows and steps; variable 0 is the current event. */
  readonly bound: ReadonlyMap<EventVariable, EventView>
  readonly elements: ReadonlyMap<number, Value>
  /** Values of `let`s at the current event, computed once. */
  readonly kept: Map<Expr, Value>
}

/** Gives the value of an expression; window.ts takes it as a parameter, because filters are expressions and windows stand in them. */
export type Evaluate = (expr: Expr, scope: Scope) => Value

export function scopeAt(plan: Plan, view: LogView, rejected: Rejected, event: EventView): Scope {
  return {
    plan,
    view,
    rejected,
    added: null,
    event,
    bound: new Map([[0, event]]),
    elements: new Map(),
    kept: new Map(),
  }
}

export function bindEvent(scope: Scope, variable: EventVariable, event: EventView): Scope {
  return { ...scope, bound: new Map(scope.bound).set(variable, event) }
}

export function bindElement(scope: Scope, variable: number, value: Value): Scope {
  return { ...scope, elements: new Map(scope.elements).set(variable, value) }
}

/** How many of the ascending `seqs` are at or before `seq`. */
export function countUpTo(seqs: ArrayLike<number>, seq: number): number {
  let low = 0
  let high = seqs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((seqs[middle] ?? Number.POSITIVE_INFINITY) <= seq) low = middle + 1
    else high = middle
  }
  return low
}
