/** What came of properties, on a terminal: the verdict of each, and for a refuted one the story with the explanation of its end. */
import { decidedText, explain, type Plan, type PropertyResult, storyOf, type Trace, whatHolds } from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { count, counted, printable, wrap } from '../terminal/text.ts'
import { shownPath } from '../workspace.ts'
import { decisionPaint } from './decision-paint.ts'
import { explanationPage } from './explanation-text.ts'

export function propertiesText(plan: Plan, results: readonly PropertyResult[], shown: string, output: Output): string {
  return results.map(result => `${propertyText(plan, result, shown, output)}\n`).join('')
}

function propertyText(plan: Plan, result: PropertyResult, shown: string, output: Output): string {
  const { paint } = output
  const { property, verdict } = result
  const title = printable(property.title === null ? property.name : `${property.name} "${property.title}"`)
  const place = `      ${paint.dim(printable(`${shownPath(shown, result.file)}:${result.line}`))}`
  switch (verdict.kind) {
    case 'proved':
      return `  ${paint.green('✓')} ${title}: ${paint.green('proved')}`
    case 'open': {
      const tried = counted(verdict.evaluations, 'trace')
      const ended = verdict.exhausted ? `all ${tried} worth trying` : `stopped after ${tried}`
      return `  ${paint.yellow('?')} ${title}: ${openText(verdict.size)}\n      ${paint.dim(ended)}`
    }
    case 'refuted': {
      const claim = property.claims[verdict.claim]
      const words = claim ? claimText(plan, claim) : ''
      return [
        `  ${paint.red('✗')} ${title}: ${paint.red('refuted')}, ${words}, but:`,
        place,
        '',
        ...storyLines(plan, verdict.trace, output).map(line => `      ${line}`),
      ].join('\n')
    }
  }
}

export function openText(size: number): string {
  return `not proved, nothing found up to size ${count(size)}`
}

/** `it claims never permit by refunds`. */
export function claimText(plan: Plan, claim: PropertyResult['property']['claims'][number]): string {
  const policy = claim.by && plan.policies[claim.by.policy]
  const rule = claim.by === null || claim.by.rule === null ? undefined : policy?.rules[claim.by.rule]
  const by = policy ? ` by ${policy.name}${rule ? `.${rule.name}` : ''}` : ''
  return `it claims ${claim.always ? 'always' : 'never'} ${claim.decisions.join(' or ')}${by}`
}

/** Each event with what is decided about it, then why the last one is decided so. */
export function storyLines(plan: Plan, trace: Trace, output: Output): readonly string[] {
  const { paint, columns } = output
  const { events, view } = storyOf(plan, trace)
  const shownEvents = grouped(events)
  const lines = shownEvents.flatMap(({ event, times }) => {
    const often = times === 1 ? '' : ` (${times} times)`
    const [head = '', ...rest] = wrap(
      printable(`${event.when}${often}  ${event.contract} ${event.fields}`),
      columns - 8,
    )
    const held = whatHolds(event.decisions)
    const decided = held ? [`    → ${decisionPaint(held.decision, paint)(printable(decidedText(plan, held)))}`] : []
    return [head, ...rest.map(line => `    ${line}`), ...decided]
  })
  const last = events.at(-1)
  const held = last ? whatHolds(last.decisions) : null
  if (held === null) return lines
  const explanation = explain(plan, view, events.length - 1, held.policy)
  const page = explanationPage(plan, view, explanation, [], { ...output, columns: Math.max(40, columns - 6) })
  return [...lines, '', ...page.trimEnd().split('\n')]
}

/** Equal events in a row, told once. */
function grouped<T extends { readonly contract: string; readonly fields: string }>(
  events: readonly T[],
): readonly { readonly event: T; readonly times: number }[] {
  const groups: { event: T; times: number }[] = []
  events.forEach((event, i) => {
    const last = groups.at(-1)
    const isLast = i === events.length - 1
    const same = last && last.event.contract === event.contract && last.event.fields === event.fields
    if (same && !isLast && groups.length > 1) last.times++
    else groups.push({ event, times: 1 })
  })
  return groups
}

/** `3 proved, 1 refuted, 2 not proved`. */
export function propertySummary(results: readonly PropertyResult[], { paint }: Output): string {
  const of = (kind: PropertyResult['verdict']['kind']): number =>
    results.filter(({ verdict }) => verdict.kind === kind).length
  const refuted = of('refuted')
  const parts = [`${of('proved')} proved`, `${refuted} refuted`, `${of('open')} not proved`]
  const sign = refuted === 0 ? paint.green('✓') : paint.red('✗')
  return `${sign} ${counted(results.length, 'property', 'properties')}: ${parts.join(', ')}`
}
