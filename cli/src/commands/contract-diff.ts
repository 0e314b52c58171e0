/** `writ contract diff`: what changed between versions of contracts, whom it breaks, and what rules make of it. */
import { type JudgedContract, judgedContracts, type Mode } from '@writ/engine'
import type { Command } from '../command.ts'
import { type Comparison, diffJson, diffText, verdictCounts } from '../contract/diff-report.ts'
import { rulesUnderBoth } from '../contract/rules-under-both.ts'
import { openState, type State } from '../contract/states.ts'
import { isRefusal, refuse, report } from '../refusal.ts'
import { problemsText } from '../report/problem-text.ts'

const modes = [
  'declared',
  'backward',
  'forward',
  'full',
  'none',
  'backward-transitive',
  'forward-transitive',
  'full-transitive',
] as const
const levels = ['breaking', 'unclassified', 'conditional', 'never'] as const

export const contractDiff: Command = {
  help: {
    name: 'contract diff',
    summary: 'judge what changed between two versions of contracts',
    description:
      'Compares the contracts of OLD and NEW, each a .writ file, a folder, or REVISION:PATH of git, and judges every change: whether new readers can read old events (backward), old readers new events (forward), which number the version needs, why, and what to do. Several OLDs, the oldest first, are versions before: transitive modes look at all of them. With --events the policies of --workspace are run under both on a recorded log. Exit code 1: a change breaks the mode, or a version is too low.',
    positionals: [
      { name: 'OLD', required: true, many: false, does: 'the contracts as they were' },
      { name: 'NEW', required: true, many: true, does: 'the contracts as they are; the last one named' },
    ],
    options: [
      { name: 'mode', value: 'MODE', oneOf: modes, does: 'judge by this mode instead of what contracts declare' },
      { name: 'format', value: 'FORMAT', oneOf: ['text', 'json'], does: 'form of the result' },
      { name: 'fail-on', value: 'VERDICT', oneOf: levels, does: 'the mildest verdict that gives exit code 1' },
      { name: 'workspace', value: 'FOLDER', does: 'the policies to look at; NEW where it is a folder' },
      {
        name: 'events',
        value: 'PATH|NAME',
        does: 'also run the policies over recorded events: a file or folder, or the name of a log in writ.json',
      },
      { name: 'source', value: 'NAME', does: 'the source declaration that reads them, where several could' },
    ],
    examples: [
      { line: 'writ contract diff HEAD:samples/refunds samples/refunds', does: 'what is not committed yet' },
      {
        line: 'writ contract diff HEAD:samples/refunds samples/refunds --events samples/refunds/events',
        does: 'and which decisions on the recorded log become others',
      },
    ],
  },
  run: async (args, io) => {
    const states: State[] = []
    for (const given of args.positionals) {
      const state = await openState(given, io.cwd)
      if (isRefusal(state)) return report(io, state)
      if (state.part.errors.length > 0) {
        const { paint, columns } = io.error
        io.error.write(`${problemsText(state.part.errors, state.sources, paint, columns)}\n`)
        return report(io, refuse('W3061', { name: given }))
      }
      states.push(state)
    }
    const now = states.at(-1)
    if (now === undefined) throw new Error('the arguments name at least two states')
    const comparisons = comparisonsOf(states.slice(0, -1), now, modeGiven(args.choice('mode', modes)))
    const last = comparisons.at(-1)
    const rules = last === undefined ? null : await rulesUnderBoth(last, args, io)
    if (rules !== null && isRefusal(rules)) return report(io, rules)
    const result = { comparisons, rules }
    if (args.choice('format', ['text', 'json']) === 'json')
      io.output.write(`${JSON.stringify(diffJson(result), null, 2)}\n`)
    else io.output.write(diffText(result, io.output))
    return isRefused(comparisons, args.choice('fail-on', levels)) ? 1 : 0
  },
}

function comparisonsOf(olds: readonly State[], now: State, given: Mode | null): readonly Comparison[] {
  return olds.map((old, place): Comparison => {
    const all = judgedContracts(old.part, now.part, given)
    const isLast = place === olds.length - 1
    return { old, new: now, contracts: isLast ? all : all.filter(({ mode }: JudgedContract) => mode.transitive) }
  })
}

function modeGiven(text: (typeof modes)[number]): Mode | null {
  if (text === 'declared') return null
  const word = (['backward', 'forward', 'full'] as const).find(one => text.startsWith(one)) ?? 'none'
  return { word, transitive: text.endsWith('-transitive') }
}

function isRefused(comparisons: readonly Comparison[], from: (typeof levels)[number]): boolean {
  if (from === 'never') return false
  const counts = verdictCounts(comparisons)
  const counted = ['breaking', 'unclassified', 'conditional'] as const
  const wrong = counted.slice(0, counted.indexOf(from) + 1).some(verdict => counts[verdict] > 0)
  return wrong || (comparisons.at(-1)?.contracts.some(({ needed }) => needed !== null) ?? false)
}
