/**
 * Changes to one field of the current event that might turn a condition around: another member of an enum, another text, an
 * optional field left out. Each is tried (change.ts) before it is told. Numbers are moved in number-changes.ts.
 */
import type { TextOperator } from '@writ/grammar'
import type { Expr } from '../plan/expression.ts'
import { equals, textTest, truthOf } from '../value/operations.ts'
import { absent, type Value } from '../value/value.ts'
import { type Change, change, type Trial } from './change.ts'
import { evaluate } from './evaluate.ts'
import { isNumeric, numberChanges } from './number-changes.ts'
import { currentValue, type Field, innermost, isOwnField, nameOf, reads, withField } from './own-field.ts'
import { bindElement } from './scope.ts'
import { joined, valueText } from './words.ts'

/** Changes to single fields that one condition (no `and`, `or`, `not`) suggests. */
export function fieldChanges(condition: Expr, trial: Trial): readonly Change[] {
  switch (condition.kind) {
    case 'compare': {
      const { left, right, operator } = condition
      return isNumeric(left.type) && operator !== '==' && operator !== '!='
        ? numberChanges(left, right, trial)
        : [...equalityChanges(left, right, trial), ...equalityChanges(right, left, trial)]
    }
    case 'in-range':
      return [condition.low, condition.high].flatMap(bound => numberChanges(condition.item, bound, trial))
    case 'in-list':
      return isOwnField(condition.item) ? listChanges(condition.item, condition.list, trial) : []
    case 'text-test':
      return isOwnField(condition.left) ? textChanges(condition.operator, condition.left, condition.right, trial) : []
    case 'present':
      return isOwnField(condition.operand) ? absenceChange(condition.operand, trial) : []
    case 'field':
      return isOwnField(condition) ? valueChanges(condition, [currentValue(condition, trial) !== true], trial) : []
    case 'quantified':
      return isOwnField(condition.list) ? elementChanges(condition, condition.list, trial) : []
    default:
      return []
  }
}

/** `field` made equal to what it is compared with, or to something else where it is equal. */
function equalityChanges(field: Expr, other: Expr, trial: Trial): readonly Change[] {
  if (!isOwnField(field) || reads(other, field)) return []
  const wanted = evaluate(other, trial.scope)
  if (typeof wanted === 'symbol') return []
  return equals(currentValue(field, trial), wanted) === true
    ? otherThan(field, [wanted], trial)
    : valueChanges(field, [wanted], trial)
}

function listChanges(item: Field, list: Expr, trial: Trial): readonly Change[] {
  const value = evaluate(list, trial.scope)
  if (!Array.isArray(value) || reads(list, item)) return []
  const elements: readonly Value[] = value
  const now = currentValue(item, trial)
  return elements.some(element => equals(element, now) === true)
    ? otherThan(item, elements, trial)
    : valueChanges(item, elements.slice(0, 5), trial)
}

function textChanges(operator: TextOperator, field: Field, right: Expr, trial: Trial): readonly Change[] {
  const part = evaluate(right, trial.scope)
  const now = currentValue(field, trial)
  const how = textWords[operator]
  if (typeof now !== 'string' || typeof part !== 'string' || how === null) return []
  const has = textTest(operator, now, part) === true
  const value = has ? now.split(part).join('') : operator === 'starts_with' ? `${part}${now}` : `${now}${part}`
  const decided = withField(field, value, trial)
  const text = `${nameOf(field)} ${has ? 'not ' : ''}${how} ${valueText(part, right.type)}`
  return decided ? [change(trial, 'field', text, decided)] : []
}

/** Null: no text that matches a pattern can be made up. */
const textWords: Readonly<Record<TextOperator, string | null>> = {
  contains: 'containing',
  starts_with: 'starting with',
  ends_with: 'ending with',
  like: null,
  matches: null,
}

function absenceChange(field: Field, trial: Trial): readonly Change[] {
  if (field.type.kind !== 'optional' || typeof currentValue(field, trial) === 'symbol') return []
  const decided = withField(field, absent, trial)
  return decided ? [change(trial, 'field', `no ${nameOf(field)}`, decided)] : []
}

/** The elements of a list that decide `any` or `all`, left out. */
function elementChanges(
  condition: Extract<Expr, { readonly kind: 'quantified' }>,
  field: Field,
  trial: Trial,
): readonly Change[] {
  const list = currentValue(field, trial)
  if (!Array.isArray(list)) return []
  const elements: readonly Value[] = list
  const decider = condition.quantifier === 'any'
  const decides = (element: Value) =>
    truthOf(evaluate(condition.where, bindElement(trial.scope, condition.variable, element))) === decider
  const out = elements.filter(decides)
  if (out.length === 0 || out.length > mostNamed) return []
  const kept = elements.filter(element => !decides(element))
  const decided = withField(field, kept, trial)
  const type = innermost(field.type)
  const names = out.map(element => valueText(element, type.kind === 'list' ? type.element : type))
  return decided ? [change(trial, 'field', `${nameOf(field)} without ${joined(names)}`, decided)] : []
}

/** Any of some values: those that lead to the decision of the first that changes it. */
function valueChanges(field: Field, values: readonly Value[], trial: Trial): readonly Change[] {
  const results = values.flatMap(value => {
    const decided = withField(field, value, trial)
    return decided ? [{ text: valueText(value, field.type), decided }] : []
  })
  const [first] = results
  if (!first) return []
  const same = results.filter(({ decided }) => decided.decidedBy === first.decided.decidedBy)
  const wanted = joined(
    same.map(({ text }) => text),
    'or',
  )
  const now = valueText(currentValue(field, trial), field.type)
  return [change(trial, 'field', `${nameOf(field)} ${wanted} instead of ${now}`, first.decided)]
}

/** A value that the condition does not name; of an enum, each of its other members. */
function otherThan(field: Field, values: readonly Value[], trial: Trial): readonly Change[] {
  const type = innermost(field.type)
  switch (type.kind) {
    case 'enum': {
      const others = type.members.filter(member => !values.includes(member))
      return valueChanges(field, others.slice(0, 5), trial)
    }
    case 'bool':
      return valueChanges(field, [!values.includes(true)], trial)
    case 'string': {
      if (values.length > mostNamed) return []
      const decided = withField(field, 'some other text', trial)
      const names = values.map(value => valueText(value, field.type))
      return decided ? [change(trial, 'field', `${nameOf(field)} other than ${joined(names, 'or')}`, decided)] : []
    }
    default:
      return []
  }
}

const mostNamed = 3
