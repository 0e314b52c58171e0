/**
 * Where an expression is evaluated: at one event, with what may be seen from there. Also the log as rules see it, without the
 * events that a contract's check took out.
 */

import type { EventView, LogView } from '../log/view.ts'
import type { EventVariable } from '../plan/expression.ts'
import type { PlanRule } from '../plan/plan.ts'
import type { Truth } from '../value/operations.ts'
import type { Value } from '../value/value.ts'

/** The events that happened, in order; rejected events are in nobody's sight. */
export interface History {
  /** Events of a contract up to and including `seq`, ascending. */
  upTo(contract: number, seq: number): readonly EventView[]
  /** The condition of a rule at an event, asked once: the breaker of the rule asks for it again at every later event. */
  once(rule: PlanRule, seq: number, ask: () => Truth): Truth
}

export interface Situation {
  /** The event that is decided or checked; `now` is its time. */
  readonly current: EventView
  /** Null where there is no history to be asked: in contract checks and constants. */
  readonly history: History | null
  /** Events by variable; the current one is variable 0. */
  readonly events: ReadonlyMap<EventVariable, EventView>
  /** Variables of the enclosing `any` and `all`. */
  readonly elements: ReadonlyMap<number, Value>
}

/** The situation of a rule at `current`. */
export function situationAt(current: EventView, history: History | null): Situation {
  return { current, history, events: new Map([[0, current]]), elements: new Map() }
}

/** The same situation with one more event bound, as inside `where`. */
export function withEvent(situation: Situation, variable: EventVariable, event: EventView): Situation {
  return { ...situation, events: new Map(situation.events).set(variable, event) }
}

/** The same situation with the variable of an `any` or `all` bound. */
export function withElement(situation: Situation, variable: number, value: Value): Situation {
  return { ...situation, elements: new Map(situation.elements).set(variable, value) }
}

/** The history of a log without the events in `rejected`. */
export function historyOf(view: LogView, rejected: ReadonlySet<number>): History {
  const byContract = new Map<number, readonly EventView[]>()
  function eventsOf(contract: number): readonly EventView[] {
    let events = byContract.get(contract)
    if (!events) {
      const seqs = Array.from(view.of(contract)).filter(seq => !rejected.has(seq))
      events = seqs.map(seq => view.event(seq))
      byContract.set(contract, events)
    }
    return events
  }
  const asked = new Map<PlanRule, Map<number, Truth>>()
  function once(rule: PlanRule, seq: number, ask: () => Truth): Truth {
    const known = asked.get(rule) ?? new Map<number, Truth>()
    asked.set(rule, known)
    const truth = known.get(seq) ?? ask()
    known.set(seq, truth)
    return truth
  }
  return { upTo: (contract, seq) => eventsOf(contract).filter(event => event.seq <= seq), once }
}
