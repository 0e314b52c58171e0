/** `writ lineage` for terminals: an overview of rules and sinks, or the trees of one node. */
import { type LineageGraph, type LineageLine, type LineageNode, lineageLines } from '@writ/engine'
import type { Paint } from '../terminal/paint.ts'
import { printable } from '../terminal/text.ts'

/** What every rule asks, every let and window is made of, and every sink gets. */
export function overviewText(graph: LineageGraph, paint: Paint): string {
  const inputs = (id: string) => inputNames(graph, id)
  const cards = graph.nodes.filter(node => node.card === null)
  const section = (title: string, kinds: readonly LineageNode['kind'][], arrow: string): string[] => {
    const own = cards.filter(card => kinds.includes(card.kind))
    if (own.length === 0) return []
    const width = Math.min(28, Math.max(...own.map(card => card.name.length)))
    return [
      paint.bold(title),
      ...own.map(card => {
        const names = inputs(card.id)
        const told = names.length === 0 ? 'nothing' : names.join(', ')
        return `  ${printable(card.name).padEnd(width)}  ${paint.dim(arrow)} ${printable(told)}`
      }),
      '',
    ]
  }
  const decisions = cards
    .filter(card => card.kind === 'decision')
    .flatMap(card => [
      `  ${printable(card.name)}${card.detail === '' ? '' : paint.dim(` ${printable(card.detail)}`)}`,
      ...graph.nodes
        .filter(node => node.card === card.id)
        .map(row => `    ${row.name.padEnd(6)} ${paint.dim('←')} ${printable(deciders(graph, row.id))}`),
    ])
  return [
    ...section('Windows and lets', ['window', 'let'], '←'),
    ...section('Rules', ['rule'], '←'),
    ...(decisions.length === 0 ? [] : [paint.bold('Decisions'), ...decisions, '']),
    ...section('Sinks', ['sink'], '←'),
    paint.dim('one node: writ lineage --of NAME; a picture: --format svg or html'),
    '',
  ].join('\n')
}

/** Values first; a classified one with its class. */
function inputNames(graph: LineageGraph, id: string): readonly string[] {
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const names = graph.edges.flatMap(edge => {
    const from = nodes.get(edge.from)
    if (edge.to !== id || !from || from.kind === 'contract' || from.kind === 'obligation') return []
    const classes = from.classes.length > 0 ? ` (${from.classes.join(', ')})` : ''
    const card = from.card === null ? undefined : nodes.get(from.card)
    const name = card ? `${card.name}.${from.name}` : from.name
    return [`${from.kind === 'window' ? from.detail : name}${classes}`]
  })
  return [...new Set(names)]
}

function deciders(graph: LineageGraph, id: string): string {
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const into = graph.edges.filter(edge => edge.to === id)
  const rules = into.flatMap(edge => (edge.flow === 'GUARD' ? [nodes.get(edge.from)?.name ?? ''] : []))
  return [...rules, ...(into.some(edge => edge.flow === 'DEFAULT') ? ['the default'] : [])].join(', ')
}

export interface TreeOptions {
  readonly direction: 'both' | 'upstream' | 'downstream'
  readonly depth: number
}

export function nodeText(
  graph: LineageGraph,
  node: LineageNode,
  { direction, depth }: TreeOptions,
  paint: Paint,
): string {
  const tree = (way: 'from' | 'to', title: string, none: string): string[] => {
    const [, ...lines] = lineageLines(graph, node.id, way, depth)
    return [
      paint.bold(title),
      ...(lines.length === 0 ? [`  ${none}`] : lines.map(line => lineText(line, way, paint))),
      '',
    ]
  }
  const [top] = lineageLines(graph, node.id, 'from', 0)
  return [
    `${paint.bold(printable(top?.name ?? node.name))}  ${paint.dim(printable(top?.detail ?? ''))}`,
    '',
    ...(direction === 'downstream' ? [] : tree('from', 'comes from', 'nothing: it begins here')),
    ...(direction === 'upstream' ? [] : tree('to', 'goes to', 'nothing: it ends here')),
  ].join('\n')
}

/** One line of a tree. */
export function lineText({ indent, lead, name, detail, again }: LineageLine, way: 'from' | 'to', paint: Paint): string {
  const above = again ? paint.dim(' (see above)') : ''
  const [words, more] = [paint.dim(printable(lead)), paint.dim(`  ${printable(detail)}`)]
  const edge =
    way === 'from' ? `${paint.dim('←')} ${printable(name)} ${words}` : `${paint.dim('→')} ${words} ${printable(name)}`
  return `${'  '.repeat(indent)}${edge}${more}${above}`
}
