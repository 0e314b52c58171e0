/**
 * `writ diff --format html`: one page with charts, groups with events explained by both versions side by side, and the lineage of
 * what changed. Nothing is loaded and nothing runs, so that it can be opened from a disk and printed.
 */
import {
  around,
  type DecisionCounts,
  findNodes,
  type LineageGraph,
  lineage,
  lineageSvg,
  type ReportedGroup,
  type ReportedRuling,
} from '@writ/engine'
import { timeText } from '../report/decision-lines.ts'
import { count, counted, printable } from '../terminal/text.ts'
import type { Compared, ComparedLog } from './compare.ts'
import { rolesOf } from './diff-json.ts'
import { answerTexts, objectiveRows, rulingText, shareText, storyTexts } from './diff-text.ts'
import type { Gated } from './gates.ts'

export function diffHtml(compared: Compared, gates: readonly Gated[]): string {
  const { versions, meaning, contracts, log } = compared
  const title = `${versions.before.shown} → ${versions.after.shown}`
  const graph = changedLineage(compared)
  const changes = [
    ...meaning.renamed.map(({ before, after }) => `${before} is now called ${after}`),
    ...meaning.changes.map(({ text }) => text),
    ...contracts.map(({ contract, kind, what, verdict }) => `${contract} ${kind} ${what}: ${verdict}`),
    ...answerTexts(compared),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 20%, Canvas); --soft: color-mix(in srgb, CanvasText 65%, Canvas) }
