/**
 * The conditions of a rule in words: what holds and what does not, with the values it rests on. Reads a witness beside the
 * expression it is of. How the points are laid out as lines is page.ts; histories are in history-words.ts.
 */
import type { Expr, SourceSpan } from '../plan/expression.ts'
import { isKnown, truthOf } from '../value/operations.ts'
import { absent, unknown } from '../value/value.ts'
import {
  type Citation,
  historyNote,
  historyPoints,
  isHistory,
  numberText,
  remark,
  sourcesText,
} from './history-words.ts'
import { operandsOf } from './operate.ts'
import type { Scope } from './scope.ts'
import type { Truth, Witness } from './witness.ts'
import { calledText, joined, ordinal, sourceText, valueText } from './words.ts'

/** One condition or value: its source text, whether it holds, and why. */
export interface Point {
  readonly kind: 'point'
  /** Null for a value that is no condition. */
  readonly truth: Truth | null
  readonly source: string
  readonly span: SourceSpan
  /** A few words beside it. */
  readonly note: string
  readonly below: readonly (Point | Citation)[]
}

/** The decisive conditions, `and` and `or` resolved: a true `and` gives its parts, a false one the part that failed. */
export function conditionPoints(expr: Expr, witness: Witness, scope: Scope): readonly Point[] {
  if ((expr.kind === 'and' || expr.kind === 'or') && (witness.kind === 'and' || witness.kind === 'or')) {
    return parts(expr.operands, witness).flatMap(({ operand, of }) => conditionPoints(operand, of, scope))
  }
  return [conditionPoint(expr, witness, scope)]
}

/** The one condition that tells most shortly why the whole does not hold, and how many others do not. */
export function shortestReason(
  expr: Expr,
  witness: Witness,
  scope: Scope,
): { readonly point: Point; readonly more: number } | null {
  const [point, ...more] = conditionPoints(expr, witness, scope).filter(({ truth }) => truth !== 'true')
  return point ? { point, more: more.length } : null
}

/** The operands of an `and` or `or` that matter; of an unknown one, those that are unknown. */
function parts(operands: readonly Expr[], witness: Extract<Witness, { readonly kind: 'and' | 'or' }>) {
  return witness.decisive.flatMap(({ position, witness: of }) => {
    const operand = operands[position]
    const counts = witness.value !== unknown || truthOf(of.value) === unknown
    return operand && counts ? [{ operand, of }] : []
  })
}

function conditionPoint(expr: Expr, witness: Witness, scope: Scope): Point {
  return {
    kind: 'point',
    truth: truthText(witness),
    source: sourceText(scope.plan, expr.span),
    span: expr.span,
    note: noteOn(expr, witness, scope),
    below: below(expr, witness, scope),
  }
}

function truthText(witness: Witness): Truth {
  const truth = truthOf(witness.value)
  return truth === unknown ? 'unknown' : truth ? 'true' : 'false'
}

/** What to say beside a condition. */
function noteOn(expr: Expr, witness: Witness, scope: Scope): string {
  if (isHistory(expr) && witness.kind === 'history') return historyNote(expr, witness, scope)
  switch (expr.kind) {
    case 'compare':
    case 'text-test':
    case 'in-list':
    case 'in-range':
      return valuesNote(expr, witness)
    case 'present':
      return witness.kind === 'operator' ? presenceNote(expr.operand, witness.operands[0] ?? null) : ''
    case 'not':
      return witness.kind === 'operator' && witness.operands[0] ? noteOn(expr.operand, witness.operands[0], scope) : ''
    case 'quantified':
      return witness.kind === 'quantified' ? elementsNote(expr, witness) : ''
    case 'field':
    case 'element':
    case 'member':
      return witness.value === unknown ? 'unknown' : ''
    default:
      return ''
  }
}

/** What a condition rests on beyond its own values. */
function below(expr: Expr, witness: Witness, scope: Scope): readonly (Point | Citation)[] {
  if (isHistory(expr) && witness.kind === 'history') return historyPoints(expr, witness, scope)
  switch (witness.kind) {
    case 'named':
      return expr.kind === 'named' ? belowName(expr.value, witness.of, scope) : []
    case 'quantified': {
      if (expr.kind !== 'quantified') return []
      const [first] = witness.elements
      const inside = first ? valuePoints(expr.where, first.witness, scope) : []
      return [...valuePoints(expr.list, witness.list, scope), ...inside]
    }
    case 'operator':
      if (expr.kind === 'not' && witness.operands[0]) return belowNot(expr.operand, witness.operands[0], scope)
      return operandPairs(expr, witness).flatMap(({ operand, of }) => valuePoints(operand, of, scope))
    default:
      return []
  }
}

