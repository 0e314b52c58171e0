/**
 * The committed history that a workspace is held against: of git up to a revision (`--against`, `history.revision` in writ.json,
 * else HEAD), or folders of earlier versions (`history.folder`). What cannot be read is said, not guessed.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Committed, committed, type EarlierState } from '@writ/engine'
import { parse, type SourceFile } from '@writ/grammar'
import { isRefusal } from '../refusal.ts'
import { systemReason } from '../system-reason.ts'
import { openWorkspace, type Workspace } from '../workspace.ts'
import { commitOf, committedHistory, filesAt, isGitFailure } from './git.ts'

export type History =
  | { readonly kind: 'known'; readonly committed: Committed }
  /** `why` in words; `asked`: somebody named this history, so that it is a mistake. */
  | { readonly kind: 'unknown'; readonly why: string; readonly asked: boolean }

/** `against` is a revision named on the command line. */
export async function historyOf(workspace: Workspace, against: string | undefined): Promise<History> {
  const { folder, revision } = workspace.settings.history
  const files = workspace.files.map(file => parse(file.path, file.text))
  if (against === undefined && folder !== null) return await folderHistory(workspace, folder)
  const name = against ?? revision ?? 'HEAD'
  const asked = against !== undefined || revision !== null
  const found = promises(files) ? gitStates(workspace.folder, name) : newestState(workspace.folder, name)
  if ('failed' in found) return { kind: 'unknown', why: found.failed, asked }
  if (found.states.at(-1)?.files.length === 0) return { kind: 'unknown', why: `nothing of it is in ${name}`, asked }
  const read = committed(found.states, found.cutOff)
  if (read === null) return { kind: 'unknown', why: `the contracts in ${name} have errors`, asked }
  return { kind: 'known', committed: read }
}

interface States {
  readonly states: readonly EarlierState[]
  readonly cutOff: string | null
}

/** Some contract says that it keeps to earlier versions; only then all of them have to be looked at. */
function promises(files: readonly SourceFile[]): boolean {
  return files.some(({ declarations }) =>
    declarations.some(
      ({ syntax }) => syntax.kind === 'contract' && syntax.items.some(item => item.kind === 'compatibility'),
    ),
  )
}

function newestState(folder: string, revision: string): States | { readonly failed: string } {
  const files = filesAt(folder, revision, '')
  if (isGitFailure(files)) return files
  return { states: [{ label: revision, files: files.map(file => parse(file.path, file.text)) }], cutOff: null }
}

function gitStates(folder: string, revision: string): States | { readonly failed: string } {
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
  const states = history.states.map(({ commit, files }) => ({
    label: commit.slice(0, 7),
    files: files.map(({ path, text }) => fileOf(path, text)),
  }))
  const newest = states.at(-1)
  if (newest === undefined) return newestState(folder, revision)
  const isNamed = commitOf(folder, revision)
  if (isGitFailure(isNamed)) return isNamed
  return { states: [...states.slice(0, -1), { ...newest, label: revision }], cutOff: history.cutOff }
}

/** A folder with `.writ` files is one state; else each folder in it is one, in the order of their names as numbers. */
async function folderHistory(workspace: Workspace, folder: string): Promise<History> {
  const path = join(workspace.folder, folder)
  const unknown = (why: string): History => ({ kind: 'unknown', why, asked: true })
  if (!existsSync(path)) return unknown(`there is no folder ${folder}, which writ.json names`)
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    const isOne = entries.some(entry => entry.isFile() && entry.name.endsWith('.writ'))
    const names = isOne ? [''] : entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
    const states: EarlierState[] = []
    for (const name of names.sort(byNumbers)) {
      const opened = await openWorkspace(join(path, name), workspace.folder)
      if (isRefusal(opened)) continue
      const label = name === '' ? folder : `${folder}/${name}`
      states.push({ label, files: opened.files.map(file => parse(file.path, file.text)) })
    }
    const read = committed(states)
    if (read === null) return unknown(`${folder} has no contracts that check`)
    return { kind: 'known', committed: read }
  } catch (error) {
    // Folders that may not be listed are told by throwing.
    return unknown(`${folder} cannot be read: ${systemReason(error)}`)
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
