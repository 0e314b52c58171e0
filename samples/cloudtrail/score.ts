/**
 * What the rules found in the delivery files: per rule how many calls, by whom, and when first. Prints the table;
 * `npx node samples/cloudtrail/score.ts --write` brings the one in the README up to date.
 */
import { columnView } from '@writ/engine'
import type { DecisionWord } from '@writ/grammar'
import { markdownTable, writeSections } from '../readme-sections.ts'
import { decisionsOf, samplePath, simulate } from '../simulate.ts'

interface Row {
  readonly rule: string
  readonly word: DecisionWord
  calls: number
  readonly principals: Set<string>
  readonly first: number
}

/** Markdown, in the order in which the rules first spoke. */
export async function table(): Promise<string> {
  const simulation = await simulate('cloudtrail', samplePath('cloudtrail', 'events'), true)
  const view = columnView(simulation.opened.log, simulation.plan.contracts)
  const rows = new Map<string, Row>()
  for (const { seq, policyName, rule, word } of decisionsOf(simulation)) {
    if (word === 'permit') continue
    const event = view.event(seq)
    const name = `${policyName}.${rule}`
    const row = rows.get(name) ?? { rule: name, word, calls: 0, principals: new Set(), first: event.time }
    rows.set(name, row)
    row.calls++
    row.principals.add(shortName(String(event.value(['principal']))))
  }
  const sorted = [...rows.values()].sort((a, b) => a.first - b.first)
  return markdownTable(
    [
      { title: 'first at (UTC)' },
      { title: 'rule' },
      { title: 'decides' },
      { title: 'calls', right: true },
      { title: 'by' },
    ],
    sorted.map(({ rule, word, calls, principals, first }) => [
      new Date(first).toISOString().slice(11, 19),
      `\`${rule}\``,
      word,
      calls,
      [...principals].sort().join(', '),
    ]),
  )
}

/** `user/ana` and `role/web`, without account and session. */
function shortName(principal: string): string {
  const role = /:assumed-role\/([^/]+)\//.exec(principal)
  return role ? `role ${role[1]}` : (principal.split('/').at(-1) ?? principal)
}

if (process.argv[1] === import.meta.filename) {
  const text = await table()
  if (process.argv.includes('--write')) writeSections(samplePath('cloudtrail', 'README.md'), { found: text })
  else process.stdout.write(`${text}\n`)
}
