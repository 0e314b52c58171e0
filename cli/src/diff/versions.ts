/**
 * What `writ diff` compares: two versions of one workspace, each a git revision, `REVISION:PATH`, a folder or a file. The settings
 * (`writ.json`, with logs, baselines, levels and gates) are those of the workspace as it stands on the disk.
 */
import { existsSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Plan } from '@writ/engine'
import { filesAt, isGitFailure } from '@writ/ledger/history'
import { checkWorkspace } from '../program.ts'
import { readSource } from '../read-source.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import { problemsText } from '../report/problem-text.ts'
import { readSettings, settingsName } from '../settings/settings.ts'
import type { Io } from '../terminal/io.ts'
import {
  openWorkspace,
  shownPath,
  sourceTexts,
  type Workspace,
  type WorkspaceFile,
  withBaselines,
} from '../workspace.ts'

export interface Version {
  /** As it was named, or what stands for it. */
  readonly shown: string
  readonly workspace: Workspace
  readonly plan: Plan
}

export interface Versions {
  /** The workspace on the disk, with its settings; without its files. */
  readonly home: Workspace
  readonly before: Version
  readonly after: Version
}

/** `given`: none, BASE, or BASE and HEAD; without them HEAD of git against what is on the disk. */
export async function openVersions(given: readonly string[], folder: string, io: Io): Promise<Versions | Refusal> {
  const home = await homeOf(folder, io)
  if (isRefusal(home)) return home
  const [base = 'HEAD', head] = given
  const before = await opened(base, home, io)
  if (isRefusal(before)) return before
  const after = head === undefined ? await onDisk(home, io) : await opened(head, home, io)
  return isRefusal(after) ? after : { home, before, after }
}

/** Where settings come from, and what revisions are of. */
async function homeOf(folder: string, io: Io): Promise<Workspace | Refusal> {
  const absolute = resolve(io.cwd, folder)
  if (!statSync(absolute, { throwIfNoEntry: false })?.isDirectory())
    return refuse('W3011', { path: folder, why: 'there is no such folder', hint: 'Name a folder with .writ files.' })
  const settings = await readSettings(absolute, shownPath(folder, settingsName))
  if (isRefusal(settings)) return settings
  const empty: Workspace = { folder: absolute, shown: folder, settings, files: [], baselines: null }
  return withBaselines(empty)
}

async function onDisk(home: Workspace, io: Io): Promise<Version | Refusal> {
  const workspace = await openWorkspace(home.shown, io.cwd)
  if (isRefusal(workspace)) return workspace
  return checked('the working tree', { ...workspace, baselines: home.baselines }, io)
}

/** A path that is there goes before a revision. */
async function opened(given: string, home: Workspace, io: Io): Promise<Version | Refusal> {
  const path = resolve(io.cwd, given)
  if (!existsSync(path)) return ofGit(given, home, io)
  if (statSync(path).isDirectory()) {
    const workspace = await openWorkspace(given, io.cwd)
    if (isRefusal(workspace)) return workspace
    return checked(given, { ...workspace, settings: home.settings, baselines: home.baselines }, io)
  }
  const source = readSource(path, given)
  if (isRefusal(source)) return source
  const name = basename(path)
  const shown = given.slice(0, given.length - name.length) || '.'
  return checked(given, workspaceOf(home, shown, [{ path: name, text: source.text }]), io)
}

function ofGit(given: string, home: Workspace, io: Io): Version | Refusal {
  const inside = /^([^:]+):(.*)$/.exec(given)
  const [, revision = given, path = ''] = inside ?? []
  const files = inside ? filesAt(io.cwd, revision, path) : filesAt(home.folder, revision, '')
  if (isGitFailure(files)) return refuse('W3060', { name: given, why: files.failed })
  const { folder: released } = home.settings.history
  const own =
    released === null ? files : files.filter(file => !file.path.startsWith(`${released.replace(/\/+$/, '')}/`))
  if (own.length === 0) return refuse('W3060', { name: given, why: 'there are no .writ files' })
  return checked(given, workspaceOf(home, inside ? path || '.' : home.shown, own), io)
}

function workspaceOf(home: Workspace, shown: string, files: readonly WorkspaceFile[]): Workspace {
  return { folder: home.folder, shown, settings: home.settings, files, baselines: home.baselines }
}

/** Errors are printed as `writ check` prints them. */
function checked(shown: string, workspace: Workspace, io: Io): Version | Refusal {
  const { plan, problems } = checkWorkspace(workspace)
  if (plan !== null) return { shown, workspace, plan }
  const errors = problems.filter(({ severity }) => severity === 'error')
  const { paint, columns } = io.error
  io.error.write(`${problemsText(errors, sourceTexts(workspace), paint, columns)}\n`)
  return refuse('W3065', { name: shown })
}
