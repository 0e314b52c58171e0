/** What keeps a change from being merged: limits of the command line or of `writ.json`, held against a comparison. */
import type { Arguments } from '../arguments.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import type { GateSettings } from '../settings/settings.ts'
import { count, counted } from '../terminal/text.ts'
import type { Compared } from './compare.ts'

export interface Gated {
  readonly gate: keyof GateSettings
  readonly limit: number | null
  readonly found: number
  readonly passed: boolean
  /** In words, with what is over. */
  readonly text: string
}

/** Options go before the settings. */
export function gateSettings(args: Arguments, settings: GateSettings): GateSettings | Refusal {
  const names = ['max-flips', 'max-new-denials', 'max-new-permits', 'max-approval-load'] as const
  const values = names.map(name => limitOf(args, name))
  const wrong = values.find(value => typeof value === 'object' && value !== null)
  if (typeof wrong === 'object' && wrong !== null && isRefusal(wrong)) return wrong
  const [flips, denials, permits, load] = values.map(value => (typeof value === 'number' ? value : null))
  return {
    maxFlips: flips ?? settings.maxFlips,
    maxNewDenials: denials ?? settings.maxNewDenials,
    maxNewPermits: permits ?? settings.maxNewPermits,
    maxApprovalLoad: load ?? settings.maxApprovalLoad,
    requireTestsForFlips: args.has('require-tests-for-flips') || settings.requireTestsForFlips,
  }
}

function limitOf(args: Arguments, name: string): number | null | Refusal {
  const text = args.value(name)
  if (text === undefined) return null
  if (/^\d{1,12}$/.test(text)) return Number(text)
  return refuse('W3003', { option: `--${name}`, wrong: `does not know "${text}"`, expected: 'a whole number from 0' })
}

/** Whether a gate needs a log to say anything. */
export function needsLog(gate: GateSettings): boolean {
  return gate.requireTestsForFlips || Object.values(gate).some(limit => typeof limit === 'number')
}

export function judgeGates({ log }: Compared, gate: GateSettings): readonly Gated[] {
  if (log === null) return []
  const { flips, living } = log
  const most = living.after.roles.toSorted((a, b) => b.mostPerDay - a.mostPerDay)[0]
  const limits = [
    ['maxFlips', flips.flips, `${counted(flips.flips, 'decision')} would be another`],
    [
      'maxNewDenials',
      flips.newDenials,
      `${counted(flips.newDenials, 'event')} would be denied that ${were(flips.newDenials)} not`,
    ],
    [
      'maxNewPermits',
      flips.newPermits,
      `${counted(flips.newPermits, 'event')} would pass that ${were(flips.newPermits)} held or denied`,
    ],
    [
      'maxApprovalLoad',
      most?.mostPerDay ?? 0,
      most ? `${most.role} would get ${counted(most.mostPerDay, 'request')} on one day` : 'no role would be asked',
    ],
  ] as const
  const judged = limits.flatMap(([name, found, words]): readonly Gated[] => {
    const limit = gate[name]
    if (limit === null) return []
    const passed = found <= limit
    return [
      {
        gate: name,
        limit,
        found,
        passed,
        text: `${words}; ${passed ? 'at most' : 'more than the'} ${count(limit)} may`,
      },
    ]
  })
  const { untested } = flips
  if (!gate.requireTestsForFlips || untested === null) return judged
  const text =
    untested.length === 0
      ? 'each cause of flips is shown by a test'
      : `${counted(untested.length, 'cause')} of flips ${untested.length === 1 ? 'is' : 'are'} shown by no test: ${untested.join('; ')}`
  return [
    ...judged,
    { gate: 'requireTestsForFlips', limit: null, found: untested.length, passed: untested.length === 0, text },
  ]
}

function were(events: number): string {
  return events === 1 ? 'was' : 'were'
}
