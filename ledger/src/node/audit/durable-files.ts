/** Files that are either whole or not there, whatever happens to the machine: written aside, flushed, renamed, the folder flushed. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  write,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Replaces or makes the file; durable when it returns. `aside`: where it is written first, on the same file system; what a crash
 * leaves there means nothing. Throws the system's errors.
 */
export function writeDurably(path: string, bytes: Uint8Array | string, aside = `${path}.writing`): void {
  const file = openSync(aside, 'w')
  try {
    writeAll(file, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(aside, path)
  syncFolder(dirname(path))
}

/** Replaces or makes the file at once; durable only after `makeDurable`. */
export function writeWhole(path: string, bytes: Uint8Array, aside: string): void {
  writeFileSync(aside, bytes)
  try {
    renameSync(aside, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    makeFolder(dirname(path))
    renameSync(aside, path)
  }
}

/**
 * Makes a folder and those above it, where they are not there. One by one: what Node offers for that never ends where a file system
 * makes no folder and says that there is none above, as /proc does. Throws the system's errors.
 */
export function makeFolder(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EEXIST') return
    const above = dirname(path)
    if (code !== 'ENOENT' || above === path || existsSync(above)) throw error
    makeFolder(above)
    mkdirSync(path, mode)
  }
}

/** Flushes files and the folders they stand in (with those above, up to `root`); several at a time. */
export async function makeDurable(root: string, paths: readonly string[]): Promise<void> {
  const folders = new Set<string>()
  for (const path of paths) {
    for (let folder = dirname(path); folder.length >= root.length; folder = dirname(folder)) folders.add(folder)
  }
  await Promise.all(paths.map(syncPath))
  if (process.platform !== 'win32') await Promise.all([...folders].map(syncPath))
}

/** After a file was made, renamed or removed in it. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return // folders cannot be opened there, and renames are durable
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Writes all of the bytes where the file stands, or from a place on; they are durable after a flush. */
export function writeAll(file: number, bytes: Uint8Array, position: number | null = null): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(file, bytes, at, bytes.length - at, position === null ? null : position + at)
}

/** As `writeAll` from a place on, by another thread. */
export function writeBehind(file: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((done, fail) => {
    const from = (at: number): void => {
      if (at === bytes.length) {
        done()
        return
      }
      write(file, bytes, at, bytes.length - at, position + at, (error, count) => {
        if (error === null) from(at + count)
        else fail(error)
      })
    }
    from(0)
  })
}

/** Undefined where there is no such file. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
