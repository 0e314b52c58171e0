/**
 * What no registry can say of a change: the policies of a workspace under the old and under the new contracts. Without events
 * which rules become vacuous, read another type or do not check any more; with events which decisions become others.
 */
import {
  check,
  columnView,
  evaluate,
  type FileProblem,
  fromInteger,
  type Log,
  type LogView,
  type Plan,
  presentDuration,
  type RunResult,
  reasonText,
  ruleEffects,
  withContractsOf,
} from '@writ/engine'
import { parse } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import type { Arguments } from '../arguments.ts'
import { chooseEvents } from '../events.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import { timeText } from '../report/decision-lines.ts'
import type { Io } from '../terminal/io.ts'
import type { Paint } from '../terminal/paint.ts'
import { count, counted, printable, wrap } from '../terminal/text.ts'
import { openWorkspace, type Workspace, withBaselines } from '../workspace.ts'
import type { State } from './states.ts'

export interface RulesUnderBoth {
  readonly json: object
  readonly lines: (paint: Paint, columns: number) => string[]
}

/** Null where there are no policies to look at, and none were asked for. */
export async function rulesUnderBoth(
  states: { readonly old: State; readonly new: State },
  args: Arguments,
  io: Io,
): Promise<RulesUnderBoth | null | Refusal> {
  const given = args.value('workspace') ?? (states.new.isFolder ? states.new.shown : undefined)
  const wantsEvents = args.value('events') !== undefined
  if (given === undefined) return wantsEvents ? refuse('W3062', {}) : null
  const opened = await openWorkspace(given, io.cwd)
  const workspace = isRefusal(opened) ? opened : await withBaselines(opened)
  if (isRefusal(workspace)) return workspace
  const [before, after] = [programOver(workspace, states.old), programOver(workspace, states.new)]
  const policies = (after.plan ?? before.plan)?.policies.length
  if (policies === 0 && !wantsEvents) return null
  const failing = { before: errorsOf(before), after: errorsOf(after) }
  const effects =
    before.plan && after.plan ? ruleEffects(before.plan, after.plan) : { vacuous: [], types: [], kept: [] }
  let decisions: DecisionsUnderBoth | null = null
  if (wantsEvents && before.plan && after.plan) {
    const choice = chooseEvents('contract diff', workspace, args, io.cwd)
    if (isRefusal(choice)) return choice
    const [old, now] = [await decided(before.plan, choice, io), await decided(after.plan, choice, io)]
    if (isRefusal(old)) return old
    if (isRefusal(now)) return now
    decisions = differences(old, now)
  }
  const told = { failing, ...effects, decisions }
  return { json: jsonOf(told), lines: (paint, columns) => linesOf(told, paint, columns) }
}

interface Told {
  /** Messages of errors of the policies over one of the states; then nothing else can be said. */
  readonly failing: { readonly before: readonly FileProblem[]; readonly after: readonly FileProblem[] }
  readonly vacuous: readonly FileProblem[]
  readonly types: ReturnType<typeof ruleEffects>['types']
  readonly kept: ReturnType<typeof ruleEffects>['kept']
  readonly decisions: DecisionsUnderBoth | null
}

function programOver(workspace: Workspace, state: State) {
  const parsed = (files: State['files']) => files.map(file => parse(file.path, file.text))
  const files = parsed(withContractsOf(parsed(workspace.files), parsed(state.files)))
  return check(files, undefined, { baselines: workspace.baselines })
}
function errorsOf({ problems }: ReturnType<typeof check>): readonly FileProblem[] {
  return problems.filter(({ severity }) => severity === 'error')
}

interface DecidedLog {
  readonly plan: Plan
  readonly log: Log
  readonly view: LogView
  readonly result: RunResult
  readonly findings: number
}

async function decided(
  plan: Plan,
  choice: { shown: string; source: string | null },
  io: Io,
): Promise<DecidedLog | Refusal> {
  const source = choice.source === null ? {} : { source: choice.source }
  const opened = await openEvents(plan, choice.shown, { ...source, shouldStop: () => io.interrupted.aborted })
  if (opened.problem !== null) return refuse('W3063', { path: choice.shown, why: opened.problem.message })
  const result = evaluate(plan, opened.log)
  const findings = [...opened.findingCounts.values()].reduce((sum, one) => sum + one, 0)
  return { plan, log: opened.log, view: columnView(opened.log, plan.contracts), result, findings }
}

interface DecisionsUnderBoth {
  readonly events: number
  readonly decisions: number
  /** Decisions that are another word, and those that only another rule made. */
  readonly otherDecision: number
  readonly otherRule: number
  readonly findings: readonly [number, number]
  readonly examples: readonly Example[]
}
interface Example {
  readonly event: { readonly contract: string; readonly file: string; readonly index: number; readonly time: string }
  readonly policy: string
  readonly before: Ruling | null
  readonly after: Ruling | null
}
/** Null where the event is not decided: a check takes it out, or it is no event. */
interface Ruling {
  readonly decision: string
  readonly rule: string | null
  readonly reason: string
}

const mostExamples = 3

