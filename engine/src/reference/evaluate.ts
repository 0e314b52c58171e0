/**
 * What an expression is worth at one event: the meaning of the language, written down as plainly as it can be. Nothing is
 * remembered from one event to the next. The history forms are in history.ts; the operators on values in value/operations.ts.
 */
import type { Expr } from '../plan/expression.ts'
import { callBuiltin } from '../value/builtins.ts'
import * as operations from '../value/operations.ts'
import { fromInteger } from '../value/rational.ts'
import { absent, isRecord, type RecordValue, unknown, type Value } from '../value/value.ts'
import { aggregateValue, existsValue, sequenceValue } from './history.ts'
import { type Situation, withElement } from './situation.ts'

/** The value of `expr`; `unknown` and `absent` are values. Throws only where a plan could not have come from the checker. */
export function evaluateExpression(expr: Expr, at: Situation): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'field':
      return boundEvent(at, expr.event).value(expr.path)
    case 'now':
      return fromInteger(at.current.time)
    case 'element': {
      const value = at.elements.get(expr.variable)
      if (value === undefined) throw new Error(`the element ${expr.name} is not bound here`)
      return value
    }
    case 'member':
      return memberOf(evaluateExpression(expr.object, at), expr.member)
    case 'named':
      return evaluateExpression(expr.value, at)
    case 'not':
      return operations.not(evaluateCondition(expr.operand, at))
    case 'and':
      return operations.and(conditions(expr.operands, at))
    case 'or':
      return operations.or(conditions(expr.operands, at))
    case 'compare': {
      const left = evaluateExpression(expr.left, at)
      return operations.compareWith(expr.operator, left, evaluateExpression(expr.right, at), expr.left.type)
    }
    case 'text-test':
      return operations.textTest(expr.operator, evaluateExpression(expr.left, at), evaluateExpression(expr.right, at))
    case 'in-list':
      return operations.inList(evaluateExpression(expr.item, at), evaluateExpression(expr.list, at))
    case 'in-range': {
      const item = evaluateExpression(expr.item, at)
      const low = evaluateExpression(expr.low, at)
      return operations.inRange(item, low, evaluateExpression(expr.high, at), expr.item.type)
    }
    case 'present':
      return operations.isPresent(evaluateExpression(expr.operand, at))
    case 'arithmetic': {
      const left = evaluateExpression(expr.left, at)
      return operations.arithmetic(expr.operator, left, evaluateExpression(expr.right, at), expr.type)
    }
    case 'negate':
      return operations.negate(evaluateExpression(expr.operand, at))
    case 'default':
      return operations.orElse(evaluateExpression(expr.value, at), () => evaluateExpression(expr.otherwise, at))
    case 'if': {
      const condition = evaluateCondition(expr.condition, at)
      if (condition === unknown) return unknown
      return evaluateExpression(condition ? expr.then : expr.otherwise, at)
    }
    case 'call': {
      const given = expr.arguments.map(argument => evaluateExpression(argument, at))
      const types = expr.arguments.map(argument => argument.type)
      return callBuiltin(expr.function, given, types)
    }
    case 'list':
      return expr.items.map(item => evaluateExpression(item, at))
    case 'record':
      return { fields: Object.fromEntries(expr.fields.map(({ name, value }) => [name, evaluateExpression(value, at)])) }
    case 'quantified': {
      const list = evaluateExpression(expr.list, at)
      if (!Array.isArray(list)) return unknown
      const elements: readonly Value[] = list
      const found = elements.map(element => evaluateCondition(expr.where, withElement(at, expr.variable, element)))
      return expr.quantifier === 'any' ? operations.or(found) : operations.and(found)
    }
    case 'aggregate':
      return aggregateValue(expr, at, evaluateExpression)
    case 'exists':
      return existsValue(expr, at, evaluateExpression)
    case 'sequence':
      return sequenceValue(expr, at, evaluateExpression)
  }
}

/** The value of a Bool expression as truth. */
export function evaluateCondition(expr: Expr, at: Situation): operations.Truth {
  return operations.truthOf(evaluateExpression(expr, at))
}

/** Evaluates from left to right, and only as far as the operator asks. */
function* conditions(operands: readonly Expr[], at: Situation): Iterable<operations.Truth> {
  for (const operand of operands) yield evaluateCondition(operand, at)
}

function boundEvent(at: Situation, variable: number) {
  const event = at.events.get(variable)
  if (!event) throw new Error(`no event is bound to variable ${variable} here`)
  return event
}

function memberOf(value: Value, name: string): Value {
  if (value === unknown || value === absent) return value
  if (!isRecordValue(value)) throw new Error(`a value without members was asked for ${name}`)
  return value.fields[name] ?? absent
}

function isRecordValue(value: Value): value is RecordValue {
  return typeof value === 'object' && !Array.isArray(value) && isRecord(value)
}
