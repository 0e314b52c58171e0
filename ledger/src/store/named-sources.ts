/** From what the user named to what is read: files, the files of folders, and folders that are audit logs. */
import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import { eventFiles } from '../node/event-files.ts'
import { reasonOf, systemCode } from '../node/system-errors.ts'
import { type Content, fileContent, isLogFolder, logContent } from './content.ts'

export interface Found {
  readonly content: () => Content
  readonly name: string
  readonly isLog: boolean
  readonly bytes: number
}

/** The files that are meant, in the order of their names; a problem where something named is not there, or nothing is. */
export function namedContents(
  sources: readonly { readonly name: string; readonly path: string }[],
): readonly Found[] | Problem {
  const found: Found[] = []
  for (const { name, path } of sources) {
    try {
      if (statSync(path).isDirectory() && isLogFolder(path)) {
        found.push({ name, isLog: true, bytes: 0, content: () => logContent(path, name) })
        continue
      }
      const { isFolder, files } = eventFiles(path)
      for (const file of files) {
        const shown = isFolder ? join(name, file.name).replaceAll('\\', '/') : name
        // In a folder, files that hold no records stand beside those that do.
        if (isFolder && !/\.(ndjson|jsonl|json|csv|tsv|log)(\.(gz|gzip|zst|zstd))?$/i.test(basename(file.name)))
          continue
        found.push({ name: shown, isLog: false, bytes: file.bytes, content: () => fileContent(file.path, shown) })
      }
    } catch (error) {
      const code = systemCode(error)
      if (code === null) throw error
      return code === 'ENOENT' ? made('W2060', { path: name }) : made('W2067', { path: name, reason: reasonOf(code) })
    }
  }
  if (found.length > 0) return found
  const reason = 'no file in it ends in .ndjson, .jsonl, .json, .csv, .tsv or .log (or these with .gz or .zst)'
  return made('W2062', { path: sources.map(({ name }) => name).join(', '), reason })
}

function made(code: ProblemCode, words: Readonly<Record<string, string | number>>): Problem {
  return problem(code, { start: 0, end: 0 }, words)
}