body { font: 14px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 24px; max-width: 1100px; background: Canvas; color: CanvasText }
h1 { font-size: 20px } h2 { font-size: 16px; margin-top: 32px } h3 { font-size: 14px; margin: 24px 0 4px }
table { border-collapse: collapse } td, th { padding: 2px 12px 2px 0; text-align: left; vertical-align: top } td.n { text-align: right; font-variant-numeric: tabular-nums }
pre { font: 12px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0; padding: 8px; border: 1px solid var(--line); border-radius: 4px }
code { font-family: ui-monospace, monospace } .soft { color: var(--soft) }
.both { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 12px }
.picture { overflow: auto; border: 1px solid var(--line); border-radius: 6px } .picture svg { display: block; max-width: none }
svg.chart { display: block; max-width: 100%; height: auto; margin: 8px 0 } svg.chart text { font: 12px system-ui, sans-serif; fill: CanvasText }
.permit { fill: light-dark(#1a7f37, #4ac26b) } .warn { fill: light-dark(#0969a8, #54aeff) } .hold { fill: light-dark(#9a6700, #e2a32f) } .deny { fill: light-dark(#b3261e, #ff8a80) }
.failed { color: light-dark(#b3261e, #ff8a80); font-weight: 600 } .passed { color: light-dark(#1a7f37, #4ac26b) }
@media print { .picture { overflow: visible; border: 0 } .picture svg { width: 100%; height: auto } section, svg.chart { break-inside: avoid } details > * { display: block } }
</style>
</head>
<body>
<h1>${html(title)}</h1>
${gates.map(({ passed, text }) => `<p class="${passed ? 'passed' : 'failed'}">${passed ? '✓' : '✗'} ${html(text)}</p>`).join('\n')}
<h2>What changed</h2>
${meaning.same ? '<p>No change in meaning.</p>' : ''}
<ul>${changes.map(text => `<li>${prose(text)}</li>`).join('')}</ul>
${log === null ? '' : logSection(log)}
${storyTexts(compared)
  .map(([head = '', ...rest]) => `<section><h3>${html(head)}</h3><pre>${rest.map(html).join('\n')}</pre></section>`)
  .join('\n')}
${graph === null ? '' : `<h2>Lineage of what changed</h2>\n<div class="picture" tabindex="0" role="region" aria-label="Picture of the lineage">\n${lineageSvg(graph, { title: 'Lineage of what changed' })}</div>`}
</body>
</html>
`
}

function logSection(log: ComparedLog): string {
  const { flips } = log
  const roles = rolesOf(log.living.before, log.living.after)
  const objectives = objectiveRows(log)
  return `<h2>On ${html(log.shown)}</h2>
<p>${counted(flips.events.after, 'event')}; ${count(flips.flips)} of ${counted(flips.decisions.after, 'decision')} would be another${flips.share === null ? '' : `, ${shareText(flips.share)}`}. ${count(flips.newDenials)} newly denied, ${count(flips.newHolds)} newly held, ${count(flips.newPermits)} newly let through.</p>
${countsChart(flips.holds.before, flips.holds.after)}
${flips.groups.length === 0 ? '' : groupsChart(flips.groups)}
${flips.groups.map(groupSection).join('\n')}
${table(
  'Approvals',
  ['role', 'asked', 'at most a day', 'in vain'],
  roles.map(({ role, before, after }) => [
    role,
    ...(['asked', 'mostPerDay', 'expired'] as const).map(
      of => `${count(before?.[of] ?? 0)} → ${count(after?.[of] ?? 0)}`,
    ),
  ]),
)}
${table(
  'Objectives',
  ['objective', 'target', 'before', 'after'],
  objectives.map(({ name, target, before, after }) => [name, target, before, after]),
)}`
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const cells = (tag: string, row: readonly string[]) => row.map(text => `<${tag}>${html(text)}</${tag}>`).join('')
  return `<h2>${title}</h2>\n<table><tr>${cells('th', head)}</tr>${rows.map(row => `<tr>${cells('td', row)}</tr>`).join('')}</table>`
}

const words = ['permit', 'warn', 'hold', 'deny'] as const

/** Two bars for each kind of decision: fainter before, full after. */
function countsChart(before: DecisionCounts, after: DecisionCounts): string {
  const most = Math.max(1, ...words.flatMap(word => [before[word], after[word]]))
  const bars = words.map((word, place) => {
    const y = place * 44
    const bar = (value: number, top: number, opacity: number) =>
      `<rect class="${word}" x="70" y="${top}" width="${((value / most) * 560).toFixed(1)}" height="16" opacity="${opacity}"/><text x="${(78 + (value / most) * 560).toFixed(1)}" y="${top + 12}">${count(value)}</text>`
    return `<text x="0" y="${y + 22}">${word}</text>${bar(before[word], y, 0.45)}${bar(after[word], y + 18, 1)}`
  })
  const told = words.map(word => `${word} ${before[word]} before, ${after[word]} after`).join('; ')
  return `<svg class="chart" viewBox="0 0 740 172" width="740" height="172" role="img" aria-label="What holds for events: ${told}">${bars.join('')}</svg><p class="soft">What holds for events: above before, below after.</p>`
}

function groupsChart(groups: readonly ReportedGroup[]): string {
  const shown = groups.slice(0, 12)
  const most = Math.max(1, ...shown.map(group => group.count))
  const bars = shown.map((group, place) => {
    const kind = words.find(word => group.to.startsWith(word)) ?? 'warn'
    const length = (group.count / most) * 380
    return `<text x="0" y="${place * 24 + 14}">${html(`${group.from} → ${group.to}`)}</text><rect class="${kind}" x="240" y="${place * 24 + 2}" width="${length.toFixed(1)}" height="16"/><text x="${(248 + length).toFixed(1)}" y="${place * 24 + 14}">${count(group.count)}</text>`
  })
  return `<svg class="chart" viewBox="0 0 740 ${shown.length * 24}" width="740" height="${shown.length * 24}" role="img" aria-label="Decisions that become others, by cause">${bars.join('')}</svg>`
}

function groupSection(group: ReportedGroup): string {
  const affected = group.affected.map(({ field, values, most }) => {
    const told = most === null ? '' : `: ${most.map(one => `${one.value} (${count(one.count)})`).join(', ')}`
    return `<li>${html(`${field}: ${counted(values, 'value')}${told}`)}</li>`
  })
  const examples = group.examples.map(
    ({ event, differs, before, after }) =>
      `<details><summary><code>${html(`${event.file}:${event.index}`)}</code> ${prose(differs)}</summary><div class="both">${side('was', before)}${side('is', after)}</div></details>`,
  )
  const place = group.after ?? group.before
  return `<section>
<h3>${html(`${counted(group.count, 'decision')} ${group.from} → ${group.to}`)}</h3>
<p>${prose(group.text)}${place === null ? '' : ` <span class="soft">${html(`${place.file}:${place.line}`)}</span>`}${group.share === null ? '' : `<br><span class="soft">${shareText(group.share)} of what the policy decides</span>`}</p>
<ul><li>first ${timeText(group.first.time)}, last ${timeText(group.last.time)}</li>${affected.join('')}</ul>
${examples.join('\n')}
</section>`
}

function side(name: string, ruling: ReportedRuling | null): string {
  const page = ruling === null ? '' : `<pre>${ruling.explanation.map(html).join('\n')}</pre>`
  return `<div><p>${name} ${html(rulingText(ruling))}</p>${page}</div>`
}

/** What the changed rules and policies of the newer version come from and go to; null: nothing of it is in the picture. */
function changedLineage({ pair, meaning }: Compared): LineageGraph | null {
  const whole = lineage(pair.after)
  const parts = meaning.changes.flatMap(({ of }) => {
    const [found] = findNodes(whole, of)
    return found ? [found] : []
  })
  if (parts.length === 0) return null
  const graphs = parts.map(({ id }) => around(whole, id, 'both'))
  const nodes = new Set(graphs.flatMap(graph => graph.nodes.map(({ id }) => id)))
  const edges = new Set(graphs.flatMap(graph => graph.edges))
  return {
    nodes: whole.nodes.filter(({ id }) => nodes.has(id)),
    edges: whole.edges.filter(edge => edges.has(edge)),
  }
}

/** What stands between backticks is code. */
function prose(text: string): string {
  return html(text).replace(/`([^`]*)`/g, '<code>$1</code>')
}

function html(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
