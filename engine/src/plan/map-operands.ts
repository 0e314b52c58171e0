/**
 * The same expression over other operands: for whoever rewrites programs. Forms of history are left out, because what stands in their
 * patterns speaks of other events. Looking at operands without changing them is `eachOperand` (read-set.ts).
 */
import type { AggregateExpr, ExistsExpr, Expr, SequenceExpr } from './expression.ts'

export type PlainExpr = Exclude<Expr, AggregateExpr | ExistsExpr | SequenceExpr>

/** `map` gets every expression directly below `expr`; what has none below is given back as it is. */
export function mapOperands(expr: PlainExpr, map: (operand: Expr) => Expr): PlainExpr {
  switch (expr.kind) {
    case 'literal':
    case 'field':
    case 'now':
    case 'element':
      return expr
    case 'member':
      return { ...expr, object: map(expr.object) }
    case 'named':
      return { ...expr, value: map(expr.value) }
    case 'not':
    case 'negate':
    case 'present':
      return { ...expr, operand: map(expr.operand) }
    case 'and':
    case 'or':
      return { ...expr, operands: expr.operands.map(map) }
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      return { ...expr, left: map(expr.left), right: map(expr.right) }
    case 'in-list':
      return { ...expr, item: map(expr.item), list: map(expr.list) }
    case 'in-range':
      return { ...expr, item: map(expr.item), low: map(expr.low), high: map(expr.high) }
    case 'default':
      return { ...expr, value: map(expr.value), otherwise: map(expr.otherwise) }
    case 'if': {
      const condition = map(expr.condition)
      // biome-ignore lint/suspicious/noThenProperty: the branch of an `if`; nobody awaits an expression.
      return { ...expr, condition, then: map(expr.then), otherwise: map(expr.otherwise) }
    }
    case 'call':
      return { ...expr, arguments: expr.arguments.map(map) }
    case 'list':
      return { ...expr, items: expr.items.map(map) }
    case 'record':
      return { ...expr, fields: expr.fields.map(({ name, value }) => ({ name, value: map(value) })) }
    case 'quantified':
      return { ...expr, list: map(expr.list), where: map(expr.where) }
  }
}
