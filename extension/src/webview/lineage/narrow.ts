/** Which part of a lineage graph is drawn, and which part of that a window shows. Without the page, so that tests reach it. */
import { around, type LineageGraph, type LineageLayout } from '@writ/engine/lineage'

export interface Narrowing {
  /** Nodes whose surroundings are shown together: the chosen one and those that are pinned. None: everything. */
  readonly ids: readonly string[]
  readonly direction: 'all' | 'both' | 'upstream' | 'downstream'
  /** Steps along edges. */
  readonly depth: number
}

/** Ids that the graph has not are passed over. */
export function narrowed(graph: LineageGraph, { ids, direction, depth }: Narrowing): LineageGraph {
  const known = new Set(graph.nodes.map(({ id }) => id))
  const centres = ids.filter(id => known.has(id))
  if (centres.length === 0 || direction === 'all') return graph
  const parts = centres.map(id => around(graph, id, direction, depth))
  const [only] = parts
  if (only && parts.length === 1) return only
  const nodes = new Set(parts.flatMap(part => part.nodes.map(({ id }) => id)))
  const edges = new Set(parts.flatMap(part => part.edges))
  return { nodes: graph.nodes.filter(({ id }) => nodes.has(id)), edges: graph.edges.filter(edge => edges.has(edge)) }
}

/** What lies on a way through a node, itself included. */
export function path(graph: LineageGraph, id: string): ReadonlySet<string> {
  const near = around(graph, id, 'both')
  return new Set([id, ...near.edges.flatMap(({ from, to }) => [from, to])])
}

export interface View {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Above so many nodes and edges only what a window shows is in the page. */
export const mostElements = 1_500

/** Ids of the cards and indices of the edges that a window may show. */
export function visible(
  { cards, routes }: LineageLayout,
  { left, top, right, bottom }: View,
): { readonly cards: ReadonlySet<string>; readonly edges: ReadonlySet<number> } {
  const shown = new Set<string>()
  for (const [id, { x, y, width, height }] of cards)
    if (x <= right && x + width >= left && y <= bottom && y + height >= top) shown.add(id)
  const edges = new Set<number>()
  for (const [i, points] of routes.entries()) {
    const xs = points.map(({ x }) => x)
    const ys = points.map(({ y }) => y)
    // The box around a curve: some that are not seen are drawn, none that is seen is not.
    if (Math.min(...xs) <= right && Math.max(...xs) >= left && Math.min(...ys) <= bottom && Math.max(...ys) >= top)
      edges.add(i)
  }
  return { cards: shown, edges }
}
