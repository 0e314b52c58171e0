/**
 * The journal of a log that is being written: before a decision is answered, its entries, openings and input lines stand here,
 * flushed by one fdatasync per batch. Tiles follow without a flush of their own; where a crash tore them they are written again
 * from here. One append and one flush per batch is simpler and faster than flushing bundles, tiles and their folders: those
 * are about a thousand files per 100,000 entries.
 *
 * A segment is a file of frames: mark, length and CRC-32 of a body; the body is four blocks, each after its length: what the frame is
 * (JSON), entries as in bundles, openings, lines of input. A frame that is cut off at the end of the last segment was never
 * answered and is dropped; any other fault is damage.
 */
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { continuationSchema } from '../../audit/continuation-schema.ts'
import { sameBytes } from '../../tlog/merkle.ts'
import { syncFolder, writeAll, writeBehind, writeDurably } from './durable-files.ts'
import { sha256 } from './hashing.ts'
import type { LogFiles } from './log-files.ts'

const frameMetaSchema = z.strictObject({
  /** First entry of the frame, and how many. */
  entry: z.int().nonnegative(),
  count: z.int().nonnegative(),
  /** Bytes of the input up to the end of the frame's lines. */
  offset: z.int().nonnegative(),
  /** Identity of the run that decided. */
  run: z.string(),
  /** A tick that no line of the input says, milliseconds since the epoch; then the frame has no lines. */
  tick: z.number().optional(),
})
export type FrameMeta = z.infer<typeof frameMetaSchema>

export interface Frame {
  readonly meta: FrameMeta
  /** Each after its length in two bytes. */
  readonly entries: Uint8Array
  readonly openings: Uint8Array
  readonly lines: Uint8Array
}

/** A frame to be written: its entries one by one. */
export interface NewFrame extends Omit<Frame, 'entries'> {
  readonly entries: readonly Uint8Array[]
}

export interface ReadJournal {
  readonly frames: readonly Frame[]
  /** Where the last segment goes on. */
  readonly last: { readonly number: number; readonly bytes: number } | null
  /** Bytes of a frame that was cut off. */
  readonly torn: number
  /** What is wrong with which file of the log, where the journal is damaged. */
  readonly damage: { readonly file: string; readonly why: string } | null
}

