/**
 * What an expression depends on. A condition on one column alone can be remembered by value; one on nothing is a constant; one
 * that speaks of the current event from inside a window has to be asked anew at every event.
 */
import type { Expr } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'

export interface Inputs {
  /** Fields as `variable:path`; those of records end in `{}`. */
  readonly fields: ReadonlySet<string>
  /** Event variables of the fields. */
  readonly events: ReadonlySet<number>
  /** The time of the current event, history, or an element of an enclosing `any` or `all`. */
  readonly other: boolean
  readonly history: boolean
}

/** Whether an expression's type is a record, optional or not. */
export function isRecord({ type }: Expr): boolean {
  return type.kind === 'record' || (type.kind === 'optional' && type.inner.kind === 'record')
}

/** Remembered per node: nodes are shared between rules. */
export function inputsOf(expr: Expr): Inputs {
  let inputs = known.get(expr)
  if (inputs === undefined) {
    const fields = new Set<string>()
    const events = new Set<number>()
    const found = { fields, events, other: false, history: false }
    collect(expr, found, new Set())
    inputs = found
    known.set(expr, inputs)
  }
  return inputs
}

/** The name of a field in `Inputs.fields`. */
function inputName(variable: number, path: readonly string[]): string {
  return `${variable}:${path.join('.')}`
}

const known = new WeakMap<Expr, Inputs>()

function collect(
  expr: Expr,
  into: { fields: Set<string>; events: Set<number>; other: boolean; history: boolean },
  bound: ReadonlySet<number>,
): void {
  switch (expr.kind) {
    case 'field':
      // A record is more than the column that says whether it is there.
      into.fields.add(isRecord(expr) ? `${inputName(expr.event, expr.path)}{}` : inputName(expr.event, expr.path))
      into.events.add(expr.event)
      return
    case 'now':
      into.other = true
      return
    case 'element':
      if (!bound.has(expr.variable)) into.other = true
      return
    case 'aggregate':
    case 'exists':
    case 'sequence':
      into.other = true
      into.history = true
      break
    case 'quantified':
      collect(expr.list, into, bound)
      collect(expr.where, into, new Set(bound).add(expr.variable))
      return
    default:
  }
  eachOperand(expr, operand => {
    collect(operand, into, bound)
  })
}
