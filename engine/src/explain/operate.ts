/**
 * Operators that look at all their operands: one place that says which operands an expression has, in which order, and what
 * its value is once theirs are known. `and`, `or`, `if`, `??`, `any`, `all` and the history forms, which decide what they
 * look at, are in evaluate.ts and trace.ts.
 */
import type { Expr } from '../plan/expression.ts'
import { callBuiltin } from '../value/builtins.ts'
import {
  arithmetic,
  compareWith,
  inList,
  inRange,
  isPresent,
  negate,
  not,
  textTest,
  truthOf,
} from '../value/operations.ts'
import { absent, isRecord, unknown, type Value } from '../value/value.ts'

export type StrictExpr = Extract<
  Expr,
  {
    readonly kind:
      | 'member'
      | 'not'
      | 'compare'
      | 'text-test'
      | 'in-list'
      | 'in-range'
      | 'present'
      | 'arithmetic'
      | 'negate'
      | 'call'
      | 'list'
      | 'record'
  }
>

/** The operands of an operator, in the order in which witnesses list them. */
export function operandsOf(expr: StrictExpr): readonly Expr[] {
  switch (expr.kind) {
    case 'member':
      return [expr.object]
    case 'not':
    case 'present':
    case 'negate':
      return [expr.operand]
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      return [expr.left, expr.right]
    case 'in-list':
      return [expr.item, expr.list]
    case 'in-range':
      return [expr.item, expr.low, expr.high]
    case 'call':
      return expr.arguments
    case 'list':
      return expr.items
    case 'record':
      return expr.fields.map(field => field.value)
  }
}

/** The value of an operator from those of its operands. */
export function operate(expr: StrictExpr, operands: readonly Value[]): Value {
  const [first = unknown, second = unknown, third = unknown] = operands
  switch (expr.kind) {
    case 'member':
      return memberOf(first, expr.member)
    case 'not':
      return not(truthOf(first))
    case 'present':
      return isPresent(first)
    case 'negate':
      return negate(first)
    case 'compare':
      return compareWith(expr.operator, first, second, expr.left.type)
    case 'text-test':
      return textTest(expr.operator, first, second)
    case 'arithmetic':
      return arithmetic(expr.operator, first, second, expr.type)
    case 'in-list':
      return inList(first, second)
    case 'in-range':
      return inRange(first, second, third, expr.item.type)
    case 'call':
      return callBuiltin(
        expr.function,
        operands,
        expr.arguments.map(argument => argument.type),
      )
    case 'list':
      return operands
    case 'record':
      return { fields: Object.fromEntries(expr.fields.map((field, i) => [field.name, operands[i] ?? unknown])) }
  }
}

function memberOf(object: Value, member: string): Value {
  if (object === absent) return absent
  return isRecord(object) ? (object.fields[member] ?? absent) : unknown
}
