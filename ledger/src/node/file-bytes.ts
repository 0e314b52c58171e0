/**
 * The bytes of a file, plain or unpacked (gzip, zstd; told by its first bytes), by pieces and hashed on the way. A packed file that is
 * cut off still gives what it holds.
 */
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import { hashInParallel } from './parallel-hash.ts'

export type Packing = 'none' | 'gzip' | 'zstd'

const pieceBytes = 1 << 20
const headBytes = 1 << 16

export interface Head {
  readonly packing: Packing
  /** The first bytes of the content, unpacked. */
  readonly bytes: Uint8Array
}

/** The beginning of a file; throws the system's errors. */
export function readHead(path: string): Head {
  const file = openSync(path, 'r')
  try {
    const raw = Buffer.allocUnsafe(headBytes)
    const bytes = raw.subarray(0, readSync(file, raw, 0, headBytes, 0))
    const packing = packingOf(bytes)
    return { packing, bytes: packing === 'none' ? bytes : unpackHead(packing, bytes) }
  } finally {
    closeSync(file)
  }
}

/** Told while a file is read. */
export interface ByteSink {
  /** Where the next piece of a plain file is to be put, so that it need not be copied; then it is given to `piece`. */
  readonly room?: () => Uint8Array
  /** Content; may change after the call. */
  piece(bytes: Uint8Array): void
  /** So many bytes of the file itself were read. */
  progress(fileBytes: number): void
  shouldStop(): boolean
}

export interface FileEnd {
  /** SHA-256 of the file as it is, hex; means nothing where it was stopped. */
  readonly digest: string
  readonly stopped: boolean
  /** What was wrong with packed data. */
  readonly fault: { readonly kind: 'cut' } | { readonly kind: 'broken'; readonly reason: string } | null
}

/** Reads a file to its end; throws the system's errors. Lets other work of the process run in between. */
export async function readBytes(path: string, packing: Packing, sink: ByteSink): Promise<FileEnd> {
  return packing === 'none' ? readPlain(path, sink) : readPacked(path, packing, sink)
}

async function readPlain(path: string, sink: ByteSink): Promise<FileEnd> {
  const parallel = hashInParallel(path)
  const hash = parallel === null ? createHash('sha256') : null
  const file = openSync(path, 'r')
  let stopped = false
  try {
    const own = sink.room === undefined ? Buffer.allocUnsafe(Math.min(pieceBytes, fstatSync(file).size + 1)) : null
    let paused = performance.now()
    while (!stopped) {
      const room = own ?? sink.room?.() ?? new Uint8Array()
      const count = readSync(file, room, 0, Math.min(room.length, pieceBytes), null)
      if (count === 0) break
      const bytes = room.subarray(0, count)
      hash?.update(bytes)
      sink.piece(bytes)
      sink.progress(count)
      stopped = sink.shouldStop()
      if (performance.now() - paused > 40) {
        await setImmediate()
        paused = performance.now()
      }
    }
  } finally {
    closeSync(file)
  }
  if (stopped) await parallel?.stop()
  const digest = hash?.digest('hex') ?? (stopped ? '' : await parallel?.digest())
  return { digest: digest ?? (await fileDigest(path)), stopped, fault: null }
}

async function readPacked(path: string, packing: 'gzip' | 'zstd', sink: ByteSink): Promise<FileEnd> {
  let given = 0
  let stopped = false
  let fault: FileEnd['fault'] = null
  try {
    for await (const piece of unpacked(path, packing, pieceBytes, bytes => sink.progress(bytes))) {
      given += piece.length
      sink.piece(piece)
      stopped = sink.shouldStop()
      if (stopped) break
    }
  } catch (error) {
    // What zlib cannot unpack it tells by failing; the system's errors have a path and go on.
    fault = faultOf(error)
    if (fault === null) throw error
    await readRest(path, packing, given, sink)
  }
  return { digest: await fileDigest(path), stopped, fault }
}

/** An unpacker that fails gives nothing of the piece at which it fails: once more, in small pieces, it gives nearly all. */
async function readRest(path: string, packing: 'gzip' | 'zstd', given: number, sink: ByteSink): Promise<void> {
  let passed = 0
  try {
    for await (const piece of unpacked(path, packing, 512, () => {})) {
      const from = Math.max(0, given - passed)
      passed += piece.length
      if (from < piece.length) sink.piece(piece.subarray(from))
      if (sink.shouldStop()) return
    }
  } catch (error) {
    // The fault is known already; here only what could be had matters.
    if (faultOf(error) === null) throw error
  }
}

/** The content of a packed file; `onRaw` is told of the bytes of the file itself. Node unpacks all members of a gzip file, but only the first frame of a zstd file. */
export async function* unpacked(
  path: string,
  packing: 'gzip' | 'zstd',
  rawPieceBytes: number,
  onRaw: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const { size } = statSync(path)
  let start = 0
  while (start < size) {
    const options = { chunkSize: pieceBytes }
    const unpack = packing === 'gzip' ? zlib.createGunzip(options) : zlib.createZstdDecompress(options)
    const file = createReadStream(path, { start, highWaterMark: rawPieceBytes })
    file.on('data', chunk => {
      if (typeof chunk !== 'string') onRaw(chunk.length)
    })
    file.on('error', error => unpack.destroy(error))
    // Without a listener, what comes after the end of a frame would be thrown at nobody.
    unpack.on('error', () => {})
    try {
      for await (const piece of file.pipe(unpack)) yield piece
    } finally {
      file.destroy()
      unpack.destroy()
    }
    if (packing === 'gzip' || unpack.bytesWritten === 0) return
    start += unpack.bytesWritten
  }
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: pieceBytes })) hash.update(chunk)
  return hash.digest('hex')
}

function unpackHead(packing: 'gzip' | 'zstd', bytes: Uint8Array): Uint8Array {
  try {
    return packing === 'gzip'
      ? zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH })
      : zlib.zstdDecompressSync(bytes, { finishFlush: zlib.constants.ZSTD_e_flush })
  } catch {
    // The same failure comes again, with its finding, when the whole file is read.
    return new Uint8Array()
  }
}

function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd ? 'zstd' : 'none'
}

/** What was wrong with packed data; null for another error. */
export function faultOf(error: unknown): FileEnd['fault'] {
  if (!(error instanceof Error) || 'path' in error) return null
  const code = 'code' in error ? String(error.code) : ''
  if (!/^(Z_|ZSTD_|ERR_ZLIB)/.test(code)) return null
  if (code === 'Z_BUF_ERROR' || /unexpected end/i.test(error.message)) return { kind: 'cut' }
  return { kind: 'broken', reason: error.message }
}
