/**
 * Breakers, compiled: for each the time of its last trip by key, brought up to date as the events of all its contracts go by
 * in the order of the log. Which rules match by their own condition is what the group of rules says that is wrapped here.
 */
import type { Log } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanLasting, PlanRule } from '../plan/plan.ts'
import { holdsUnknown, identity, isKnown } from '../value/operations.ts'
import { exactValue } from './exact.ts'
import type { ContractRule, RuleGroup } from './rules.ts'
import type { Scope } from './scope.ts'

/** The breakers of one run. INVARIANT: groups made by `around` are asked for every event in the order of the log, each once. */
export class Breakers {
  readonly #plan: Plan
  readonly #log: Log
  readonly #made = new Map<PlanRule, Breaker>()

  constructor(plan: Plan, log: Log) {
    this.#plan = plan
    this.#log = log
  }

  /** The group, with the rules whose breakers are tripped: their truth is 3. */
  around(group: RuleGroup, rules: readonly ContractRule[], scope: Scope): RuleGroup {
    const watched = rules.flatMap(({ place, policy, rule, matchesOnUnknown }) => {
      const of = this.#plan.policies[policy]?.rules[rule]
      if (!of?.lasting) return []
      const breaker = this.#breaker(of, of.lasting)
      return [{ place, matchesOnUnknown, breaker, keyOf: breaker.keyAt(scope) }]
    })
    if (watched.length === 0) return group
    const times = scope.current.batch.time
    return (row, hits) => {
      const time = times[row] as number
      let found = group(row, hits)
      let at = 0
      for (const { place, matchesOnUnknown, breaker, keyOf } of watched) {
        while (at < found && (hits[at] as number) >> 2 < place) at++
        const truth = at < found && (hits[at] as number) >> 2 === place ? (hits[at] as number) & 3 : 0
        const key = keyOf(row)
        if (truth === 1 || (truth === 2 && matchesOnUnknown)) breaker.trip(key, time)
        else if (breaker.isTripped(key, time)) {
          if (truth === 0) {
            hits.copyWithin(at + 1, at, found)
            found++
          }
          hits[at] = place * 4 + 3
        }
      }
      return found
    }
  }

  #breaker(rule: PlanRule, lasting: PlanLasting): Breaker {
    const breaker = this.#made.get(rule) ?? new Breaker(rule, lasting, this.#log)
    this.#made.set(rule, breaker)
    return breaker
  }
}

/** Keys are numbers: codes of the dictionary where one column has them, else those of `#texts`; -1 is nobody's. */
class Breaker {
  readonly #lasting: PlanLasting
  /** By key: when it last tripped. */
  readonly #tripped = new Map<number, number>()
  readonly #texts = new Map<string, number>()
  readonly #byCode: boolean

  constructor(rule: PlanRule, lasting: PlanLasting, log: Log) {
    this.#lasting = lasting
    const [only] = lasting.keys
    this.#byCode =
      only !== undefined &&
      lasting.keys.length === 1 &&
      rule.contracts.every(contract => {
        const batch = log.batches[contract]
        return batch?.rows === 0 || columnOf(only.value, batch?.columns)?.kind === 'code'
      })
  }

  trip(key: number, time: number): void {
    if (key >= 0) this.#tripped.set(key, time)
  }

  isTripped(key: number, time: number): boolean {
    const last = key < 0 ? undefined : this.#tripped.get(key)
    return last !== undefined && last >= time - this.#lasting.milliseconds
  }

  /** The key of the events of the scope's contract, by row. */
  keyAt(scope: Scope): (row: number) => number {
    const { keys } = this.#lasting
    const [first] = keys
    if (first === undefined) return () => 0
    const { current } = scope
    const column = columnOf(first.value, current.batch.columns)
    if (this.#byCode && column?.kind === 'code') return row => column.values[row] as number
    const values = keys.map(key => exactValue(key.value, scope))
    return row => {
      current.row = row
      let text = ''
      for (const value of values) {
        const found = value()
        if (!isKnown(found) || holdsUnknown(found)) return -1
        text += JSON.stringify(identity(found))
      }
      return this.#interned(text)
    }
  }

  #interned(text: string): number {
    const number = this.#texts.get(text) ?? this.#texts.size
    this.#texts.set(text, number)
    return number
  }
}

function columnOf(value: Expr, columns: Scope['current']['batch']['columns'] | undefined) {
  return value.kind === 'field' && value.event === 0 ? columns?.get(value.path.join('.')) : undefined
}
