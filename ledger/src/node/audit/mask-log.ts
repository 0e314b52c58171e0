/**
 * Copies a log to hand it over: the signed files as they are, the texts of the programs, and of the openings only those that are
 * chosen. Whatever else lies in the folder (the journal, files that are no part of a log) stays behind.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseOpening } from '../../audit/commitment.ts'
import type { LogFiles } from './log-files.ts'

export interface MaskedCopy {
  readonly files: number
  /** Openings that went along, and that stayed behind. */
  readonly disclosed: number
  readonly masked: number
  /** All paths that have openings in the log. */
  readonly paths: ReadonlySet<string>
}

/** `disclose`: whether the opening of this path (`inputs.customer`) goes along. Throws the system's errors, EEXIST for a folder that is there. */
export function maskLog(files: LogFiles, target: string, disclose: (path: string) => boolean): MaskedCopy {
  mkdirSync(dirname(target), { recursive: true })
  mkdirSync(target)
  const counts = { files: 0, disclosed: 0, masked: 0 }
  const paths = new Set<string>()
  const put = (path: string, bytes: Uint8Array): void => {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeFileSync(join(target, path), bytes, { flag: 'wx' })
    counts.files++
  }
  for (const path of files.list('')) {
    if (isPublic(path)) put(path, files.read(path) ?? Buffer.alloc(0))
    else if (path.startsWith('openings/') && path.endsWith('.ndjson')) {
      const kept = (files.read(path)?.toString('utf8') ?? '').split('\n').filter(line => {
        const opening = line === '' ? undefined : parseOpening(line)
        if (opening === undefined) return false
        paths.add(opening.path)
        const goes = disclose(opening.path)
        counts[goes ? 'disclosed' : 'masked']++
        return goes
      })
      if (kept.length > 0) put(path, Buffer.from(`${kept.join('\n')}\n`))
    }
  }
  return { ...counts, paths }
}

/** By the layout alone: a file of another name may hold anything. */
function isPublic(path: string): boolean {
  const tile = /^tile\/(?:entries|\d+)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/
  const own = /^(?:checkpoint|witnessed|programs\/[0-9a-f]{64}\.json|erasures\/\d{6}\.note)$/
  return tile.test(path) || own.test(path)
}
