/**
 * Finds and reads the files of a workspace: every `.writ` file under a folder, but for hidden folders, `node_modules` and
 * `dist`, in the order of their paths. What they mean is program.ts and the engine.
 */
import { readdirSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { Baselines } from '@writ/engine'
import { readSource } from './read-source.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { readSettings, type Settings, settingsName } from './settings/settings.ts'
import { systemReason } from './system-reason.ts'
import { bytes, count } from './terminal/text.ts'

export interface Workspace {
  /** Absolute. */
  readonly folder: string
  /** The folder as messages name it: relative to where the command was started, or as it was given. */
  readonly shown: string
  readonly settings: Settings
  readonly files: readonly WorkspaceFile[]
  /** Null: not read (`withBaselines`). */
  readonly baselines: Baselines | null
}
export interface WorkspaceFile {
  /** Relative to the workspace, with `/`. */
  readonly path: string
  readonly text: string
}

/** What quotes sources needs of a workspace. */
export interface SourceTexts {
  /** The folder as paths are shown. */
  readonly shown: string
  /** By workspace path. */
  readonly texts: ReadonlyMap<string, string>
}

/** What a workspace may be at most; over it a command refuses instead of running out of memory. */
const limits = { files: 20_000, totalBytes: 200_000_000, depth: 40, entries: 500_000 }

/** Opens the workspace in a folder. */
export async function openWorkspace(given: string, cwd: string): Promise<Workspace | Refusal> {
  const folder = resolve(cwd, given)
  const stats = status(folder)
  if (stats === undefined || !stats.isDirectory()) {
    const why = stats === undefined ? 'there is no such folder' : 'it is a file, not a folder'
    return refuse('W3011', { path: given, why, hint: 'Name a folder with .writ files.' })
  }
  const paths = findFiles(folder)
  if (isRefusal(paths)) return paths
  if (paths.length === 0) return refuse('W3010', { folder: given })
  const files: WorkspaceFile[] = []
  let total = 0
  for (const path of paths) {
    const file = readSource(join(folder, path), shownPath(given, path))
    if (isRefusal(file)) return file
    total += file.text.length
    if (total > limits.totalBytes) {
      const what = `the .writ files under ${given} have more than ${bytes(limits.totalBytes)}`
      return refuse('W3013', { what, limit: bytes(limits.totalBytes), hint: 'Name a smaller folder.' })
    }
    files.push({ path, text: file.text })
  }
  const settings = await readSettings(folder, shownPath(given, settingsName))
  if (isRefusal(settings)) return settings
  const { folder: released } = settings.history
  const own =
    released === null ? files : files.filter(file => !file.path.startsWith(`${released.replace(/\/+$/, '')}/`))
  return { folder, shown: given, settings, files: own, baselines: null }
}

/** The workspace with the baselines that its `writ.json` names. */
export async function withBaselines(workspace: Workspace): Promise<Workspace | Refusal> {
  const paths = workspace.settings.baselines
  if (paths.size === 0) return { ...workspace, baselines: new Map() }
  const { readBaselines } = await import('./settings/baselines.ts')
  const baselines = await readBaselines(paths, workspace.folder, path => shownPath(workspace.shown, path))
  return isRefusal(baselines) ? baselines : { ...workspace, baselines }
}

/**
 * Opens the workspace that `file` belongs to: the nearest folder above it with a `writ.json`, else its own folder. Gives the
 * file's path in it too.
 */
export async function openWorkspaceOf(
  file: string,
  cwd: string,
): Promise<{ readonly workspace: Workspace; readonly path: string } | Refusal> {
  const absolute = resolve(cwd, file)
  const stats = status(absolute)
  if (stats === undefined || !stats.isFile()) {
    return refuse('W3011', { path: file, why: 'there is no such file', hint: 'Name a .writ file or a folder.' })
  }
  const noSource = refuse('W3011', { path: file, why: 'it is no .writ file', hint: 'Name a .writ file or a folder.' })
  if (!file.endsWith('.writ')) return noSource
  const folder = settingsFolder(dirname(absolute)) ?? dirname(absolute)
  const workspace = await openWorkspace(relative(cwd, folder) || '.', cwd)
  if (isRefusal(workspace)) return workspace
  const path = relative(folder, absolute).split(sep).join('/')
  if (workspace.files.some(known => known.path === path)) return { workspace, path }
  return refuse('W3011', {
    path: file,
    why: 'it is no .writ file of a workspace',
    hint: 'Name a .writ file or a folder.',
  })
}

/** The texts of a workspace for reports that quote them. */
export function sourceTexts(workspace: Workspace): SourceTexts {
  return { shown: workspace.shown, texts: new Map(workspace.files.map(file => [file.path, file.text])) }
}

/** A path in a workspace as messages name it. */
export function shownPath(folder: string, path: string): string {
  return folder === '.' ? path : `${folder.replace(/[/\\]+$/, '')}/${path}`
}

function findFiles(root: string): string[] | Refusal {
  const found: string[] = []
  let entries = 0
  const pending = [{ path: '', depth: 0 }]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    let children: readonly {
      readonly name: string
      isDirectory(): boolean
      isFile(): boolean
      isSymbolicLink(): boolean
    }[]
    try {
      children = readdirSync(join(root, folder.path), { withFileTypes: true })
    } catch (error) {
      const path = folder.path === '' ? root : folder.path
      return refuse('W3011', { path, why: systemReason(error), hint: 'Make it readable, or move it elsewhere.' })
    }
    entries += children.length
    if (entries > limits.entries || folder.depth > limits.depth || found.length > limits.files) {
      const what =
        folder.depth > limits.depth
          ? `${folder.path} is nested ${folder.depth} folders deep`
          : found.length > limits.files
            ? `there are more than ${count(limits.files)} .writ files`
            : `there are more than ${count(limits.entries)} files to look through`
      const limit =
        folder.depth > limits.depth ? limits.depth : found.length > limits.files ? limits.files : limits.entries
      return refuse('W3013', { what, limit: count(limit), hint: 'Name the folder that holds the policies.' })
    }
    for (const child of children) {
      const path = folder.path === '' ? child.name : `${folder.path}/${child.name}`
      if (child.isDirectory()) {
        if (!isLeftOut(child.name)) pending.push({ path, depth: folder.depth + 1 })
      } else if (child.name.endsWith('.writ') && !child.name.startsWith('.')) {
        // Links to files are followed, links to folders are not: they can go in circles.
        if (child.isFile() || (child.isSymbolicLink() && status(join(root, path))?.isFile() === true)) found.push(path)
      }
    }
  }
  return found.sort()
}
function isLeftOut(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules' || folder === 'dist'
}

function settingsFolder(folder: string): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (status(join(current, settingsName))?.isFile() === true) return current
    if (dirname(current) === current || basename(current) === '') return undefined
  }
}

function status(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    // A part of the path is a file, or may not be entered: for the caller there is nothing there.
    return undefined
  }
}
