/** Fields of the current event as things that could have been otherwise. */
import type { EventView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import type { Type } from '../value/type.ts'
import type { Value } from '../value/value.ts'
import { type Trial, type Tried, tried } from './change.ts'

export type Field = Extract<Expr, { readonly kind: 'field' }>

export function isOwnField(expr: Expr): expr is Field {
  return expr.kind === 'field' && expr.event === 0
}

export function currentValue(field: Field, trial: Trial): Value {
  return trial.scope.event.value(field.path)
}

/** What would be decided with another value; null where it is the same decision. */
export function withField(field: Field, value: Value, trial: Trial): Tried | null {
  const decided = tried(trial, { fields: new Map([[nameOf(field), value]]) })
  if (!decided) trial.vain.push({ field: nameOf(field), type: field.type, value })
  return decided
}

export function nameOf(field: Field): string {
  return field.path.join('.')
}

/** Whether an expression reads the field. */
export function reads(expr: Expr, field: Field): boolean {
  if (isOwnField(expr)) return nameOf(expr) === nameOf(field)
  let found = false
  eachOperand(expr, operand => {
    found ||= reads(operand, field)
  })
  return found
}

/** The type without its `?`. */
export function innermost(type: Type): Type {
  return type.kind === 'optional' ? innermost(type.inner) : type
}

/** Whether the log was opened with a field; records have no column of their own, only their members have. */
export function isOpened(event: EventView, path: readonly string[], type: Type): boolean {
  return innermost(type).kind === 'record' || event.has?.(path) !== false
}
