/** One recorded event by `--at` or `--event`, and what was decided about it with the reasons: for commands that explain or draw it. */
import { type Change, changesOf, decisionWords, type Explanation, explain } from '@writ/engine'
import type { Arguments } from './arguments.ts'
import { closingOf } from './closing.ts'
import type { OptionHelp } from './command-help.ts'
import { chooseEvents } from './events.ts'
import { eventAt, eventByNumber } from './find-event.ts'
import type { RunnableProgram } from './open-program.ts'
import { withPolicy } from './policy-choice.ts'
import { recordedRun, type Unreadable } from './recorded-run.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { quoted } from './report/next-command.ts'
import type { Simulation } from './report/simulation.ts'
import type { Io } from './terminal/io.ts'

/** The options that name the event, the policy and the moment. */
export const eventOptions: readonly OptionHelp[] = [
  {
    name: 'at',
    value: 'FILE:INDEX',
    does: 'the event: its file and the place of its record in it, from 0, as "writ simulate --format ndjson" prints them',
  },
  { name: 'event', value: 'N', does: 'the event by its number in the whole log, from 1, as explanations print it' },
  { name: 'policy', value: 'NAME', does: 'only this policy' },
  { name: 'close-at', value: 'TIME', does: 'as "writ simulate --close-at": deadlines up to this time have passed' },
]

/** The run over the log that the arguments choose, with every column. */
export async function recordedFor(
  command: string,
  program: RunnableProgram,
  args: Arguments,
  io: Io,
): Promise<Simulation | Refusal | Unreadable> {
  const plan = withPolicy(program.plan, args.value('policy'), program.workspace.shown)
  if (isRefusal(plan)) return plan
  const choice = chooseEvents(command, program.workspace, args, io.cwd)
  if (isRefusal(choice)) return choice
  const closing = closingOf(args.value('close-at'))
  if (isRefusal(closing)) return closing
  return await recordedRun(io, {
    plan,
    workspace: program.workspace,
    choice,
    ...closing,
    columns: undefined,
    strict: false,
    codeGeneration: true,
    policy: args.value('policy') ?? null,
    showProgress: false,
  })
}

/** Undefined where none was asked for. */
export function chosenEvent(simulation: Simulation, args: Arguments): { readonly seq: number } | Refusal | undefined {
  const at = args.value('at')
  const number = args.value('event')
  if (at !== undefined) return eventAt(simulation.log, at, simulation.choice)
  return number === undefined ? undefined : eventByNumber(simulation.log, number, simulation.choice)
}

export interface Explained {
  readonly explanation: Explanation
  readonly changes: readonly Change[]
}

/** Each decision about the event; the strictest is the one that happened to it and comes first. */
export function explainedAt({ plan, view, result }: Simulation, seq: number): readonly Explained[] {
  const { decisions, rollouts } = result
  const rejected = new Set(result.rejected)
  const explained: Explained[] = []
  for (let place = 0; place < decisions.size; place++) {
    if (decisions.seq[place] !== seq) continue
    const options = { rejected: (other: number) => rejected.has(other), rollouts }
    const explanation = explain(plan, view, seq, decisions.policy[place] ?? 0, options)
    explained.push({ explanation, changes: changesOf(plan, view, explanation, options) })
  }
  return explained.sort((a, b) => strictness(b.explanation) - strictness(a.explanation))
}

function strictness(explanation: Explanation): number {
  return decisionWords.indexOf(explanation.decision)
}

/** Of an event about which nothing was decided. */
export function undecided({ plan, view, workspace, result }: Simulation, seq: number): Refusal {
  const event = view.event(seq)
  const contract = plan.contracts[event.contract]?.name ?? ''
  const hint = result.rejected.includes(seq)
    ? `A check of ${contract} took it out of the log.`
    : `"writ explain ${quoted(workspace.shown)}" lists decisions that can be explained.`
  return refuse('W3025', { folder: workspace.shown, contract, place: `${event.file}:${event.index}`, hint })
}
