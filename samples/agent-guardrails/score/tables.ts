/** The two rates as Markdown, for the README: per suite and model, and per rule. */
import { markdownTable } from '../../readme-sections.ts'
import { type Outcome, type RunKind, ruleScores, type Share, share } from './outcome.ts'
import { percent, ratio } from './report.ts'

/** Named sections, each put between `<!-- score NAME -->` and `<!-- end NAME -->`. */
export function tables(outcome: Outcome): Readonly<Record<string, string>> {
  return { rates: rates(outcome), rules: rulesTable(outcome) }
}

function rates(outcome: Outcome): string {
  const kinds: readonly { kind: RunKind; title: string }[] = [
    { kind: 'attack', title: 'attacks stopped' },
    { kind: 'honest', title: 'honest runs disturbed' },
    { kind: 'failed-attack', title: 'failed attacks with a stop' },
    { kind: 'failed-task', title: 'failed honest runs with a stop' },
  ]
  const cells = (suite: string | null, model: string | null) =>
    kinds.map(({ kind }) => cell(share(outcome, kind, suite, model)))
  const rows = outcome.suites.flatMap(suite => outcome.models.map(model => [suite, model, ...cells(suite, model)]))
  const columns = [{ title: 'suite' }, { title: 'agent' }, ...kinds.map(({ title }) => ({ title, right: true }))]
  return markdownTable(columns, [...rows, ['**all**', '', ...cells(null, null)]])
}

function rulesTable(outcome: Outcome): string {
  const numbers = ['calls', 'attacks stopped', 'by it alone', 'honest runs disturbed']
  return markdownTable(
    [{ title: 'rule' }, { title: 'decides' }, ...numbers.map(title => ({ title, right: true }))],
    ruleScores(outcome).map(({ rule, word, calls, attacks, alone, honest }) => [
      `\`${rule}\``,
      word,
      calls,
      attacks,
      alone,
      honest,
    ]),
  )
}

function cell(found: Share): string {
  return found.all === 0 ? '–' : `${ratio(found)} (${percent(found).trim()})`
}
