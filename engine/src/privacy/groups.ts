/**
 * The one way in which an average or a sum loses the classes of its values: a condition that at least k different values are
 * in the same window (`distinct(customer) of Paid by all over 7d >= 20`). Which functions lose them is flows.ts.
 */
import type { AggregateExpr, Expr } from '../plan/expression.ts'
import type { Rational } from '../value/rational.ts'
import { isRational } from '../value/value.ts'

/** A window that is known to hold enough different values; two windows are the same where their keys are equal. */
export type Group = string

/** Fewer are told apart too easily. */
export const smallestGroup = 5n

/** The groups that are large enough wherever `condition` is true. */
export function largeGroups(condition: Expr): readonly Group[] {
  if (condition.kind === 'named') return largeGroups(condition.value)
  if (condition.kind === 'and') return condition.operands.flatMap(largeGroups)
  if (condition.kind !== 'compare') return []
  const { left, operator, right } = condition
  if (operator === '>=' || operator === '>') return largeGroup(left, right, operator === '>')
  if (operator === '<=' || operator === '<') return largeGroup(right, left, operator === '<')
  return []
}

/** The group that an aggregate over everyone is made of; null for one by a key. */
export function groupOf(aggregate: AggregateExpr): Group | null {
  if (aggregate.keys.length > 0) return null
  const { pattern, range, beforeThis } = aggregate
  return JSON.stringify([pattern.contract, pattern.where, range, beforeThis], (name, value: unknown) => {
    if (name === 'span') return undefined
    if (typeof value === 'bigint') return String(value)
    // The same window asked for twice has its events bound twice.
    return (name === 'event' || name === 'variable') && value === pattern.variable ? 'its event' : value
  })
}

function largeGroup(counted: Expr, least: Expr, more: boolean): readonly Group[] {
  if (counted.kind === 'named') return largeGroup(counted.value, least, more)
  if (counted.kind !== 'aggregate' || counted.function !== 'distinct') return []
  const k = numberOf(least)
  const group = groupOf(counted)
  if (k === null || group === null) return []
  const needed = more ? smallestGroup - 1n : smallestGroup
  return k.n >= needed * k.d ? [group] : []
}

function numberOf(expr: Expr): Rational | null {
  if (expr.kind === 'named') return numberOf(expr.value)
  return expr.kind === 'literal' && isRational(expr.value) ? expr.value : null
}
