/** `writ lineage --format json`: nodes and edges with their places in the text, as docs/schemas/lineage.schema.json says. */
import { type DecisionLineage, isDirect, type LineageGraph, type Plan, type SourceSpan } from '@writ/engine'
import type { SourceTexts } from '../workspace.ts'
import type { ToldDecisions } from './decision-lineage.ts'
import { placesIn } from './problem-json.ts'

export function lineageJson({ nodes, edges }: LineageGraph, plan: Plan, sources: SourceTexts): object {
  const places = placesIn(sources)
  const placed = (span: SourceSpan | null) => {
    const path = span && plan.files[span.file]?.path
    return span && path !== null && path !== undefined && sources.texts.has(path) ? places(path, span) : null
  }
  return {
    workspace: sources.shown,
    nodes: nodes.map(({ span, ...node }) => ({ ...node, place: placed(span) })),
    edges: edges.map(({ from, to, flow, masking, span }) => ({
      from,
      to,
      type: isDirect(flow) ? 'DIRECT' : 'INDIRECT',
      subtype: flow,
      masking,
      place: placed(span),
    })),
  }
}

/** Of one event's decisions, as docs/schemas/decision-lineage.schema.json says; events are numbered from 1. */
export function decisionLineageJson(
  { nodes, edges }: DecisionLineage,
  { event, decisions }: ToldDecisions,
  plan: Plan,
  sources: SourceTexts,
): object {
  const numbered = nodes.map(node => ({ ...node, event: node.event === null ? null : node.event + 1 }))
  return { event, decisions, ...lineageJson({ nodes: numbered, edges }, plan, sources) }
}
