/**
 * A lineage graph as one SVG file that stands alone: no scripts, no fonts, no links; light and dark by the viewer's preference, or
 * one of them. Every node and edge has a title, so that it can be read aloud. Where things are is layout.ts.
 */
import { isDirect, type LineageEdge, type LineageGraph, type LineageNode } from './graph.ts'
import { type Box, cardWidth, headHeight, type LineageLayout, layoutLineage, type Point, rowHeight } from './layout.ts'
import { edgeWords, kindWords } from './words.ts'

export interface LineageSvgOptions {
  /** `auto`: as the viewer prefers. Default. */
  readonly theme?: 'auto' | 'light' | 'dark'
  /** What the picture is of; read first. */
  readonly title?: string
}

export function lineageSvg(graph: LineageGraph, options: LineageSvgOptions = {}): string {
  const layout = layoutLineage(graph)
  const title = options.title ?? 'Lineage'
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const rowsOf = new Map<string, LineageNode[]>()
  for (const node of graph.nodes)
    if (node.card !== null) rowsOf.set(node.card, [...(rowsOf.get(node.card) ?? []), node])
  const edges = graph.edges.map((edge, i) => edgeSvg(edge, layout.routes[i] ?? [], nodes))
  const cards = graph.nodes
    .filter(node => node.card === null)
    .map(node => cardSvg(node, rowsOf.get(node.id) ?? [], layout))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.width} ${layout.height}" width="${layout.width}" height="${layout.height}" role="img" aria-labelledby="t" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="t">${escaped(title)}</title>`,
    `<style>${style(options.theme ?? 'auto')}</style>`,
    `<rect class="page" width="${layout.width}" height="${layout.height}"/>`,
    ...edges.toSorted((a, b) => Number(a.direct) - Number(b.direct)).map(edge => edge.text),
    ...cards,
    '</svg>',
    '',
  ].join('\n')
}

function edgeSvg(
  edge: LineageEdge,
  route: readonly Point[],
  nodes: ReadonlyMap<string, LineageNode>,
): { readonly text: string; readonly direct: boolean } {
  const direct = isDirect(edge.flow)
  const from = nodes.get(edge.from)
  const classes = [direct ? 'direct' : 'indirect', ...(from && from.classes.length > 0 && direct ? ['classified'] : [])]
  const words = `${from?.name ?? edge.from} ${edgeWords(edge)} ${nodes.get(edge.to)?.name ?? edge.to}`
  return {
    text: `<path class="${classes.join(' ')}" d="${pathOf(route)}"><title>${escaped(words)}</title></path>`,
    direct,
  }
}

/** Level at every point, so that an edge leaves and enters cards straight. */
export function pathOf(route: readonly Point[]): string {
  const [first, ...rest] = route
  if (!first) return ''
  const only = rest.length === 1 ? rest[0] : undefined
  // Of a card to itself: around its right side.
  if (only && Math.abs(first.x - only.x - cardWidth) < 1)
    return `M${first.x} ${first.y} C${first.x + 26} ${first.y} ${first.x + 26} ${only.y} ${first.x} ${only.y}`
  let text = `M${first.x} ${first.y}`
  let at = first
  for (const point of rest) {
    const half = (point.x - at.x) / 2
    text +=
      at.y === point.y ? ` H${point.x}` : ` C${at.x + half} ${at.y} ${point.x - half} ${point.y} ${point.x} ${point.y}`
    at = point
  }
  return text
}