/** The folder of the journal in a log. */
const journalName = 'journal'
const mark = Buffer.from('WRITJRN1')
const headBytes = mark.length + 4 + 4

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(10, '0')}.journal`)
}

/** Reads the segments from number `from` on; `files` are those of the log. */
export function readJournal(files: LogFiles, from: number): ReadJournal {
  const numbers = numbersIn(files.list(journalName).map(path => path.slice(journalName.length + 1))).filter(
    number => number >= from,
  )
  const frames: Frame[] = []
  let last: ReadJournal['last'] = null
  for (const [place, number] of numbers.entries()) {
    const file = segmentPath(journalName, number).replaceAll('\\', '/')
    const isLast = place === numbers.length - 1
    if (number !== from + place)
      return { frames, last, torn: 0, damage: { file, why: `segment ${from + place} before it is missing` } }
    const bytes = files.read(file) ?? Buffer.alloc(0)
    let at = 0
    while (at < bytes.length) {
      const read = readFrame(bytes, at)
      if (typeof read === 'string') {
        if (isLast && read === 'cut')
          return { frames, last: { number, bytes: at }, torn: bytes.length - at, damage: null }
        const why = read === 'cut' ? `it is cut off at byte ${at}` : `the frame at byte ${at} does not fit its checksum`
        return { frames, last, torn: 0, damage: { file, why } }
      }
      frames.push(read.frame)
      at = read.end
    }
    last = { number, bytes: at }
  }
  return { frames, last, torn: 0, damage: null }
}

/** A frame on its way to the file. */
interface Part {
  readonly bytes: Buffer
  readonly position: number
}

/** Memory of longer frames is given back. */
const mostFree = 4 << 20

/** Appends frames to one segment; other threads write and flush them, one after another. */
export class JournalWriter {
  readonly #file: number
  readonly number: number
  #bytes: number
  /** Memory of frames that are written. */
  readonly #free: ArrayBufferLike[] = []
  readonly #unwritten = new Set<Part>()
  #writing: Promise<void> = Promise.resolve()
  #flushing: Promise<void> = Promise.resolve()

  /** A new segment, or the last one from where its frames end. */
  constructor(folder: string, number: number, bytes = 0) {
    this.number = number
    this.#bytes = bytes
    this.#file = openSync(segmentPath(folder, number), constants.O_RDWR | constants.O_CREAT)
    ftruncateSync(this.#file, bytes)
    syncFolder(folder)
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Durable when the promise is kept; frames become so in their order. */
  append(frame: NewFrame): Promise<void> {
    const meta = Buffer.from(JSON.stringify(frame.meta))
    const blocks = [[meta], frame.entries, [frame.openings], [frame.lines]].map(parts => ({
      parts,
      size: sizeOf(parts),
    }))
    const length = blocks.reduce((sum, { size }) => sum + 4 + size, 0)
    const bytes = this.#room(headBytes + length)
    let at = headBytes
    for (const { parts, size } of blocks) {
      at = bytes.writeUInt32LE(size, at)
      for (const part of parts) {
        bytes.set(part, at)
        at += part.length
      }
    }
    mark.copy(bytes, 0)
    bytes.writeUInt32LE(length, mark.length)
    bytes.writeUInt32LE(crc32(bytes.subarray(headBytes)), mark.length + 4)
    const part = { bytes, position: this.#bytes }
    this.#bytes += bytes.length
    this.#unwritten.add(part)
    // INVARIANT: a frame is written after all before it, so that a crash leaves no gap.
    const written = this.#writing.then(() => this.#written(part))
    const durable = written.then(() => flushed(this.#file))
    this.#writing = written
    this.#flushing = Promise.all([this.#flushing, durable]).then(() => {})
    // Whoever waits for a batch is told of the failure; here is nobody to tell.
    for (const promise of [written, this.#flushing]) promise.catch(() => {})
    return this.#flushing
  }

  async #written(part: Part): Promise<void> {
    await writeBehind(this.#file, part.bytes, part.position)
    this.#unwritten.delete(part)
    this.#free.push(part.bytes.buffer)
  }

  /** Where a frame is put together: memory that is new for each would cost more than what is written to it. */
  #room(length: number): Buffer {
    const buffer = this.#free.pop()
    const isFit = buffer !== undefined && buffer.byteLength >= length && buffer.byteLength <= mostFree
    return Buffer.from(isFit ? buffer : new ArrayBuffer(length), 0, length)
  }

  /** Makes everything durable at once. */
  flush(): void {
    // What another thread is writing is the same bytes at the same place.
    for (const { bytes, position } of this.#unwritten) writeAll(this.#file, bytes, position)
    fdatasyncSync(this.#file)
  }

  /** Once nothing is being flushed any more. */
  close(): Promise<void> {
    const end = (): void => closeSync(this.#file)
    return this.#flushing.then(end, end)
  }
}

/** Forgets the segments before `number`: a snapshot stands for them. */
export function dropSegments(folder: string, number: number): void {
  for (const old of segmentNumbers(folder)) if (old < number) unlinkSync(segmentPath(folder, old))
  syncFolder(folder)
}

const snapshotMetaSchema = z.strictObject({
  /** Entries of the log that stand in flushed tiles. */
  entries: z.int().nonnegative(),
  /** Base64 root over them. */
  root: z.string(),
  /** First segment to read after the snapshot. */
  segment: z.int().nonnegative(),
  offset: z.int().nonnegative(),
  records: z.int().nonnegative(),
  /** Identity of the run that decided last. */
  run: z.string(),
  continuation: continuationSchema,
  /** Places in the stream and in the run, and times, of the records that may still be asked for; their lines follow. */
  kept: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.number()])),
})
export type SnapshotMeta = z.infer<typeof snapshotMetaSchema>
export interface Snapshot {
  readonly meta: SnapshotMeta
  readonly lines: Uint8Array
}

const snapshotMark = Buffer.from('WRITSNP2')

export function snapshotPath(folder: string): string {
  return join(folder, 'snapshot')
}

/** Undefined where there is none yet; 'damaged' where it does not fit its hash. */
export function readSnapshot(files: LogFiles): Snapshot | 'damaged' | undefined {
  const bytes = files.read(`${journalName}/snapshot`)
  if (bytes === undefined) return undefined
  const head = snapshotMark.length + 32
  const body = bytes.subarray(head)
  if (bytes.length < head + 4 || !bytes.subarray(0, snapshotMark.length).equals(snapshotMark)) return 'damaged'
  if (!sameBytes(sha256(body), bytes.subarray(snapshotMark.length, head))) return 'damaged'
  const end = 4 + body.readUInt32LE(0)
  const meta = snapshotMetaSchema.safeParse(JSON.parse(body.toString('utf8', 4, end)))
  return meta.success ? { meta: meta.data, lines: body.subarray(end) } : 'damaged'
}

export function writeSnapshot(folder: string, snapshot: Snapshot): void {
  const meta = Buffer.from(JSON.stringify(snapshot.meta))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(meta.length)
  const body = Buffer.concat([length, meta, snapshot.lines])
  writeDurably(snapshotPath(folder), Buffer.concat([snapshotMark, sha256(body), body]))
}

function segmentNumbers(folder: string): readonly number[] {
  return numbersIn(readdirSync(folder))
}

function flushed(file: number): Promise<void> {
  return new Promise((done, fail) => {
    fdatasync(file, error => (error === null ? done() : fail(error)))
  })
}

function sizeOf(parts: readonly Uint8Array[]): number {
  let size = 0
  for (const part of parts) size += part.length
  return size
}

function numbersIn(names: readonly string[]): readonly number[] {
  return names
    .flatMap(name => (/^\d{10}\.journal$/.test(name) ? [Number(name.slice(0, 10))] : []))
    .sort((a, b) => a - b)
}

/** 'cut': the file ends inside the frame, or with it and without all of its bytes. 'damaged': more follows. */
function readFrame(bytes: Buffer, at: number): { readonly frame: Frame; readonly end: number } | 'cut' | 'damaged' {
  if (bytes.length - at < headBytes) return 'cut'
  const length = bytes.readUInt32LE(at + mark.length)
  const start = at + headBytes
  const end = start + length
  if (end > bytes.length) return bytes.subarray(at, at + mark.length).equals(mark) ? 'cut' : 'damaged'
  const body = bytes.subarray(start, end)
  const isWhole =
    bytes.subarray(at, at + mark.length).equals(mark) && crc32(body) === bytes.readUInt32LE(at + mark.length + 4)
  if (!isWhole) return end === bytes.length ? 'cut' : 'damaged'
  const blocks: Buffer[] = []
  for (let from = 0; from < body.length; ) {
    const to = from + 4 + body.readUInt32LE(from)
    blocks.push(body.subarray(from + 4, to))
    from = to
  }
  const [metaBytes, entries, openings, lines] = blocks
  if (metaBytes === undefined || entries === undefined || openings === undefined || lines === undefined)
    return 'damaged'
  const meta = frameMetaSchema.safeParse(JSON.parse(metaBytes.toString('utf8')))
  return meta.success ? { frame: { meta: meta.data, entries, openings, lines }, end } : 'damaged'
}
