/**
 * Puts arguments in place of a define's parameters where it is used. Variables of its quantifiers get fresh ids, so that no
 * variable of the place where it is used can be captured.
 */
import type { Expr } from '../plan/expression.ts'
import { mapOperands } from '../plan/map-operands.ts'
import { eachOperand } from '../plan/read-set.ts'

/** `parameters[i]` takes the place of the element with variable -1 - i. */
export function substitute(body: Expr, parameters: readonly Expr[], freshVariable: () => number): Expr {
  return parameters.length === 0 && !bindsVariables(body)
    ? body
    : copy(body, parameters, freshVariable, new Map(), new Map())
}

/** Of lets and applied defines only, as there are few of them. */
const binders = new WeakMap<Expr, boolean>()

/** A quantifier is somewhere in it. */
function bindsVariables(expr: Expr): boolean {
  if (expr.kind === 'quantified') return true
  const known = expr.kind === 'named' ? binders.get(expr) : undefined
  if (known !== undefined) return known
  let found = false
  eachOperand(expr, operand => {
    found ||= bindsVariables(operand)
  })
  if (expr.kind === 'named') binders.set(expr, found)
  return found
}

/** `done`: what is one node in the body stays one node, so that copying takes no longer than the body is large. */
function copy(
  expr: Expr,
  parameters: readonly Expr[],
  fresh: () => number,
  variables: ReadonlyMap<number, number>,
  done: Map<Expr, Expr>,
): Expr {
  let made = done.get(expr)
  if (!made) {
    made = copied(expr, parameters, fresh, variables, done)
    done.set(expr, made)
  }
  return made
}

function copied(
  expr: Expr,
  parameters: readonly Expr[],
  fresh: () => number,
  variables: ReadonlyMap<number, number>,
  done: Map<Expr, Expr>,
): Expr {
  const again = (operand: Expr) => copy(operand, parameters, fresh, variables, done)
  switch (expr.kind) {
    case 'element':
      if (expr.variable < 0) return parameters[-1 - expr.variable] ?? expr
      return { ...expr, variable: variables.get(expr.variable) ?? expr.variable }
    case 'member': {
      const object = again(expr.object)
      if (object.kind !== 'field') return { ...expr, object }
      return {
        kind: 'field',
        event: object.event,
        path: [...object.path, expr.member],
        type: expr.type,
        span: expr.span,
      }
    }
    case 'quantified': {
      const variable = fresh()
      const inner = new Map(variables).set(expr.variable, variable)
      return { ...expr, variable, list: again(expr.list), where: copy(expr.where, parameters, fresh, inner, new Map()) }
    }
    case 'aggregate':
    case 'exists':
    case 'sequence':
      throw new Error('history is refused in a define')
    default:
      return mapOperands(expr, again)
  }
}
