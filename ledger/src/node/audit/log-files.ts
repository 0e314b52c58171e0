/**
 * Where the files of a log are read from: a folder on disk, or memory (an archive that was read, a test that spoils single bits).
 * What the files stand for is log-folder.ts; writing them is tree-files.ts and journal.ts.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readIfThere } from './durable-files.ts'

export interface LogFiles {
  /** Undefined where there is no such file. `path` is relative to the log, with `/`. */
  readonly read: (path: string) => Buffer | undefined
  /** Paths of all files below a folder of the log, with `/`, sorted; none where there is no such folder. */
  readonly list: (below: string) => readonly string[]
}

/** Throws the system's errors when it is asked. */
export function filesOnDisk(folder: string): LogFiles {
  return { read: path => readIfThere(join(folder, path)), list: below => listed(folder, below) }
}

/** `files`: by path. */
export function filesInMemory(files: ReadonlyMap<string, Buffer>): LogFiles {
  const paths = [...files.keys()].sort()
  return {
    read: path => files.get(path),
    list: below => paths.filter(path => below === '' || path.startsWith(`${below}/`)),
  }
}

function listed(folder: string, below: string): readonly string[] {
  try {
    return readdirSync(join(folder, below), { recursive: true, withFileTypes: true })
      .filter(entry => !entry.isDirectory())
      .map(entry =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
