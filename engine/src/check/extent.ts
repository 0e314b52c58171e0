/**
 * How large and how deep an expression is once its lets and defines are written out. A few lines can describe more than fits
 * into any memory (each define twice the one before), so that this is bounded where they are put together.
 */
import type { Name } from '@writ/grammar'
import type { Expr } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import type { Context } from './context.ts'

const sizeLimit = 20_000
const depthLimit = 400

interface Extent {
  readonly size: number
  readonly depth: number
}

/** Reports an expression that is over the limits; true where it is. */
export function overLimit(context: Context, expr: Expr, name: Name): boolean {
  const { size, depth } = extentOf(expr)
  if (size <= sizeLimit && depth <= depthLimit) return false
  const what = `${name.text}, with all lets and defines written out,`
  const limit = size > sizeLimit ? '20,000 operations' : `${depthLimit} levels`
  context.report.add('W0002', name.span, { what, limit })
  return true
}

/** Of lets and applied defines only: between them an expression is no larger than its text. */
const known = new WeakMap<Expr, Extent>()

function extentOf(expr: Expr): Extent {
  if (expr.kind !== 'named') return measured(expr)
  let extent = known.get(expr)
  if (!extent) {
    extent = measured(expr)
    known.set(expr, extent)
  }
  return extent
}

function measured(expr: Expr): Extent {
  let size = 1
  let depth = 0
  eachOperand(expr, operand => {
    const inner = extentOf(operand)
    size += inner.size
    depth = Math.max(depth, inner.depth)
  })
  return { size, depth: depth + 1 }
}
