/** The log inside an archive: the one folder in it that has a checkpoint, or entries. Unpacking is ../archive. */
import { openArchive } from '../archive/open-archive.ts'
import { filesInMemory, type LogFiles } from './log-files.ts'

export type ArchivedLog =
  | {
      readonly ok: true
      readonly files: LogFiles /** '' where the archive itself is the log. */
      readonly folder: string
    }
  /** Ends a sentence about the archive. */
  | { readonly ok: false; readonly why: string }

export function logInArchive(bytes: Buffer): ArchivedLog {
  const opened = openArchive(bytes)
  if (!opened.ok) return opened
  const folder = logFolder([...opened.files.keys()])
  if (typeof folder !== 'string') return { ok: false, why: folder.why }
  const before = folder === '' ? '' : `${folder}/`
  const own = [...opened.files].flatMap(([path, file]): [string, Buffer][] =>
    path.startsWith(before) ? [[path.slice(before.length), file]] : [],
  )
  return { ok: true, files: filesInMemory(new Map(own)), folder }
}

/** The nearest folder with a checkpoint; without any, that of the first entries. */
function logFolder(paths: readonly string[]): string | { readonly why: string } {
  const checkpoints = paths.flatMap(path =>
    /(?:^|\/)checkpoint$/.test(path) ? [path.slice(0, -'/checkpoint'.length)] : [],
  )
  const entries = paths.flatMap(
    path => /^(?:(.*)\/)?tile\/entries\//.exec(path)?.[1] ?? (path.startsWith('tile/entries/') ? '' : []),
  )
  const found = [...new Set(checkpoints.length > 0 ? checkpoints : entries)]
  const depth = (folder: string): number => (folder === '' ? 0 : folder.split('/').length)
  const [nearest, second] = found.sort((a, b) => depth(a) - depth(b))
  if (nearest === undefined) return { why: 'it holds no checkpoint and no entries' }
  if (second !== undefined && depth(second) === depth(nearest)) return { why: 'it holds several logs' }
  return nearest
}
