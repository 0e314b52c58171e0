/** `writ explain`: why a recorded event was decided as it was; without an event, which decisions tell most; or what a problem code means. */
import { existsSync, readFileSync } from 'node:fs'
import { explain as explainDecision, type ObligationStory, obligationStories } from '@writ/engine'
import { type Verification, verifyExplanation, verifyObligation } from '@writ/engine/verify'
import { type ProblemKind, problemCatalogue } from '@writ/grammar'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { eventsOptions } from '../events.ts'
import type { ExitCode } from '../exit-code.ts'
import { chosenEvent, eventOptions, explainedAt, recordedFor, undecided } from '../explained-event.ts'
import { suggestion } from '../nearest.ts'
import { openProgram } from '../open-program.ts'
import { pagePath } from '../places.ts'
import { isUnreadable } from '../recorded-run.ts'
import { isRefusal, type Refusal, refuse, report, reportProblem } from '../refusal.ts'
import { explanationPage } from '../report/explanation-text.ts'
import type { Simulation } from '../report/simulation.ts'
import { tellingText } from '../report/telling-text.ts'
import { decisionsOf, type TellingDecision, tellingDecisions } from '../telling.ts'
import type { Io, Output } from '../terminal/io.ts'
import type { Paint } from '../terminal/paint.ts'
import { printable } from '../terminal/text.ts'

export const explain: Command = {
  help: {
    name: 'explain',
    summary: 'say why an event was decided as it was',
    description:
      'Explains the decisions about one recorded event: the rule that decided, the evidence its condition rests on, and what would have changed it. Without --at or --event it lists the decisions that tell most about the run, one for each rule that decided. "writ explain W0203" prints the page of a problem code.',
    positionals: [
      { name: 'WORKSPACE|CODE', required: true, many: false, does: 'a folder with .writ files, or a problem code' },
    ],
    options: [
      ...eventsOptions,
      ...eventOptions,
      { name: 'rule', value: 'NAME', does: 'without an event: decisions that this rule made' },
      { name: 'verify', value: null, does: 'have each explanation re-derived by the independent checker' },
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the result' },
    ],
    examples: [
      { line: 'writ explain samples/airline', does: 'which decisions are worth a look?' },
      { line: 'writ explain samples/airline --event 1 --verify', does: 'one of them, checked independently' },
      { line: 'writ explain W3010', does: 'what does this problem code mean?' },
    ],
  },
  run: async (args, io) => {
    const [about = '.'] = args.positionals
    const [one, other] = ['at', 'event', 'rule'].filter(option => args.has(option))
    if (one !== undefined && other !== undefined) {
      return report(
        io,
        refuse('W3003', { option: `--${other}`, wrong: `does not go with --${one}`, expected: 'one of them' }),
      )
    }
    if (/^[wW]\d+$/.test(about) && !existsSync(about)) return await page(about.toUpperCase(), args, io)
    const program = await openProgram(about, io)
    if (program === 'has errors') return 1
    if (isRefusal(program)) return report(io, program)
    const simulation = await recordedFor('explain', program, args, io)
    if (isRefusal(simulation)) return report(io, simulation)
    if (isUnreadable(simulation)) return reportProblem(io, simulation.unreadable, null)
    const seq = chosenEvent(simulation, args)
    if (seq === undefined) return await list(simulation, args, io)
    if (isRefusal(seq)) return report(io, seq)
    return await explainEvent(simulation, seq.seq, args, io)
  },
}

/** The page of a problem code, as it stands in docs/problems. */
async function page(code: string, args: Arguments, io: Io): Promise<ExitCode> {
  const path = pagePath(code)
  const kind: ProblemKind | undefined = new Map<string, ProblemKind>(Object.entries(problemCatalogue)).get(code)
  if (kind === undefined || !existsSync(path)) {
    return report(io, refuse('W3033', { code, suggestion: suggestion(code, Object.keys(problemCatalogue)) }))
  }
  const text = readFileSync(path, 'utf8')
  const json = { code, title: kind.title, severity: kind.severity, message: kind.message, page: text }
  io.output.write(args.choice('format', ['text', 'json']) === 'json' ? `${JSON.stringify(json, null, 2)}\n` : text)
  return 0
}

