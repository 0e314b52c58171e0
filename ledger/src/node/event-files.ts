/** Which files a path stands for, and which of them the globs of a source mean. What is in them is not looked at here. */
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface EventFile {
  /** Where it is read from. */
  readonly path: string
  /** What the log calls it: relative to the folder of events, with `/`; for a single file its base name. */
  readonly name: string
  readonly bytes: number
}

export interface EventFiles {
  /** False: the path is one file. */
  readonly isFolder: boolean
  /** By name, in the order of their UTF-16 units. */
  readonly files: readonly EventFile[]
}

/** The files at or under `path`, hidden ones left out; throws the system's errors (ENOENT, EACCES). */
export function eventFiles(path: string): EventFiles {
  const stat = statSync(path)
  if (!stat.isDirectory()) return { isFolder: false, files: [{ path, name: basename(path), bytes: stat.size }] }
  const files: EventFile[] = []
  collect(path, '', files)
  return { isFolder: true, files: files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) }
}

function collect(root: string, folder: string, files: EventFile[]): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      collect(root, name, files)
      continue
    }
    // A link may lead to a file; folders behind links are not followed, so that no circle is walked.
    const stat = statSync(join(root, name), { throwIfNoEntry: false })
    if (stat?.isFile()) files.push({ path: join(root, name), name, bytes: stat.size })
  }
}

/** Whether a name fits a glob: `*` and `?` within a folder, `**` across folders, `{a,b}`, `[ab]`. */
export function globMatches(glob: string, name: string): boolean {
  let form = globForms.get(glob)
  if (form === undefined) {
    form = new RegExp(`^${globForm(glob)}$`, 'su')
    globForms.set(glob, form)
  }
  return form.test(name)
}

const globForms = new Map<string, RegExp>()

function globForm(glob: string): string {
  let form = ''
  let alternatives = 0
  for (let i = 0; i < glob.length; i++) {
    const unit = glob.charAt(i)
    if (unit === '*' && glob[i + 1] === '*') {
      const wholeFolder = glob[i + 2] === '/'
      form += wholeFolder ? '(?:[^/]+/)*' : '.*'
      i += wholeFolder ? 2 : 1
    } else if (unit === '*') {
      form += '[^/]*'
    } else if (unit === '?') {
      form += '[^/]'
    } else if (unit === '{' && glob.includes('}', i)) {
      alternatives++
      form += '(?:'
    } else if (unit === '}' && alternatives > 0) {
      alternatives--
      form += ')'
    } else if (unit === ',' && alternatives > 0) {
      form += '|'
    } else if (unit === '[' && glob.indexOf(']', i) > i + 1) {
      const end = glob.indexOf(']', i)
      form += `[${glob
        .slice(i + 1, end)
        .replace(/[\\[\]&~|]/g, '\\$&')
        .replace(/^!/, '^')}]`
      i = end
    } else {
      form += unit.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    }
  }
  return form
}
