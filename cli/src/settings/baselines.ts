/** Reads the baselines that `writ.json` names. A file that is missing or of another form is refused: without it no rule that asks for drift can be decided. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Baseline, Baselines } from '@writ/engine'
import { type Refusal, refuse } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'

const mostBytes = 4_000_000

/** `paths`: by name, relative to `folder`; `shownPath` names a file in messages. */
export async function readBaselines(
  paths: ReadonlyMap<string, string>,
  folder: string,
  shownPath: (path: string) => string,
): Promise<Baselines | Refusal> {
  const found = new Map<string, Baseline>()
  for (const [name, path] of paths) {
    const read = await readFile(name, join(folder, path))
    if (typeof read === 'string') return refuse('W3018', { name, path: shownPath(path), why: read }, shownPath(path))
    found.set(name, read)
  }
  return found
}

/** In words why it cannot be used. */
async function readFile(name: string, path: string): Promise<Baseline | string> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return `it cannot be read: ${systemReason(error)}`
  }
  if (text.length > mostBytes) return `it has more than ${mostBytes / 1_000_000} MB`
  const { readBaseline } = await import('@writ/ledger/baselines')
  return readBaseline(name, text)
}
