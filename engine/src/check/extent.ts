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

const known = new WeakMap<Expr, Extent>()

/** Reports an expression that is over the limits; true where it is. */
export function overLimit(context: Context, expr: Expr, name: Name): boolean {
  const { size, depth } = extentOf(expr)
  if (size <= sizeLimit && depth <= depthLimit) return false
  const what = `${name.text}, with all lets and defines written out,`
  const limit = size > sizeLimit ? '20,000 operations' : `${depthLimit} levels`
  context.report.add('W0002', name.span, { what, limit })
  return true
}

function extentOf(expr: Expr): Extent {
  let extent = known.get(expr)
  if (!extent) {
    let size = 1
    let depth = 0
    eachOperand(expr, operand => {
      const inner = extentOf(operand)
      size += inner.size
      depth = Math.max(depth, inner.depth)
    })
    extent = { size, depth: depth + 1 }
    known.set(expr, extent)
  }
  return extent
}
