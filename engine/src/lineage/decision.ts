/**
 * The lineage of one event's decisions: the recorded events, values, approvals and versions that led to them, and what they set
 * in motion. It is made from explanations (explain/trace.ts) and so holds only what was looked at; the graph of the whole program
 * (build.ts) gives names, classes and places, and every edge here is one of its edges. How rules are walked is decision-rules.ts.
 */
import { rejectedIn } from '../explain/evaluate.ts'
import { policyAt } from '../explain/reason.ts'
import { type ExplainOptions, scopeAt } from '../explain/scope.ts'
import type { Explanation } from '../explain/witness.ts'
import type { LogView } from '../log/view.ts'
import type { Obligations } from '../obligation/instance.ts'
import type { Plan } from '../plan/plan.ts'
import { lineage } from './build.ts'
import { traceRules } from './decision-rules.ts'
import { type DecisionLineage, Drawing } from './drawing.ts'
import type { LineageGraph } from './graph.ts'

export interface DecisionLineageOptions extends ExplainOptions {
  /** Of the run: then approvals that were given are in it. */
  readonly obligations?: Obligations
  /** `lineage(plan)`, where it is at hand. */
  readonly graph?: LineageGraph
}

/** Of explanations of one event, one for each policy. */
export function decisionLineage(
  plan: Plan,
  view: LogView,
  explanations: readonly Explanation[],
  options: DecisionLineageOptions = {},
): DecisionLineage {
  const [first] = explanations
  if (!first) return { nodes: [], edges: [] }
  const scope = scopeAt(plan, view, rejectedIn(plan, view, options.rejected), view.event(first.seq))
  const drawing = new Drawing(plan, scope, options.graph ?? lineage(plan))
  for (const explanation of explanations)
    traceRules(policyAt(plan, explanation.policy), explanation, options.obligations ?? null, drawing)
  return drawing.graph()
}
