/**
 * The thread that asks git, and holds programs against what was committed: processes and whole checks of earlier states, for which
 * typing must not wait. What it read stays until HEAD is another commit.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { type Checked, check, historyProblems, type PastVersion, unjudgedProblems, versionsOf } from '@writ/engine'
import { parse, type SourceFile } from '@writ/grammar'
import {
  type CommittedFile,
  commitOf,
  earlierStates,
  type History,
  historyIn,
  isGitFailure,
  type States,
  type UnknownHistory,
  wholeHistory,
} from '@writ/ledger/history'
import type { FromHistory, ToHistory } from './history-messages.ts'

interface Program {
  asked: ToHistory
  files: Map<string, SourceFile>
  checked: Checked | undefined
  /** What `read` was read for. */
  key: string
  read: States | UnknownHistory | null
  versions: ReadonlyMap<string, readonly PastVersion[]>
  isPlanned: boolean
}

const port = parentPort
if (port === null) throw new Error('this is a thread of the language server')
const programs = new Map<string, Program>()
/** Commits are looked for this often; in milliseconds. */
const often = 10_000

port.on('message', (message: ToHistory) => {
  const known = programs.get(message.root)
  const program: Program = known ?? {
    asked: message,
    files: new Map(),
    checked: undefined,
    key: '',
    read: null,
    versions: new Map(),
    isPlanned: false,
  }
  programs.set(message.root, program)
  program.asked = message
  for (const path of message.removed) program.files.delete(path)
  for (const { path, text } of message.changed) program.files.set(path, parse(path, text, program.files.get(path)))
  plan(program)
})

setInterval(() => {
  for (const program of programs.values()) if (program.key !== keyOf(program.asked)) plan(program)
}, often).unref()

/** Messages that wait are read first. */
function plan(program: Program): void {
  if (program.isPlanned) return
  program.isPlanned = true
  setImmediate(() => {
    program.isPlanned = false
    void judge(program)
  })
}

async function judge(program: Program): Promise<void> {
  const { asked, files } = program
  const { root, revision, folder, settings } = asked
  const key = keyOf(asked)
  const place = { folder, settings, readFolder: async (path: string) => filesUnder(path) }
  if (program.read === null || program.key !== key) {
    program.read = await earlierStates(place, undefined, 'all')
    program.key = key
    const { read } = program
    // Judged as if all of it were promised, so that each number says what came with it.
    program.versions = read.kind === 'states' ? versionsOf(read.states, wholeHistory(read)) : new Map()
  }
  if (program.asked !== asked) return
  const texts = [...files.values()]
  const history: History = program.read.kind === 'states' ? historyIn(program.read, texts) : program.read
  program.checked = check(texts, program.checked)
  const problems =
    history.kind === 'known'
      ? historyProblems(texts, program.checked.plan, history.committed)
      : unjudgedProblems(texts, history.why)
  const found: FromHistory = { root, revision, problems, versions: program.versions }
  port?.postMessage(found)
}

/** Changes when something is committed, or when a folder of earlier versions changes. */
function keyOf({ folder, settings }: ToHistory): string {
  if (settings.folder !== null) return `${settings.folder} ${timesIn(join(folder, settings.folder))}`
  const name = settings.revision ?? 'HEAD'
  const found = commitOf(folder, name)
  return `${name} ${isGitFailure(found) ? found.failed : found.commit}`
}

function timesIn(folder: string): string {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).slice(0, mostFiles)
    return names.map(name => `${name} ${statSync(join(folder, name)).mtimeMs}`).join('\n')
  } catch {
    // Gone, or not ours to read; reading it says so.
    return 'gone'
  }
}
const mostFiles = 5000

/** Null where they cannot be read. */
function filesUnder(folder: string): readonly CommittedFile[] | null {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.writ'))
    return names
      .slice(0, mostFiles)
      .map(name => ({ path: name.replaceAll('\\', '/'), text: readFileSync(join(folder, name), 'utf8') }))
  } catch {
    return null
  }
}
