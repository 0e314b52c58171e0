/** A lineage graph in the DOT language of Graphviz: cards as records with ports, indirect edges dashed. */
import { isDirect, type LineageGraph, type LineageNode } from './graph.ts'
import { edgeWords, kindWords } from './words.ts'

export function lineageDot({ nodes, edges }: LineageGraph): string {
  const cards = nodes.filter(node => node.card === null)
  const name = new Map(cards.map((card, i) => [card.id, `n${i}`]))
  const port = new Map<string, string>()
  const lines = cards.map(card => {
    const rows = nodes.filter(node => node.card === card.id)
    rows.forEach((row, i) => {
      port.set(row.id, `${name.get(card.id)}:r${i}`)
    })
    port.set(card.id, `${name.get(card.id)}:head`)
    const parts = [
      `<head> ${record(card)}\\n${quoted(kindWords[card.kind])}`,
      ...rows.map((row, i) => `<r${i}> ${record(row)}`),
    ]
    return `  ${name.get(card.id)} [label="${parts.join(' | ')}"]`
  })
  const arrows = edges.map(edge => {
    const dashed = isDirect(edge.flow) ? '' : ', style=dashed'
    return `  ${port.get(edge.from)} -> ${port.get(edge.to)} [tooltip="${quoted(edgeWords(edge))}"${dashed}]`
  })
  return `digraph lineage {\n  rankdir=LR\n  node [shape=record, fontname="sans-serif", fontsize=11]\n${[...lines, ...arrows].join('\n')}\n}\n`
}

function record({ name, classes }: LineageNode): string {
  const told = classes.length === 0 ? name : `${name} (${classes.join(', ')})`
  return quoted(told).replace(/[{}|<> ]/g, match => `\\${match}`)
}

function quoted(text: string): string {
  return text.replace(/[\\"]/g, match => `\\${match}`).replace(/[\p{Cc}]/gu, ' ')
}