function cardSvg(card: LineageNode, rows: readonly LineageNode[], layout: LineageLayout): string {
  const box: Box = layout.cards.get(card.id) ?? { x: 0, y: 0, width: cardWidth, height: headHeight }
  const { x, y, width, height } = box
  const head = [
    `<g class="card ${card.kind}"><title>${escaped(titleOf(card))}</title>`,
    `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<rect class="tier" x="${x}" y="${y}" width="4" height="${height}" rx="2"/>`,
    `<text class="name" x="${x + 12}" y="${y + 17}">${escaped(shortened(card.name, 28))}</text>`,
    `<text class="detail" x="${x + 12}" y="${y + 32}" font-size="10">${escaped(shortened(`${kindWords[card.kind]}${card.detail === '' ? '' : ` · ${card.detail}`}`, 36))}</text>`,
    classMark(card, x + width, y + 17),
    '</g>',
  ]
  const lines = rows.flatMap(row => {
    const middle = layout.rows.get(row.id) ?? y
    return [
      `<g class="row"><title>${escaped(titleOf(row))}</title>`,
      `<line class="rule" x1="${x + 4}" x2="${x + width}" y1="${middle - rowHeight / 2}" y2="${middle - rowHeight / 2}"/>`,
      `<text x="${x + 12}" y="${middle + 4}">${escaped(shortened(row.name, 24))}</text>`,
      row.classes.length > 0
        ? classMark(row, x + width, middle + 4)
        : `<text class="detail" x="${x + width - 10}" y="${middle + 4}" text-anchor="end" font-size="10">${escaped(shortened(row.detail, 16))}</text>`,
      '</g>',
    ]
  })
  return [...head, ...lines].filter(line => line !== '').join('\n')
}

/** A word beside the colour, for whoever does not see it. */
function classMark({ classes }: LineageNode, right: number, baseline: number): string {
  if (classes.length === 0) return ''
  const text = shortened(classes.join(', '), 20)
  return `<text class="class" x="${right - 10}" y="${baseline}" text-anchor="end" font-size="10">${escaped(text)}</text>`
}

function titleOf({ kind, name, detail, classes }: LineageNode): string {
  const told = [`${kindWords[kind]} ${name}`, detail, classes.length > 0 ? `classes: ${classes.join(', ')}` : '']
  return told.filter(part => part !== '').join('; ')
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** Control characters are none of XML's, and nothing of recorded data may turn the direction of what is shown. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Surrogate}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const light = {
  page: '#ffffff',
  box: '#f8f9fa',
  line: '#c8ccd1',
  text: '#1c1e21',
  detail: '#5b6168',
  direct: '#5a6b7d',
  indirect: '#b3bac2',
  class: '#a3320b',
  record: '#3b6fb6',
  value: '#7a5cc0',
  rule: '#1f7a5a',
  decision: '#a15c00',
  leaves: '#9b2d5e',
}
const dark = {
  page: '#1b1d21',
  box: '#25282d',
  line: '#454a52',
  text: '#e8eaed',
  detail: '#a9b0b9',
  direct: '#9fb0c3',
  indirect: '#5c646e',
  class: '#ff9b73',
  record: '#7fb0f0',
  value: '#b79cf2',
  rule: '#5fc6a0',
  decision: '#e3a857',
  leaves: '#ea86b6',
}

function style(theme: 'auto' | 'light' | 'dark'): string {
  const own = colours(theme === 'dark' ? dark : light)
  return theme === 'auto' ? `${own}@media(prefers-color-scheme:dark){${colours(dark)}}` : own
}

function colours(c: typeof light): string {
  return [
    `.page{fill:${c.page}}`,
    `.box{fill:${c.box};stroke:${c.line}}`,
    `.rule{stroke:${c.line};stroke-width:.5}`,
    `text{fill:${c.text}}`,
    '.name{font-weight:600}',
    `.detail{fill:${c.detail}}`,
    `.class{fill:${c.class};font-weight:600}`,
    `path{fill:none;stroke-width:1.5}`,
    `.direct{stroke:${c.direct}}`,
    `.indirect{stroke:${c.indirect}}`,
    `.classified{stroke:${c.class}}`,
    `.tier{fill:${c.record}}`,
    `.window .tier,.let .tier{fill:${c.value}}`,
    `.card.rule{stroke:none}.card.rule .tier{fill:${c.rule}}`,
    `.decision .tier{fill:${c.decision}}`,
    `.approval .tier,.obligation .tier,.sink .tier{fill:${c.leaves}}`,
  ].join('')
}
