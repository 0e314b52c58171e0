/**
 * The lineage of a program as data: where every decision and everything that leaves comes from, field by field. Nodes are sources,
 * contracts and their fields, lets, windows, rules, decisions, obligations and sinks, rollouts, indicators and objectives; edges say how
 * one goes into another, in the vocabulary of OpenLineage's column lineage, with what only policies have. How it is made is build.ts; where it is drawn layout.ts.
 */
import type { SourceSpan } from '../plan/expression.ts'

/** From where values begin to where they end. */
export const lineageKinds = [
  'source',
  'record-field',
  'contract',
  'field',
  'window',
  'let',
  'rule',
  'rollout',
  'decision',
  'approval',
  'obligation',
  'obligation-field',
  'sink',
  'indicator',
  'objective',
] as const
export type LineageKind = (typeof lineageKinds)[number]

export interface LineageNode {
  /** Stays the same while names do: `field:refunds.RefundRequested#amount`. */
  readonly id: string
  readonly kind: LineageKind
  /** What it is a row of; null for what is drawn as a card of its own. Stands before it in `nodes`. */
  readonly card: string | null
  readonly name: string
  /** Its type, its text, or what else says more; may be empty. */
  readonly detail: string
  /** Privacy classes of what it holds; ascending. */
  readonly classes: readonly string[]
  readonly span: SourceSpan | null
}

/** Values go from `from` to `to` (direct), or what `to` is depends on `from` (indirect). */
export interface LineageEdge {
  readonly from: string
  readonly to: string
  readonly flow: Flow
  /** How classes were lowered on the way; null: not at all. */
  readonly masking: 'mask' | 'hash' | 'bucket' | null
  /** Where it is written. */
  readonly span: SourceSpan | null
}

/** Those in capitals are OpenLineage's; exported as CONDITIONAL are those that only policies have. */
export type Flow = DirectFlow | IndirectFlow
export type DirectFlow = 'IDENTITY' | 'TRANSFORMATION' | 'AGGREGATION' | 'OBLIGES' | 'APPROVES' | 'MEASURES'
export type IndirectFlow = 'FILTER' | 'JOIN' | 'GROUP_BY' | 'WINDOW' | 'CONDITIONAL' | 'GUARD' | 'EXCEPTION' | 'DEFAULT'

export interface LineageGraph {
  /** By kind, then in the order of the text; rows follow their card. */
  readonly nodes: readonly LineageNode[]
  /** Without repetitions; by the order of their ends. */
  readonly edges: readonly LineageEdge[]
}

export function isDirect(flow: Flow): flow is DirectFlow {
  switch (flow) {
    case 'IDENTITY':
    case 'TRANSFORMATION':
    case 'AGGREGATION':
    case 'OBLIGES':
    case 'APPROVES':
    case 'MEASURES':
      return true
    default:
      return false
  }
}

/** A graph of nodes and edges in any order; rows may stand before their card. */
export function inOrder<N extends LineageNode>(
  nodes: readonly N[],
  edges: readonly LineageEdge[],
): { readonly nodes: readonly N[]; readonly edges: readonly LineageEdge[] } {
  const tier = ({ kind }: LineageNode) => lineageKinds.indexOf(kind)
  const rows = new Map<string, N[]>()
  for (const node of nodes) if (node.card !== null) rows.set(node.card, [...(rows.get(node.card) ?? []), node])
  const cards = nodes.filter(node => node.card === null).sort((a, b) => tier(a) - tier(b))
  const ordered = cards.flatMap(card => [card, ...(rows.get(card.id) ?? [])])
  const place = new Map(ordered.map((node, i) => [node.id, i]))
  const rank = (id: string) => place.get(id) ?? 0
  return { nodes: ordered, edges: [...edges].sort((a, b) => rank(a.from) - rank(b.from) || rank(a.to) - rank(b.to)) }
}

/** The part of a graph that a node comes from, goes to, or both; with the cards of its rows. Throws where there is no such node. */
export function around(
  graph: LineageGraph,
  id: string,
  direction: 'upstream' | 'downstream' | 'both',
  depth = Number.POSITIVE_INFINITY,
): LineageGraph {
  if (!graph.nodes.some(node => node.id === id)) throw new RangeError(`no node ${id}`)
  const reached = new Set([id])
  const rows = new Map<string, string[]>()
  for (const node of graph.nodes) if (node.card !== null) rows.set(node.card, [...(rows.get(node.card) ?? []), node.id])
  // A card stands for all its rows.
  const ends = [id, ...(rows.get(id) ?? [])]
  if (direction !== 'downstream') follow(graph, ends, 'to', 'from', depth, reached)
  if (direction !== 'upstream') follow(graph, ends, 'from', 'to', depth, reached)
  const cards = new Set(graph.nodes.flatMap(node => (reached.has(node.id) && node.card !== null ? [node.card] : [])))
  return {
    nodes: graph.nodes.filter(node => reached.has(node.id) || cards.has(node.id)),
    edges: graph.edges.filter(edge => reached.has(edge.from) && reached.has(edge.to)),
  }
}

function follow(
  { edges }: LineageGraph,
  starts: readonly string[],
  near: 'from' | 'to',
  far: 'from' | 'to',
  depth: number,
  reached: Set<string>,
): void {
  const next = new Map<string, string[]>()
  for (const edge of edges) {
    const known = next.get(edge[near])
    if (known) known.push(edge[far])
    else next.set(edge[near], [edge[far]])
  }
  // Of the rows of a card only those are in the picture that lead somewhere.
  for (const start of starts) if (next.has(start)) reached.add(start)
  const seen = new Set(starts)
  let front = starts
  for (let step = 0; step < depth && front.length > 0; step++) {
    front = [...new Set(front.flatMap(id => next.get(id) ?? []).filter(id => !seen.has(id)))]
    for (const id of front) {
      seen.add(id)
      reached.add(id)
    }
  }
}
