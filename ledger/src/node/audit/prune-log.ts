/**
 * Applies the `retention` of contracts to a log: openings of old entries are destroyed, entries and tiles stay. What is to go is signed
 * and kept first, then destroyed; after a crash in between the next call goes on from the note. What is due is a function of the log
 * and of the time that is given.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Plan } from '@writ/engine'
import { type Problem, type ProblemCode, problem } from '@writ/grammar'
import { parseOpening } from '../../audit/commitment.ts'
import { type Erasure, type ErasureRule, erasureForm, erasureText, isErased } from '../../audit/erasure.ts'
import { type AuditRecord, parseEntry, programOfEntry } from '../../audit/record.ts'
import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import { openNote } from '../../tlog/signed-note.ts'
import { tileWidth } from '../../tlog/tiles.ts'
import { writeDurably } from './durable-files.ts'
import { erasurePath, readErasures } from './erasure-notes.ts'
import { signatures } from './hashing.ts'
import { readJournal, readSnapshot } from './journal.ts'
import { type SigningKey, signNote } from './keys.ts'
import { lock } from './lock.ts'
import { filesOnDisk, type LogFiles } from './log-files.ts'
import { LogFolder } from './log-folder.ts'
import { readProgram } from './replay-log.ts'
import { asidePath, openingsPath } from './tree-files.ts'

export interface PruneOptions {
  readonly folder: string
  /** The folder as messages name it. */
  readonly shown: string
  readonly key: SigningKey
  /** Retention is counted back from here; milliseconds. */
  readonly at: number
  readonly now: number
  /** Only tells what would go. */
  readonly dryRun: boolean
}

export interface Pruned {
  /** Null where nothing was due. */
  readonly erasure: Erasure | null
  /** Where the note is; null without one, and on a dry run. */
  readonly note: string | null
  /** Openings that an earlier call had told of and not destroyed. */
  readonly finished: number
  /** Entries whose openings stay because the text of their policies is not in the log. */
  readonly undecided: number
  /** Events as they came that the journal keeps, because windows and what is pending still need them. */
  readonly inJournal: number
}

export type PruneResult =
  | { readonly ok: true; readonly pruned: Pruned }
  | { readonly ok: false; readonly problem: Problem }

