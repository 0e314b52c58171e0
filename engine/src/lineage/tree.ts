/**
 * A lineage graph in words: what every rule asks and every sink gets, or a tree of all that one node comes from and goes to. The
 * primary form for terminals and screen readers; pictures are svg.ts.
 */
import { nameOf } from './find.ts'
import { isDirect, type LineageEdge, type LineageGraph, type LineageNode } from './graph.ts'
import { edgeWords, kindWords } from './words.ts'

export interface LineageLine {
  readonly indent: number
  /** What leads here; empty at the top. */
  readonly lead: string
  readonly node: LineageNode
  readonly name: string
  /** More about it; may be empty. */
  readonly detail: string
  /** It stands above already, with what is below it. */
  readonly again: boolean
}

/** `from`: what it comes from; `to`: what it goes to. Each line is one edge further; what was there already is not opened again. */
export function lineageLines(
  graph: LineageGraph,
  id: string,
  direction: 'from' | 'to',
  depth = Number.POSITIVE_INFINITY,
): readonly LineageLine[] {
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const rows = new Map<string, LineageNode[]>()
  for (const node of graph.nodes) if (node.card !== null) rows.set(node.card, [...(rows.get(node.card) ?? []), node])
  const next = new Map<string, LineageEdge[]>()
  for (const edge of graph.edges) {
    const near = direction === 'from' ? edge.to : edge.from
    next.set(near, [...(next.get(near) ?? []), edge])
  }
  const lines: LineageLine[] = []
  const opened = new Set<string>()
  const visit = (node: LineageNode, lead: string, indent: number): void => {
    const edges = [node, ...(indent === 0 ? (rows.get(node.id) ?? []) : [])].flatMap(part => next.get(part.id) ?? [])
    const again = opened.has(node.id) && edges.length > 0
    lines.push({ indent, lead, node, name: nameOf(graph, node), detail: detailOf(node), again })
    if (again || indent >= depth) return
    opened.add(node.id)
    // Values before what they only depend on; several edges of two nodes are one line.
    const leads = new Map<string, string[]>()
    for (const edge of [...edges].sort((a, b) => Number(isDirect(b.flow)) - Number(isDirect(a.flow)))) {
      const other = direction === 'from' ? edge.from : edge.to
      leads.set(other, [...(leads.get(other) ?? []), edgeWords(edge)])
    }
    for (const [other, words] of leads) {
      const next = nodes.get(other)
      if (next) visit(next, words.join(', '), indent + 1)
    }
  }
  const start = nodes.get(id)
  if (!start) throw new RangeError(`no node ${id}`)
  visit(start, '', 0)
  return lines
}

function detailOf({ kind, detail, classes }: LineageNode): string {
  return [kindWords[kind], detail, classes.join(', ')].filter(part => part !== '').join(' · ')
}
