/** `writ diff --format markdown`: a comment for a pull request, with what matters on top and the rest folded away. */
import type { DecisionCounts, ReportedExample, ReportedGroup } from '@writ/engine'
import { timeText } from '../report/decision-lines.ts'
import { count, counted, printable } from '../terminal/text.ts'
import type { Compared, ComparedLog } from './compare.ts'
import { rolesOf } from './diff-json.ts'
import { answerTexts, objectiveRows, rulingText, shareText, storyTexts } from './diff-text.ts'
import type { Gated } from './gates.ts'

export function diffMarkdown(compared: Compared, gates: readonly Gated[]): string {
  const { versions, meaning, contracts, log } = compared
  const title = headline(compared, gates)
  const lines = [`### Writ: ${title}`, '', `${code(versions.before.shown)} → ${code(versions.after.shown)}`, '']
  const failed = gates.filter(({ passed }) => !passed)
  for (const { text } of failed) lines.push(`- ❌ ${plain(text)}`)
  if (failed.length > 0) lines.push('')
  if (meaning.same) lines.push('No change in meaning.', '')
  for (const { before, after } of meaning.renamed) lines.push(`- ${code(before)} is now called ${code(after)}`)
  for (const { text } of meaning.changes) lines.push(`- ${plain(text)}`)
  for (const { contract, kind, what, verdict } of contracts)
    lines.push(`- **${verdict}** contract change ${kind}: ${plain(`${contract}: ${what}`)}`)
  for (const text of answerTexts(compared)) lines.push(`- ${plain(text)}`)
  if (log !== null) lines.push('', ...logLines(log))
  for (const [head = '', ...rest] of storyTexts(compared))
    lines.push('', ...folded(head, ['```', ...rest.map(line => printable(line).replaceAll('`', 'ˋ')), '```']))
  const passed = gates.filter(one => one.passed)
  if (passed.length > 0) lines.push('', ...passed.map(({ text }) => `- ✅ ${plain(text)}`))
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

function headline({ meaning, log }: Compared, gates: readonly Gated[]): string {
  const failed = gates.filter(({ passed }) => !passed).length
  if (failed > 0) return `${counted(failed, 'gate')} not passed`
  if (meaning.same && (log === null || log.flips.flips === 0)) return 'no change in meaning'
  if (log === null) return counted(meaning.changes.length, 'change')
  return `${counted(log.flips.flips, 'decision')} would be ${log.flips.flips === 1 ? 'another' : 'others'}`
}

function logLines(log: ComparedLog): readonly string[] {
  const { flips } = log
  const { before, after } = flips.holds
  const row = (word: keyof DecisionCounts) => {
    const more = after[word] - before[word]
    const change = more === 0 ? '' : `${more > 0 ? '+' : '−'}${count(Math.abs(more))}`
    return `| ${word} | ${count(before[word])} | ${count(after[word])} | ${change} |`
  }
  const lines = [
    `**On ${code(log.shown)}**, ${counted(flips.events.after, 'event')}: ${count(flips.flips)} of ${counted(flips.decisions.after, 'decision')} would be another; ${count(flips.newDenials)} newly denied, ${count(flips.newHolds)} newly held, ${count(flips.newPermits)} newly let through.`,
    '',
    '| what holds | before | after | |',
    '|---|---:|---:|---:|',
    ...(['permit', 'warn', 'hold', 'deny'] as const).map(row),
  ]
  if (flips.groups.length > 0) {
    lines.push('', '| decisions | from → to | because | share (95%) |', '|---:|---|---|---|')
    for (const { count: found, from, to, text, share } of flips.groups)
      lines.push(`| ${count(found)} | ${from} → ${to} | ${cell(text)} | ${share === null ? '' : shareText(share)} |`)
    for (const group of flips.groups) lines.push('', ...groupLines(group))
  }
  const roles = rolesOf(log.living.before, log.living.after)
  if (roles.length > 0) lines.push('', '| who approves | asked | at most a day | in vain |', '|---|---|---|---|')
  for (const { role, before: old, after: now } of roles) {
    const both = (of: 'asked' | 'mostPerDay' | 'expired') => `${count(old?.[of] ?? 0)} → ${count(now?.[of] ?? 0)}`
    lines.push(`| ${cell(role)} | ${both('asked')} | ${both('mostPerDay')} | ${both('expired')} |`)
  }
  const rows = objectiveRows(log)
  if (rows.length > 0) lines.push('', '| objective | target | before | after |', '|---|---|---|---|')
  for (const { name, target, before: old, after: now } of rows)
    lines.push(`| ${cell(name)} | ${cell(target)} | ${cell(old)} | ${cell(now)} |`)
  return lines
}

function groupLines(group: ReportedGroup): readonly string[] {
  const affected = group.affected.map(({ field, values, most }) => {
    const told = most === null ? '' : `: ${most.map(one => `${plain(one.value)} (${count(one.count)})`).join(', ')}`
    return `- ${code(field)}: ${counted(values, 'value')}${told}`
  })
  const when = `- first ${timeText(group.first.time)}, last ${timeText(group.last.time)}`
  const title = `${counted(group.count, 'decision')} ${group.from} → ${group.to}: ${group.text}`
  return folded(title, [when, ...affected, '', ...group.examples.flatMap(exampleLines)])
}

function exampleLines({ event, differs, before, after }: ReportedExample): readonly string[] {
  return [
    `- ${code(`${event.file}:${event.index}`)} ${plain(differs)}`,
    `  - was ${plain(rulingText(before))}`,
    `  - is ${plain(rulingText(after))}`,
  ]
}

function folded(title: string, body: readonly string[]): readonly string[] {
  return ['<details>', `<summary>${summary(title)}</summary>`, '', ...body, '', '</details>']
}

/** Inside a tag nothing is Markdown. */
function summary(text: string): string {
  return printable(text)
    .replaceAll('`', '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u200b')
}

/** Recorded text may hold anything: nothing of it is taken for markup, a mention or a link. */
function plain(text: string): string {
  return printable(text)
    .split(/(`[^`]*`)/)
    .map((part, place) => (place % 2 === 1 ? code(part.slice(1, -1)) : escaped(part)))
    .join('')
}
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\*_[\]|~`#]/g, found => `\\${found}`)
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//')
}
function cell(text: string): string {
  return plain(text).replaceAll('\n', ' ')
}
function code(text: string): string {
  return `\`${printable(text).replaceAll('`', 'ˋ').replaceAll('|', '\\|')}\``
}