async function explainEvent(simulation: Simulation, seq: number, args: Arguments, io: Io): Promise<ExitCode> {
  const { plan, view, result } = simulation
  const rejected = new Set(result.rejected)
  const stories = obligationStories(plan, view, result.obligations, seq, { rejected: other => rejected.has(other) })
  const beliefs = stories.map(({ instance }) =>
    args.has('verify') ? verifyObligation(plan, view, result.obligations, instance) : null,
  )
  const explained = explainedAt(simulation, seq)
  if (explained.length === 0 && stories.length === 0) return report(io, undecided(simulation, seq))
  const verdicts = explained.map(({ explanation }) =>
    args.has('verify') ? verifyExplanation(plan, view, explanation, result.rollouts) : null,
  )
  if (args.choice('format', ['text', 'json']) === 'json') {
    const { explanationJson } = await import('../report/explanation-json.ts')
    const pages = explained.map(({ explanation, changes }, place) =>
      explanationJson(plan, view, explanation, changes, verdicts[place]?.accepted ?? null),
    )
    io.output.write(`${JSON.stringify({ explanations: pages, obligations: stories }, null, 2)}\n`)
  } else {
    const { paint } = io.output
    const pages = explained.map(({ explanation, changes }, place) => {
      const text = explanationPage(plan, view, explanation, changes, io.output)
      const verdict = verdicts[place]
      if (verdict === undefined || verdict === null) return text
      return `${text}\n${verdictText(verdict, paint)}\n`
    })
    if (stories.length > 0) pages.push(storyText(stories, beliefs, io.output))
    io.output.write(pages.join(`\n${paint.dim('─'.repeat(Math.min(60, io.output.columns)))}\n\n`))
  }
  return [...verdicts, ...beliefs].every(verdict => verdict?.accepted ?? true) ? 0 : 1
}

function verdictText(verdict: Verification, paint: Paint): string {
  return verdict.accepted
    ? `${paint.green('✓')} verified: the independent checker derived the same from the log`
    : `${paint.red('✗')} not verified: ${verdict.why} (${verdict.where})`
}

/** What lived on after the event, or ended with it. */
function storyText(
  stories: readonly ObligationStory[],
  beliefs: readonly (Verification | null)[],
  { paint }: Output,
): string {
  return stories
    .map(({ policy, rule, status, lines }, place) => {
      const painted = status === 'fulfilled' ? paint.green : status === 'breached' ? paint.red : paint.yellow
      const belief = beliefs[place]
      const told = [...lines.map(printable), ...(belief ? [verdictText(belief, paint)] : [])]
      return `${paint.bold(`${policy}.${rule}`)} ${painted(status)}\n${told.map(line => `  ${line}\n`).join('')}`
    })
    .join('\n')
}

async function list(simulation: Simulation, args: Arguments, io: Io): Promise<ExitCode> {
  const chosen = chosenDecisions(simulation, args.value('rule'))
  if (isRefusal(chosen)) return report(io, chosen)
  const { plan, view, result } = simulation
  const { rollouts } = result
  const rows = chosen.map(one => ({
    ...one,
    explanation: explainDecision(plan, view, one.seq, one.policy, { rollouts }),
  }))
  if (args.choice('format', ['text', 'json']) === 'json') {
    const { explanationJson } = await import('../report/explanation-json.ts')
    const pages = rows.map(row => explanationJson(plan, view, row.explanation, [], null))
    io.output.write(`${JSON.stringify({ explanations: pages }, null, 2)}\n`)
    return 0
  }
  io.output.write(tellingText(simulation, rows, args.value('rule'), io.output))
  return 0
}

function chosenDecisions(simulation: Simulation, rule: string | undefined): readonly TellingDecision[] | Refusal {
  const { plan, result } = simulation
  if (rule === undefined) return tellingDecisions(plan, result, simulation.tally, 8)
  const names = plan.policies.flatMap(policy => policy.rules.map(one => one.name))
  const found = plan.policies.flatMap((policy, index) => {
    const place = policy.rules.findIndex(one => one.name === rule || `${policy.name}.${one.name}` === rule)
    return place < 0 ? [] : [{ policy: index, rule: place }]
  })
  if (found.length > 0) return found.flatMap(one => decisionsOf(result, one.policy, one.rule, 8))
  return refuse('W3023', {
    kind: 'rule',
    name: rule,
    folder: simulation.workspace.shown,
    suggestion: suggestion(rule, names),
    known: `It has ${names.join(', ')}.`,
  })
}
