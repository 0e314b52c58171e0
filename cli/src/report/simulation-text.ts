/**
 * `writ simulate` for people: the decisions by kind with their shares, each policy with its rules, the findings with their
 * first places, what identifies the run, how fast it was, and what to try next.
 */

import { decisionWords, type Finding, type Plan } from '@writ/engine'
import { type DecisionWord, type ProblemKind, problemCatalogue } from '@writ/grammar'
import type { Output } from '../terminal/io.ts'
import type { Paint } from '../terminal/paint.ts'
import {
  bytes,
  count,
  counted,
  cut,
  elapsed,
  padEnd,
  padStart,
  printable,
  rate,
  share,
  width,
  wrap,
} from '../terminal/text.ts'
import { timeText } from './decision-lines.ts'
import { decisionPaint } from './decision-paint.ts'
import { measureSection } from './measure-text.ts'
import { quoted, sameEvents } from './next-command.ts'
import { obligationSection } from './obligation-text.ts'
import { revisionSection } from './revisions.ts'
import { rolloutSections } from './rollouts.ts'
import { eventsPerSecond, peakBytes, type Simulation } from './simulation.ts'
import { isTried } from './simulation-json.ts'
import type { PolicyTally } from './tally.ts'

export function simulationText(simulation: Simulation, output: Output): string {
  const { paint } = output
  const sections = [
    head(simulation, output),
    decisionBars(simulation, output),
    effectiveSection(simulation, output),
    ...simulation.tally.policies.map(policy => policySection(policy, simulation, output)),
    idlePolicies(simulation, output),
    obligationSection(simulation, output),
    revisionSection(simulation, output),
    ...rolloutSections(simulation.plan, simulation.result, output),
    exceptionsSection(simulation, output),
    measureSection(simulation, output),
    findingsSection(simulation, output),
    facts(simulation, paint),
    next(simulation, paint),
  ]
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function head(simulation: Simulation, output: Output): string[] {
  const { paint, columns } = output
  const events = simulation.log.contractOf.length
  const { policies } = simulation.plan
  const rules = policies.reduce((sum, policy) => sum + policy.rules.length, 0)
  const number = counted(events, 'event')
  const where = `in ${counted(simulation.files, 'file')} of ${printable(simulation.choice.shown)}`
  const by = `decided by ${counted(policies.length, 'policy', 'policies')} with ${counted(rules, 'rule')}`
  const [first = '', ...rest] = wrap(`${number} ${where}, ${by}`, columns)
  const lines = [first.replace(number, paint.bold(number)), ...rest.map(line => `  ${line}`)]
  if (simulation.partial) {
    lines.push(paint.yellow('PARTIAL: interrupted before the end of the log; all figures are of what was read'))
  }
  return lines
}

function decisionBars(simulation: Simulation, output: Output): string[] {
  if (simulation.result.decisions.size === 0) return ['No decisions: no policy is "on" the contracts of these events.']
  const { effective } = simulation.tally
  const whole = isLayered(simulation.plan) ? effective.decisions : simulation.tally.decisions
  const total = Math.max(
    1,
    whole.reduce((sum, number) => sum + number, 0),
  )
  const counts = [...decisionWords].reverse().map(word => ({ word, count: whole[decisionWords.indexOf(word)] ?? 0 }))
  const digits = Math.max(...counts.map(entry => count(entry.count).length))
  const room = Math.min(50, output.columns - digits - 22)
  return counts.map(entry => {
    const bar = barOf(entry.count / total, room)
    const figures = `${padStart(count(entry.count), digits)}  ${padStart(share(entry.count, total), 6)}`
    return `  ${decisionPaint(entry.word, output.paint)(padEnd(entry.word, 6))}  ${figures}  ${decisionPaint(entry.word, output.paint)(bar)}`.trimEnd()
  })
}

/** Which policies gave the decisions that hold, and what those in shadow would have changed. */
function effectiveSection({ plan, tally }: Simulation, output: Output): string[] {
  if (!isLayered(plan)) return []
  const { effective } = tally
  const decided = `what holds for the ${counted(effective.total, 'event')} that a policy decides: the strictest of the policies that enforce`
  const lines = tally.policies.flatMap(({ policy: index, total }) => {
    const policy = plan.policies[index]
    if (policy === undefined || total === 0) return []
    const layer = policy.layer === null ? '' : ` (layer ${policy.layer})`
    const gave = `gave it for ${counted(effective.given[index] ?? 0, 'event')}`
    const more = count(effective.stricter[index] ?? 0)
    const less = count(effective.milder[index] ?? 0)
    const would = `would decide ${more} more strictly and ${less} less strictly`
    if (policy.mode === 'shadow') return [`  ${policy.name}${layer} in shadow ${would}`]
    const tried = isTried(plan, index) ? `, and where it did not count ${would}` : ''
    return [`  ${policy.name}${layer} ${gave}${tried}`]
  })
  return [...wrap(decided, output.columns), ...lines.flatMap(line => indented(line, output.columns))]
}

function indented(line: string, columns: number): string[] {
  const [first = '', ...rest] = wrap(line.trimStart(), columns - 4)
  return [`  ${first}`, ...rest.map(more => `    ${more}`)]
}

/** Whether decisions count differently: else what a policy decides is what holds. */
function isLayered(plan: Plan): boolean {
  return plan.rollouts.length > 0 || plan.policies.some(policy => policy.mode === 'shadow' || policy.layer !== null)
}

function policySection(tally: PolicyTally, simulation: Simulation, output: Output): string[] {
  const policy = simulation.plan.policies[tally.policy]
  if (policy === undefined || tally.total === 0) return []
  const { paint, columns } = output
  const standing = `${policy.layer === null ? '' : `  layer ${policy.layer}`}${policy.mode === 'shadow' ? `  ${paint.yellow('in shadow')}` : ''}`
  const left = Math.min(Math.max(...policy.rules.map(rule => width(rule.name)), 7), 34, columns - 40)
  const digits = Math.max(7, ...tally.rules.map(rule => count(rule.matched).length), count(tally.byDefault).length)
  const titles = columns - left - 2 * digits - 16
  const line = (name: string, word: DecisionWord, matched: string, decided: string, more: string): string =>
    `  ${padEnd(cut(name, left), left)}  ${decisionPaint(word, paint)(padEnd(word, 6))}  ${padStart(matched, digits)}  ${padStart(decided, digits)}  ${more}`.trimEnd()
  return [
    `${paint.bold(`policy ${policy.name}`)} ${policy.version}${standing}  ${counted(tally.total, 'decision')}`,
    paint.dim(`  ${padEnd('rule', left + 8)}  ${padStart('matched', digits)}  ${padStart('decided', digits)}`),
    ...policy.rules.flatMap((rule, place) => {
      // Expectations decide nothing; they have a section of their own.
      if (rule.expectation !== null) return []
      const counts = tally.rules[place]
      const title = titles < 16 ? '' : paint.dim(cut(printable(rule.title ?? ''), titles))
      const unknown = counts?.unknown ? paint.yellow(`${count(counts.unknown)} on unknown data`) : ''
      return line(rule.name, rule.decision, count(counts?.matched ?? 0), count(counts?.decided ?? 0), unknown || title)
    }),
    line('default', policy.default.decision, '', count(tally.byDefault), ''),
  ]
}

/** Policies whose events the log does not have are named, not laid out. */
function idlePolicies(simulation: Simulation, output: Output): string[] {
  const { policies } = simulation.plan
  // Expectations alone decide nothing, which is no idleness.
  const idle = simulation.tally.policies.filter(
    ({ total, policy }) => total === 0 && (policies[policy]?.contracts.length ?? 0) > 0,
  )
  if (idle.length === 0 || idle.length === policies.length) return []
  const names = idle.map(policy => simulation.plan.policies[policy.policy]?.name ?? '')
  const [first = '', ...rest] = wrap(`without decisions: ${names.join(', ')}`, output.columns - 2)
  return [first, ...rest.map(line => `  ${line}`)].map(line => output.paint.dim(line))
}

function exceptionsSection({ plan, tally }: Simulation, output: Output): string[] {
  if (plan.exceptions.length === 0) return []
  const lines = plan.exceptions.map(({ name, policy, rule, grantedBy, until }, index) => {
    const of = `${plan.policies[policy]?.name}.${plan.policies[policy]?.rules[rule]?.name}`
    const used = tally.exceptions[index] ?? 0
    const times = used === 0 ? 'never' : `for ${counted(used, 'event')}`
    return `${name} waived ${of} ${times} (granted by ${printable(grantedBy)} until ${timeText(until)})`
  })
  return [output.paint.bold('exceptions'), ...lines.flatMap(line => indented(line, output.columns))]
}

function findingsSection(simulation: Simulation, output: Output): string[] {
  const { paint, columns } = output
  const catalogue = new Map<string, ProblemKind>(Object.entries(problemCatalogue))
  const total = [...simulation.findings.counts.values()].reduce((sum, times) => sum + times, 0)
  if (total === 0) return []
  const lines = [paint.bold(`${counted(total, 'finding')} in the recorded events`)]
  for (const [code, times] of [...simulation.findings.counts].toSorted(([, a], [, b]) => b - a)) {
    lines.push(
      `  ${paint.yellow(code)}  ${catalogue.get(code)?.title ?? ''}  ${times === 1 ? 'once' : `${count(times)} times`}`,
    )
    const [first, second] = simulation.findings.listed.filter(one => one.code === code)
    if (first !== undefined) {
      const told = wrap(`${placeText(first)}  ${printable(first.message)}`, columns - 9)
      lines.push(...told.map((line, place) => `         ${place === 0 ? '' : '  '}${line}`))
    }
    if (second !== undefined)
      lines.push(`         ${cut(`${placeText(second)}  ${printable(second.message)}`, columns - 9)}`)
  }
  return lines
}

/** `events.ndjson:12`; where the format has no lines, `runs/a.json record 3`, counted from 1 as explanations do. */
function placeText({ file, line, index }: Finding): string {
  const record = index === null ? '' : ` record ${count(index + 1)}`
  return `${printable(file)}${line === null ? record : `:${line}`}`
}

function facts(simulation: Simulation, paint: Paint): string[] {
  const events = simulation.log.contractOf.length
  const speed = rate(eventsPerSecond(events, simulation.elapsedMs))
  const skipped =
    simulation.skipped === 0 ? [] : [`${counted(simulation.skipped, 'record')} taken by no map of the source`]
  const rejected =
    simulation.result.rejected.length === 0
      ? []
      : [`${counted(simulation.result.rejected.length, 'event')} rejected by a check`]
  const left = [...skipped, ...rejected]
  return [
    ...(left.length === 0 ? [] : [`${paint.dim('left out')}  ${left.join(', ')}`]),
    `${paint.dim('speed')}     ${elapsed(simulation.elapsedMs)}, ${speed} events/s, peak memory ${bytes(peakBytes())}`,
    `${paint.dim('run')}       ${simulation.run.identity.slice(0, 16)}, decisions ${simulation.run.hash.slice(0, 16)} ${paint.dim('(equal when run again)')}`,
  ]
}

function next(simulation: Simulation, paint: Paint): string[] {
  const { workspace, choice } = simulation
  const base = sameEvents(workspace, choice)
  if (simulation.result.decisions.size === 0) return [`${paint.dim('next')}      writ check ${quoted(workspace.shown)}`]
  const strictest = firstStrictest(simulation)
  const event = strictest === undefined ? undefined : simulation.view.event(strictest)
  const at = event === undefined ? '' : ` --at ${quoted(`${event.file}:${event.index}`)}`
  return [
    `${paint.dim('next')}      ${paint.cyan(`writ explain ${base}${at}`)}`,
    `          ${paint.cyan(`writ simulate ${base} --format ndjson`)}`,
  ]
}

/** The first event with the strictest decision of the run. */
function firstStrictest(simulation: Simulation): number | undefined {
  const { decisions } = simulation.result
  let strictest = -1
  let seq: number | undefined
  for (let place = 0; place < decisions.size; place++) {
    if (simulation.plan.policies[decisions.policy[place] ?? 0]?.mode === 'shadow') continue
    if ((decisions.decision[place] ?? 0) > strictest) {
      strictest = decisions.decision[place] ?? 0
      seq = decisions.seq[place]
    }
  }
  return seq
}

/** Eighths of a column, so that small shares are still seen. */
function barOf(part: number, room: number): string {
  const eighths = Math.round(part * room * 8)
  const whole = '█'.repeat(Math.floor(eighths / 8))
  const rest = ' ▏▎▍▌▋▊▉'[eighths % 8]?.trim() ?? ''
  return part > 0 && eighths === 0 ? '▏' : whole + rest
}
