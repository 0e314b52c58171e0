/**
 * A breaker, compiled: the time of its last trip by key. It is brought up to date as the events of all its contracts go by
 * (governance.ts).
 */
import type { Log } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanLasting, PlanRule } from '../plan/plan.ts'
import { holdsUnknown, identity, isKnown } from '../value/operations.ts'
import { exactValue } from './exact.ts'
import type { Scope } from './scope.ts'

/** Keys are numbers: codes of the dictionary where one column has them, else those of `#texts`; -1 is nobody's. */
export class Breaker {
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
