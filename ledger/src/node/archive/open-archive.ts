/**
 * An archive as a tree of files in memory: .tar, .tar.gz, .tar.zst and .zip, told by their first bytes. Whoever made it may mean
 * harm: sizes are limited before anything is unpacked, paths that lead out of it are refused, and so is a path that is there
 * twice (two programs could read different files). Nothing is written to disk.
 */
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { ArchiveFault, type ArchiveLimits, archiveLimits, FileTree } from './file-tree.ts'
import { readTar } from './tar.ts'
import { readZip } from './zip.ts'

/** Files by path, with `/`. `why` ends a sentence about the archive. */
export type OpenedArchive =
  | { readonly ok: true; readonly files: ReadonlyMap<string, Buffer> }
  | { readonly ok: false; readonly why: string }

/** Whether the bytes begin as an archive does. */
export function isArchive(bytes: Uint8Array): boolean {
  return kindOf(bytes) !== null
}

export function openArchive(bytes: Buffer, limits: ArchiveLimits = archiveLimits): OpenedArchive {
  try {
    const files = new FileTree(limits)
    const kind = kindOf(bytes)
    if (kind === null) return { ok: false, why: 'it is no .tar, .tar.gz, .tar.zst or .zip' }
    if (kind === 'zip') readZip(bytes, files)
    else readTar(unpacked(bytes, kind, limits), files)
    return { ok: true, files: files.files }
  } catch (error) {
    if (error instanceof ArchiveFault) return { ok: false, why: error.message }
    throw error
  }
}

type Kind = 'tar' | 'gzip' | 'zstd' | 'zip'

function kindOf(bytes: Uint8Array): Kind | null {
  const starts = (...head: readonly number[]): boolean => head.every((byte, place) => bytes[place] === byte)
  if (starts(0x1f, 0x8b)) return 'gzip'
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd'
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return 'zip'
  return Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar' ? 'tar' : null
}

function unpacked(bytes: Buffer, kind: Exclude<Kind, 'zip'>, limits: ArchiveLimits): Buffer {
  if (kind === 'tar') return bytes
  // Headers and padding of a tar come on top of its files.
  const maxOutputLength = limits.bytes + Math.min(limits.files * 1536, limits.bytes) + 10_240
  try {
    return kind === 'gzip' ? gunzipSync(bytes, { maxOutputLength }) : zstdDecompressSync(bytes, { maxOutputLength })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new ArchiveFault(`it unpacks to more than ${limits.bytes} bytes`)
    throw new ArchiveFault(`it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`)
  }
}
