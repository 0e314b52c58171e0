/**
 * A rule's condition as what MC/DC speaks of: atomic conditions, joined by `and`, `or`, `not` and `if`. An atomic condition
 * matters at an event where the whole would come out otherwise if it alone did (masking MC/DC).
 */
import type { Expr } from '../plan/expression.ts'
import { and, not, or, type Truth } from '../value/operations.ts'
import { unknown } from '../value/value.ts'

export interface ConditionTree {
  readonly whole: Expr
  /** In the order of the text; one written twice is there twice. */
  readonly atoms: readonly Expr[]
}

export function conditionTree(whole: Expr): ConditionTree {
  return { whole, atoms: atomsIn(whole) }
}

/** What the whole is, where the atomic conditions are these. */
export function outcomeOf({ whole }: ConditionTree, truths: readonly Truth[]): Truth {
  let next = 0
  const ask = (expr: Expr): Truth => {
    switch (expr.kind) {
      case 'named':
        return ask(expr.value)
      case 'not':
        return isOneWord(expr) ? (truths[next++] ?? unknown) : not(ask(expr.operand))
      case 'and':
        return and(expr.operands.map(ask))
      case 'or':
        return or(expr.operands.map(ask))
      case 'literal':
        return expr.value === true ? true : expr.value === false ? false : unknown
      case 'if': {
        const condition = ask(expr.condition)
        const chosen = ask(expr.then)
        const otherwise = ask(expr.otherwise)
        return condition === unknown ? unknown : condition ? chosen : otherwise
      }
      default:
        return truths[next++] ?? unknown
    }
  }
  return ask(whole)
}

/** Whether the whole would come out otherwise if this atomic condition did; no where either is unknown. */
export function matters(tree: ConditionTree, truths: readonly Truth[], atom: number): boolean {
  const own = truths[atom] ?? unknown
  const now = outcomeOf(tree, truths)
  if (own === unknown || now === unknown) return false
  return outcomeOf(tree, truths.with(atom, !own)) === !now
}

function atomsIn(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'named':
      return atomsIn(expr.value)
    case 'not':
      return isOneWord(expr) ? [expr] : atomsIn(expr.operand)
    case 'and':
    case 'or':
      return expr.operands.flatMap(atomsIn)
    case 'literal':
      return []
    case 'if':
      return [expr.condition, expr.then, expr.otherwise].flatMap(atomsIn)
    default:
      return [expr]
  }
}

/** `is absent`, `not in`, `not like`: written as one condition, not as a `not` of another. */
function isOneWord({ span, operand }: Extract<Expr, { kind: 'not' }>): boolean {
  return span.start === operand.span.start && span.end === operand.span.end
}
