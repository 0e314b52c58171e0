/**
 * What the policies say about the recorded calls, beside what the benchmark's graders said about the runs. Prints the table;
 * `npx node samples/airline/score.ts --write` brings the one in the README up to date.
 */
import { readFileSync } from 'node:fs'
import { columnView } from '@writ/engine'
import type { DecisionWord } from '@writ/grammar'
import { markdownTable, writeSections } from '../readme-sections.ts'
import { decisionsOf, samplePath, simulate } from '../simulate.ts'

interface Row {
  readonly rule: string
  readonly word: DecisionWord
  readonly solved: Tally
  readonly failed: Tally
}
interface Tally {
  calls: number
  readonly runs: Set<number>
}

/** Markdown: every rule that warned, held or denied, in runs that the graders call solved (reward 1) and in the others. */
export async function table(): Promise<string> {
  const simulation = await simulate('airline', samplePath('airline', 'runs'), true)
  const view = columnView(simulation.opened.log, simulation.plan.contracts)
  const solved = readRewards().map(reward => reward === 1)
  const rows = new Map<string, Row>()
  const stopped = { solved: new Set<number>(), failed: new Set<number>() }
  for (const { seq, policyName, rule, word } of decisionsOf(simulation)) {
    if (word === 'permit') continue
    const run = Number(view.event(seq).value(['run']))
    const name = `${policyName}.${rule}`
    const row = rows.get(name) ?? {
      rule: name,
      word,
      solved: { calls: 0, runs: new Set() },
      failed: { calls: 0, runs: new Set() },
    }
    rows.set(name, row)
    const tally = solved[run] ? row.solved : row.failed
    tally.calls++
    tally.runs.add(run)
    if (word !== 'warn') (solved[run] ? stopped.solved : stopped.failed).add(run)
  }
  const sorted = [...rows.values()].sort((a, b) => (a.rule < b.rule ? -1 : 1))
  const count = (wanted: boolean) => solved.filter(is => is === wanted).length
  return markdownTable(
    [
      { title: 'rule' },
      { title: 'decides' },
      { title: `calls in the ${count(true)} runs with reward 1`, right: true },
      { title: 'in runs', right: true },
      { title: `calls in the ${count(false)} runs with reward 0`, right: true },
      { title: 'in runs', right: true },
    ],
    [
      ...sorted.map(({ rule, word, solved: good, failed: bad }) => [
        `\`${rule}\``,
        word,
        good.calls,
        good.runs.size,
        bad.calls,
        bad.runs.size,
      ]),
      ['**runs with a call denied or held**', '', '', stopped.solved.size, '', stopped.failed.size],
    ],
  )
}

/** The reward of each run, in the order of the file: `run_index` of its events. */
function readRewards(): readonly unknown[] {
  const runs: unknown = JSON.parse(readFileSync(samplePath('airline', 'runs', 'gpt-4o-airline.json'), 'utf8'))
  if (!Array.isArray(runs)) throw new Error('the trajectories are an array')
  return runs.map(run => run.reward)
}

if (process.argv[1] === import.meta.filename) {
  const text = await table()
  if (process.argv.includes('--write')) writeSections(samplePath('airline', 'README.md'), { rules: text })
  else process.stdout.write(`${text}\n`)
}
