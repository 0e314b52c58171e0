/** Equalities between a field of the opening event and one of the awaited event, which may be looked up instead of asked. */
import type { KeyPath } from '../compile/history/key-space.ts'
import { withoutOptional } from '../log/leaves.ts'
import type { Expr } from '../plan/expression.ts'
import type { Type } from '../value/type.ts'

export interface KeyPair {
  readonly opening: KeyPath
  readonly awaited: KeyPath
}

/** The pair of `it.refund == i.refund`, whichever side is which; null for any other condition. */
export function keyPairOf(expr: Expr, variable: number): KeyPair | null {
  if (expr.kind !== 'compare' || expr.operator !== '==') return null
  const { left, right } = expr
  if (left.kind !== 'field' || right.kind !== 'field') return null
  if (familyOf(left.type) === null || familyOf(left.type) !== familyOf(right.type)) return null
  if (left.event === 0 && right.event === variable) return { opening: left, awaited: right }
  return left.event === variable && right.event === 0 ? { opening: right, awaited: left } : null
}

/** Types whose values are equal exactly if their keys are; money of different currencies is not unequal but unknown. */
function familyOf(type: Type): string | null {
  const { kind } = withoutOptional(type)
  switch (kind) {
    case 'string':
    case 'enum':
      return 'text'
    case 'int':
    case 'decimal':
    case 'percent':
    case 'duration':
    case 'time':
      return 'number'
    default:
      return null
  }
}
