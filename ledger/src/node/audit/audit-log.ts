/**
 * An audit log directory open for writing: entries are acknowledged once they stand in the journal, gathered into tiles, and
 * anchored by signed checkpoints. Recovery after a crash: the snapshot and the frames of the journal behind it are all
 * that was acknowledged, so tiles are made again from there. Reading logs is log-folder.ts.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import type { SessionState } from '../../audit/session.ts'
import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import { openNote } from '../../tlog/signed-note.ts'
import { makeDurable, makeFolder, readIfThere, writeDurably } from './durable-files.ts'
import { signatures } from './hashing.ts'
import {
  dropSegments,
  type Frame,
  JournalWriter,
  readJournal,
  readSnapshot,
  type Snapshot,
  writeSnapshot,
} from './journal.ts'
import { type SigningKey, signCheckpoint } from './keys.ts'
import { lock } from './lock.ts'
import { filesOnDisk } from './log-files.ts'
import { asidePath, TreeFiles } from './tree-files.ts'

/** What one batch adds. */
export interface BatchOfEntries {
  /** `framed`: the entry behind its length, as in a bundle. */
  readonly records: readonly { readonly framed: Uint8Array; readonly openings: readonly string[] }[]
  /** Lines of input that were decided. */
  readonly lines: Uint8Array
  /** Bytes of the input up to their end. */
  readonly offset: number
  readonly run: string
  /** It is this time, which no line says. */
  readonly tick?: number
}

/** What a crash or an earlier end left to go on from. */
export interface Recovered {
  readonly entries: number
  /** Of the last snapshot, with the identity of the run that made it; null: there is none. */
  readonly state: SessionState | null
  readonly run: string | null
  /** Batches after the snapshot, whose lines bring the state up to date. */
  readonly frames: readonly Frame[]
  /** Bytes of the input that are decided. */
  readonly offset: number
  /** Entries that no checkpoint had anchored; they are anchored now. */
  readonly unanchored: number
  /** Bytes of a batch that was cut off, and never answered. */
  readonly torn: number
  readonly tookOverLock: boolean
}

export type OpenedLog =
  | { readonly ok: true; readonly log: AuditLog; readonly recovered: Recovered }
  | { readonly ok: false; readonly problem: Problem }

