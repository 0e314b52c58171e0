/**
 * Expressions as closures over exact values: the path that every condition falls back to where numbers leave the safe
 * integers, values are absent or unknown, or no fast form exists. The operators are those of value/operations.ts, so that the
 * meaning is written once; the fast form is lower.ts.
 */
import type { Expr } from '../plan/expression.ts'
import { callBuiltin } from '../value/builtins.ts'
import * as operations from '../value/operations.ts'
import { absent, isRecord, unknown, type Value } from '../value/value.ts'
import { fieldReader } from './column-values.ts'
import type { Read, Scope } from './scope.ts'

/** The value of `expr` at the rows where the cursors of `scope` stand when it is called. */
export function exactValue(expr: Expr, scope: Scope): Read {
  switch (expr.kind) {
    case 'literal': {
      const { value } = expr
      return () => value
    }
    case 'field': {
      const cursor = scope.events.get(expr.event)
      if (cursor === undefined) throw new Error(`no event is bound to variable ${expr.event} here`)
      return fieldReader(scope, cursor, expr.path, expr.type)
    }
    case 'now': {
      const { current } = scope
      return () => ({ n: BigInt(current.batch.time[current.row] as number), d: 1n })
    }
    case 'element': {
      const cell = scope.elements.get(expr.variable)
      if (cell === undefined) throw new Error(`the element ${expr.name} is not bound here`)
      return () => cell.value
    }
    case 'member': {
      const object = exactValue(expr.object, scope)
      const { member } = expr
      return () => memberOf(object(), member)
    }
    case 'named':
      return expr.of === 'let' ? letValue(expr.value, scope) : exactValue(expr.value, scope)
    case 'not': {
      const operand = exactTruth(expr.operand, scope)
      return () => operations.not(operand())
    }
    case 'and':
    case 'or': {
      const operands = expr.operands.map(operand => exactTruth(operand, scope))
      const decisive = expr.kind === 'or'
      return () => {
        let result: operations.Truth = !decisive
        for (const operand of operands) {
          const truth = operand()
          if (truth === decisive) return decisive
          if (truth === unknown) result = unknown
        }
        return result
      }
    }
    case 'compare': {
      const left = exactValue(expr.left, scope)
      const right = exactValue(expr.right, scope)
      const { operator } = expr
      const { type } = expr.left
      return () => operations.compareWith(operator, left(), right(), type)
    }
    case 'text-test': {
      const left = exactValue(expr.left, scope)
      const right = exactValue(expr.right, scope)
      const { operator } = expr
      return () => operations.textTest(operator, left(), right())
    }
    case 'in-list': {
      const item = exactValue(expr.item, scope)
      const list = exactValue(expr.list, scope)
      return () => operations.inList(item(), list())
    }
    case 'in-range': {
      const item = exactValue(expr.item, scope)
      const low = exactValue(expr.low, scope)
      const high = exactValue(expr.high, scope)
      const { type } = expr.item
      return () => operations.inRange(item(), low(), high(), type)
    }
    case 'present': {
      const operand = exactValue(expr.operand, scope)
      return () => operations.isPresent(operand())
    }
    case 'arithmetic': {
      const left = exactValue(expr.left, scope)
      const right = exactValue(expr.right, scope)
      const { operator, type } = expr
      return () => operations.arithmetic(operator, left(), right(), type)
    }
    case 'negate': {
      const operand = exactValue(expr.operand, scope)
      return () => operations.negate(operand())
    }
    case 'default': {
      const value = exactValue(expr.value, scope)
      const otherwise = exactValue(expr.otherwise, scope)
      return () => operations.orElse(value(), otherwise)
    }
    case 'if': {
      const condition = exactTruth(expr.condition, scope)
      const then = exactValue(expr.then, scope)
      const otherwise = exactValue(expr.otherwise, scope)
      return () => {
        const truth = condition()
        return truth === unknown ? unknown : truth ? then() : otherwise()
      }
    }
    case 'call': {
      const given = expr.arguments.map(argument => exactValue(argument, scope))
      const types = expr.arguments.map(argument => argument.type)
      const name = expr.function
      return () =>
        callBuiltin(
          name,
          given.map(argument => argument()),
          types,
        )
    }
    case 'list': {
      const items = expr.items.map(item => exactValue(item, scope))
      return () => items.map(item => item())
    }
    case 'record': {
      const fields = expr.fields.map(({ name, value }) => [name, exactValue(value, scope)] as const)
      return () => ({ fields: Object.fromEntries(fields.map(([name, value]) => [name, value()])) })
    }
    case 'quantified':
      return quantified(expr, scope)
    case 'aggregate':
    case 'exists':
    case 'sequence':
      return scope.history(expr, scope)
  }
}

/** A Bool expression as truth; absent counts as unknown. */
export function exactTruth(expr: Expr, scope: Scope): () => operations.Truth {
  const value = exactValue(expr, scope)
  return () => {
    const found = value()
    return typeof found === 'boolean' ? found : unknown
  }
}

/** A let is worked out at most once per event; it depends on nothing but the current event. */
function letValue(value: Expr, scope: Scope): Read {
  const known = scope.lets.get(value)
  if (known !== undefined) return known
  const read = exactValue(value, scope)
  const { current } = scope
  let row = -1
  let last: Value = unknown
  const remembered: Read = () => {
    if (row !== current.row) {
      last = read()
      row = current.row
    }
    return last
  }
  scope.lets.set(value, remembered)
  return remembered
}

function quantified(expr: Extract<Expr, { kind: 'quantified' }>, scope: Scope): Read {
  const list = exactValue(expr.list, scope)
  const cell: { value: Value } = { value: unknown }
  const where = exactTruth(expr.where, { ...scope, elements: new Map(scope.elements).set(expr.variable, cell) })
  const decisive = expr.quantifier === 'any'
  return () => {
    const found = list()
    if (!Array.isArray(found)) return unknown
    const elements: readonly Value[] = found
    let result: operations.Truth = !decisive
    for (const element of elements) {
      cell.value = element
      const truth = where()
      if (truth === decisive) return decisive
      if (truth === unknown) result = unknown
    }
    return result
  }
}

function memberOf(value: Value, name: string): Value {
  if (value === unknown || value === absent) return value
  if (typeof value !== 'object' || Array.isArray(value) || !isRecord(value))
    throw new Error(`a value without members was asked for ${name}`)
  return value.fields[name] ?? absent
}
