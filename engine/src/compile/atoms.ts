/**
 * Conditions taken apart: a rule's condition as the atoms that must all hold, and for each atom on one column what makes it
 * change: the codes it names, or the numbers it compares with. Groups of rules (groups.ts) find candidates by that.
 */
import type { Column, MoneyColumn, NumberColumn } from '../log/columns.ts'
import type { Expr } from '../plan/expression.ts'
import type { Rational } from '../value/rational.ts'
import { isMoney, isRational, type Value } from '../value/value.ts'
import { comparableAt } from './constants.ts'
import type { TruthIr } from './ir.ts'
import { onlyCode } from './low-number.ts'
import { codesOf, type Lowering } from './lower.ts'
import type { ContractRule } from './rules.ts'

export interface Atom {
  readonly expr: Expr
  /** The column it depends on, where it depends on one alone. */
  readonly column: Column | null
}

/** A rule with those of its atoms that are still to be asked. */
export interface RuleAtoms {
  readonly rule: ContractRule
  readonly atoms: readonly Atom[]
}

/** What is left to ask of a rule. */
export function restOf({ atoms }: RuleAtoms, lowering: Lowering): TruthIr {
  const [only] = atoms
  if (only !== undefined && atoms.length === 1) return lowering.truth(only.expr)
  return { kind: 'and', of: atoms.map(atom => lowering.truth(atom.expr)) }
}

/** The atoms of a condition: it is true, false or unknown as their `and` is. */
export function atomsOf(expr: Expr | null, lowering: Lowering): readonly Atom[] {
  const atoms: Atom[] = []
  if (expr !== null) collect(expr, lowering, atoms)
  return atoms
}

function collect(expr: Expr, lowering: Lowering, into: Atom[]): void {
  if (expr.kind === 'named') collect(expr.value, lowering, into)
  else if (expr.kind === 'and') for (const operand of expr.operands) collect(operand, lowering, into)
  else into.push({ expr, column: lowering.soleColumn(expr) })
}

/**
 * The codes for which an atom on a column of codes is true, where it is false for all other strings and unknown for none; null
 * for atoms of another form.
 */
export function wantedCodes(expr: Expr, lowering: Lowering): readonly number[] | null {
  switch (expr.kind) {
    case 'named':
      return wantedCodes(expr.value, lowering)
    case 'or': {
      const all = expr.operands.map(operand => wantedCodes(operand, lowering))
      return all.some(codes => codes === null) ? null : [...new Set(all.flatMap(codes => codes ?? []))]
    }
    case 'compare':
      // By far the most frequent, and asked of every rule.
      if (expr.operator === '==' && expr.right.kind === 'literal' && typeof expr.right.value === 'string')
        return lowering.column(expr.left)?.kind === 'code' ? codesOf(lowering.log, [expr.right.value]) : null
      return oneOf(lowering.truth(expr))
    case 'in-list':
      return oneOf(lowering.truth(expr))
    default:
      return null
  }
}

function oneOf(ir: TruthIr): readonly number[] | null {
  return ir.kind === 'one-of' ? ir.wanted : null
}

/**
 * The numbers, on the column's scale, at which an atom on a column of numbers may change; between two of them it has one
 * truth. Null for atoms of another form.
 */
export function thresholdsOf(expr: Expr, column: NumberColumn | MoneyColumn, lowering: Lowering): number[] | null {
  const through = (parts: readonly Expr[]): number[] | null => {
    const all: number[] = []
    for (const part of parts) {
      const found = thresholdsOf(part, column, lowering)
      if (found === null) return null
      all.push(...found)
    }
    return all
  }
  const against = (item: Expr, constants: readonly (Value | undefined)[]): number[] | null => {
    if (!isColumnOrDefault(item, column, lowering)) return null
    const all: number[] = []
    for (const constant of constants) {
      const exact = comparable(constant, column, lowering)
      const scaled = exact === undefined ? Number.NaN : comparableAt(exact, column.scale)
      if (Number.isNaN(scaled)) return null
      all.push(scaled)
    }
    return all
  }
  const constant = (part: Expr) => lowering.numbers.constant(part)
  switch (expr.kind) {
    case 'literal':
      return []
    case 'named':
      return through([expr.value])
    case 'not':
      return through([expr.operand])
    case 'and':
    case 'or':
      return through(expr.operands)
    case 'if':
      return through([expr.condition, expr.then, expr.otherwise])
    case 'present':
      return isColumnOrDefault(expr.operand, column, lowering) ? [] : null
    case 'compare':
      return constant(expr.left) === undefined
        ? against(expr.left, [constant(expr.right)])
        : against(expr.right, [constant(expr.left)])
    case 'in-range':
      return against(expr.item, [constant(expr.low), constant(expr.high)])
    case 'in-list': {
      const list = constant(expr.list)
      return Array.isArray(list) ? against(expr.item, list) : null
    }
    default:
      return null
  }
}

/** `x` or `x ?? constant`. */
function isColumnOrDefault(expr: Expr, column: Column, lowering: Lowering): boolean {
  if (expr.kind === 'named') return isColumnOrDefault(expr.value, column, lowering)
  if (expr.kind === 'default')
    return isColumnOrDefault(expr.value, column, lowering) && lowering.numbers.constant(expr.otherwise) !== undefined
  return expr.kind === 'field' && lowering.column(expr) === column
}

/** Amounts can be compared where the log has them in one currency only, which is the constant's. */
function comparable(
  constant: Value | undefined,
  column: NumberColumn | MoneyColumn,
  lowering: Lowering,
): Rational | undefined {
  if (typeof constant !== 'object') return undefined
  if (column.kind === 'number') return isRational(constant) ? constant : undefined
  if (!isMoney(constant)) return undefined
  const only = onlyCode(column.currency)
  return only >= 0 && lowering.log.dictionary.text(only) === constant.currency ? constant.amount : undefined
}
