/** `writ lineage --format html`: one page with the picture and, for whoever does not see it, every edge in words. Nothing is loaded, nothing runs. */
import { edgeWords, kindWords, type LineageGraph, type LineageNode, lineageSvg } from '@writ/engine'
import { printable } from '../terminal/text.ts'
import { changeText, decidedText, type ToldDecision } from './decision-lineage.ts'

/** `decisions`: those that the graph is of; none where it is a program's. */
export function lineageHtml(graph: LineageGraph, title: string, decisions: readonly ToldDecision[] = []): string {
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const cards = graph.nodes.filter(node => node.card === null)
  const items = cards.flatMap(card => {
    const own = [card, ...graph.nodes.filter(node => node.card === card.id)]
    const lines = own.flatMap(node =>
      graph.edges.flatMap(edge => {
        const from = nodes.get(edge.from)
        return edge.to === node.id && from
          ? [`<li>${named(from, nodes)} ${text(edgeWords(edge))} ${named(node, nodes)}</li>`]
          : []
      }),
    )
    if (lines.length === 0) return []
    return [`<section><h3>${text(`${kindWords[card.kind]} ${card.name}`)}</h3><ul>${lines.join('')}</ul></section>`]
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>
:root { color-scheme: light dark }
body { font: 14px/1.5 system-ui, sans-serif; margin: 0; padding: 24px; background: Canvas; color: CanvasText }
h1 { font-size: 20px } h2 { font-size: 16px; margin-top: 32px } h3 { font-size: 14px; margin: 16px 0 4px }
.picture { overflow: auto; border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 6px }
.picture svg { display: block; max-width: none }
ul { margin: 0; padding-left: 20px } code { font-family: ui-monospace, monospace }
.class { color: light-dark(#a3320b, #ff9b73); font-weight: 600 }
@media print { .picture { overflow: visible; border: 0 } .picture svg { width: 100%; height: auto } section { break-inside: avoid } }
</style>
</head>
<body>
<h1>${text(title)}</h1>
${decisions.map(decisionHtml).join('\n')}
<p>Darker lines carry values; fainter ones only depend on them. Lines in the warning colour carry classified values.</p>
<div class="picture" tabindex="0" role="region" aria-label="Picture of the lineage">
${lineageSvg(graph, { title })}</div>
<h2>In words</h2>
${items.join('\n')}
</body>
</html>
`
}

function decisionHtml(told: ToldDecision): string {
  const changes = told.changes.map(change => `<li>${text(changeText(change))}</li>`)
  const flips = changes.length === 0 ? '<li>no small change was found that changes it</li>' : changes.join('')
  return `<section><h2>${text(`${told.policy} ${told.version}: ${decidedText(told)}`)}</h2><p>${text(told.reason)}</p><h3>Would be otherwise</h3><ul>${flips}</ul></section>`
}

function named(node: LineageNode, nodes: ReadonlyMap<string, LineageNode>): string {
  const card = node.card === null ? undefined : nodes.get(node.card)
  const name = card ? `${card.name}.${node.name}` : node.kind === 'window' ? node.detail : node.name
  const classes = node.classes.length === 0 ? '' : ` <span class="class">${text(node.classes.join(', '))}</span>`
  return `<code>${text(name)}</code>${classes}`
}

function text(value: string): string {
  return printable(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