/** Opens a directory for writing, or makes it. Throws the system's errors where it cannot be written. */
export function openAuditLog(folder: string, shown: string, key: SigningKey): OpenedLog {
  const journal = join(folder, 'journal')
  makeFolder(folder)
  const foreign = readdirSync(folder).filter(name => !own.has(name))
  if (foreign.length > 0) return refuse('W4002', { folder: shown, name: foreign[0] ?? '' })
  const isNew = readIfThere(join(folder, 'checkpoint')) === undefined
  if (!isNew && !readdirSync(folder).includes('journal')) return refuse('W4005', { folder: shown, why: noJournal })
  makeFolder(journal, 0o700)
  makeFolder(join(folder, 'openings'), 0o700)
  makeFolder(join(folder, 'programs'))
  const locked = lock(join(journal, 'lock'))
  if (!locked.ok) {
    const { holder } = locked
    const by = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`
    return refuse('W4001', { folder: shown, by, lock: join(shown, 'journal', 'lock') })
  }
  const recovery = recover(folder, key)
  if ('why' in recovery) {
    locked.release()
    return refuse(recovery.code, { folder: shown, why: recovery.why })
  }
  const log = new AuditLog(folder, key, recovery, locked.release)
  return { ok: true, log, recovered: { ...recovery.recovered, tookOverLock: locked.tookOver } }
}

const own = new Set([
  'checkpoint',
  'tile',
  'openings',
  'erasures',
  'erasure.writing',
  'programs',
  'journal',
  'witnessed',
  'README.md',
])
const noJournal = 'its journal is not there: it is a copy for reading, or was damaged'

export class AuditLog {
  readonly #folder: string
  readonly #key: SigningKey
  readonly #tree: TreeFiles
  readonly #release: () => void
  #journal: JournalWriter
  #anchored: number
  #rotation: Promise<void> = Promise.resolve()
  #rotating = false

  constructor(folder: string, key: SigningKey, recovery: Recovery, release: () => void) {
    this.#folder = folder
    this.#key = key
    this.#tree = recovery.tree
    this.#release = release
    const { last } = recovery
    this.#journal = new JournalWriter(this.#journalFolder, last?.number ?? 0, last?.bytes ?? 0)
    this.#anchored = recovery.anchored
  }

  /** Entries, all of them durable. */
  get size(): number {
    return this.#tree.size
  }

  /** Entries under the last checkpoint. */
  get anchored(): number {
    return this.#anchored
  }

  /** Durable when the promise is kept. After an error of the system the log takes nothing more. */
  append(batch: BatchOfEntries): Promise<void> {
    const entry = this.#tree.size
    const openings = Buffer.from(batch.records.flatMap(record => record.openings).join('\n'))
    const meta = {
      entry,
      count: batch.records.length,
      offset: batch.offset,
      run: batch.run,
      ...(batch.tick === undefined ? {} : { tick: batch.tick }),
    }
    const entries = batch.records.map(record => record.framed)
    const durable = this.#journal.append({ meta, entries, openings, lines: batch.lines })
    for (const record of batch.records) this.#tree.append(record.framed, record.openings)
    return durable
  }

  /** Signs what there is, where there is something new. */
  checkpoint(): void {
    if (this.#anchored === this.#tree.size && readIfThere(this.#checkpointPath) !== undefined) return
    // INVARIANT: a checkpoint never covers what a crash could still take away.
    this.#journal.flush()
    this.#tree.writePartial()
    const { size } = this.#tree
    const note = signCheckpoint(this.#key, {
      origin: this.#key.verifier.name,
      size: BigInt(size),
      root: this.#tree.root(),
      extensions: [],
    })
    writeDurably(this.#checkpointPath, note, asidePath(this.#folder))
    this.#anchored = size
  }

  /** Whether the journal is long enough for `snapshot`. */
  snapshotDue(journalBytes: number): boolean {
    return !this.#rotating && this.#journal.bytes > journalBytes
  }

  /**
   * Flushes the tiles in the background, then keeps the state and forgets the journal up to here. The state is that after the last
   * batch; a checkpoint is made.
   */
  snapshot(state: SessionState, offset: number, run: string): Promise<void> {
    this.checkpoint()
    const segment = this.#journal.number + 1
    const written = this.#journal.close()
    this.#journal = new JournalWriter(this.#journalFolder, segment)
    const { paths, dropSuperseded } = this.#tree.takeUnsynced()
    const snapshot = {
      meta: {
        entries: this.#tree.size,
        root: Buffer.from(this.#tree.root()).toString('base64'),
        segment,
        offset,
        records: state.records,
        run,
        continuation: state.continuation,
        kept: state.kept.map((record): [number, number, number] => [record.index, record.seq, record.time]),
      },
      lines: Buffer.concat(state.kept.map(record => record.line)),
    }
    this.#rotating = true
    const previous = this.#rotation
    this.#rotation = (async () => {
      await previous
      await written
      await makeDurable(this.#folder, paths)
      writeSnapshot(this.#journalFolder, snapshot)
      dropSegments(this.#journalFolder, segment)
      dropSuperseded()
      this.#rotating = false
    })()
    return this.#rotation
  }

  /** Frees the folder, before anything was written. */
  abandon(): void {
    this.#journal.close().catch(() => {}) // there is nothing in it that could be lost
    this.#release()
  }

  /** Ends the writing: checkpoint, snapshot, and the lock is free. */
  async close(state: SessionState, offset: number, run: string): Promise<void> {
    await this.snapshot(state, offset, run)
    await this.#journal.close()
    this.#release()
  }

  get #journalFolder(): string {
    return join(this.#folder, 'journal')
  }
  get #checkpointPath(): string {
    return join(this.#folder, 'checkpoint')
  }
}

interface Recovery {
  readonly tree: TreeFiles
  readonly anchored: number
  readonly last: { readonly number: number; readonly bytes: number } | null
  readonly recovered: Omit<Recovered, 'tookOverLock'>
}

function recover(folder: string, key: SigningKey): Recovery | { readonly code: ProblemCode; readonly why: string } {
  const damaged = (why: string) => ({ code: 'W4005', why }) as const
  const anchored = anchoredSize(folder, key)
  if (typeof anchored === 'string') return { code: 'W4004', why: anchored }
  const files = filesOnDisk(folder)
  const snapshot = readSnapshot(files)
  if (snapshot === 'damaged') return damaged('journal/snapshot does not fit its hash')
  const tree = new TreeFiles(folder)
  if (snapshot !== undefined) {
    const { entries, root } = snapshot.meta
    if (!tree.restore(entries) || Buffer.from(tree.root()).toString('base64') !== root)
      return damaged(`its tiles are not those of the ${entries} entries that were written`)
  }
  const { frames, last, torn, damage } = readJournal(files, snapshot?.meta.segment ?? 0)
  if (damage !== null) return damaged(`${damage.file}: ${damage.why}`)
  for (const frame of frames) {
    const bundle = framedEntries(frame.entries)
    if (frame.meta.entry !== tree.size || bundle.length !== frame.meta.count)
      return damaged(`its journal goes on with entry ${frame.meta.entry} after ${tree.size} entries`)
    const openings = openingsByEntry(frame.openings)
    for (const [place, entry] of bundle.entries()) tree.append(entry, openings.get(frame.meta.entry + place) ?? [])
  }
  if (anchored > tree.size)
    return damaged(`its checkpoint speaks of ${anchored} entries, but only ${tree.size} are in its journal and tiles`)
  const meta = snapshot?.meta
  return {
    tree,
    anchored,
    last: last ?? (meta === undefined ? null : { number: meta.segment, bytes: 0 }),
    recovered: {
      entries: tree.size,
      state: snapshot === undefined ? null : stateOf(snapshot),
      run: meta?.run ?? null,
      frames,
      offset: frames.at(-1)?.meta.offset ?? meta?.offset ?? 0,
      unanchored: tree.size - anchored,
      torn,
    },
  }
}

/** Entries under the checkpoint of the directory, 0 without one; a text where it is not of this key. */
function anchoredSize(folder: string, key: SigningKey): number | string {
  const note = readIfThere(join(folder, 'checkpoint'))?.toString('utf8')
  if (note === undefined) return 0
  const opened = openNote(signatures, note, [key.verifier])
  const checkpoint = opened.ok ? parseCheckpoint(opened.text) : undefined
  if (checkpoint === undefined) return opened.ok ? 'it is no checkpoint' : opened.why
  return Number(checkpoint.size)
}

/** The entries of a frame, each still behind its length. */
function framedEntries(bytes: Uint8Array): readonly Uint8Array[] {
  const entries: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    entries.push(bytes.subarray(at, end))
    at = end
  }
  return entries
}

function openingsByEntry(bytes: Uint8Array): ReadonlyMap<number, readonly string[]> {
  const byEntry = new Map<number, string[]>()
  for (const line of Buffer.from(bytes).toString('utf8').split('\n')) {
    if (line === '') continue
    const entry = Number(/^\{"entry":(\d+),/.exec(line)?.[1] ?? -1)
    const known = byEntry.get(entry)
    if (known === undefined) byEntry.set(entry, [line])
    else known.push(line)
  }
  return byEntry
}

function stateOf({ meta, lines }: Snapshot): SessionState {
  let at = 0
  const kept = meta.kept.map(([index, seq, time]) => {
    const end = lines.indexOf(0x0a, at) + 1
    const line = lines.slice(at, end)
    at = end
    return { index, seq, time, line }
  })
  return { records: meta.records, kept, continuation: meta.continuation }
}

function refuse(code: ProblemCode, words: Readonly<Record<string, string | number>>): OpenedLog {
  return { ok: false, problem: problem(code, { start: 0, end: 0 }, words) }
}
