/** `writ test --mutate` on a terminal: the changes that nobody noticed, each with what would tell it apart. */
import { type Mutant, type MutationResult, type Plan, storyOf } from '@writ/engine'
import type { Output } from '../terminal/io.ts'
import { count, counted, printable, share, wrap } from '../terminal/text.ts'
import { shownPath } from '../workspace.ts'

export interface MutationReport {
  readonly plan: Plan
  readonly result: MutationResult
  /** Of the search. */
  readonly maxEvents: number
  /** Whether a log was asked too. */
  readonly withLog: boolean
}

export function mutationText(report: MutationReport, shown: string, output: Output): string {
  const { paint } = output
  const survivors = report.result.mutants.filter(({ fate }) => fate.kind === 'survived')
  const lines = survivors.flatMap(mutant => [...survivorLines(report, mutant, shown, output), ''])
  const head =
    survivors.length === 0 ? [] : [paint.bold(`${counted(survivors.length, 'change')} that nobody noticed`), '']
  return `${[...head, ...lines, mutationSummary(report)].join('\n')}\n`
}

function survivorLines(
  { plan, maxEvents }: MutationReport,
  mutant: Mutant,
  shown: string,
  output: Output,
): readonly string[] {
  const { paint, columns } = output
  const { edit, line, before, after, fate } = mutant
  if (fate.kind !== 'survived') return []
  const where = [edit.policy, edit.rule].filter(name => name !== null).join('.')
  const place = printable(`${shownPath(shown, edit.path)}:${line}`)
  const lines = [
    `  ${place} ${paint.dim(`${where === '' ? '' : `${where}, `}${edit.kind}`)}`,
    ...cutLines(before).map(text => `  ${paint.red(`- ${printable(text.trimEnd())}`)}`),
    ...cutLines(after).map(text => `  ${paint.green(`+ ${printable(text.trimEnd())}`)}`),
  ]
  const { trace, exhausted, evaluations } = fate.told
  if (trace === null) {
    const tried = exhausted
      ? `all ${count(evaluations)} stories worth trying`
      : `stopped after ${counted(evaluations, 'story', 'stories')}`
    return [...lines, `    ${equivalentText(maxEvents)} ${paint.dim(`(${tried})`)}`]
  }
  const [own, other] = fate.told.outcomes
  const story = storyOf(plan, trace).events.map(event => `${event.when}  ${event.contract} ${event.fields}`)
  const told = [...story, `→ ${outcomeText(own)}; with the change ${outcomeText(other)}`]
  return [
    ...lines,
    '    would be told apart by:',
    ...told.flatMap(text => wrap(printable(text), columns - 8).map((part, i) => `      ${i === 0 ? '' : '  '}${part}`)),
  ]
}

export function equivalentText(size: number): string {
  return `equivalent as far as searched, up to ${counted(size, 'event')}`
}

function outcomeText(text: string): string {
  return text === '' ? 'nothing' : text
}

function cutLines(lines: readonly string[]): readonly string[] {
  return lines.length > 6 ? [...lines.slice(0, 5), `  … ${lines.length - 5} lines more`] : lines
}

/** `47 changes: 30 noticed by tests, 9 by the log, 8 not (6 of them could be); score 83.0%` */
export function mutationSummary({ result: { mutants, rejected }, withLog }: MutationReport): string {
  const by = (killer: 'test' | 'property' | 'log'): number =>
    mutants.filter(({ fate }) => fate.kind === 'killed' && fate.by === killer).length
  const [byTests, byProperties, byLog] = [by('test'), by('property'), by('log')]
  const noticed = byTests + byProperties + byLog
  const told = mutants.filter(({ fate }) => fate.kind === 'survived' && fate.told.trace !== null).length
  const survived = mutants.length - noticed
  const properties = byProperties > 0 ? `, ${count(byProperties)} by properties` : ''
  const log = withLog ? `, ${count(byLog)} by the log` : ''
  const score = share(noticed, noticed + told)
  const lost = rejected === 0 ? '' : `; ${counted(rejected, 'other')} did not check`
  return `${counted(mutants.length, 'change')}: ${count(byTests)} noticed by tests${properties}${log}, ${count(survived)} by nobody (${count(told)} of them could be); mutation score ${score}${lost}`
}
