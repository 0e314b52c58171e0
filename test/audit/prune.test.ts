/** Retention: openings of old events are destroyed, the log stays whole, and a signed note says what went under which rule. */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { SigningKey } from '../../ledger/src/node/audit/keys.ts'
import { verifierKeyText } from '../../ledger/src/node/audit/keys.ts'
import { lock } from '../../ledger/src/node/audit/lock.ts'
import { pruneLog } from '../../ledger/src/node/audit/prune-log.ts'
import { openings, secretForms } from './secrets.ts'
import { bytesOf, plan } from './workload.ts'
import { filesOf, newKey, openRun, removeLog, temporary, verdictOn, type WrittenLog } from './written-log.ts'

const program = plan(`module m
contract Visit version 1.0.0 { id : String key  at : Time time  name : String personal(identifier)  retention 30d }
contract Ban version 1.0.0 { id : String key  at : Time time  name : String personal(identifier) }
policy visits version 1.0.0 { on Visit as v  default permit  rule banned when v.name == "mallory" deny "{v.name} is banned" }
policy bans version 1.0.0 { on Ban as b  default permit because "{b.name}" }
`)
const logs: WrittenLog[] = []
afterAll(() => logs.forEach(removeLog))
const day = 86_400_000

/** 300 visits, one a day from 2026-01-01 on, with a ban in between every tenth. */
async function visited(): Promise<WrittenLog> {
  const parent = temporary()
  const key = newKey(parent)
  const log = { folder: join(parent, 'log'), key, vkey: verifierKeyText(key.verifier) }
  logs.push(log)
  const run = openRun(log.folder, key, program)
  const lines = Array.from({ length: 300 }, (_, place) => {
    const at = new Date(Date.UTC(2026, 0, 1) + place * day).toISOString()
    const event = place % 10 === 9 ? 'Ban' : 'Visit'
    return JSON.stringify({ event, id: `${place}`, at, name: place % 7 === 0 ? 'mallory' : `visitor-${place}` })
  })
  for (let at = 0; at < lines.length; at += 50) run.decide(bytesOf(lines.slice(at, at + 50)))
  await run.close()
  return log
}
const prune = (folder: string, key: SigningKey, at: number, dryRun = false) => {
  const result = pruneLog({ folder, shown: 'log', key, at, now: Date.UTC(2027, 0, 1), dryRun })
  if (!result.ok) throw new Error(`${result.problem.code} ${result.problem.message}`)
  return result.pruned
}
/** A hundred days later: visits of the first 70 days are older than 30. */
const at = Date.UTC(2026, 0, 1) + 100 * day
const log = await visited()

test('what is due goes and nothing else; the log verifies; a second call does nothing', () => {
  const before = openings(log.folder)
  const dry = prune(log.folder, log.key, at, true)
  expect(openings(log.folder)).toEqual(before)
  const { erasure, note } = prune(log.folder, log.key, at)
  expect(erasure?.rules).toEqual(dry.erasure?.rules)
  expect(note).toBe('erasures/000001.note')
  const gone = before.filter(({ entry }) => entry < 70 && entry % 10 !== 9)
  expect(erasure?.rules).toMatchObject([
    {
      contract: 'Visit',
      before: '2026-03-12T00:00:00.000Z',
      retentionMilliseconds: 30 * day,
      entries: 63,
      first: 0,
      last: 68,
      openings: gone.length,
    },
  ])
  expect(openings(log.folder)).toEqual(before.filter(opening => !gone.includes(opening)))
  const verdict = verdictOn(log)
  expect([verdict.problems, verdict.ranges]).toEqual([[], [{ from: 0, to: 299, state: 'anchored' }]])
  expect(verdict.erased).toEqual({ notes: 1, openings: gone.length })
  const again = prune(log.folder, log.key, at)
  expect([again.erasure, again.finished]).toEqual([null, 0])
  const values = gone.map(({ value }) => String(value)).filter(value => value.startsWith('visitor-'))
  expect(values.length).toBeGreaterThan(30)
  for (const value of values)
    for (const form of secretForms(`"${value}"`))
      for (const [path, bytes] of filesOf(log.folder)) expect([path, bytes.includes(form)]).toEqual([path, false])
})

test('later more goes, in a note that names the one before; a writer goes on with the log', async () => {
  const later = prune(log.folder, log.key, at + 50 * day)
  expect([later.note, later.erasure?.previous?.length]).toEqual(['erasures/000002.note', 64])
  const run = openRun(log.folder, log.key, program)
  run.decide(bytesOf(['{"event":"Visit","id":"x","at":"2026-12-01T00:00:00Z","name":"late"}']))
  await run.close()
  expect(verdictOn(log)).toMatchObject({ problems: [], erased: { notes: 2 } })
})

test('interrupted after the note, it goes on; until then verification says so', async () => {
  const fresh = await visited()
  const copy = join(temporary(), 'openings')
  cpSync(join(fresh.folder, 'openings'), copy, { recursive: true })
  prune(fresh.folder, fresh.key, at)
  const done = openings(fresh.folder)
  cpSync(copy, join(fresh.folder, 'openings'), { recursive: true })
  const { problems } = verdictOn(fresh)
  expect([problems.length, problems[0]?.code, problems[0]?.from]).toEqual([63, 'W4038', 0])
  const { erasure, finished } = prune(fresh.folder, fresh.key, at)
  expect([erasure, finished > 63]).toEqual([null, true])
  expect([openings(fresh.folder), verdictOn(fresh).problems]).toEqual([done, []])
})

test('notes that were changed, removed or signed by another key are told', async () => {
  const fresh = await visited()
  prune(fresh.folder, fresh.key, at)
  prune(fresh.folder, fresh.key, at + 50 * day)
  const path = join(fresh.folder, 'erasures', '000001.note')
  const note = readFileSync(path, 'utf8')
  const codes = () => verdictOn(fresh).problems.map(({ code, file }) => [code, file])
  writeFileSync(path, note.replace('Visit', 'Visis'))
  expect(codes()).toEqual([['W4037', 'erasures/000001.note']])
  expect(() => prune(fresh.folder, fresh.key, at)).toThrow('W4037')
  writeFileSync(path, note)
  expect(codes()).toEqual([])
  const other = newKey(temporary())
  expect(() => prune(fresh.folder, other, at)).toThrow('W4004')
})

test('a log that is being written, or was not ended in good order, is left alone', async () => {
  const fresh = await visited()
  const held = lock(join(fresh.folder, 'journal', 'lock'))
  expect(() => prune(fresh.folder, fresh.key, at)).toThrow('W4001')
  if (held.ok) held.release()
  const segment = filesOf(fresh.folder)
  const journal = [...segment.keys()].find(path => path.endsWith('.journal')) ?? ''
  appendFileSync(join(fresh.folder, journal), 'WRITJRN1torn')
  expect(() => prune(fresh.folder, fresh.key, at)).toThrow('W4014')
})
