/** The rules and checks of one contract, compiled: what the run asks for every row. */
import type { Log } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { truthClosure } from './closures.ts'
import { groupFunction } from './group-functions.ts'
import { groupsOf } from './groups.ts'
import { Lowering, type Windows } from './lower.ts'
import { RuleTable } from './rule-table.ts'
import type { Condition, ContractRule, RuleGroup } from './rules.ts'
import { cursorOf, type Scope } from './scope.ts'

/** The scope of conditions on events of a contract. */
export function scopeOf(plan: Plan, log: Log, contract: number, history: Scope['history']): Scope {
  const current = cursorOf(log, contract)
  return { plan, log, current, events: new Map([[0, current]]), elements: new Map(), lets: new Map(), history }
}

/** A check has no history. */
export function noHistory(): never {
  throw new Error('a check asks for history')
}

export function checkCondition(expr: Expr, scope: Scope): Condition {
  return truthClosure(new Lowering(scope, 0, null).truth(expr))
}

/** The rules of a contract as one group. Code is generated for what has been asked `generateAfter` times. */
export function ruleGroup(
  rules: readonly ContractRule[],
  scope: Scope,
  windows: Windows | null,
  generateAfter: number,
): RuleGroup {
  const lowering = new Lowering(scope, 0, windows)
  const table = new RuleTable(lowering, generateAfter)
  const group = groupsOf(rules, lowering, table)
  return groupFunction(group, table, rules.length)
}