/** Throws the system's errors. */
export function pruneLog(options: PruneOptions): PruneResult {
  const { folder, shown } = options
  const journal = join(folder, 'journal')
  const locked = existsSync(journal) ? lock(join(journal, 'lock')) : null
  if (locked?.ok === false) {
    const { holder } = locked
    const by = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`
    return refuse('W4001', { folder: shown, by, lock: join(shown, 'journal', 'lock') })
  }
  try {
    return pruned(options)
  } finally {
    locked?.release()
  }
}

function pruned(options: PruneOptions): PruneResult {
  const { folder, shown, key, at, dryRun } = options
  const files = filesOnDisk(folder)
  const checkpoint = anchored(files, key)
  if (typeof checkpoint === 'string') return refuse('W4004', { folder: shown, why: checkpoint })
  const { notes, fault } = readErasures(files, signatures, [key.verifier])
  if (fault !== null) return refuse('W4037', { file: fault.path, why: fault.why })
  const snapshot = readSnapshot(files)
  const frames = snapshot === 'damaged' ? null : readJournal(files, snapshot?.meta.segment ?? 0)
  const whole = frames !== null && frames.damage === null && frames.frames.length === 0 && frames.torn === 0
  if (!whole) return refuse('W4014', { folder: shown })
  const told = (entry: number, record: AuditRecord): boolean =>
    notes.some(note => isErased(note.erasure, entry, record))
  const finished = dryRun ? 0 : destroy(folder, files, checkpoint.size, told)
  const due = rulesDue(files, checkpoint.size, at)
  const counts = {
    finished,
    undecided: due.undecided,
    inJournal: snapshot === undefined || snapshot === 'damaged' ? 0 : snapshot.meta.kept.length,
  }
  if (due.rules.length === 0) return { ok: true, pruned: { ...counts, erasure: null, note: null } }
  const erasure: Erasure = {
    form: erasureForm,
    log: key.verifier.name,
    at: new Date(at).toISOString(),
    erasedAt: new Date(options.now).toISOString(),
    size: checkpoint.size,
    previous: notes.at(-1)?.digest ?? null,
    rules: [...due.rules],
  }
  if (dryRun) return { ok: true, pruned: { ...counts, erasure, note: null } }
  const path = erasurePath(notes.length + 1)
  mkdirSync(join(folder, 'erasures'), { recursive: true })
  // INVARIANT: told before it is done, so that nothing is ever gone without a word.
  writeDurably(join(folder, path), signNote(key, erasureText(erasure)), aside(folder))
  destroy(folder, files, checkpoint.size, (entry, record) => isErased(erasure, entry, record))
  // What a crash of the writer left aside may be openings.
  rmSync(join(folder, 'journal', 'aside'), { force: true })
  return { ok: true, pruned: { ...counts, erasure, note: path } }
}

interface MutableRule extends ErasureRule {
  programs: string[]
  entries: number
  first: number
  last: number
  openings: number
}

/** The rules under which something is due, by contract and retention. */
function rulesDue(
  files: LogFiles,
  size: number,
  at: number,
): { readonly rules: readonly ErasureRule[]; readonly undecided: number } {
  const folder = new LogFolder(files)
  const plans = new Map<string, Plan | null>()
  const rules = new Map<string, MutableRule>()
  let undecided = 0
  for (const { entry, record, openings } of openedEntries(folder, size)) {
    const digest = programOfEntry(record)
    if (!plans.has(digest)) {
      const read = readProgram(folder, digest)
      plans.set(digest, 'plan' in read ? read.plan : null)
    }
    const plan = plans.get(digest) ?? null
    if (plan === null) undecided++
    const retention = plan?.contracts.find(({ name }) => name === record.event.contract)?.retentionMilliseconds ?? null
    if (retention === null) continue
    const { contract } = record.event
    const rule = rules.get(`${contract} ${retention}`) ?? {
      contract,
      before: new Date(at - retention).toISOString(),
      retentionMilliseconds: retention,
      programs: [],
      entries: 0,
      first: entry,
      last: entry,
      openings: 0,
    }
    if (!isErased({ size, rules: [{ ...rule, programs: [digest] }] }, entry, record)) continue
    if (!rule.programs.includes(digest)) rule.programs.push(digest)
    rule.entries++
    rule.last = entry
    rule.openings += openings.length
    if (rule.entries === 1) rule.first = entry
    rules.set(`${contract} ${retention}`, rule)
  }
  return { rules: [...rules.values()], undecided }
}

/** Entries that have openings, with their lines; of the bundles `from` up to and without `to`. */
function* openedEntries(
  folder: LogFolder,
  size: number,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): Generator<{ readonly entry: number; readonly record: AuditRecord; readonly openings: readonly string[] }> {
  for (let index = from; index * tileWidth < size && index < to; index++) {
    const lines = openingLines(folder, index)
    if (lines.size === 0) continue
    for (const [place, bytes] of (folder.entries(index, size) ?? []).entries()) {
      const entry = index * tileWidth + place
      const openings = lines.get(entry)
      const record = openings && parseEntry(bytes)
      if (openings !== undefined && record !== undefined) yield { entry, record, openings }
    }
  }
}

function openingLines(folder: LogFolder, index: number): ReadonlyMap<number, readonly string[]> {
  const lines = new Map<number, string[]>()
  for (const line of folder.read(openingsPath(index))?.toString('utf8').split('\n') ?? []) {
    const opening = line === '' ? undefined : parseOpening(line)
    if (opening === undefined) continue
    const known = lines.get(opening.entry)
    if (known === undefined) lines.set(opening.entry, [line])
    else known.push(line)
  }
  return lines
}

/** Destroys the openings of the entries; how many there were. */
function destroy(
  root: string,
  files: LogFiles,
  size: number,
  goes: (entry: number, record: AuditRecord) => boolean,
): number {
  const folder = new LogFolder(files)
  let destroyed = 0
  for (let index = 0; index * tileWidth < size; index++) {
    const text = folder.read(openingsPath(index))?.toString('utf8')
    if (text === undefined) continue
    const gone = new Set<string>()
    for (const { entry, record, openings } of openedEntries(folder, size, index, index + 1))
      if (goes(entry, record)) for (const line of openings) gone.add(line)
    if (gone.size === 0) continue
    destroyed += gone.size
    const rest = text.split('\n').filter(line => line !== '' && !gone.has(line))
    replaceUnread(join(root, openingsPath(index)), rest.map(line => `${line}\n`).join(''), aside(root))
  }
  return destroyed
}

/** Where nobody but the owner reads, unless the log is a copy without its journal. */
function aside(folder: string): string {
  return existsSync(join(folder, 'journal')) ? asidePath(folder) : join(folder, 'erasure.writing')
}

/** Replaces the file, then overwrites the bytes that it had. */
function replaceUnread(path: string, text: string, aside: string): void {
  const old = openSync(path, 'r+')
  try {
    writeDurably(path, text, aside)
    const { size } = fstatSync(old)
    const zeros = Buffer.alloc(Math.min(size, 1 << 16))
    for (let at = 0; at < size; ) at += writeSync(old, zeros, 0, Math.min(zeros.length, size - at), at)
    fsyncSync(old)
  } finally {
    closeSync(old)
  }
}

function anchored(files: LogFiles, key: SigningKey): { readonly size: number } | string {
  const note = files.read('checkpoint')?.toString('utf8')
  if (note === undefined) return 'there is none'
  const opened = openNote(signatures, note, [key.verifier])
  if (!opened.ok) return opened.why
  const checkpoint = parseCheckpoint(opened.text)
  return checkpoint === undefined ? 'it is no checkpoint' : { size: Number(checkpoint.size) }
}

function refuse(code: ProblemCode, words: Readonly<Record<string, string | number>>): PruneResult {
  return { ok: false, problem: problem(code, { start: 0, end: 0 }, words) }
}
