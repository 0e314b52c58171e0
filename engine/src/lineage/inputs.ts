/**
 * What an expression is made of, as the ends of lineage edges: fields of events, lets and windows, each with how it goes in. It
 * looks into everything but lets and windows, which are nodes themselves. Which nodes those ends are is build.ts.
 */
import type { AggregateExpr, ExistsExpr, Expr, SequenceExpr, SourceSpan } from '../plan/expression.ts'
import { eachOperand } from '../plan/read-set.ts'
import type { Type } from '../value/type.ts'
import type { Flow, LineageEdge } from './graph.ts'

export type WindowExpr = AggregateExpr | ExistsExpr | SequenceExpr

export type End =
  | { readonly kind: 'field'; readonly event: number; readonly path: readonly string[]; readonly type: Type }
  | { readonly kind: 'let'; readonly name: string }
  | { readonly kind: 'window'; readonly form: WindowExpr }

export interface Input {
  readonly end: End
  readonly flow: Flow
  readonly masking: LineageEdge['masking']
  readonly span: SourceSpan
}

/** `whole`: how the value as a whole goes in: IDENTITY where it is carried, the name of a dependence where it is only asked. */
export function inputsOf(expr: Expr, whole: Flow): readonly Input[] {
  const found: Input[] = []
  collect(expr, whole, null, found)
  return found
}

function collect(expr: Expr, flow: Flow, masking: LineageEdge['masking'], found: Input[]): void {
  const add = (end: End): void => {
    found.push({ end, flow, masking, span: expr.span })
  }
  switch (expr.kind) {
    case 'field':
      add({ kind: 'field', event: expr.event, path: expr.path, type: expr.type })
      return
    case 'named':
      if (expr.of === 'let') add({ kind: 'let', name: expr.name })
      else collect(expr.value, flow, masking, found)
      return
    case 'aggregate':
    case 'exists':
    case 'sequence':
      add({ kind: 'window', form: expr })
      return
    case 'default':
      collect(expr.value, flow, masking, found)
      collect(expr.otherwise, flow, masking, found)
      return
    case 'if':
      collect(expr.condition, asked(flow), masking, found)
      collect(expr.then, flow, masking, found)
      collect(expr.otherwise, flow, masking, found)
      return
    case 'member':
      collect(expr.object, changed(flow), masking, found)
      return
    case 'call': {
      const lowers = expr.function === 'mask' || expr.function === 'hash' || expr.function === 'bucket'
      for (const argument of expr.arguments)
        collect(argument, changed(flow), lowers ? (expr.function as 'mask' | 'hash' | 'bucket') : masking, found)
      return
    }
    default:
      eachOperand(expr, operand => {
        collect(operand, changed(flow), masking, found)
      })
  }
}

/** A value that is carried is another one once something was done with it; a dependence stays what it is. */
function changed(flow: Flow): Flow {
  return flow === 'IDENTITY' ? 'TRANSFORMATION' : flow
}
function asked(flow: Flow): Flow {
  return flow === 'IDENTITY' || flow === 'TRANSFORMATION' || flow === 'AGGREGATION' ? 'CONDITIONAL' : flow
}
