/** Audit logs in a store: every entry once, and of a log that went on only what is new. */
import { join } from 'node:path'
import { checkStore, type ImportResult, importInto, openForReading } from '@writ/ledger/store'
import { expect, onTestFinished, test } from 'vitest'
import { bytesOf, streamLines } from './workload.ts'
import { newKey, openRun, removeLog, temporary } from './written-log.ts'

test('a log that goes on between two imports', async () => {
  const parent = temporary()
  const folder = join(parent, 'log')
  const key = newKey(parent)
  onTestFinished(() => removeLog({ folder, key, vkey: '' }))
  const lines = streamLines(600, 5)
  const store = join(parent, 'events.store')
  const bring = (): Promise<ImportResult> =>
    importInto({ sources: [{ name: 'log', path: folder }], store, shown: 'events.store' })

  const written = async (from: number, to: number): Promise<number> => {
    const run = openRun(folder, key)
    run.decide(bytesOf(lines.slice(from, to)))
    const { entries } = run
    await run.close()
    return entries
  }

  const before = await written(0, 300)
  expect(before).toBeGreaterThan(256)
  expect((await bring()).sources).toMatchObject([{ format: 'writ-log', state: 'new', read: before, broken: 0 }])
  const after = await written(300, 600)
  expect(after).toBeGreaterThan(before)
  const second = await bring()
  expect(second.sources).toMatchObject([{ state: 'continued', duplicate: before, kept: after - before }])
  expect((await bring()).sources).toMatchObject([{ state: 'known' }])
  const opened = openForReading(store)
  if (!opened.ok) throw new Error(opened.problem.message)
  const { events, faults } = checkStore(opened.db)
  opened.db.close()
  expect({ events, faults }).toEqual({ events: after, faults: [] })
})
