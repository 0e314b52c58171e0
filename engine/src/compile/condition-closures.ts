/** The closures of conditions that work on columns or on other closures alone: connectives, lists of codes, a column against a constant. */
import type { Comparison } from './ir.ts'
import type { Condition } from './rules.ts'

/** `decisive`: the truth that decides whatever the others are. */
export function connective(decisive: 0 | 1, operands: readonly Condition[]): Condition {
  const [first, second, third] = operands
  if (first === undefined) return () => 1 - decisive
  if (second === undefined) return first
  if (third === undefined)
    return row => {
      const a = first(row)
      if (a === decisive) return decisive
      const b = second(row)
      return b === decisive ? decisive : a === 2 ? 2 : b
    }
  return row => {
    let result = 1 - decisive
    for (let i = 0; i < operands.length; i++) {
      const truth = (operands[i] as Condition)(row)
      if (truth === decisive) return decisive
      if (truth === 2) result = 2
    }
    return result
  }
}

/** Whether the code of a column is one of these; unknown below 0. */
export function oneOf(codes: Int32Array, wanted: readonly number[]): Condition {
  const [only = -3] = wanted
  if (wanted.length <= 1)
    return row => {
      const code = codes[row] as number
      return code === only ? 1 : code >= 0 ? 0 : 2
    }
  const list = Int32Array.from(wanted)
  return row => {
    const code = codes[row] as number
    for (let i = 0; i < list.length; i++) if (list[i] === code) return 1
    return code >= 0 ? 0 : 2
  }
}

/** The most frequent comparison, without calls. */
export function columnComparison(
  operator: Comparison,
  values: Float64Array,
  constant: number,
  otherwise: Condition,
): Condition {
  switch (operator) {
    case '==':
    case '!=': {
      const ifEqual = operator === '==' ? 1 : 0
      return row => {
        const x = values[row] as number
        return x === constant ? ifEqual : x < constant || x > constant ? 1 - ifEqual : otherwise(row)
      }
    }
    case '<':
      return row => {
        const x = values[row] as number
        return x < constant ? 1 : x >= constant ? 0 : otherwise(row)
      }
    case '<=':
      return row => {
        const x = values[row] as number
        return x <= constant ? 1 : x > constant ? 0 : otherwise(row)
      }
    case '>':
      return row => {
        const x = values[row] as number
        return x > constant ? 1 : x <= constant ? 0 : otherwise(row)
      }
    case '>=':
      return row => {
        const x = values[row] as number
        return x >= constant ? 1 : x < constant ? 0 : otherwise(row)
      }
  }
}
