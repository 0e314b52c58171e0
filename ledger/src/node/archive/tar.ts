/**
 * Reads a tar: ustar, with the long names of pax and GNU. Only plain files and folders; links and devices have no place in what
 * is verified, and are refused. Limits and paths are file-tree.ts.
 */
import { ArchiveFault, type FileTree, shown } from './file-tree.ts'

const block = 512

export function readTar(bytes: Buffer, tree: FileTree): void {
  let longName: string | null = null
  let paxSize: number | null = null
  for (let at = 0; ; ) {
    const head = bytes.subarray(at, at + block)
    if (head.length < block) throw new ArchiveFault(`it is cut off at byte ${at}`)
    if (head.every(byte => byte === 0)) return
    if (checksum(head) !== octal(head, 148, 8))
      throw new ArchiveFault(`the header at byte ${at} does not fit its checksum`)
    const type = String.fromCharCode(head[156] ?? 0)
    const path = longName ?? nameOf(head)
    const size: number = paxSize ?? octal(head, 124, 12)
    const start = at + block
    if (size > bytes.length - start) throw new ArchiveFault(`${shown(path)} is cut off`)
    const body = bytes.subarray(start, start + size)
    at = start + Math.ceil(size / block) * block
    if (type === 'x' || type === 'L') {
      if (size > longestName) throw new ArchiveFault(`the header before byte ${at} has ${size} bytes`)
      const pax = type === 'x' ? paxRecords(body) : new Map([['path', text(body)]])
      longName = pax.get('path') ?? longName
      paxSize = pax.has('size') ? Number(pax.get('size')) : paxSize
      if (paxSize !== null && !Number.isSafeInteger(paxSize)) throw new ArchiveFault('a size in it is no number')
      continue
    }
    if (type === 'g') continue // for all files: comments, mostly
    if (type === '0' || type === '\0' || type === '7') tree.add(path, body)
    else if (type !== '5') throw new ArchiveFault(`${shown(path)} is neither a file nor a folder`)
    longName = null
    paxSize = null
  }
}

const longestName = 65_536

function nameOf(head: Buffer): string {
  const name = text(head.subarray(0, 100))
  const isUstar = head.toString('latin1', 257, 263) === 'ustar\0'
  const prefix = isUstar ? text(head.subarray(345, 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Up to the first NUL. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

/** Octal digits, or (the highest bit set) a number of the bytes themselves. */
function octal(head: Buffer, at: number, length: number): number {
  const field = head.subarray(at, at + length)
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f)
    if (!Number.isSafeInteger(value)) throw new ArchiveFault('a number in a header of it is too large')
    return value
  }
  const digits = text(field).trim()
  if (!/^[0-7]*$/.test(digits)) throw new ArchiveFault('a number in a header of it is none')
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}

/** The sum of the header's bytes, with spaces for the sum itself. */
function checksum(head: Buffer): number {
  return head.reduce((sum, byte, place) => sum + (place >= 148 && place < 156 ? 0x20 : byte), 0)
}

/** `LENGTH KEY=VALUE` lines. */
function paxRecords(body: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at)
    const length = Number(body.toString('latin1', at, Math.max(space, at)))
    if (space < 0 || !Number.isSafeInteger(length) || length <= 0 || at + length > body.length)
      throw new ArchiveFault('a pax header of it is broken')
    const record = body.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}
