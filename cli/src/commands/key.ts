/** `writ key new NAME`: makes the key that a log, or a witness, signs with. */
import { resolve } from 'node:path'
import { createKeyFile, isKeyName, verifierKeyText } from '@writ/ledger/node'
import type { Command } from '../command.ts'
import { refuse, report } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'

export const key: Command = {
  help: {
    name: 'key',
    summary: 'make a key that signs audit logs',
    description:
      'Makes an Ed25519 key. The private part goes to a new file that only you can read; the verifier key, which everybody may have, is printed: hand it to whoever is to check your logs. NAME is the name of the log, such as example.com/payments.',
    positionals: [
      { name: 'new', required: true, many: false, does: 'the word "new"' },
      { name: 'NAME', required: true, many: false, does: 'name of the log or witness' },
    ],
    options: [
      { name: 'output', value: 'FILE', does: 'where the private key goes; NAME.key without it' },
      { name: 'witness', value: null, does: 'a key that cosigns the logs of others' },
    ],
    examples: [{ line: 'writ key new example.com/payments --output payments.key', does: 'a key for a log' }],
  },
  run: async (args, io) => {
    const [action = '', name = ''] = args.positionals
    if (action !== 'new') {
      return report(
        io,
        refuse('W3004', { command: 'key', wrong: `cannot ${action}`, usage: 'writ key new NAME [options]' }),
      )
    }
    if (!isKeyName(name)) return report(io, refuse('W4008', { name: name === '' ? 'an empty text' : name }))
    const path = args.value('output') ?? `${name.replaceAll(/[/\\:]/g, '-')}.key`
    try {
      const made = createKeyFile(resolve(io.cwd, path), name, args.has('witness') ? 'cosignature' : 'signature')
      io.output.write(`${verifierKeyText(made.verifier)}\n`)
      io.error.write(`The private key is in ${path}, and nobody else may have it; the line above is for everybody.\n`)
      return 0
    } catch (error) {
      const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (isThere) return report(io, refuse('W4007', { path }))
      return report(
        io,
        refuse('W3030', { path, why: systemReason(error), hint: 'Name a file in a folder that is there.' }),
      )
    }
  },
}
