/**
 * The committed history that a workspace is held against: of git up to a revision (one that somebody names, `history.revision` in
 * writ.json, else HEAD), or folders of earlier versions (`history.folder`). What cannot be read is said, not guessed.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Committed, committed, type EarlierState } from '@writ/engine'
import { parse, type SourceFile } from '@writ/grammar'
import { reasonOf, systemCode } from '../system-errors.ts'
import { type CommittedFile, commitOf, committedHistory, filesAt, isGitFailure } from './git.ts'

/** Whose history is asked for. */
export interface HistoryPlace {
  /** Absolute. */
  readonly folder: string
  /** What `writ.json` says of it. */
  readonly settings: { readonly revision: string | null; readonly folder: string | null }
  /** The `.writ` files of an absolute folder, with paths relative to it; null where they cannot be read. */
  readonly readFolder: (folder: string) => Promise<readonly CommittedFile[] | null>
}

export type History = { readonly kind: 'known'; readonly committed: Committed } | UnknownHistory
export interface UnknownHistory {
  readonly kind: 'unknown'
  /** In words. */
  readonly why: string
  /** Somebody named this history, so that it is a mistake. */
  readonly asked: boolean
}

export interface States {
  readonly kind: 'states'
  /** Somebody named them. */
  readonly asked: boolean
  /** As messages name the newest: `HEAD`, `released`. */
  readonly name: string
  /** The oldest first. */
  readonly states: readonly EarlierState[]
  readonly cutOff: string | null
}

/** What `files`, the workspace as it is, are held against. `against` is a revision that goes before what `writ.json` says. */
export async function historyOf(
  place: HistoryPlace,
  files: readonly SourceFile[],
  against: string | undefined,
): Promise<History> {
  const found = await earlierStates(place, against, promises(files) ? 'all' : 'newest')
  return found.kind === 'states' ? historyIn(found, files) : found
}

/** The same from states that were read before; what they say is kept with them. */
export function historyIn(from: States, files: readonly SourceFile[]): History {
  const { name, states, asked, cutOff } = from
  const unknown = (why: string): History => ({ kind: 'unknown', why, asked })
  if (states.at(-1)?.files.length === 0) return unknown(`nothing of it is in ${name}`)
  const read = promises(files) ? wholeHistory(from) : newestHistory(states, cutOff)
  return read === null ? unknown(`the contracts in ${name} have errors`) : { kind: 'known', committed: read }
}

/** All states read as if something were promised in the files that are held against them; null where the newest have errors. */
export function wholeHistory(from: States): Committed | null {
  const known = kept.get(from.states)
  if (known !== undefined) return known
  const read = committed(from.states, from.cutOff)
  kept.set(from.states, read)
  return read
}
const kept = new WeakMap<readonly EarlierState[], Committed | null>()
const keptNewest = new WeakMap<readonly EarlierState[], Committed | null>()

function newestHistory(states: readonly EarlierState[], cutOff: string | null): Committed | null {
  const known = keptNewest.get(states)
  if (known !== undefined) return known
  const read = committed(states.slice(-1), cutOff)
  keptNewest.set(states, read)
  return read
}

/** The workspace as it was committed: all states that there are, or the newest alone. */
export async function earlierStates(
  place: HistoryPlace,
  against: string | undefined,
  wanted: 'all' | 'newest',
): Promise<States | UnknownHistory> {
  const { folder, revision } = place.settings
  if (against === undefined && folder !== null) return await folderStates(place, folder)
  const name = against ?? revision ?? 'HEAD'
  const asked = against !== undefined || revision !== null
  const found = wanted === 'all' ? gitStates(place.folder, name) : newestState(place.folder, name)
  if ('failed' in found) return { kind: 'unknown', why: found.failed, asked }
  return { kind: 'states', name, asked, ...found }
}

/** Some contract says that it keeps to earlier versions; only then all of them have to be looked at. */
function promises(files: readonly SourceFile[]): boolean {
  return files.some(({ declarations }) =>
    declarations.some(
      ({ syntax }) => syntax.kind === 'contract' && syntax.items.some(item => item.kind === 'compatibility'),
    ),
  )
}

function newestState(folder: string, revision: string): Read | { readonly failed: string } {
  const files = filesAt(folder, revision, '')
  if (isGitFailure(files)) return files
  const states = [{ label: revision, files: files.map(file => parse(file.path, file.text)) }]
  return { states, cutOff: null }
}

type Read = Pick<States, 'states' | 'cutOff'>

function gitStates(folder: string, revision: string): Read | { readonly failed: string } {
  const history = committedHistory(folder, revision)
  if (isGitFailure(history)) return history
  // A file that did not change from one commit to the next is parsed once.
  const parsed = new Map<string, SourceFile>()
  const fileOf = (path: string, text: string): SourceFile => {
    const key = `${path}\n${text}`
    const known = parsed.get(key) ?? parse(path, text)
    parsed.set(key, known)
    return known
  }
  const states = history.states.map(({ commit, date, files }) => ({
    label: commit.slice(0, 7),
    date,
    files: files.map(({ path, text }) => fileOf(path, text)),
  }))
  const newest = states.at(-1)
  if (newest === undefined) return newestState(folder, revision)
  const isNamed = commitOf(folder, revision)
  if (isGitFailure(isNamed)) return isNamed
  const named = [...states.slice(0, -1), { ...newest, label: revision }]
  return { states: named, cutOff: history.cutOff }
}

/** A folder with `.writ` files is one state; else each folder in it is one, in the order of their names as numbers. */
async function folderStates(place: HistoryPlace, folder: string): Promise<States | UnknownHistory> {
  const path = join(place.folder, folder)
  const unknown = (why: string): UnknownHistory => ({ kind: 'unknown', why, asked: true })
  if (!existsSync(path)) return unknown(`there is no folder ${folder}, which writ.json names`)
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    const isOne = entries.some(entry => entry.isFile() && entry.name.endsWith('.writ'))
    const names = isOne ? [''] : entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
    const states: EarlierState[] = []
    for (const name of names.sort(byNumbers)) {
      const read = await place.readFolder(join(path, name))
      if (read === null) continue
      const label = name === '' ? folder : `${folder}/${name}`
      states.push({ label, files: read.map(file => parse(file.path, file.text)) })
    }
    return states.length === 0
      ? unknown(`${folder} has no contracts that check`)
      : { kind: 'states', name: folder, asked: true, states, cutOff: null }
  } catch (error) {
    // Folders that may not be listed are told by throwing.
    const code = systemCode(error)
    if (code === null) throw error
    return unknown(`${folder} cannot be read: ${reasonOf(code)}`)
  }
}

/** `1.9.0` before `1.10.0`. */
function byNumbers(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)]
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const [x = '', y = ''] = [left[place], right[place]]
    if (x === y) continue
    const difference = Number(x) - Number(y)
    return Number.isNaN(difference) ? (x < y ? -1 : 1) : difference
  }
  return 0
}
