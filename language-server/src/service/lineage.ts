/** The lineage of the program around a file, with places that an editor can open and follow. The graph itself is the engine's. */
import { type LineageEdge, type LineageGraph, type LineageNode, lineage as lineageOf, type Plan } from '@writ/engine'
import type { PlacedDeclaration, Span } from '@writ/grammar'
import type { Location, Position } from 'vscode-languageserver-types'
import { locationOf, offsetAt, type Snapshot } from '../workspace/snapshot.ts'

export interface PlacedGraph {
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly Omit<LineageEdge, 'span'>[]
}
export interface PlacedNode extends Omit<LineageNode, 'span'> {
  /** Null for what the language itself brings. */
  readonly place: Location | null
}

const graphs = new WeakMap<Plan, LineageGraph>()

/** Null where the program has errors. */
export function lineage(snapshot: Snapshot): PlacedGraph | null {
  const graph = graphOf(snapshot)
  if (!graph) return null
  return {
    nodes: graph.nodes.map(node => {
      const { span: _, ...rest } = node
      const at = placeOf(snapshot, node)
      return { ...rest, place: at && locationOf(snapshot, at.path, at.span) }
    }),
    edges: graph.edges.map(({ span: _, ...edge }) => edge),
  }
}

/** The id of the smallest node around a position; null where none is, or the program has errors. */
export function lineageNodeAt(snapshot: Snapshot, path: string, position: Position): string | null {
  const graph = graphOf(snapshot)
  if (!graph) return null
  const offset = offsetAt(snapshot, path, position)
  let best: { readonly id: string; readonly length: number } | null = null
  for (const node of graph.nodes) {
    const at = placeOf(snapshot, node)
    if (!at || at.path !== path || offset < at.span.start || offset > at.span.end) continue
    const length = at.span.end - at.span.start
    // Of nodes in the same place, the card and not one of its rows.
    if (best === null || length < best.length) best = { id: node.id, length }
  }
  return best?.id ?? null
}

function graphOf({ checked: { plan } }: Snapshot): LineageGraph | null {
  if (plan === null) return null
  let graph = graphs.get(plan)
  if (!graph) {
    graph = lineageOf(plan)
    graphs.set(plan, graph)
  }
  return graph
}

interface Place {
  readonly path: string
  readonly span: Span
}

/** A field has the place of its line; everything else has that of the plan. */
function placeOf(snapshot: Snapshot, { kind, name, span }: LineageNode): Place | null {
  const path = span && snapshot.checked.plan?.files[span.file]?.path
  if (!span || path === null || path === undefined) return null
  if (kind !== 'field') return { path, span }
  const around = snapshot.files.get(path)?.declarations.find(({ start, end }) => start <= span.start && span.end <= end)
  return { path, span: (around && fieldSpan(around, name)) ?? span }
}

function fieldSpan({ start, syntax }: PlacedDeclaration, name: string): Span | null {
  if (syntax.kind !== 'contract') return null
  const field = syntax.fields.find(one => one.name.text === name)
  return field ? { start: start + field.span.start, end: start + field.span.end } : null
}
