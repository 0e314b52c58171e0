/** A file that `writ init` writes, and the writing of several of them: all or, where one is already there, none. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Refusal, refuse } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'
import { shownPath } from '../workspace.ts'

export interface NewFile {
  /** Relative to the new workspace. */
  readonly path: string
  readonly text: string
}

/** `shown` is how messages name the folder. With `force`, files that are there are replaced, others stay. */
export function writeNewFiles(
  folder: string,
  shown: string,
  files: readonly NewFile[],
  force: boolean,
): Refusal | undefined {
  if (!force) {
    const there = files.find(file => existsSync(join(folder, file.path)))
    if (there !== undefined) return refuse('W3031', { path: shownPath(shown, there.path), what: 'it' })
    const other = existsSync(folder) ? readdirSync(folder).find(name => name.endsWith('.writ')) : undefined
    if (other !== undefined) {
      return refuse('W3031', { path: shownPath(shown, other), what: 'the files of the same names; others stay' })
    }
  }
  for (const file of files) {
    const path = join(folder, file.path)
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, file.text)
    } catch (error) {
      const hint = 'Choose a folder that can be written.'
      return refuse('W3030', { path: shownPath(shown, file.path), why: systemReason(error), hint })
    }
  }
  return undefined
}
