/**
 * Operators and operands in a row, as the grammar read them, to a tree by precedence. One flat grammar rule and this fold
 * are much faster than a grammar rule per level, and can say "comparisons do not chain" where a grammar could only say "unexpected".
 *
 * Loosest first: or; and; not; one comparison; + -; * /; unary -; ??.
 */

import { problem } from '../problems/index.ts'
import type { Problem } from '../problems/problem.ts'
import type { Span } from '../span.ts'
import type { ComparisonOperator, Expression, TextOperator } from '../syntax.ts'

/** One element of the row. */
export type Part =
  | { readonly kind: 'operand'; readonly value: Expression }
  | { readonly kind: 'prefix'; readonly operator: 'not' | '-'; readonly span: Span }
  | { readonly kind: 'infix'; readonly operator: string; readonly negated: boolean; readonly span: Span }
  | { readonly kind: 'presence'; readonly negated: boolean; readonly span: Span }

/** Builds the tree of a row that begins with an operand or prefix and alternates as the grammar demands. */
export function fold(parts: readonly Part[], report: (problem: Problem) => void): Expression {
  const row: Row = { parts, next: 0, report }
  const value = level(row, 1)
  const rest = parts[row.next]
  if (rest !== undefined && rest.kind === 'infix') {
    report(problem('W0101', rest.span, { found: `\`${rest.operator}\``, expected: 'an operator' }))
  }
  return value
}

interface Row {
  readonly parts: readonly Part[]
  next: number
  readonly report: (problem: Problem) => void
}

const comparison = 4

/** How tightly an operator binds; larger is tighter. */
function strength(operator: string): number {
  switch (operator) {
    case 'or':
      return 1
    case 'and':
      return 2
    case '+':
    case '-':
      return 5
    case '*':
    case '/':
      return 6
    case '??':
      return 8
    case '..':
      return 0
    default:
      return comparison
  }
}

function level(row: Row, least: number): Expression {
  let left = operand(row)
  let compared = false
  for (let part = row.parts[row.next]; part !== undefined; part = row.parts[row.next]) {
    if (part.kind === 'presence') {
      if (comparison < least) break
      if (compared) row.report(problem('W0108', part.span))
      compared = true
      row.next++
      left = {
        kind: 'present',
        negated: part.negated,
        operand: left,
        span: { start: left.span.start, end: part.span.end },
      }
      continue
    }
    if (part.kind !== 'infix') break
    const binds = strength(part.operator)
    if (binds < least || binds === 0) break
    if (binds === comparison) {
      if (compared) row.report(problem('W0108', part.span))
      compared = true
    }
    row.next++
    left =
      binds <= 2 ? junction(row, left, part.operator === 'or' ? 'or' : 'and', binds) : binary(row, left, part, binds)
  }
  return left
}

function operand(row: Row): Expression {
  const part = row.parts[row.next]
  row.next++
  if (part === undefined) return missingAfter(row)
  switch (part.kind) {
    case 'operand':
      return part.value
    case 'prefix': {
      const value = level(row, part.operator === 'not' ? 3 : 7)
      const span = { start: part.span.start, end: value.span.end }
      return { kind: part.operator === 'not' ? 'not' : 'negate', operand: value, span }
    }
    case 'infix':
    case 'presence':
      return { kind: 'missing', span: { start: part.span.start, end: part.span.start } }
  }
}

/** `a and b and c` in one node; `left` and the first operator are already read. */
function junction(row: Row, left: Expression, kind: 'and' | 'or', binds: number): Expression {
  const operands = [left, level(row, binds + 1)]
  for (let part = row.parts[row.next]; part?.kind === 'infix' && part.operator === kind; part = row.parts[row.next]) {
    row.next++
    operands.push(level(row, binds + 1))
  }
  return { kind, operands, span: across(left, operands.at(-1) ?? left) }
}

function binary(
  row: Row,
  left: Expression,
  { operator, negated }: { readonly operator: string; readonly negated: boolean },
  binds: number,
): Expression {
  const right = level(row, binds + 1)
  const span = across(left, right)
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
      return { kind: 'arithmetic', operator, left, right, span }
    case '??':
      return { kind: 'default', value: left, otherwise: right, span }
    case 'in': {
      const range = row.parts[row.next]
      if (range?.kind !== 'infix' || range.operator !== '..')
        return { kind: 'in-list', negated, item: left, list: right, span }
      row.next++
      const high = level(row, binds + 1)
      return { kind: 'in-range', negated, item: left, low: right, high, span: across(left, high) }
    }
    default:
      if (isTextOperator(operator)) return { kind: 'text-test', operator, negated, left, right, span }
      return { kind: 'compare', operator: asComparison(operator), left, right, span }
  }
}

function isTextOperator(operator: string): operator is TextOperator {
  switch (operator) {
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'like':
    case 'matches':
      return true
    default:
      return false
  }
}

function asComparison(operator: string): ComparisonOperator {
  switch (operator) {
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return operator
    default:
      return '=='
  }
}

function across(first: Expression, last: Expression): Span {
  return { start: first.span.start, end: last.span.end }
}

function missingAfter(row: Row): Expression {
  const last = row.parts.at(-1)
  const end = last === undefined ? 0 : last.kind === 'operand' ? last.value.span.end : last.span.end
  return { kind: 'missing', span: { start: end, end } }
}
