/**
 * How large the numbers of a low form can get, from what the log's columns hold: arithmetic that cannot leave the safe integers
 * needs no check at every event.
 */
import type { NumberIr } from './ir.ts'

/** Sum, difference or product; checked where it might leave the safe integers. */
export function arithmeticIr(kind: 'add' | 'subtract' | 'multiply', left: NumberIr, right: NumberIr): NumberIr {
  const a = boundOf(left)
  const b = boundOf(right)
  const bound = kind === 'multiply' ? a * b : a + b
  // Half of the safe range, so that the bound itself, a rounded double, is no matter.
  return { kind, left, right, checked: !(bound <= Number.MAX_SAFE_INTEGER / 2) }
}

/** No value that is a number is beyond this, above or below 0. */
function boundOf(ir: NumberIr): number {
  let bound = bounds.get(ir)
  if (bound === undefined) {
    bound = Math.min(Number.MAX_SAFE_INTEGER, worked(ir))
    bounds.set(ir, bound)
  }
  return bound
}

function worked(ir: NumberIr): number {
  switch (ir.kind) {
    case 'number':
      return Math.abs(ir.value)
    case 'numbers':
    case 'amounts':
      return largestOf(ir.values)
    case 'add':
    case 'subtract':
      return boundOf(ir.left) + boundOf(ir.right)
    case 'multiply':
      return boundOf(ir.left) * boundOf(ir.right)
    case 'least':
    case 'most':
      return Math.max(boundOf(ir.left), boundOf(ir.right))
    case 'absolute':
    case 'positive':
    case 'remembered':
    case 'cut':
      return boundOf(ir.of)
    case 'part':
      return ir.modulus + ir.plus
    case 'default':
      return Math.max(boundOf(ir.of), boundOf(ir.otherwise))
    case 'either':
      return Math.max(boundOf(ir.yes), boundOf(ir.no))
    case 'asked':
      return Number.MAX_SAFE_INTEGER
  }
}

const bounds = new WeakMap<NumberIr, number>()
const largest = new WeakMap<Float64Array, number>()

/** Columns do not change, so that each is looked through once. */
function largestOf(values: Float64Array): number {
  let found = largest.get(values)
  if (found === undefined) {
    found = 0
    for (const value of values) {
      const size = Math.abs(value)
      if (size > found) found = size
    }
    largest.set(values, found)
  }
  return found
}
