/** What `writ run` and `writ serve` have in common: the options of a durable run, and the words when one goes on. */
import { resolve } from 'node:path'
import { type Plan, type PlanSource, runIdentity } from '@writ/engine'
import {
  type DurableRun,
  type DurableRunOptions,
  defaultSource,
  type openDurableRun,
  type SigningKey,
} from '@writ/ledger/node'
import { withApprovals } from './approval-record.ts'
import type { Arguments } from './arguments.ts'
import type { OptionHelp } from './command-help.ts'
import type { RunnableProgram } from './open-program.ts'
import { withPolicy } from './policy-choice.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { count, counted } from './terminal/text.ts'

export const runOptions: readonly OptionHelp[] = [
  { name: 'log', value: 'FOLDER', does: 'where the audit log is, or is to be' },
  { name: 'key', value: 'FILE', does: 'the private key that signs it' },
  { name: 'source', value: 'NAME', does: 'the source declaration that reads them, where several could' },
  { name: 'policy', value: 'NAME', does: 'only this policy' },
  {
    name: 'tick',
    value: 'N',
    does: 'when no input has come for so many seconds, record a tick of the clock where a deadline has passed by it',
  },
  { name: 'checkpoint-entries', value: 'N', does: 'sign after so many entries; 10000 without it' },
  { name: 'checkpoint-seconds', value: 'N', does: 'or after so many seconds; 10 without it' },
  {
    name: 'journal-megabytes',
    value: 'N',
    does: 'length of the journal, which is replayed after a crash; 64 without it',
  },
  { name: 'closures', value: null, does: 'run without generating code; the decisions are the same' },
]

export interface RunSettings {
  readonly plan: Plan
  readonly source: PlanSource
  readonly stream: string
  /** The folder of the log. */
  readonly shown: string
  readonly batch: number
  /** Seconds without input before the clock is looked at; null: it never is. */
  readonly tick: number | null
  readonly checkpointEntries: number
  readonly checkpointSeconds: number
  readonly journalMegabytes: number
}

/** `stream`: what event references call it, where the arguments do not say. */
export function runSettings(program: RunnableProgram, args: Arguments, stream: string): RunSettings | Refusal {
  const { workspace } = program
  const plan = withPolicy(program.plan, args.value('policy'), workspace.shown)
  if (isRefusal(plan)) return plan
  const shown = args.value('log')
  if (shown === undefined) return refuse('W3003', { option: '--log', wrong: 'is needed', expected: '--log FOLDER' })
  const chosen = streamSource(plan, args.value('source') ?? workspace.settings.source)
  if (isRefusal(chosen)) return chosen
  // What is answered and signed is never taken back.
  if (chosen.lateMode === 'revise') {
    const why = `${chosen.name} revises what was decided, which an answer that was given out cannot be`
    return refuse('W4009', { why, hint: 'Name a source with `lateness … record` or `reject`.' })
  }
  const source = withApprovals(plan, chosen)
  const tick = args.value('tick') === undefined ? null : positive(args, 'tick', 1)
  if (tick !== null && typeof tick !== 'number') return tick
  const numbers = [
    ['batch', 1024],
    ['checkpoint-entries', 10_000],
    ['checkpoint-seconds', 10],
    ['journal-megabytes', 64],
  ] as const
  const values = numbers.map(([name, otherwise]) => positive(args, name, otherwise))
  const wrong = values.find(value => typeof value !== 'number')
  if (wrong !== undefined) return wrong
  const [batch = 0, checkpointEntries = 0, checkpointSeconds = 0, journalMegabytes = 0] = values.filter(
    value => typeof value === 'number',
  )
  return {
    plan,
    source,
    stream: args.value('stream') ?? stream,
    shown,
    batch,
    tick,
    checkpointEntries,
    checkpointSeconds,
    journalMegabytes,
  }
}

function positive(args: Arguments, name: string, otherwise: number): number | Refusal {
  const given = args.value(name)
  if (given === undefined) return otherwise
  const value = Number(given)
  const whole = Number.isSafeInteger(value) || name === 'journal-megabytes'
  if (whole && Number.isFinite(value) && value > 0) return value
  return refuse('W3003', { option: `--${name}`, wrong: `is not "${given}"`, expected: 'a whole number above 0' })
}

function streamSource(plan: Plan, name: string | null | undefined): PlanSource | Refusal {
  const lines = plan.sources.filter(source => source.format === 'ndjson')
  const named = plan.sources.find(source => source.name === name)
  if (named !== undefined && named.format === 'ndjson') return named
  if (named !== undefined) return refuse('W4009', { why: `${named.name} reads ${named.format}`, hint: hintOf(lines) })
  if (name !== undefined && name !== null)
    return refuse('W4009', { why: `there is no source ${name}`, hint: hintOf(lines) })
  const [only, second] = lines
  if (only !== undefined && second === undefined) return only
  if (plan.sources.length === 0) return defaultSource(plan, 'ndjson')
  const why = only === undefined ? 'no source of the workspace has that format' : 'several sources could read it'
  return refuse('W4009', { why, hint: hintOf(lines) })
}

function hintOf(lines: readonly PlanSource[]): string {
  if (lines.length === 0) return 'Declare a source with format ndjson.'
  return `Name one with --source: ${lines.map(source => source.name).join(', ')}.`
}

export function durableOptions(
  settings: RunSettings,
  key: SigningKey,
  args: Arguments,
  cwd: string,
): DurableRunOptions {
  const { plan, source, stream, shown } = settings
  const policy = args.value('policy') ?? null
  return {
    plan,
    source,
    stream,
    run: runIdentity(plan, { log: 'stream', policy, source: source.name, strict: false }),
    folder: resolve(cwd, shown),
    shown,
    key,
    codeGeneration: !args.has('closures'),
    clock: () => Date.now(),
    checkpointEntries: settings.checkpointEntries,
    checkpointMilliseconds: settings.checkpointSeconds * 1000,
    journalBytes: settings.journalMegabytes * 1_000_000,
  }
}

/** What a log that is continued had. */
export function recoveredText(
  recovered: Extract<ReturnType<typeof openDurableRun>, { ok: true }>['recovered'],
  run: DurableRun,
): string {
  const { entries, unanchored, torn, tookOverLock } = recovered
  return [
    `going on after record ${count(run.records)} of the stream, with ${counted(entries, 'entry', 'entries')} in the log`,
    ...(unanchored > 0 ? [`${count(unanchored)} of them were under no checkpoint, and are now`] : []),
    ...(torn > 0 ? [`a batch that was never answered was cut off and is dropped (${count(torn)} bytes)`] : []),
    ...(tookOverLock ? ['the writer before ended without freeing the log'] : []),
  ].join('; ')
}
