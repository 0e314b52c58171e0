/** Values that the checker itself has to know: lengths of windows, bounds of ranges, ranks of quantiles. */
import type { Expr } from '../plan/expression.ts'
import { add, divide, multiply, negate, type Rational, subtract } from '../value/rational.ts'
import { isMoney, isRational } from '../value/value.ts'

/** The number of a constant (the amount of a Money, milliseconds of a Duration or Time), or null where it is none. */
export function constantNumber(expr: Expr): Rational | null {
  switch (expr.kind) {
    case 'literal':
      if (typeof expr.value !== 'object') return null
      return isRational(expr.value) ? expr.value : isMoney(expr.value) ? expr.value.amount : null
    case 'named':
      return constantNumber(expr.value)
    case 'negate': {
      const operand = constantNumber(expr.operand)
      return operand && negate(operand)
    }
    case 'arithmetic': {
      const left = constantNumber(expr.left)
      const right = constantNumber(expr.right)
      return left && right && calculate(expr.operator, left, right)
    }
    default:
      return null
  }
}

/** Milliseconds of a constant Duration above zero; null where it is none. */
export function constantDuration(expr: Expr): number | null {
  if (expr.type.kind !== 'duration') return null
  const value = constantNumber(expr)
  if (!value || value.n <= 0n) return null
  const milliseconds = Number(value.n / value.d)
  return milliseconds > 0 && Number.isSafeInteger(milliseconds) ? milliseconds : null
}

/** Nothing of an event, of `now` or of history is in it. */
export function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'literal':
      return true
    case 'named':
      return isConstant(expr.value)
    case 'negate':
    case 'not':
      return isConstant(expr.operand)
    case 'arithmetic':
      return isConstant(expr.left) && isConstant(expr.right)
    case 'list':
      return expr.items.every(isConstant)
    case 'record':
      return expr.fields.every(field => isConstant(field.value))
    case 'call':
      return expr.arguments.every(isConstant)
    default:
      return false
  }
}

function calculate(operator: '+' | '-' | '*' | '/', left: Rational, right: Rational): Rational | null {
  switch (operator) {
    case '+':
      return add(left, right)
    case '-':
      return subtract(left, right)
    case '*':
      return multiply(left, right)
    case '/':
      return divide(left, right) ?? null
  }
}
