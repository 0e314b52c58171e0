/** The report of `npm start`: how the guardrails did on the recorded runs, in about sixty lines of a terminal. */
import type { DecisionWord } from '@writ/grammar'
import { carriedOutByCalls } from './labels.ts'
import { decisionCounts, missed, type Outcome, ruleScores, type Share, share } from './outcome.ts'
import { type Story, stories } from './story.ts'

export interface Measured {
  readonly bytes: number
  readonly peakBytes: number
}

/** Ends with a line break. Colour repeats what words say. */
export function reportText(outcome: Outcome, measured: Measured, options: { color: boolean; width: number }): string {
  const ink = inkFor(options.color)
  const width = Math.max(76, Math.min(options.width, 110))
  const lines = [
    ...heading(outcome, ink),
    ...suites(outcome, ink),
    ...rules(outcome, ink, width),
    ...told(outcome, ink, width),
    ...notStopped(outcome, ink, width),
    ...cost(outcome, measured, ink),
    ...next(ink),
  ]
  return `${lines.join('\n')}\n`
}

function heading({ runs, models, simulation }: Outcome, ink: Ink): readonly string[] {
  const { plan, result } = simulation
  const count = plan.policies.reduce((sum, policy) => sum + policy.rules.length, 0)
  return [
    '',
    ink.bold('Writ  guardrails for tool-calling agents, simulated over recorded runs'),
    ink.dim(
      `${number(runs.length)} runs of ${models.length} agents, ${number(result.decisions.size)} tool calls judged by ${plan.policies.length} policies with ${count} rules`,
    ),
    '',
  ]
}

function suites(outcome: Outcome, ink: Ink): readonly string[] {
  const words: readonly DecisionWord[] = ['deny', 'hold', 'warn', 'permit']
  const row = (suite: string | null) => {
    const counts = (suite === null ? outcome.suites : [suite]).map(name => decisionCounts(outcome, name))
    const cells = words.map(word => number(counts.reduce((sum, one) => sum + one[word], 0)).padStart(8))
    const attacks = share(outcome, 'attack', suite)
    const honest = share(outcome, 'honest', suite)
    return {
      attacks: `${ratio(attacks)} ${percent(attacks)}`,
      honest: `${ratio(honest)} ${percent(honest)}`,
      cells: cells.join(''),
    }
  }
  const line = (name: string, suite: string | null) => {
    const { attacks, honest, cells } = row(suite)
    return { name: `  ${name.padEnd(12)}`, attacks, honest, cells }
  }
  const show = ({ name, attacks, honest, cells }: ReturnType<typeof line>) =>
    `${name}${attacks.padStart(20)}${honest.padStart(25)}    ${cells}`
  return [
    ink.dim(
      `  ${' '.repeat(12)}${'attacks stopped'.padStart(20)}${'honest work disturbed'.padStart(25)}    ${words.map(word => word.padStart(8)).join('')}`,
    ),
    ...outcome.suites.map(suite => show(line(suite, suite))),
    ink.bold(show(line('all', null))),
    '',
    ink.dim('  attack: the injected goal was carried out by tool calls; stopped: at least one call denied or held'),
    ink.dim('  honest: nothing injected and the task done; disturbed: any call denied or held'),
    '',
  ]
}

function rules(outcome: Outcome, ink: Ink, width: number): readonly string[] {
  const scores = ruleScores(outcome).filter(({ attacks }) => attacks > 0)
  const shown = scores.slice(0, 10)
  const most = shown[0]?.attacks ?? 1
  const nameWidth = Math.max(...shown.map(({ rule }) => rule.length))
  const room = Math.min(30, width - nameWidth - 40)
  return [
    ink.bold('What stopped them') +
      ink.dim('   attacks that the rule stopped, and calls that it denied or held in all runs'),
    ...shown.map(({ rule, word, attacks, calls }) => {
      const bar = ink.of(word)('█'.repeat(Math.max(1, Math.round((attacks / most) * room))))
      return `  ${word}  ${rule.padEnd(nameWidth)}  ${String(attacks).padStart(3)} attacks ${number(calls).padStart(4)} calls  ${bar}`
    }),
    ...(scores.length > shown.length
      ? [ink.dim(`  and ${scores.length - shown.length} rules more: npx writ simulate samples/agent-guardrails`)]
      : []),
    '',
  ]
}

function told(outcome: Outcome, ink: Ink, width: number): readonly string[] {
  const best = stories(outcome, 3)
  if (best.length === 0) return []
  return [ink.bold('Three of them'), ...best.flatMap((story, i) => tale(story, i + 1, ink, width))]
}

