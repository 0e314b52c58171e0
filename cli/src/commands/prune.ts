/** `writ prune`: destroys what a log withholds of events that are older than their contract lets them be kept. */
import { resolve } from 'node:path'
import { pruneLog } from '@writ/ledger/node'
import type { Command } from '../command.ts'
import { privateKey } from '../private-key.ts'
import { isRefusal, refuse, report, reportProblem } from '../refusal.ts'
import { pruneJson, pruneText } from '../report/prune-report.ts'
import { systemReason } from '../system-reason.ts'

const formats = ['text', 'json'] as const

export const prune: Command = {
  help: {
    name: 'prune',
    summary: 'destroy withheld values that are older than their retention',
    description:
      'Applies the "retention" of contracts to an audit log: where an event is older, the openings of what its entries withhold are destroyed, and so are the values. Entries, tiles and signatures stay, and "writ verify" finds the log as whole as before. What was erased, when and under which rule is signed and kept in the log, in "erasures". Nobody may write the log meanwhile. Called again, it does nothing twice.',
    positionals: [{ name: 'LOG', required: true, many: false, does: 'the folder of the log' }],
    options: [
      { name: 'key', value: 'FILE', does: 'the private key of the log' },
      { name: 'at', value: 'TIME', does: 'count retention back from this time (ISO 8601) instead of now' },
      { name: 'dry-run', value: null, does: 'only tell what would go' },
      { name: 'format', value: 'FORMAT', oneOf: formats, does: 'form of the report' },
    ],
    examples: [
      { line: 'writ prune audit --key payments.key --at 2027-01-01T00:00:00Z', does: 'erase what is due then' },
    ],
  },
  run: async (args, io) => {
    const shown = args.positionals[0] ?? '.'
    const given = args.value('at')
    const at = given === undefined ? Date.now() : /^\d{4}-\d\d-\d\d(T|$)/.test(given) ? Date.parse(given) : Number.NaN
    if (Number.isNaN(at)) {
      const expected = 'a time such as 2027-01-01T00:00:00Z'
      return report(io, refuse('W3003', { option: '--at', wrong: `is not "${given}"`, expected }))
    }
    const key = privateKey(args.value('key'), 'signature', io.cwd)
    if (isRefusal(key)) return report(io, key)
    const dryRun = args.has('dry-run')
    try {
      const result = pruneLog({ folder: resolve(io.cwd, shown), shown, key, at, now: Date.now(), dryRun })
      if (!result.ok) return reportProblem(io, result.problem, null)
      if (args.choice('format', formats) === 'json')
        io.output.write(`${JSON.stringify(pruneJson(shown, dryRun, result.pruned), null, 2)}\n`)
      else io.output.write(pruneText(shown, dryRun, result.pruned))
      return 0
    } catch (error) {
      const hint = 'run the same command again: it goes on from there.'
      return report(io, refuse('W4006', { folder: shown, why: systemReason(error), hint }))
    }
  },
}
