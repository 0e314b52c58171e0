/** `--key FILE` of commands that sign. */
import { resolve } from 'node:path'
import { readKeyFile, type SigningKey } from '@writ/ledger/node'
import { type Refusal, refuse } from './refusal.ts'
import { systemReason } from './system-reason.ts'

export function privateKey(
  path: string | undefined,
  kind: SigningKey['verifier']['kind'],
  cwd: string,
): SigningKey | Refusal {
  if (path === undefined)
    return refuse('W3003', { option: '--key', wrong: 'is needed', expected: '--key FILE, made by "writ key new NAME"' })
  try {
    const read = readKeyFile(resolve(cwd, path))
    if (!read.ok) return refuse('W4003', { path, why: read.why, advice: read.advice })
    if (read.key.verifier.kind === kind) return read.key
    const why = kind === 'signature' ? 'it is the key of a witness' : 'it is the key of a log'
    const advice = `Make one with "writ key new NAME${kind === 'signature' ? '' : ' --witness'}".`
    return refuse('W4003', { path, why, advice })
  } catch (error) {
    return refuse('W4003', { path, why: systemReason(error), advice: 'Name the file that "writ key new" wrote.' })
  }
}
