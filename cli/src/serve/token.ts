/** The token that callers of `writ serve` show: a file that its owner alone may read, made where it is not there yet. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { type Refusal, refuse } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'

export interface Token {
  readonly made: boolean
  /** Whether the header is `Bearer TOKEN`; takes as long for every wrong token. */
  readonly admits: (authorization: string | undefined) => boolean
}

const least = 20

/** `shown`: the path as messages name it. */
export function openToken(path: string, shown: string): Token | Refusal {
  try {
    const made = create(path)
    const text = made ?? read(path)
    if (typeof text === 'object') return refuse('W4012', { path: shown, ...text })
    if (!/^[\x21-\x7e]+$/.test(text) || text.length < least)
      return refuse('W4012', {
        path: shown,
        why: `it is no token of at least ${least} signs`,
        advice: 'Remove it, and a new one is made.',
      })
    const expected = hash('sha256', text, 'buffer')
    return {
      made: made !== null,
      admits: authorization => {
        const given = /^Bearer ([\x21-\x7e]{1,1000})$/.exec(authorization ?? '')?.[1] ?? ''
        return timingSafeEqual(hash('sha256', given, 'buffer'), expected)
      },
    }
  } catch (error) {
    return refuse('W4012', { path: shown, why: systemReason(error), advice: 'Name another with --token.' })
  }
}

/** The new token; null where the file is there already. */
function create(path: string): string | null {
  const text = randomBytes(32).toString('base64url')
  try {
    writeFileSync(path, `${text}\n`, { flag: 'wx', mode: 0o600 })
    return text
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null
    throw error
  }
}

function read(path: string): string | { readonly why: string; readonly advice: string } {
  const file = openSync(path, 'r')
  try {
    const { mode, size } = fstatSync(file)
    // Windows keeps no such bits; there the folder's rights count.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const others = (mode & 0o777).toString(8).padStart(4, '0')
      return { why: `others may read it (its mode is ${others})`, advice: 'Run "chmod 600" on it, or remove it.' }
    }
    return size > 1000 ? '' : readFileSync(file, 'utf8').trim()
  } finally {
    closeSync(file)
  }
}
