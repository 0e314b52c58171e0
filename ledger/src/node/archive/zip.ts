/**
 * Reads a zip by its central directory: stored and deflated files. What few archives need (encryption, other methods, more than
 * 4 GiB) is refused with a word about it. Limits and paths are file-tree.ts.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { ArchiveFault, type FileTree, shown } from './file-tree.ts'

const endMark = 0x06054b50
const entryMark = 0x02014b50
const localMark = 0x04034b50

export function readZip(bytes: Buffer, tree: FileTree): void {
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count === 0xffff || at === 0xffffffff) throw new ArchiveFault('it is a zip64; pack it as .tar.gz instead')
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== entryMark)
      throw new ArchiveFault(`its directory is broken at byte ${at}`)
    const nameLength = bytes.readUInt16LE(at + 28)
    const next = at + 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    if (next > end) throw new ArchiveFault(`its directory is broken at byte ${at}`)
    const path = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const mode = bytes.readUInt32LE(at + 38) >>> 16
    const isUnix = (bytes[at + 5] ?? 0) === 3
    const type = isUnix ? mode & 0o170000 : 0
    if (type !== 0 && type !== 0o100000 && type !== 0o040000)
      throw new ArchiveFault(`${shown(path)} is neither a file nor a folder`)
    if (!path.endsWith('/')) tree.add(path, fileOf(bytes, at, path, tree))
    at = next
  }
}

function fileOf(bytes: Buffer, at: number, path: string, tree: FileTree): Buffer {
  const flags = bytes.readUInt16LE(at + 8)
  const method = bytes.readUInt16LE(at + 10)
  const packed = bytes.readUInt32LE(at + 20)
  const size = bytes.readUInt32LE(at + 24)
  const local = bytes.readUInt32LE(at + 42)
  if ((flags & 1) !== 0) throw new ArchiveFault(`${shown(path)} is encrypted`)
  tree.expect(path, size)
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== localMark)
    throw new ArchiveFault(`${shown(path)} is not where its directory says`)
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const body = bytes.subarray(start, start + packed)
  if (body.length < packed) throw new ArchiveFault(`${shown(path)} is cut off`)
  const file = method === 0 ? body : method === 8 ? inflated(body, size, path) : null
  if (file === null) throw new ArchiveFault(`${shown(path)} is packed by method ${method}, which is not known`)
  if (file.length !== size || crc32(file) !== bytes.readUInt32LE(at + 16))
    throw new ArchiveFault(`${shown(path)} does not fit its checksum`)
  return file
}

/** No more is unpacked than the directory promised. */
function inflated(body: Buffer, size: number, path: string): Buffer {
  try {
    return inflateRawSync(body, { maxOutputLength: Math.max(size, 1) })
  } catch {
    throw new ArchiveFault(`${shown(path)} cannot be unpacked to ${size} bytes`) // broken, or longer than promised
  }
}

/** Where the end of the directory begins; a comment may follow it. */
function endOf(bytes: Buffer): number {
  const longestComment = 65_535
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - longestComment); at--)
    if (bytes.readUInt32LE(at) === endMark) return at
  throw new ArchiveFault('its directory is missing')
}
