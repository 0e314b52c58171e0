/** `writ diff` for people at a terminal. The same comparison for pull requests is diff-markdown.ts. */
import type { DecisionCounts, ReportedExample, ReportedGroup, Share } from '@writ/engine'
import { timeText } from '../report/decision-lines.ts'
import { decisionPaint } from '../report/decision-paint.ts'
import type { Output } from '../terminal/io.ts'
import type { Paint } from '../terminal/paint.ts'
import { count, counted, padEnd, padStart, printable, wrap } from '../terminal/text.ts'
import { shownPath } from '../workspace.ts'
import type { Compared, ComparedLog } from './compare.ts'
import { type AnswerWords, answerWords, rolesOf } from './diff-json.ts'
import type { Gated } from './gates.ts'

export function diffText(compared: Compared, gates: readonly Gated[], { paint, columns }: Output): string {
  const { versions, meaning, contracts, log } = compared
  const lines = [paint.dim(printable(`${versions.before.shown} → ${versions.after.shown}`)), '']
  const say = (sign: string, text: string): void => {
    const [first = '', ...rest] = wrap(printable(text), columns - 4)
    lines.push(`${sign} ${first}`, ...rest.map(line => `  ${line}`))
  }
  if (meaning.same) say(paint.green('✓'), 'no change in meaning')
  for (const { before, after } of meaning.renamed) say(paint.dim('·'), `${before} is now called ${after}`)
  for (const { text, after, before } of meaning.changes) {
    const place = after ?? before
    const version = after ? versions.after : versions.before
    const at = place ? `  ${shownPath(version.workspace.shown, place.file)}:${place.line}:${place.column}` : ''
    say(paint.yellow('!'), `${text}${at}`)
  }
  for (const { contract, kind, what, verdict } of contracts)
    say(verdict === 'breaking' ? paint.red('✗') : paint.yellow('△'), `${contract} ${kind} ${what}: ${verdict}`)
  for (const text of answerTexts(compared)) say(paint.dim('·'), text)
  for (const story of storyTexts(compared)) {
    lines.push('')
    for (const [place, text] of story.entries())
      for (const line of wrap(printable(text), columns - 4)) lines.push(place === 0 ? line : `  ${line}`)
  }
  if (log !== null) lines.push('', ...logLines(log, paint, columns))
  if (gates.length > 0) {
    lines.push('', paint.bold('Gates'))
    for (const { passed, text } of gates) say(`  ${passed ? paint.green('✓') : paint.red('✗')}`, text)
  }
  return `${lines.join('\n')}\n`
}

const answers: Readonly<Record<AnswerWords['answer'], string>> = {
  same: 'decides the same, whatever comes',
  stricter: 'is never milder than before, whatever comes',
  looser: 'is never stricter than before, whatever comes',
  incomparable: 'is stricter for some events and milder for others',
  open: 'may be stricter or milder: the analysis cannot say',
}

/** What can be said for every log, a sentence for each policy. */
export function answerTexts(compared: Compared): readonly string[] {
  return (answerWords(compared) ?? []).flatMap(({ policy, answer, outcomes, rules }) => {
    const kinds = outcomes.flatMap(({ decision, answer: of }) =>
      of === 'wider' ? [`more get ${decision}`] : of === 'narrower' ? [`fewer get ${decision}`] : [],
    )
    const own = rules.flatMap(({ rule, answer: of }) =>
      of === 'wider' || of === 'narrower' ? [`${rule} matches ${of === 'wider' ? 'more' : 'less'}`] : [],
    )
    const more = [...kinds, ...own]
    return [`${policy} ${answers[answer]}${more.length === 0 ? '' : ` (${more.join(', ')})`}`]
  })
}

