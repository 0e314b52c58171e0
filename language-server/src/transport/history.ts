/**
 * The committed history for a client: after a pause in typing, a thread is told what changed and says which promises are broken
 * and which numbers there were. Only where there is Node: git is asked in the folder itself.
 */
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { SourceFile } from '@writ/grammar'
import type { Snapshot } from '../workspace/snapshot.ts'
import { uriOfKey } from '../workspace/uri.ts'
import type { FromHistory, ToHistory } from './history-messages.ts'
import type { Session } from './session.ts'

/** A pause in typing after which programs are held against the history; in milliseconds. */
const rest = 250

interface Told {
  readonly revision: number
  readonly files: ReadonlyMap<string, SourceFile>
  readonly settings: ToHistory['settings']
}

/** `thread`: where the file of history-thread.ts is. */
export function followHistory(session: Session, thread: string | URL): void {
  const { connection, workspace } = session
  const told = new Map<string, Told>()
  let worker: Worker | null = null
  let revision = 0
  let waiting: ReturnType<typeof setTimeout> | null = null

  const receive = ({ root, revision: judged, problems, versions }: FromHistory): void => {
    const about = told.get(root)
    // A newer judgement is on its way.
    if (about?.revision !== judged) return
    workspace.setHistory(root, { files: about.files, problems, versions })
    session.refresh()
  }
  const started = (): Worker => {
    if (worker !== null) return worker
    const made = new Worker(thread)
    made.on('message', receive)
    made.on('error', error => {
      connection.console.error(`the committed history is not looked at any more: ${error.message}`)
      told.clear()
      worker = null
      isEnded = true
    })
    made.unref()
    worker = made
    return made
  }
  let isEnded = false
  const tell = (): void => {
    waiting = null
    if (isEnded) return
    const snapshots = workspace.snapshots().filter(({ root }) => root.startsWith('file:'))
    for (const snapshot of snapshots) {
      const before = told.get(snapshot.root)
      const message = messageOf(snapshot, before, revision + 1)
      if (message === null) continue
      revision++
      told.set(snapshot.root, { revision, files: snapshot.files, settings: snapshot.settings.history })
      started().postMessage(message)
    }
    for (const root of told.keys()) if (!snapshots.some(snapshot => snapshot.root === root)) told.delete(root)
  }
  session.onChecked(() => {
    if (waiting !== null) clearTimeout(waiting)
    waiting = setTimeout(tell, rest)
    waiting.unref()
  })
}

/** Null where nothing has changed. */
function messageOf({ root, files, settings }: Snapshot, before: Told | undefined, revision: number): ToHistory | null {
  const isSame =
    before?.settings.revision === settings.history.revision && before.settings.folder === settings.history.folder
  const changed = [...files.values()].filter(file => {
    const known = before?.files.get(file.path)
    return known !== file && known?.text !== file.text
  })
  const removed = [...(before?.files.keys() ?? [])].filter(path => !files.has(path))
  if (isSame && changed.length === 0 && removed.length === 0) return null
  return {
    root,
    folder: fileURLToPath(uriOfKey(root)),
    revision,
    settings: settings.history,
    changed: changed.map(({ path, text }) => ({ path, text })),
    removed,
  }
}
