/**
 * Scores the guardrails against the labels of the recorded runs. `npm start` prints the report. By itself:
 * `npx node samples/agent-guardrails/score.ts [--runs FOLDER] [--write]`, where `--runs` takes other runs of the same shape and
 * `--write` brings the tables of the README up to date.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeSections } from '../readme-sections.ts'
import { samplePath, simulate } from '../simulate.ts'
import { readLabels } from './score/labels.ts'
import { join, type Outcome } from './score/outcome.ts'
import { reportText } from './score/report.ts'
import { tables } from './score/tables.ts'

const ownRuns = samplePath('agent-guardrails', 'runs')

/** The report as text; the runs of the sample without `runs`. */
export async function report(options: { color: boolean; width: number; runs?: string }): Promise<string> {
  const { outcome, peakBytes } = await score(options.runs ?? ownRuns)
  return reportText(outcome, { bytes: outcome.simulation.opened.bytes, peakBytes }, options)
}

/** Decisions and labels of a folder of runs. Simulates first and reads the labels afterwards: what is measured is the simulation. */
export async function score(runs: string): Promise<{ readonly outcome: Outcome; readonly peakBytes: number }> {
  const simulation = await simulate('agent-guardrails', runs, true)
  const peakBytes = process.resourceUsage().maxRSS * 1024
  return { outcome: join(simulation, readLabels(runs)), peakBytes }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { runs: { type: 'string' }, write: { type: 'boolean' } } })
  const runs = values.runs === undefined ? ownRuns : resolve(values.runs)
  if (values.write) writeSections(samplePath('agent-guardrails', 'README.md'), tables((await score(runs)).outcome))
  else
    process.stdout.write(
      await report({ color: process.stdout.isTTY === true, width: process.stdout.columns ?? 100, runs }),
    )
}
