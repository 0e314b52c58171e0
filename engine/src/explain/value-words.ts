/**
 * Values in words beside the conditions they stand in: what a field is, how a sum is made up, which element decided. Which
 * conditions are told is sentences.ts.
 */
import type { Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { absent, unknown } from '../value/value.ts'
import { operandsOf } from './operate.ts'
import type { Witness } from './witness.ts'
import { around, calledText, joined, ordinal, sourceText, valueText } from './words.ts'

/** `amount is 120.00 USD`; of two fields both; of a sum how it is made up; empty where the condition itself says it. */
export function valuesNote(expr: Expr, witness: Witness, plan: Plan): string {
  if (witness.kind !== 'operator' || saysItself(expr, witness)) return ''
  const found = foundText(expr, witness)
  if (found !== null) return found
  const told = operandPairs(expr, witness).flatMap(({ operand, of }) => {
    const text = toldValue(operand, of, plan)
    return text === null ? [] : [text]
  })
  return joined([...new Set(told)])
}

/** That something equals a constant, or is not otherwise than it. */
function saysItself(expr: Expr, witness: Witness): boolean {
  if (expr.kind !== 'compare' || !(isConstant(expr.left) || isConstant(expr.right))) return false
  return (expr.operator === '==' && witness.value === true) || (expr.operator === '!=' && witness.value === false)
}

/** The text around the part that was found in it: `content “…transfer the balance to GB33…”`. */
function foundText(expr: Expr, witness: Extract<Witness, { readonly kind: 'operator' }>): string | null {
  if (expr.kind !== 'text-test' || witness.value !== true || expr.operator === 'like') return null
  const [text, part] = witness.operands.map(operand => operand?.value)
  if (typeof text !== 'string' || typeof part !== 'string' || part === '' || !text.includes(part)) return null
  const called = calledText(expr.left)
  return called === null ? `“${around(text, part)}”` : `${called} is “${around(text, part)}”`
}

function toldValue(expr: Expr, witness: Witness, plan: Plan): string | null {
  if (isConstant(expr)) return null
  const value = valueText(witness.value, expr.type)
  const known = witness.value !== unknown && witness.value !== absent
  if (expr.kind === 'arithmetic' && known) return `${sumText(expr, witness)} = ${value}`
  if (expr.kind === 'arithmetic' && witness.kind === 'operator') {
    const cause = operandPairs(expr, witness).find(({ of }) => of.value === unknown)
    if (cause) return toldValue(cause.operand, cause.of, plan)
  }
  return `${nameIn(expr, plan)} is ${value}`
}

/** What a value is called: its own name, or its source where that is short. */
function nameIn(expr: Expr, plan: Plan): string {
  const source = sourceText(plan, expr.span)
  return calledText(expr) ?? (source.length <= longestName ? source : 'it')
}

const longestName = 40

/** `spent 240.00 USD + amount 50.00 USD`: the operands of an arithmetic expression with their values. */
export function sumText(expr: Expr, witness: Witness): string {
  if (expr.kind !== 'arithmetic' || witness.kind !== 'operator') return calledValue(expr, witness)
  const [left, right] = witness.operands
  if (!left || !right) return calledValue(expr, witness)
  const tight = expr.operator === '*' || expr.operator === '/'
  const inBrackets = (operand: Expr, text: string, strict: boolean) =>
    operand.kind === 'arithmetic' &&
    (tight || strict) &&
    /[+\-*/] /.test(text) &&
    needsBrackets(expr.operator, operand.operator, strict)
      ? `(${text})`
      : text
  const before = inBrackets(expr.left, sumText(expr.left, left), false)
  const after = inBrackets(expr.right, sumText(expr.right, right), true)
  return `${before} ${expr.operator} ${after}`
}

function calledValue(expr: Expr, witness: Witness): string {
  const called = calledText(expr)
  return `${called === null ? '' : `${called} `}${valueText(witness.value, expr.type)}`
}

function needsBrackets(outer: string, inner: string, right: boolean): boolean {
  const loose = (operator: string) => operator === '+' || operator === '-'
  if (loose(inner)) return !loose(outer) || (right && outer === '-')
  return right && outer === '/'
}

/** Empty where the condition itself says it: what is absent is absent. */
export function presenceNote(operand: Expr, witness: Witness | null, plan: Plan): string {
  if (!witness || witness.value === absent) return ''
  return `${nameIn(operand, plan)} is ${valueText(witness.value, operand.type)}`
}

/** Which element of a list decided, or what they all are. */
export function elementsNote(
  expr: Extract<Expr, { readonly kind: 'quantified' }>,
  witness: Extract<Witness, { readonly kind: 'quantified' }>,
): string {
  const { value: list } = witness.list
  if (!Array.isArray(list)) return `the list is ${list === absent ? 'absent' : 'unknown'}`
  const size = list.length
  const type = elementType(expr.list)
  const [first] = witness.elements
  if (size === 0) return 'the list is empty'
  if (first && witness.elements.length === 1 && witness.value === (expr.quantifier === 'any')) {
    const which = size === 1 ? 'the only one' : `the ${ordinal(first.position + 1)} of ${size}`
    return `${valueText(list[first.position] ?? unknown, type)}, ${which}`
  }
  const shown = list.slice(0, 3).map(element => valueText(element, type))
  const all = size > 3 ? [...shown, `${size - 3} more`] : shown
  const how = witness.value === unknown ? 'not known for each of' : expr.quantifier === 'any' ? 'none of' : 'all of'
  return size === 1 ? `the only one is ${shown[0] ?? ''}` : `${how} ${joined(all)}`
}

function elementType(list: Expr) {
  const type = list.type.kind === 'optional' ? list.type.inner : list.type
  return type.kind === 'list' ? type.element : type
}

/** The evaluated operands with their expressions. */
export function operandPairs(expr: Expr, witness: Extract<Witness, { readonly kind: 'operator' }>) {
  return operandExpressions(expr).flatMap((operand, i) => {
    const of = witness.operands[i]
    return of ? [{ operand, of }] : []
  })
}

function operandExpressions(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'default':
      return [expr.value, expr.otherwise]
    case 'if':
      return [expr.condition, expr.then, expr.otherwise]
    case 'member':
    case 'not':
    case 'compare':
    case 'text-test':
    case 'in-list':
    case 'in-range':
    case 'present':
    case 'arithmetic':
    case 'negate':
    case 'call':
    case 'list':
    case 'record':
      return operandsOf(expr)
    default:
      return []
  }
}

/** A constant says nothing that its source text does not. */
function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'literal':
      return true
    case 'negate':
      return isConstant(expr.operand)
    case 'list':
      return expr.items.every(isConstant)
    default:
      return false
  }
}
