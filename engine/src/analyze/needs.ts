/**
 * Permits that need an event to have happened, and expectations that wait for one, which another rule denies whenever it comes:
 * where both policies are enforced, it never does. Only what must be there is looked at: operands of an `and`, counts above zero.
 */
import type { Expr, Pattern } from '../plan/expression.ts'
import { mapOperands } from '../plan/map-operands.ts'
import { originOf } from '../plan/origin.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { eachOperand } from '../plan/read-set.ts'
import { compareWith } from '../value/operations.ts'
import { rational } from '../value/rational.ts'
import type { Finding } from './finding.ts'
import type { Formula } from './formula.ts'
import { type Grounds, possible } from './ground.ts'
import { isFalse, isTrue, unnamed } from './meaning.ts'

export function needFindings(plan: Plan, policy: PlanPolicy, grounds: Grounds): readonly Finding[] {
  const own = originOf(policy)
  if (policy.mode === 'shadow' || needless.has(own)) return []
  if (policy.rules.every(rule => rule.expectation === null && neededBy(rule).length === 0)) {
    needless.add(own)
    return []
  }
  return policy.rules.flatMap((rule, index) => {
    const needed = rule.expectation === null ? neededBy(rule) : [rule.expectation.awaited]
    for (const pattern of needed) {
      const by = whoForbids(plan, pattern, grounds)
      if (by === null) continue
      const span = pattern.where?.span ?? rule.expectation?.awaited.where?.span ?? rule.when?.span ?? rule.span
      return [{ claim: { kind: 'needs-forbidden', rule: index, pattern, by }, span, why: '' }]
    }
    return []
  })
}

/** By what they were made from: policies that need no event at all, wherever they stand. */
const needless = new WeakSet<object>()

function neededBy({ decision, when }: PlanRule): readonly Pattern[] {
  return decision === 'permit' && when !== null ? conjuncts(when).flatMap(patternsNeeded) : []
}

function conjuncts(condition: Expr): readonly Expr[] {
  const term = unnamed(condition)
  return term.kind === 'and' ? term.operands.flatMap(conjuncts) : [term]
}

/** Patterns of which an event must have been there for the condition to be true. */
function patternsNeeded(condition: Expr): readonly Pattern[] {
  switch (condition.kind) {
    case 'exists':
      return [condition.pattern]
    case 'sequence':
      return condition.steps
    case 'compare': {
      const [left, right] = [unnamed(condition.left), unnamed(condition.right)]
      if (left.kind !== 'aggregate' || left.function !== 'count' || right.kind !== 'literal') return []
      return compareWith(condition.operator, zero, right.value, left.type) === false ? [left.pattern] : []
    }
    default:
      return []
  }
}
const zero = rational(0n)

/** The rule that denies every event of the pattern, for certain and by itself. */
function whoForbids(plan: Plan, pattern: Pattern, grounds: Grounds): { policy: number; rule: number } | null {
  const { contract } = pattern
  const ground = grounds.at(contract)
  const own: Formula[] = []
  for (const condition of pattern.where === null ? [] : conjuncts(pattern.where)) {
    const asked = asCurrent(condition, pattern.variable)
    if (asked !== null) own.push(ground.meaning.when(asked, isTrue))
  }
  // An event that can never be is W1206's or W1209's.
  if (!possible(ground, own)) return null
  for (const [policy, { mode, combine, contracts, rules }] of plan.policies.entries()) {
    if (mode === 'shadow' || !contracts.includes(contract)) continue
    for (const [rule, { decision, when, contracts: concerned }] of rules.entries()) {
      if (decision !== 'deny' || !concerned.includes(contract)) continue
      if (combine === 'permit_overrides' || (combine === 'first' && rule > 0)) continue
      if (plan.exceptions.some(exception => exception.policy === policy && exception.rule === rule)) continue
      // A rule that denies matches on unknown too.
      if (when === null || !possible(ground, [...own, ground.meaning.when(when, isFalse)])) return { policy, rule }
    }
  }
  return null
}

/** The condition with the pattern's event as the one that is decided; null where it speaks of anything else. */
function asCurrent(condition: Expr, variable: number): Expr | null {
  return speaksOnlyOf(condition, variable) ? moved(condition, variable) : null
}

function speaksOnlyOf(expr: Expr, variable: number): boolean {
  switch (expr.kind) {
    case 'field':
      return expr.event === variable
    case 'now':
    case 'element':
    case 'quantified':
    case 'aggregate':
    case 'exists':
    case 'sequence':
      return false
    default: {
      let only = true
      eachOperand(expr, operand => {
        only &&= speaksOnlyOf(operand, variable)
      })
      return only
    }
  }
}

/** INVARIANT: given only what `speaksOnlyOf` allows. */
function moved(expr: Expr, variable: number): Expr {
  switch (expr.kind) {
    case 'field':
      return { ...expr, event: 0 }
    case 'aggregate':
    case 'exists':
    case 'sequence':
      return expr
    default:
      return mapOperands(expr, operand => moved(operand, variable))
  }
}
