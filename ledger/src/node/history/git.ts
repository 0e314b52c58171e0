/**
 * Asks git for files as they were committed. Only what reads objects is run (`rev-parse`, `ls-tree`, `log --raw`, `cat-file`): no
 * work tree, no hooks, no filters, no network, no questions. What the files mean is elsewhere.
 */
import { spawnSync } from 'node:child_process'

/** What could not be told, in words that go behind "because". */
export interface GitFailure {
  readonly failed: string
}
export function isGitFailure(value: object): value is GitFailure {
  return 'failed' in value
}

export interface CommittedFile {
  /** Relative to the folder that was asked about, with `/`. */
  readonly path: string
  readonly text: string
}

/** One commit in which `.writ` files of a folder were changed, with all of them as they were then. */
export interface CommittedState {
  /** Full name of the commit. */
  readonly commit: string
  /** Of the commit: `2026-03-14`. */
  readonly date: string
  readonly files: readonly CommittedFile[]
}

export interface CommittedHistory {
  /** The oldest first; the last is the revision that was asked for. */
  readonly states: readonly CommittedState[]
  /** Why earlier states may be missing; null: all there are. */
  readonly cutOff: string | null
}

/** More bytes of `.writ` files in one revision, or files in it, are refused. */
const limits = { bytes: 64_000_000, files: 5_000, milliseconds: 30_000 }
/** States looked at, from the newest. */
export const mostStates = 400

/** Files ending in `.writ` under `path` (relative to `folder`; empty: the folder itself) in a revision. */
export function filesAt(folder: string, revision: string, path: string): readonly CommittedFile[] | GitFailure {
  const listed = blobsAt(folder, revision, path)
  if (isGitFailure(listed)) return listed
  const texts = textsOf(folder, new Set(listed.values()))
  return isGitFailure(texts) ? texts : stateFiles(listed, texts)
}

/** The states of the `.writ` files of a folder up to a revision, along first parents. */
export function committedHistory(folder: string, revision: string): CommittedHistory | GitFailure {
  const now = blobsAt(folder, revision, '')
  if (isGitFailure(now)) return now
  const logged = rawLog(folder, revision)
  if (isGitFailure(logged)) return logged
  const states: { commit: string; date: string; blobs: ReadonlyMap<string, string> }[] = []
  const blobs = new Map(now)
  for (const { commit, date, changes } of logged) {
    states.push({ commit, date, blobs: new Map(blobs) })
    // Backwards: what the commit made is taken away again, what it took is put back.
    for (const { path, before } of changes) {
      if (before === null) blobs.delete(path)
      else blobs.set(path, before)
    }
  }
  const texts = textsOf(folder, new Set(states.flatMap(state => [...state.blobs.values()])))
  if (isGitFailure(texts)) return texts
  const shallow = output(folder, ['rev-parse', '--is-shallow-repository'])
  const cutOff =
    !isGitFailure(shallow) && shallow.toString().trim() === 'true'
      ? 'the clone is shallow; "git fetch --unshallow" brings the rest'
      : logged.length >= mostStates
        ? `only the last ${mostStates} commits are looked at`
        : null
  const whole = states.map(({ commit, date, blobs }) => ({ commit, date, files: stateFiles(blobs, texts) }))
  return { states: whole.reverse(), cutOff }
}

/** The commit that a revision names, or why there is none. */
export function commitOf(folder: string, revision: string): { readonly commit: string } | GitFailure {
  if (revision.startsWith('-')) return { failed: `${revision} is no revision` }
  const found = output(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
  if (!isGitFailure(found)) return { commit: found.toString().trim() }
  const inside = output(folder, ['rev-parse', '--is-inside-work-tree'])
  if (isGitFailure(inside)) return inside
  return { failed: revision === 'HEAD' ? 'nothing is committed yet' : `there is no revision ${revision}` }
}

function blobsAt(folder: string, revision: string, path: string): ReadonlyMap<string, string> | GitFailure {
  const found = commitOf(folder, revision)
  if (isGitFailure(found)) return found
  const listed = output(folder, ['ls-tree', '-r', '-z', found.commit, '--', path === '' ? '.' : path])
  if (isGitFailure(listed)) return listed
  const blobs = new Map<string, string>()
  for (const line of listed.toString().split('\0')) {
    const match = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined && isSource(match[2])) blobs.set(match[2], match[1])
  }
  if (blobs.size > limits.files) return { failed: `there are more than ${limits.files} .writ files in ${revision}` }
  return blobs
}