function differences(old: DecidedLog, now: DecidedLog): DecisionsUnderBoth {
  const before = placesByEvent(old)
  const examples: Example[] = []
  let otherDecision = 0
  let otherRule = 0
  const compare = (policy: string, oldPlace: number | null, newPlace: number | null): void => {
    const [was, is] = [
      oldPlace === null ? null : ruling(old, oldPlace),
      newPlace === null ? null : ruling(now, newPlace),
    ]
    if (was?.decision === is?.decision && was?.rule === is?.rule) return
    if (was?.decision === is?.decision) otherRule++
    else otherDecision++
    if (examples.length >= mostExamples || was?.decision === is?.decision) return
    const [log, place] = newPlace === null ? [old, oldPlace ?? 0] : [now, newPlace]
    examples.push({
      event: eventAt(log, place),
      policy,
      before: oldPlace === null ? null : tell(old, oldPlace),
      after: newPlace === null ? null : tell(now, newPlace),
    })
  }
  for (const [key, place] of placesByEvent(now)) {
    compare(policyAt(now, place), before.get(key) ?? null, place)
    before.delete(key)
  }
  for (const place of before.values()) compare(policyAt(old, place), place, null)
  return {
    events: now.view.size,
    decisions: now.result.decisions.size,
    otherDecision,
    otherRule,
    findings: [old.findings, now.findings],
    examples,
  }
}

/** Decisions by what they are about: the record and the policy, which both runs have in common. */
function placesByEvent({ plan, log, result }: DecidedLog): Map<string, number> {
  const places = new Map<string, number>()
  const { decisions } = result
  for (let place = 0; place < decisions.size; place++) {
    const seq = decisions.seq[place] ?? 0
    const batch = log.batches[log.contractOf[seq] ?? 0]
    const row = log.rowOf[seq] ?? 0
    const policy = plan.policies[decisions.policy[place] ?? 0]
    places.set(`${policy?.module}.${policy?.name} ${batch?.file[row]} ${batch?.index[row]}`, place)
  }
  return places
}
function policyAt({ plan, result }: DecidedLog, place: number): string {
  return plan.policies[result.decisions.policy[place] ?? 0]?.name ?? ''
}
function ruling(
  { plan, result }: DecidedLog,
  place: number,
): { readonly decision: string; readonly rule: string | null } {
  const policy = plan.policies[result.decisions.policy[place] ?? 0]
  const rule = policy?.rules[result.decisions.decidedBy[place] ?? -1]
  return { decision: rule?.decision ?? policy?.default.decision ?? '', rule: rule?.name ?? null }
}
function tell(log: DecidedLog, place: number): Ruling {
  const { decisions } = log.result
  const [seq, policy, rule] = [
    decisions.seq[place] ?? 0,
    decisions.policy[place] ?? 0,
    decisions.decidedBy[place] ?? -1,
  ]
  return { ...ruling(log, place), reason: reasonText(log.plan, log.view, seq, policy, rule) }
}
function eventAt({ plan, view, result }: DecidedLog, place: number): Example['event'] {
  const event = view.event(result.decisions.seq[place] ?? 0)
  const contract = plan.contracts[event.contract]?.name ?? ''
  return { contract, file: event.file, index: event.index, time: timeText(event.time) }
}

function jsonOf({ failing, vacuous, types, kept, decisions }: Told): object {
  const problem = ({ code, message, path }: FileProblem) => ({ code, message, file: path })
  return {
    failsBefore: failing.before.map(problem),
    failsAfter: failing.after.map(problem),
    vacuous: vacuous.map(problem),
    types,
    kept,
    decisions,
  }
}

function linesOf({ failing, vacuous, types, kept, decisions }: Told, paint: Paint, columns: number): string[] {
  const lines = [paint.bold('Rules')]
  const say = (sign: string, text: string): void => {
    const [first = '', ...rest] = wrap(printable(text), columns - 6)
    lines.push(`  ${sign} ${first}`, ...rest.map(line => `    ${line}`))
  }
  for (const [which, errors] of [
    ['old', failing.before],
    ['new', failing.after],
  ] as const) {
    if (errors.length === 0) continue
    say(paint.red('✗'), `the policies do not check with the ${which} contracts (${counted(errors.length, 'error')}):`)
    for (const { path, code, message } of errors.slice(0, 5)) say(' ', `${path} ${code} ${message}`)
  }
  for (const { policy, rule, value, before, after } of types)
    say(paint.yellow('!'), `${policy}.${rule}: \`${value}\` was ${before} and is ${after}`)
  for (const { code, message } of vacuous) say(paint.yellow('!'), `${code} ${message}`)
  for (const { contract, keptMilliseconds, reachMilliseconds } of kept) {
    const back = reachMilliseconds === null ? 'for ever' : durationText(reachMilliseconds)
    say(
      paint.yellow('!'),
      `windows look back ${back} on ${contract}, whose events are kept for ${durationText(keptMilliseconds)}`,
    )
  }
  const isSame = types.length === 0 && vacuous.length === 0 && kept.length === 0
  if (isSame && failing.before.length === 0 && failing.after.length === 0)
    say(paint.green('✓'), 'no rule becomes vacuous or reads another type')
  if (decisions === null) return lines
  const { otherDecision, otherRule, findings } = decisions
  const of = `of ${counted(decisions.decisions, 'decision')} on ${counted(decisions.events, 'event')}`
  const sign = otherDecision > 0 ? paint.yellow('!') : paint.green('✓')
  say(sign, `${count(otherDecision)} ${of} become another decision, ${count(otherRule)} are made by another rule`)
  if (findings[0] !== findings[1])
    say(
      paint.yellow('!'),
      `${counted(findings[1], 'finding')} about the records, ${count(findings[0])} with the old contracts`,
    )
  for (const { event, policy, before, after } of decisions.examples) {
    lines.push(`      ${printable(`${event.file}:${event.index}`)}  ${event.contract}  ${event.time}  ${policy}`)
    lines.push(`        was ${tolds(before)}`, `        is  ${tolds(after)}`)
  }
  return lines
}
function durationText(milliseconds: number): string {
  return presentDuration(fromInteger(milliseconds))
}
function tolds(told: Ruling | null): string {
  if (told === null) return 'no decision: a check takes the event out'
  return printable(`${told.decision} by ${told.rule ?? 'default'}${told.reason === '' ? '' : `: ${told.reason}`}`)
}
