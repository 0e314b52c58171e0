/** `writ witness`: signs that a log was seen, and that it goes on from what was seen before. */
import { resolve } from 'node:path'
import { witness as cosign, verifierKeyText } from '@writ/ledger/node'
import type { Command } from '../command.ts'
import { privateKey } from '../private-key.ts'
import { isRefusal, refuse, report } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'
import { counted } from '../terminal/text.ts'
import { chosenTrust } from '../trust.ts'

export const witness: Command = {
  help: {
    name: 'witness',
    summary: 'cosign the checkpoint of a log you watch',
    description:
      'Checks that a log goes on from the checkpoint it had when you last saw it, and only then cosigns its checkpoint (C2SP tlog-cosignature). The signature goes to the file "witnessed" in the folder of the log. What was seen is kept in your own state file: a witness without memory is no witness.',
    positionals: [],
    options: [
      { name: 'log', value: 'FOLDER', does: 'the log' },
      { name: 'of', value: 'VKEY', does: 'the verifier key of the log' },
      { name: 'key', value: 'FILE', does: 'your private key, made by "writ key new NAME --witness"' },
      { name: 'state', value: 'FILE', does: 'what you have seen; made when it is not there' },
    ],
    examples: [
      {
        line: 'writ witness --log audit --of example.com/payments+12345678+AQ… --key witness.key --state seen.json',
        does: 'look at the log, and sign',
      },
    ],
  },
  run: async (args, io) => {
    const log = args.value('log')
    const state = args.value('state')
    if (log === undefined || state === undefined) {
      const option = log === undefined ? '--log' : '--state'
      return report(
        io,
        refuse('W3003', { option, wrong: 'is needed', expected: log === undefined ? '--log FOLDER' : '--state FILE' }),
      )
    }
    const trusted = chosenTrust(
      { ...args, value: name => (name === 'key' ? (args.value('of') ?? '') : undefined) },
      io.cwd,
    )
    if (isRefusal(trusted)) return report(io, trusted)
    const [logKey] = trusted.policy.logs
    const key = privateKey(args.value('key'), 'cosignature', io.cwd)
    if (isRefusal(key)) return report(io, key)
    if (logKey === undefined) throw new Error('a verifier key is a policy of one log')
    try {
      const seen = cosign(resolve(io.cwd, log), logKey, key, resolve(io.cwd, state), Date.now() / 1000)
      if (!seen.ok) return report(io, refuse('W4040', { why: seen.why }), 1)
      const before = seen.before === null ? 'seen for the first time' : `it had ${seen.before} when it was last seen`
      io.output.write(`${seen.origin}: ${counted(seen.size, 'entry', 'entries')}; ${before}\n`)
      io.error.write(`signed as ${verifierKeyText(key.verifier)}\n`)
      return 0
    } catch (error) {
      return report(io, refuse('W4006', { folder: log, why: systemReason(error), hint: 'nothing was signed.' }))
    }
  },
}