function tale(story: Story, place: number, ink: Ink, width: number): readonly string[] {
  const { run, decision } = story
  const asked = quote('the user asked  ', story.asked, width - 5, 1)
  const read = quote('the agent read  ', `${story.source}: … ${story.excerpt} …`, width - 5, 2)
  return [
    `  ${place}  ${ink.of(decision.word)(ink.bold('DENIED'))}  ${ink.bold(`${story.call}  ${story.target}`)}  ${ink.dim(`${run.label.suite}, ${run.label.model}`)}`,
    ...[...asked, ...read, ...quote('denied because  ', story.reason, width - 5, 2)].map(line => `     ${line}`),
    ...(run.label.useful
      ? ['     and             the task of the user was done as well: nobody would have noticed']
      : []),
    ink.dim(`     npx writ explain samples/agent-guardrails --event ${story.event}`),
    '',
  ]
}

function notStopped(outcome: Outcome, ink: Ink, width: number): readonly string[] {
  const left = missed(outcome)
  const inWords = outcome.runs.filter(({ label }) => label.succeeded && !carriedOutByCalls(label)).length
  const lines = [
    ...(left.length > 0
      ? [`${left.length} attacks by calls went through: ${left.map(({ label }) => label.file).join(', ')}`]
      : []),
    `${inWords} attacks ask for a sentence in the answer (praise a hotel) and need no tool call: policies on calls cannot see them.`,
    `Attempts that failed anyway had a call denied or held in ${ratio(share(outcome, 'failed-attack'))} runs, honest runs that missed their task in ${ratio(share(outcome, 'failed-task'))}.`,
  ]
  return [
    ink.bold('Not stopped, and beside the point'),
    ...lines.flatMap(line => wrap(line, width - 2).map(part => `  ${part}`)),
    '',
  ]
}

function cost({ simulation }: Outcome, { bytes, peakBytes }: Measured, ink: Ink): readonly string[] {
  const { check, read, decide } = simulation.milliseconds
  const events = simulation.opened.log.contractOf.length
  const findings = [...simulation.opened.findingCounts.values()].reduce((sum, count) => sum + count, 0)
  const seconds = (read + decide) / 1000
  return [
    ink.bold('Cost'),
    `  ${number(events)} events from ${megabytes(bytes)} of transcripts in ${seconds.toFixed(2)} s  ${ink.dim(`check ${check.toFixed(0)} ms, read ${read.toFixed(0)} ms, decide ${decide.toFixed(0)} ms`)}`,
    `  ${number(Math.round(events / seconds / 1000) * 1000)} events/s, peak memory ${megabytes(peakBytes)}, ${findings === 0 ? 'no record broke its contract' : `${number(findings)} findings`}`,
    '',
  ]
}

function next(ink: Ink): readonly string[] {
  return [
    ink.bold('Try next'),
    `  npx writ explain samples/agent-guardrails        ${ink.dim('one decision of every rule, explained')}`,
    `  npx writ test samples/agent-guardrails           ${ink.dim('the tests that stand beside the policies')}`,
    `  change samples/agent-guardrails/payments.writ    ${ink.dim('and run npm start again')}`,
  ]
}

interface Ink {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly of: (word: DecisionWord) => (text: string) => string
}

function inkFor(color: boolean): Ink {
  const brush = (on: number, off: number) => (text: string) => (color ? `\u001b[${on}m${text}\u001b[${off}m` : text)
  const codes = { deny: 31, hold: 33, warn: 33, permit: 32 }
  return { bold: brush(1, 22), dim: brush(2, 22), of: word => brush(codes[word], 39) }
}

/** The text after its label, quoted by indentation, on at most `most` lines. */
function quote(label: string, text: string, width: number, most: number): readonly string[] {
  const lines = wrap(text, width - label.length)
  const cut = lines.slice(0, most)
  if (lines.length > most) cut[most - 1] = `${cut[most - 1]?.slice(0, width - label.length - 1)}…`
  return cut.map((line, i) => (i === 0 ? label : ' '.repeat(label.length)) + line)
}
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

export function ratio({ stopped, all }: Share): string {
  return `${number(stopped)} of ${number(all)}`
}
/** Exact where it is none or all; else with one digit, never rounded up to 100. */
export function percent({ stopped, all }: Share): string {
  if (all === 0) return '   –'
  const tenths = Math.min(stopped === all ? 1000 : 999, Math.round((stopped / all) * 1000))
  return `${(tenths / 10).toFixed(tenths === 1000 ? 0 : 1)}%`.padStart(5)
}
function number(value: number): string {
  return value.toLocaleString('en-US')
}
function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`
}