interface LoggedCommit {
  readonly commit: string
  readonly date: string
  readonly changes: readonly { readonly path: string; readonly before: string | null }[]
}

/** Commits that changed `.writ` files, the newest first, with what they changed. */
function rawLog(folder: string, revision: string): readonly LoggedCommit[] | GitFailure {
  const format = [
    '--first-parent',
    '-m',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--relative',
    '-z',
    '--format=%x01%H %cs',
  ]
  const range = [`--max-count=${mostStates}`, '--end-of-options', revision, '--', '*.writ']
  const logged = output(folder, ['log', ...format, ...range])
  if (isGitFailure(logged)) return logged
  return logged
    .toString()
    .split('\x01')
    .slice(1)
    .map(part => {
      const [head = '', ...fields] = part.split('\0')
      const [commit = '', date = ''] = head.trim().split(' ')
      const changes: { path: string; before: string | null }[] = []
      for (let place = 0; place < fields.length; place++) {
        const match = /^\s*:\d+ \d+ ([0-9a-f]+) [0-9a-f]+ [A-Z]\d*$/.exec(fields[place] ?? '')
        const path = match === null ? undefined : fields[++place]
        if (match?.[1] === undefined || path === undefined || !isSource(path)) continue
        changes.push({ path, before: /^0+$/.test(match[1]) ? null : match[1] })
      }
      return { commit, date, changes }
    })
}

/** Hidden folders and what is installed or built belong to no workspace. */
function isSource(path: string): boolean {
  return (
    path.endsWith('.writ') &&
    !path.split('/').some(part => /^\.(?!\.?$)/.test(part) || part === 'node_modules' || part === 'dist')
  )
}

function stateFiles(blobs: ReadonlyMap<string, string>, texts: ReadonlyMap<string, string>): readonly CommittedFile[] {
  return [...blobs]
    .map(([path, blob]) => ({ path, text: texts.get(blob) ?? '' }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** The texts of blobs, by name; each is asked for once. */
function textsOf(folder: string, blobs: ReadonlySet<string>): ReadonlyMap<string, string> | GitFailure {
  if (blobs.size === 0) return new Map()
  const read = output(folder, ['cat-file', '--batch'], `${[...blobs].join('\n')}\n`)
  if (isGitFailure(read)) return read
  const texts = new Map<string, string>()
  let at = 0
  for (const _ of blobs) {
    const end = read.indexOf(0x0a, at)
    const [, name, , size] = /^([0-9a-f]+) (blob) (\d+)$/.exec(read.toString('latin1', at, end)) ?? []
    if (name === undefined || size === undefined) return { failed: 'a committed file is missing in this clone' }
    texts.set(name, read.toString('utf8', end + 1, end + 1 + Number(size)).replace(/^\ufeff/, ''))
    at = end + 1 + Number(size) + 1
  }
  return texts
}

const safe = ['--no-pager', '--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false']

function output(folder: string, args: readonly string[], input?: string): Buffer | GitFailure {
  // In a hook these point from the top of the repository; the folder itself says which repository is meant.
  const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_INDEX_FILE: ___, GIT_PREFIX: ____, ...inherited } = process.env
  const env = { ...inherited, GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' }
  const ended = spawnSync('git', [...safe, ...args], {
    cwd: folder,
    env,
    maxBuffer: limits.bytes,
    timeout: limits.milliseconds,
    ...(input === undefined ? {} : { input }),
  })
  if (ended.error !== undefined) {
    const code = 'code' in ended.error ? ended.error.code : ''
    if (code === 'ENOENT') return { failed: 'git is not installed' }
    if (code === 'ENOBUFS') return { failed: `there is more than ${limits.bytes / 1e6} MB to read` }
    return { failed: 'git did not answer' }
  }
  if (ended.status === 0) return ended.stdout
  const said = ended.stderr.toString()
  if (/not a git repository/.test(said)) return { failed: 'this is no git repository' }
  if (/dubious ownership/.test(said))
    return { failed: 'git does not trust this folder, which belongs to somebody else' }
  return { failed: `git says: ${said.split('\n')[0]?.slice(0, 200) ?? ''}` }
}
