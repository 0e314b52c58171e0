/** Why a rule matches though its own condition does not hold: the event at which its breaker tripped. */
import type { EventView } from '../log/view.ts'
import type { PlanLasting, PlanRule } from '../plan/plan.ts'
import { holdsUnknown, identity, isKnown, type Truth, truthOf } from '../value/operations.ts'
import { unknown, type Value } from '../value/value.ts'
import { evaluate } from './evaluate.ts'
import { waiverOf } from './exception.ts'
import { type Scope, scopeAt } from './scope.ts'
import { backwards, type Reach } from './window.ts'

/** The newest event that tripped the breaker, and the last moment at which that lasts (milliseconds). */
export interface Trip {
  readonly seq: number
  readonly until: number
}

/** Null where the breaker is not tripped at the event of the scope, which the rule concerns. */
export function tripOf(rule: PlanRule, scope: Scope): Trip | null {
  const { lasting } = rule
  if (lasting === null) return null
  const wanted = keysAt(lasting, scope)
  if (wanted === null) return null
  const names = wanted.map(identity).join('\n')
  // Times are whole milliseconds: later than this is no longer ago than it lasts.
  const reach: Reach = { from: scope.event.time - lasting.milliseconds - 1, reset: null, certain: true }
  let newest: EventView | null = null
  for (const contract of rule.contracts) {
    const paths = lasting.keys.flatMap(({ value }) => (value.kind === 'field' ? [{ path: value.path, value }] : []))
    const values: readonly Value[] = lasting.keys.flatMap<Value>(({ value }, i) =>
      value.kind === 'field' ? [wanted[i] ?? unknown] : [],
    )
    for (const event of backwards(contract, reach, true, scope, paths, values)) {
      if (newest !== null && event.seq < newest.seq) break
      const there = scopeAt(scope.plan, scope.view, scope.rejected, event)
      if (keysAt(lasting, there)?.map(identity).join('\n') !== names) continue
      const condition = rule.when === null ? true : truthOf(evaluate(rule.when, there))
      if (!matchesBy(rule, condition) || waiverOf(rule, there) >= 0) continue
      newest = event
      break
    }
  }
  return newest && { seq: newest.seq, until: newest.time + lasting.milliseconds }
}

/** Whether a rule matches with this truth of its own condition: one that denies or holds also where it cannot be known. */
export function matchesBy(rule: PlanRule, condition: Truth): boolean {
  return condition === true || (condition === unknown && (rule.decision === 'deny' || rule.decision === 'hold'))
}

/** Null where a key is unknown or absent. */
function keysAt(lasting: PlanLasting, scope: Scope): readonly Value[] | null {
  const values = lasting.keys.map(key => evaluate(key.value, scope))
  return values.every(value => isKnown(value) && !holdsUnknown(value)) ? values : null
}