/** A named condition is opened; a named value shows what it was computed from. */
function belowName(expr: Expr, witness: Witness, scope: Scope): readonly (Point | Citation)[] {
  if (isHistory(expr)) return below(expr, witness, scope)
  return expr.type.kind === 'bool' ? conditionPoints(expr, witness, scope) : valuePoints(expr, witness, scope)
}

function belowNot(operand: Expr, witness: Witness, scope: Scope): readonly (Point | Citation)[] {
  return operand.kind === 'and' || operand.kind === 'or'
    ? conditionPoints(operand, witness, scope)
    : below(operand, witness, scope)
}

/** The histories and named values inside an expression that is no condition of its own. */
function valuePoints(expr: Expr, witness: Witness, scope: Scope): readonly (Point | Citation)[] {
  if (isHistory(expr) && witness.kind === 'history') {
    const text = witness.value === unknown ? historyNote(expr, witness, scope) : numberText(expr, witness, scope)
    return [remark(text), ...historyPoints(expr, witness, scope)]
  }
  if (expr.kind === 'named' && witness.kind === 'named') {
    return expr.of === 'let' ? [letPoint(expr, witness, scope)] : valuePoints(expr.value, witness.of, scope)
  }
  if (witness.kind === 'operator') {
    return operandPairs(expr, witness).flatMap(({ operand, of }) => valuePoints(operand, of, scope))
  }
  if ((expr.kind === 'and' || expr.kind === 'or') && (witness.kind === 'and' || witness.kind === 'or')) {
    return parts(expr.operands, witness).flatMap(({ operand, of }) => valuePoints(operand, of, scope))
  }
  return []
}

/** `spent = sum(amount) of SendMoney by run over 24h`, its value and what that was made from. */
function letPoint(
  expr: Extract<Expr, { readonly kind: 'named' }>,
  witness: Extract<Witness, { readonly kind: 'named' }>,
  scope: Scope,
): Point {
  const { value } = expr
  const { of } = witness
  const node = {
    kind: 'point' as const,
    source: `${expr.name} = ${sourceText(scope.plan, value.span)}`,
    span: value.span,
  }
  if (isHistory(value) && of.kind === 'history') {
    const sources = of.value === unknown ? historyNote(value, of, scope) : sourcesText(value, of)
    const note = of.value === unknown ? sources : `${valueText(of.value, value.type)} ${sources}`
    return { ...node, truth: null, note, below: historyPoints(value, of, scope) }
  }
  const note = value.kind === 'arithmetic' ? sumText(value, of) : valueText(of.value, value.type)
  return { ...node, truth: null, note, below: valuePoints(value, of, scope) }
}

/** `amount is 120.00 USD`; of two fields both; of a sum how it is made up. */
function valuesNote(expr: Expr, witness: Witness): string {
  if (witness.kind !== 'operator') return ''
  const told = operandPairs(expr, witness).flatMap(({ operand, of }) => {
    const text = toldValue(operand, of)
    return text === null ? [] : [text]
  })
  return joined([...new Set(told)])
}

function toldValue(expr: Expr, witness: Witness): string | null {
  if (isConstant(expr)) return null
  const value = valueText(witness.value, expr.type)
  if (witness.value === unknown || witness.value === absent) return `${calledText(expr) ?? 'it'} is ${value}`
  if (expr.kind === 'arithmetic') return `${sumText(expr, witness)} = ${value}`
  const called = calledText(expr)
  return called === null ? `it is ${value}` : `${called} is ${value}`
}

/** `spent 240.00 USD + amount 50.00 USD`: the operands of an arithmetic expression with their values. */
function sumText(expr: Expr, witness: Witness): string {
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

function presenceNote(operand: Expr, witness: Witness | null): string {
  if (!witness) return ''
  return isKnown(witness.value)
    ? `it is ${valueText(witness.value, operand.type)}`
    : `it is ${witness.value === absent ? 'absent' : 'unknown'}`
}

function elementsNote(
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
function operandPairs(expr: Expr, witness: Extract<Witness, { readonly kind: 'operator' }>) {
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
