/** What `writ contract diff` compares: files, folders, and `REVISION:PATH` of git, each read as a set of `.writ` files. */
import { existsSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type ContractPart, contractPart } from '@writ/engine'
import { parse } from '@writ/grammar'
import { filesAt, isGitFailure } from '@writ/ledger/history'
import { readSource } from '../read-source.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import { openWorkspace, type SourceTexts, type WorkspaceFile } from '../workspace.ts'

export interface State {
  /** As it was named. */
  readonly shown: string
  readonly files: readonly WorkspaceFile[]
  readonly part: ContractPart
  readonly sources: SourceTexts
  /** A folder of the disk, which may hold policies too. */
  readonly isFolder: boolean
}

/** A path that is there goes before `REVISION:PATH`. */
export async function openState(given: string, cwd: string): Promise<State | Refusal> {
  const path = resolve(cwd, given)
  const revision = /^([^:]+):(.*)$/.exec(given)
  if (!existsSync(path) && revision?.[1] !== undefined) {
    const [, name, inside = ''] = revision
    const files = filesAt(cwd, name, inside)
    if (isGitFailure(files)) return refuse('W3060', { name: given, why: files.failed })
    if (files.length === 0) return refuse('W3060', { name: given, why: 'there are no .writ files' })
    return stateOf(given, files, given, false)
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const source = readSource(path, given)
    if (isRefusal(source)) return source
    const file = { path: basename(path), text: source.text }
    return stateOf(given, [file], given.slice(0, given.length - basename(path).length) || '.', false)
  }
  const workspace = await openWorkspace(given, cwd)
  return isRefusal(workspace) ? workspace : stateOf(given, workspace.files, given, true)
}

function stateOf(shown: string, files: readonly WorkspaceFile[], folder: string, isFolder: boolean): State {
  const part = contractPart(files.map(file => parse(file.path, file.text)))
  const sources = { shown: folder, texts: new Map(files.map(file => [file.path, file.text])) }
  return { shown, files, part, sources, isFolder }
}
