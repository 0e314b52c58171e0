/**
 * The condition of a rollout, compiled: comparisons of one measure with a constant, joined by `and`, `or` and `not`, become
 * comparisons of integers. Any other condition is evaluated as it stands.
 */

import type { Expr } from '../plan/expression.ts'
import type { PlanGate } from '../plan/plan.ts'
import { evaluateCondition } from '../reference/evaluate.ts'
import { type Situation, situationAt } from '../reference/situation.ts'
import { not, type Truth } from '../value/operations.ts'
import type { Rational } from '../value/rational.ts'
import { isRational, unknown, type Value } from '../value/value.ts'
import { figureValue, type RolloutFigure } from './figure.ts'

/** Whether the condition holds with these figures; a share of nothing is unknown, and what is unknown does not hold. */
export type Gate = (figures: readonly RolloutFigure[]) => boolean

export function compiledGate(gate: PlanGate): Gate {
  const places = new Map(gate.measures.map(({ variable }, place) => [variable, place]))
  const asked = compiled(gate.condition, places)
  if (asked !== null) return figures => asked(figures) === true
  return figures => {
    const values = figures.map(figureValue)
    const elements = new Map<number, Value>(gate.measures.map(({ variable }, i) => [variable, values[i] ?? unknown]))
    const at: Situation = { ...situationAt(nothing, null), elements }
    return evaluateCondition(gate.condition, at) === true
  }
}

type Asked = (figures: readonly RolloutFigure[]) => Truth

function compiled(expr: Expr, places: ReadonlyMap<number, number>): Asked | null {
  switch (expr.kind) {
    case 'named':
      return compiled(expr.value, places)
    case 'not': {
      const operand = compiled(expr.operand, places)
      return operand && (figures => not(operand(figures)))
    }
    case 'and':
    case 'or': {
      const operands = expr.operands.map(operand => compiled(operand, places))
      const known = operands.filter(operand => operand !== null)
      const settles = expr.kind === 'or'
      return known.length < operands.length ? null : figures => joined(known, figures, settles)
    }
    case 'compare':
      return comparison(expr, places)
    default:
      return null
  }
}

/** `settles`: the truth of one that is that of all. */
function joined(operands: readonly Asked[], figures: readonly RolloutFigure[], settles: boolean): Truth {
  let truth: Truth = !settles
  for (const operand of operands) {
    const one = operand(figures)
    if (one === settles) return settles
    if (one === unknown) truth = unknown
  }
  return truth
}

function comparison(expr: Extract<Expr, { kind: 'compare' }>, places: ReadonlyMap<number, number>): Asked | null {
  const flipped = expr.left.kind === 'literal'
  const [element, constant] = flipped ? [expr.right, expr.left] : [expr.left, expr.right]
  const place = element.kind === 'element' ? places.get(element.variable) : undefined
  const limit = constant.kind === 'literal' && isRational(constant.value) ? constant.value : null
  if (place === undefined || limit === null || !isSmall(limit)) return null
  const [n, d] = [Number(limit.n), Number(limit.d)]
  const sign = flipped ? -1 : 1
  const { operator } = expr
  return figures => {
    const { value, of } = figures[place] as RolloutFigure
    if (of === 0) return unknown
    // INVARIANT: a log has fewer than 2^31 decisions of a policy, and the limit is below 2^21, so that both products are exact.
    const order = Math.sign(value * d - n * (of ?? 1)) * sign
    switch (operator) {
      case '==':
        return order === 0
      case '!=':
        return order !== 0
      case '<':
        return order < 0
      case '<=':
        return order <= 0
      case '>':
        return order > 0
      case '>=':
        return order >= 0
    }
  }
}

function isSmall({ n, d }: Rational): boolean {
  const most = 2n ** 21n
  return n < most && n > -most && d < most
}

/** The condition of a rollout speaks of no event. */
const nothing = {
  seq: 0,
  contract: -1,
  time: 0,
  file: '',
  index: 0,
  value(path: readonly string[]): never {
    throw new Error(`the condition of a rollout cannot read ${path.join('.')}`)
  },
}
