/**
 * The content of what is imported, by pieces: of a file as it is or unpacked, or the entries of an audit log as lines. What stands in
 * it is not looked at here.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { filesOnDisk } from '../node/audit/log-files.ts'
import { LogFolder } from '../node/audit/log-folder.ts'
import { faultOf, type Packing, readHead, unpacked } from '../node/file-bytes.ts'
import { tileWidth } from '../tlog/tiles.ts'

export interface Content {
  /** As the user named it. */
  readonly name: string
  /** The first bytes. */
  readonly head: Uint8Array
  /** Of the file; 0 where it is not known. */
  readonly size: number
  /** Microseconds since 1970: when the file was last changed. */
  readonly changed: number
  /** The content from a place on. `onRaw` is told how many bytes of the file itself were read. What is wrong with packed data is in `fault` afterwards. */
  pieces(from: number, onRaw: (bytes: number) => void): AsyncGenerator<Uint8Array>
  readonly fault: { readonly kind: 'cut' } | { readonly kind: 'broken'; readonly reason: string } | null
}

/** A file, plain or packed; throws the system's errors. */
export function fileContent(path: string, name: string): Content {
  const head = readHead(path)
  const stat = statSync(path)
  const changed = Math.floor(stat.mtimeMs) * 1000
  return head.packing === 'none'
    ? {
        name,
        head: head.bytes,
        size: stat.size,
        changed,
        fault: null,
        pieces: (from, onRaw) => plain(path, from, onRaw),
      }
    : new PackedContent(path, name, { head: head.bytes, size: stat.size, changed, packing: head.packing })
}

/** The folder of an audit log: each entry is a line. */
export function logContent(folder: string, name: string): Content {
  const log = new LogFolder(filesOnDisk(folder))
  const size = entriesIn(log)
  let head = Buffer.alloc(0)
  for (let entry = 0; entry < Math.min(size, 20); entry++) head = Buffer.concat([head, lineOf(log.entry(entry, size))])
  return { name, head, size: 0, changed: 0, fault: null, pieces: (from, onRaw) => entries(log, size, from, onRaw) }
}

/** Whether a folder has the layout of a tiled log. */
export function isLogFolder(folder: string): boolean {
  return statSync(`${folder}/tile/entries`, { throwIfNoEntry: false })?.isDirectory() === true
}

const pieceBytes = 1 << 20

async function* plain(path: string, from: number, onRaw: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    const room = Buffer.allocUnsafe(pieceBytes)
    let paused = performance.now()
    for (let at = from; ; ) {
      const count = readSync(file, room, 0, pieceBytes, at)
      if (count === 0) return
      at += count
      onRaw(count)
      yield room.subarray(0, count)
      if (performance.now() - paused > 40) {
        await setImmediate()
        paused = performance.now()
      }
    }
  } finally {
    closeSync(file)
  }
}

class PackedContent implements Content {
  readonly name: string
  readonly head: Uint8Array
  readonly size: number
  readonly changed: number
  fault: Content['fault'] = null
  readonly #path: string
  readonly #packing: Exclude<Packing, 'none'>

  constructor(
    path: string,
    name: string,
    known: Pick<Content, 'head' | 'size' | 'changed'> & { readonly packing: Exclude<Packing, 'none'> },
  ) {
    this.#path = path
    this.name = name
    this.head = known.head
    this.size = known.size
    this.changed = known.changed
    this.#packing = known.packing
  }

  async *pieces(from: number, onRaw: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    let at = 0
    try {
      // Small pieces of the file, because an unpacker that fails gives nothing of the piece at which it fails.
      for await (const piece of unpacked(this.#path, this.#packing, 1 << 14, onRaw)) {
        const skip = Math.max(0, from - at)
        at += piece.length
        if (skip < piece.length) yield piece.subarray(skip)
      }
    } catch (error) {
      // What zlib cannot unpack it tells by failing; other errors are the caller's.
      this.fault = faultOf(error)
      if (this.fault === null) throw error
    }
  }
}

async function* entries(
  log: LogFolder,
  size: number,
  from: number,
  onRaw: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let first = 0; first < size; first += tileWidth) {
    const count = Math.min(tileWidth, size - first)
    const piece = Buffer.concat(Array.from({ length: count }, (_, place) => lineOf(log.entry(first + place, size))))
    const skip = Math.max(0, from - at)
    at += piece.length
    onRaw(piece.length)
    if (skip < piece.length) yield piece.subarray(skip)
    await setImmediate()
  }
}

/** An entry that cannot be read, or is no line, stands as an empty object: it is then told as none of the format. */
function lineOf(entry: Uint8Array | undefined): Buffer {
  const line =
    entry === undefined || entry.includes(0x0a) || entry.length === 0 ? Buffer.from('{}') : Buffer.from(entry)
  return Buffer.concat([line, Buffer.of(0x0a)])
}

/** Entries in the bundles of the folder, whether a checkpoint covers them or not. */
function entriesIn(log: LogFolder): number {
  let size = 0
  for (const path of log.files('tile/entries')) {
    const form = /^tile\/entries\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
    if (form?.[1] === undefined) continue
    const index = Number(form[1].replace(/[x/]/g, ''))
    size = Math.max(size, index * tileWidth + Number(form[2] ?? tileWidth))
  }
  return size
}
