/**
 * The low form as closures: the emitter for places where code generation is forbidden, and for conditions that are asked too
 * seldom to be worth generating. Closures of one kind share their machine code, so that many rules do not mean much code.
 */
import { columnComparison, connective, oneOf } from './condition-closures.ts'
import type { CodeIr, NumberIr, TruthIr } from './ir.ts'
import type { Condition } from './rules.ts'

type Numeric = (row: number) => number

export function truthClosure(ir: TruthIr): Condition {
  switch (ir.kind) {
    case 'truth': {
      const { value } = ir
      return () => value
    }
    case 'bools': {
      const { values } = ir
      return row => {
        const value = values[row] as number
        return Math.min(value, 2)
      }
    }
    case 'not': {
      const of = truthClosure(ir.of)
      return row => {
        const truth = of(row)
        return truth === 2 ? 2 : 1 - truth
      }
    }
    case 'and':
    case 'or':
      return connective(
        ir.kind === 'or' ? 1 : 0,
        ir.of.map(operand => truthClosure(operand)),
      )
    case 'compare':
      return comparison(ir)
    case 'known': {
      const of = numberClosure(ir.of)
      const { otherwise } = ir
      return row => {
        const value = of(row)
        return Number.isNaN(value) ? otherwise(row) : 1
      }
    }
    case 'same-code': {
      const left = codeClosure(ir.left)
      const right = codeClosure(ir.right)
      const { otherwise } = ir
      return row => {
        const a = left(row)
        const b = right(row)
        return a < 0 || b < 0 ? otherwise(row) : a === b ? 1 : 0
      }
    }
    case 'one-of':
      return oneOf(ir.codes, ir.wanted)
    case 'by-code': {
      const { codes, table, fill } = ir
      return row => {
        const place = (codes[row] as number) + 2
        const truth = table[place] as number
        if (truth !== 255) return truth
        const filled = fill(row)
        table[place] = filled
        return filled
      }
    }
    case 'by-bool': {
      const { values, table, fill } = ir
      return row => {
        const place = values[row] as number
        const truth = table[place] as number
        if (truth !== 255) return truth
        const filled = fill(row)
        table[place] = filled
        return filled
      }
    }
    case 'either': {
      const condition = truthClosure(ir.condition)
      const yes = truthClosure(ir.yes)
      const no = truthClosure(ir.no)
      return row => {
        const truth = condition(row)
        return truth === 2 ? 2 : truth === 1 ? yes(row) : no(row)
      }
    }
    case 'asked':
      return ir.condition
  }
}

export function numberClosure(ir: NumberIr): Numeric {
  switch (ir.kind) {
    case 'number': {
      const { value } = ir
      return () => value
    }
    case 'numbers': {
      const { values } = ir
      return row => values[row] as number
    }
    case 'amounts': {
      const { values, currencies, currency } = ir
      return row => (currencies[row] === currency ? (values[row] as number) : Number.NaN)
    }
    case 'add':
    case 'subtract':
    case 'multiply':
      return arithmetic(ir)
    case 'least': {
      const left = numberClosure(ir.left)
      const right = numberClosure(ir.right)
      return row => Math.min(left(row), right(row))
    }
    case 'most': {
      const left = numberClosure(ir.left)
      const right = numberClosure(ir.right)
      return row => Math.max(left(row), right(row))
    }
    case 'absolute': {
      const of = numberClosure(ir.of)
      return row => Math.abs(of(row))
    }
    case 'cut': {
      const of = numberClosure(ir.of)
      const { by } = ir
      return row => {
        const value = of(row)
        return (value - (value % by)) / by
      }
    }
    case 'part': {
      const of = numberClosure(ir.of)
      const { by, shift, modulus, plus } = ir
      return row => {
        const value = of(row)
        const whole = (value - modulo(value, by)) / by
        return modulo(whole + shift, modulus) + plus
      }
    }
    case 'positive': {
      const of = numberClosure(ir.of)
      return row => {
        const value = of(row)
        return value > 0 ? value : Number.NaN
      }
    }
    case 'default': {
      const of = numberClosure(ir.of)
      const otherwise = numberClosure(ir.otherwise)
      const { isAbsent } = ir
      return row => {
        const value = of(row)
        return !Number.isNaN(value) ? value : isAbsent(row) ? otherwise(row) : Number.NaN
      }
    }
    case 'either': {
      const condition = truthClosure(ir.condition)
      const yes = numberClosure(ir.yes)
      const no = numberClosure(ir.no)
      return row => {
        const truth = condition(row)
        return truth === 2 ? Number.NaN : truth === 1 ? yes(row) : no(row)
      }
    }
    case 'remembered': {
      const of = numberClosure(ir.of)
      const { memory } = ir
      return row => {
        if (memory.row !== row) {
          memory.value = of(row)
          memory.row = row
        }
        return memory.value
      }
    }
    case 'asked':
      return ir.number
  }
}

function arithmetic({ kind, left, right, checked }: Extract<NumberIr, { checked: boolean }>): Numeric {
  const a = numberClosure(left)
  const b = numberClosure(right)
  switch (kind) {
    case 'add':
      return checked ? row => safe(a(row) + b(row)) : row => a(row) + b(row)
    case 'subtract':
      return checked ? row => safe(a(row) - b(row)) : row => a(row) - b(row)
    case 'multiply':
      return checked ? row => safe(a(row) * b(row)) : row => a(row) * b(row)
  }
}

export function codeClosure(ir: CodeIr): Numeric {
  switch (ir.kind) {
    case 'code': {
      const { value } = ir
      return () => value
    }
    case 'codes': {
      const { values } = ir
      return row => values[row] as number
    }
    case 'asked':
      return ir.code
  }
}

/** NaN where the exact result might be another. */
function safe(value: number): number {
  return value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER ? value : Number.NaN
}

/** In 0 .. by, also of negative numbers. */
function modulo(value: number, by: number): number {
  const rest = value % by
  return rest < 0 ? rest + by : rest
}

function comparison({ operator, left, right, otherwise }: Extract<TruthIr, { kind: 'compare' }>): Condition {
  if (left.kind === 'numbers' && right.kind === 'number')
    return columnComparison(operator, left.values, right.value, otherwise)
  const a = numberClosure(left)
  const b = numberClosure(right)
  switch (operator) {
    case '==':
    case '!=': {
      const ifEqual = operator === '==' ? 1 : 0
      return row => {
        const x = a(row)
        const y = b(row)
        return x === y ? ifEqual : x < y || x > y ? 1 - ifEqual : otherwise(row)
      }
    }
    case '<':
      return row => {
        const x = a(row)
        const y = b(row)
        return x < y ? 1 : x >= y ? 0 : otherwise(row)
      }
    case '<=':
      return row => {
        const x = a(row)
        const y = b(row)
        return x <= y ? 1 : x > y ? 0 : otherwise(row)
      }
    case '>':
      return row => {
        const x = a(row)
        const y = b(row)
        return x > y ? 1 : x <= y ? 0 : otherwise(row)
      }
    case '>=':
      return row => {
        const x = a(row)
        const y = b(row)
        return x >= y ? 1 : x < y ? 0 : otherwise(row)
      }
  }
}
