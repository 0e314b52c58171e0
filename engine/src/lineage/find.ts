/** Nodes of a lineage graph by what people call them: `RefundRequested.amount`, `spent`, `rule small`, `open_case`, or the id itself. */
import type { LineageGraph, LineageNode } from './graph.ts'
import { kindWords } from './words.ts'

/** All that the words may mean; exact ids alone where one is given. */
export function findNodes(graph: LineageGraph, words: string): readonly LineageNode[] {
  const exact = graph.nodes.filter(node => node.id === words)
  return exact.length > 0 ? exact : graph.nodes.filter(node => namesOf(graph, node).includes(words))
}

/** The shortest name that means this node alone, else its id. */
export function nameOf(graph: LineageGraph, node: LineageNode): string {
  return namesOf(graph, node).find(name => findNodes(graph, name).length === 1) ?? node.id
}

function namesOf({ nodes }: LineageGraph, { id, kind, name, card }: LineageNode): readonly string[] {
  const own = card === null ? null : nodes.find(node => node.id === card)
  if (own) return [`${own.name}.${name}`]
  const place = id.slice(id.indexOf(':') + 1)
  return [name, `${kindWords[kind]} ${name}`, place]
}
