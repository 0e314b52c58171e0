/** Fills stores in folders of their own, and reads back what is in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import {
  type Connection,
  checkStore,
  type ImportOptions,
  type ImportResult,
  importInto,
  openForReading,
  type StoreCheck,
} from '@writ/ledger/store'
import { onTestFinished } from 'vitest'

export function scratch(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'writ-store-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) put(path, name, content)
  return path
}

export function put(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}

/** Imports files of the folder into its `events.store`. */
export function importFrom(
  folder: string,
  names: readonly string[],
  options: Partial<ImportOptions> = {},
): Promise<ImportResult> {
  const sources = names.map(name => ({ name, path: resolve(folder, name) }))
  return importInto({ store: join(folder, 'events.store'), shown: 'events.store', sources, ...options })
}

export function reading<T>(store: string, use: (db: Connection) => T): T {
  const opened = openForReading(store)
  if (!opened.ok) throw new Error(opened.problem.message)
  try {
    return use(opened.db)
  } finally {
    opened.db.close()
  }
}

export function checked(folder: string): StoreCheck {
  return reading(join(folder, 'events.store'), checkStore)
}

/** The list as a reader of tests sees it: outcome, actor, action, object. */
export function listed(folder: string): readonly string[] {
  return reading(join(folder, 'events.store'), db =>
    db
      .prepare<[], string>(
        `SELECT concat_ws(' | ', strftime('%Y-%m-%dT%H:%M:%f', time / 1e6, 'unixepoch'), outcome, a.text, b.text, object) FROM event
         LEFT JOIN term a ON a.id = actor LEFT JOIN term b ON b.id = action ORDER BY event.id`,
      )
      .pluck()
      .all(),
  )
}
