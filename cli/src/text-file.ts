/** Text files that a command reads whole, and writes only where none is: documents of other formats and what is made of them. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { type Refusal, refuse } from './refusal.ts'
import { systemReason } from './system-reason.ts'
import { bytes } from './terminal/text.ts'

const mostBytes = 8_000_000

/** `hint` says what to name where it cannot be read. */
export function readText(path: string, shown: string, hint: string): { readonly text: string } | Refusal {
  try {
    const { size } = statSync(path)
    if (size > mostBytes) {
      const what = `${shown} has ${bytes(size)}`
      return refuse('W3013', { what, limit: bytes(mostBytes), hint: 'Split it into several documents.' })
    }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) }
  } catch (error) {
    // Files that are not there and bytes that are no UTF-8 are told by throwing.
    const why = error instanceof TypeError ? 'it is not UTF-8' : systemReason(error)
    return refuse('W3011', { path: shown, why, hint })
  }
}

/** Null where it was written. */
export function writeNew(path: string, shown: string, text: string): Refusal | null {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return null
  } catch (error) {
    // Files that are there already are told by throwing, too.
    return refuse('W3030', { path: shown, why: systemReason(error), hint: 'Name a file that is not there yet.' })
  }
}