/** A story for each policy that means something else: its title, then a line for each event. */
export function storyTexts({ pair, stories }: Compared): readonly (readonly string[])[] {
  return (stories ?? []).map(({ policy, story, before, after, onlyRule, maxEvents, exhausted }) => {
    const name = pair.policies[policy]?.name ?? ''
    const upTo = counted(maxEvents, 'event')
    if (story === null)
      return [`${name}: Nothing found up to ${upTo}${exhausted ? '' : ', before the budget of the search was used up'}`]
    const what = onlyRule ? 'the same decision, by another rule' : 'decided otherwise'
    return [
      `${name}: a made-up story that is ${what}`,
      ...story.map(step => {
        const [was, is] = [step.before.join(' and '), step.after.join(' and ')]
        const decided = was === is ? was : `was ${was || 'not decided'}, is ${is || 'not decided'}`
        return `${step.when}  ${step.contract} ${step.fields}${decided === '' ? '' : `: ${decided}`}`
      }),
      ...(story.at(-1)?.before.join() === story.at(-1)?.after.join() ? [`was ${before}`, `is  ${after}`] : []),
    ]
  })
}

function logLines(log: ComparedLog, paint: Paint, columns: number): readonly string[] {
  const { flips } = log
  const lines = [paint.bold(`On ${printable(log.shown)}`), ...countLines(flips.holds.before, flips.holds.after, paint)]
  if (log.partial) lines.push(paint.yellow('  interrupted: only what was read is compared'))
  const sum = `${counted(flips.flips, 'decision')} of ${count(flips.decisions.after)} on ${counted(flips.events.after, 'event')} would be another`
  const parts = [
    flips.newDenials > 0 ? `${count(flips.newDenials)} newly denied` : '',
    flips.newHolds > 0 ? `${count(flips.newHolds)} newly held` : '',
    flips.newPermits > 0 ? `${count(flips.newPermits)} newly let through` : '',
    flips.otherRule > 0 ? `${count(flips.otherRule)} decided alike by another rule` : '',
  ].filter(part => part !== '')
  const tail = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  lines.push('', `${flips.flips === 0 ? paint.green('✓') : paint.yellow('!')} ${sum}${tail}`)
  for (const group of flips.groups) lines.push('', ...groupLines(group, paint, columns))
  const roles = rolesOf(log.living.before, log.living.after)
  if (roles.length > 0) lines.push('', paint.bold('Approvals'))
  for (const { role, before, after } of roles) {
    const pair = (of: 'asked' | 'expired' | 'mostPerDay') => arrow(before?.[of] ?? 0, after?.[of] ?? 0)
    lines.push(
      `  ${printable(role)}: asked ${pair('asked')}, at most ${pair('mostPerDay')} a day, in vain ${pair('expired')}`,
    )
  }
  return [...lines, ...measureLines(log, paint)]
}

function arrow(before: number, after: number): string {
  return before === after ? count(after) : `${count(before)} → ${count(after)}`
}

function countLines(before: DecisionCounts, after: DecisionCounts, paint: Paint): readonly string[] {
  return (['permit', 'warn', 'hold', 'deny'] as const).flatMap(word => {
    if (before[word] === 0 && after[word] === 0) return []
    const more = after[word] - before[word]
    const change = more === 0 ? '' : `  ${more > 0 ? '+' : '−'}${count(Math.abs(more))}`
    const name = decisionPaint(word, paint)(padEnd(word, 6))
    return [`  ${name} ${padStart(count(before[word]), 11)} → ${padStart(count(after[word]), 11)}${paint.dim(change)}`]
  })
}

