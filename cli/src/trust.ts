/** `--trust POLICY` or `--key VKEY`: whom a verification believes. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readTrust, type Trust } from '@writ/ledger/node'
import type { Arguments } from './arguments.ts'
import type { OptionHelp } from './command-help.ts'
import { type Refusal, refuse } from './refusal.ts'
import { systemReason } from './system-reason.ts'

export const trustOptions: readonly OptionHelp[] = [
  {
    name: 'trust',
    value: 'FILE',
    does: 'trust policy: keys of logs and witnesses, and how many must agree (C2SP tlog-policy)',
  },
  { name: 'key', value: 'VKEY', does: 'instead: the verifier key of the log, as "writ key new" printed it' },
]

export interface Trusted {
  readonly policy: Extract<Trust, { ok: true }>['policy']
  readonly name: string
}

export function chosenTrust(args: Arguments, cwd: string): Trusted | Refusal {
  const path = args.value('trust')
  const key = args.value('key')
  if ((path === undefined) === (key === undefined)) {
    const wrong =
      path === undefined ? 'is needed: a log proves nothing to somebody who trusts no key' : 'does not go with --key'
    return refuse('W3003', { option: '--trust', wrong, expected: '--trust FILE or --key VKEY' })
  }
  let text = ''
  if (path !== undefined) {
    try {
      text = readFileSync(resolve(cwd, path), 'utf8')
    } catch (error) {
      return refuse('W3011', { path, why: systemReason(error), hint: 'Name a file with a trust policy.' })
    }
  }
  const trust = readTrust(path === undefined ? { key: key ?? '' } : { policy: text })
  if (trust.ok) return { policy: trust.policy, name: path ?? 'the key' }
  return refuse('W4031', { where: path === undefined ? '--key' : `${path}, line ${trust.line}`, why: trust.why })
}
