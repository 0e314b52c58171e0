/** Frames that other threads write and flush: a flush at once covers all of them, and memory that is used again changes none. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { JournalWriter, readJournal } from '../../ledger/src/node/audit/journal.ts'
import { filesOnDisk } from '../../ledger/src/node/audit/log-files.ts'
import { temporary } from './written-log.ts'

const frame = (place: number) => ({
  meta: { entry: place, count: 1, offset: place, run: 'r' },
  entries: [Uint8Array.of(0, 1, place), Uint8Array.of(0, 2, place, 7)],
  openings: new Uint8Array(),
  lines: new Uint8Array(1000 + ((place * 97) % 800)).fill(place),
})

test('what is flushed at once is there at once, and what comes behind it too', async () => {
  const folder = temporary()
  mkdirSync(join(folder, 'journal'))
  const journal = new JournalWriter(join(folder, 'journal'), 0)
  const read = () => readJournal(filesOnDisk(folder), 0)
  const durable = [1, 2, 3].map(place => journal.append(frame(place)))
  journal.flush()
  expect(read()).toMatchObject({ torn: 0, damage: null, last: { number: 0, bytes: journal.bytes } })
  expect(read().frames.map(one => one.meta.entry)).toEqual([1, 2, 3])
  for (let place = 4; place <= 200; place++) {
    durable.push(journal.append(frame(place)))
    if (place % 7 === 0) await durable.at(-1)
  }
  await Promise.all(durable)
  await journal.close()
  const { frames, torn, damage } = read()
  expect([frames.length, torn, damage]).toEqual([200, 0, null])
  for (const [at, { entries, lines }] of frames.entries()) {
    const place = at + 1
    expect([...entries]).toEqual([0, 1, place, 0, 2, place, 7])
    expect(Buffer.from(lines).equals(frame(place).lines)).toBe(true)
  }
})
