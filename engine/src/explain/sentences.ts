/**
 * The conditions of a rule in words: what holds and what does not, with the values it rests on. Reads a witness beside the
 * expression it is of. How the points are laid out as lines is page.ts; histories are in history-words.ts.
 */
import type { Expr, SourceSpan } from '../plan/expression.ts'
import { truthOf } from '../value/operations.ts'
import { unknown } from '../value/value.ts'
import {
  type Citation,
  historyNote,
  historyPoints,
  isHistory,
  numberText,
  remark,
  sourcesText,
} from './history-words.ts'
import type { Scope } from './scope.ts'
import { elementsNote, operandPairs, presenceNote, sumText, valuesNote } from './value-words.ts'
import type { Truth, Witness } from './witness.ts'
import { calledText, sourceText, valueText } from './words.ts'

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
      return valuesNote(expr, witness, scope.plan)
    case 'present':
      return witness.kind === 'operator' ? presenceNote(expr.operand, witness.operands[0] ?? null, scope.plan) : ''
    case 'not':
      return witness.kind === 'operator' && witness.operands[0] ? noteOn(expr.operand, witness.operands[0], scope) : ''
    case 'quantified':
      return witness.kind === 'quantified' ? elementsNote(expr, witness) : ''
    case 'default':
      return witness.kind === 'operator' ? defaultNote(expr, witness) : ''
    case 'field':
    case 'element':
    case 'member':
      return witness.value === unknown ? 'unknown' : ''
    default:
      return ''
  }
}

/** Which side of a `??` counted. */
function defaultNote(
  expr: Extract<Expr, { readonly kind: 'default' }>,
  witness: Extract<Witness, { readonly kind: 'operator' }>,
): string {
  const called = calledText(expr.value)
  const value = witness.operands[0]?.value
  return called === null || value === undefined ? '' : `${called} is ${valueText(value, expr.value.type)}`
}

/** What a condition rests on beyond its own values. */
function below(expr: Expr, witness: Witness, scope: Scope): readonly (Point | Citation)[] {
  if (isHistory(expr) && witness.kind === 'history') return historyPoints(expr, witness, scope)
  switch (witness.kind) {
    case 'named':
      return expr.kind === 'named' ? conditionPoints(expr.value, witness.of, scope) : []
    case 'quantified': {
      if (expr.kind !== 'quantified') return []
      const [first] = witness.elements
      const inside = first ? valuePoints(expr.where, first.witness, scope) : []
      return [...valuePoints(expr.list, witness.list, scope), ...inside]
    }
    case 'operator':
      if (expr.kind === 'if' && expr.type.kind === 'bool') {
        return operandPairs(expr, witness).flatMap(({ operand, of }) => conditionPoints(operand, of, scope))
      }
      if (expr.kind === 'not' && witness.operands[0]) return belowNot(expr.operand, witness.operands[0], scope)
      return operandPairs(expr, witness).flatMap(({ operand, of }) => valuePoints(operand, of, scope))
    default:
      return []
  }
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
    if (expr.of === 'let') return isPlain(expr.value) ? [] : [letPoint(expr, witness, scope)]
    return valuePoints(expr.value, witness.of, scope)
  }
  if (witness.kind === 'operator') {
    return operandPairs(expr, witness).flatMap(({ operand, of }) => valuePoints(operand, of, scope))
  }
  if ((expr.kind === 'and' || expr.kind === 'or') && (witness.kind === 'and' || witness.kind === 'or')) {
    return parts(expr.operands, witness).flatMap(({ operand, of }) => valuePoints(operand, of, scope))
  }
  return []
}

/** A `let` that only renames a field or fills it in rests on nothing that is not seen already. */
function isPlain(expr: Expr): boolean {
  if (expr.kind === 'default') return isPlain(expr.value) && isPlain(expr.otherwise)
  return expr.kind === 'field' || expr.kind === 'literal'
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
    const note = of.value === unknown ? historyNote(value, of, scope) : sourcesText(value, of, scope)
    return { ...node, truth: null, note, below: historyPoints(value, of, scope) }
  }
  const note = value.kind === 'arithmetic' ? sumText(value, of) : valueText(of.value, value.type)
  return { ...node, truth: null, note, below: valuePoints(value, of, scope) }
}