function groupLines(group: ReportedGroup, paint: Paint, columns: number): readonly string[] {
  const share = group.share === null ? '' : `  ${shareText(group.share)}`
  const [first = '', ...rest] = wrap(printable(group.text), columns - 4)
  const at = (place: ReportedGroup['first']) => `${place.file}:${place.index} ${timeText(place.time)}`
  const when = group.count === 1 ? at(group.first) : `first ${at(group.first)}, last ${at(group.last)}`
  return [
    paint.bold(`${count(group.count)} × ${group.from} → ${group.to}`) + paint.dim(share),
    `  ${first}`,
    ...rest.map(line => `  ${line}`),
    paint.dim(`  ${printable(when)}`),
    ...group.affected.map(({ field, values, most }) => {
      const told = most === null ? '' : `: ${most.map(one => `${one.value} (${count(one.count)})`).join(', ')}`
      return `  ${printable(`${field}: ${counted(values, 'value')}${told}`)}`
    }),
    ...group.examples.flatMap(example => exampleLines(example, columns)),
  ]
}

/** `0.8% (0.6% to 1.1%)`: with the interval that it has where the log is a sample. */
export function shareText({ share, low, high }: Share): string {
  return `${percent(share)} (${percent(low)} to ${percent(high)})`
}
function percent(share: number): string {
  const value = 100 * share
  return `${value >= 10 || value === 0 ? value.toFixed(value === 0 ? 0 : 1) : value.toPrecision(2)}%`
}

function exampleLines({ event, differs, before, after }: ReportedExample, columns: number): readonly string[] {
  return [
    `    ${printable(`${event.contract} ${event.file}:${event.index} ${timeText(event.time)}`)}`,
    ...wrap(printable(differs), columns - 8).map(line => `      ${line}`),
    ...wrap(`was ${printable(rulingText(before))}`, columns - 8).map(line => `      ${line}`),
    ...wrap(`is  ${printable(rulingText(after))}`, columns - 8).map(line => `      ${line}`),
  ]
}

/** `deny by officers: the reason`, `not decided`. */
export function rulingText(ruling: ReportedExample['before']): string {
  if (ruling === null) return 'not decided'
  return `${ruling.decision} by ${ruling.rule ?? 'default'}${ruling.reason === '' ? '' : `: ${ruling.reason}`}`
}

interface ObjectiveJson {
  readonly objective: string
  readonly target: string
  readonly keys: readonly {
    readonly key: readonly string[]
    readonly text: string | null
    readonly met: boolean | null
    readonly remainingText: string | null
  }[]
}

export interface ObjectiveRow {
  readonly name: string
  readonly target: string
  readonly before: string
  readonly after: string
}

/** Objectives with their figures and budgets in both versions, those that differ. */
export function objectiveRows({ measures }: ComparedLog): readonly ObjectiveRow[] {
  const [olds, news] = [objectivesOf(measures.before), objectivesOf(measures.after)]
  const names = [...new Set([...news.keys(), ...olds.keys()])]
  return names.flatMap((name): readonly ObjectiveRow[] => {
    const [old, now] = [olds.get(name), news.get(name)]
    if (old?.text === now?.text) return []
    return [{ name, target: now?.target ?? old?.target ?? '', before: old?.text ?? 'none', after: now?.text ?? 'none' }]
  })
}

function objectivesOf(measures: object): ReadonlyMap<string, { readonly target: string; readonly text: string }> {
  // measure-json.ts makes it so.
  const { objectives } = measures as { readonly objectives: readonly ObjectiveJson[] }
  return new Map(
    objectives.flatMap(({ objective, target, keys }) =>
      keys.map(({ key, text, met, remainingText }) => {
        const name = key.length === 0 ? objective : `${objective} for ${key.join(', ')}`
        const budget = remainingText === null ? '' : `, ${remainingText} of the budget left`
        const state = met === null ? '' : met ? ', met' : ', missed'
        return [name, { target, text: `${text ?? 'nothing'}${state}${budget}` }] as const
      }),
    ),
  )
}

function measureLines(log: ComparedLog, paint: Paint): readonly string[] {
  const rows = objectiveRows(log)
  if (rows.length === 0) return []
  return [
    '',
    paint.bold('Objectives'),
    ...rows.map(({ name, target, before, after }) => `  ${printable(`${name} (${target}): ${before} → ${after}`)}`),
  ]
}
