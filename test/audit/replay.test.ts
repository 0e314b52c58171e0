/**
 * Handing a log over: a masked copy verifies like the log, holds no secret in any byte, and what it discloses is decided again with
 * the same outcome. A decision that came from elsewhere is told.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { filesOnDisk } from '../../ledger/src/node/audit/log-files.ts'
import { maskLog } from '../../ledger/src/node/audit/mask-log.ts'
import { replayLog } from '../../ledger/src/node/audit/replay-log.ts'
import { openings, type ReplayCase, secretForms } from './secrets.ts'
import { bytesOf, plan, streamLines } from './workload.ts'
import {
  filesOf,
  newKey,
  openRun,
  removeLog,
  temporary,
  verdictOn,
  type WrittenLog,
  writtenLog,
} from './written-log.ts'

const logs: WrittenLog[] = []
const keep = (log: WrittenLog): WrittenLog => {
  logs.push(log)
  return log
}
afterAll(() => logs.forEach(removeLog))
const log = keep(await writtenLog(600))
const size = Number(readFileSync(join(log.folder, 'checkpoint'), 'utf8').split('\n')[1])
const replayed = (folder: string) => replayLog(filesOnDisk(folder), size)
const masked = (disclose: (path: string) => boolean): WrittenLog => {
  const folder = join(temporary(), 'handover')
  maskLog(filesOnDisk(log.folder), folder, disclose)
  return keep({ ...log, folder })
}

test('the log itself: every decision comes out as recorded, from its openings', () => {
  const { problems, because, ...counts } = replayed(log.folder)
  expect([problems, because]).toEqual([[], []])
  expect(counts).toEqual({ equal: size, unknown: 0, different: 0, others: 0 })
})

test('a masked copy verifies, and tells what it cannot decide again', () => {
  const copy = masked(() => false)
  const verdict = verdictOn(copy)
  expect([verdict.problems, verdict.ranges]).toEqual([[], verdictOn(log).ranges])
  expect(verdict.openings.opened).toBe(0)
  const { equal, unknown, different, because } = replayed(copy.folder)
  // Every rule but `risky` looks at what a customer did.
  expect([equal, unknown, different]).toEqual([0, size, 0])
  expect(because.map(one => one.why)).toContain('Payment.customer is masked')
})

test('with the customers disclosed all decisions come out equal again; notes and reasons stay withheld', () => {
  const copy = masked(path => path === 'inputs.customer')
  expect(verdictOn(copy).problems).toEqual([])
  expect(replayed(copy.folder)).toMatchObject({ equal: size, unknown: 0, different: 0 })
})

test('no secret in any byte of the copy: as text, base64 and hex, in every file', () => {
  const copy = masked(() => false)
  const secrets = [...new Set(openings(log.folder).map(opening => opening.value))]
  const values = secrets.filter(value => typeof value === 'string' && value.length > 3)
  expect(values.length).toBeGreaterThan(30)
  expect(values).toEqual(expect.arrayContaining(['confidential-3']))
  const files = filesOf(copy.folder)
  const found: string[] = []
  for (const value of values)
    for (const form of secretForms(String(value)))
      for (const [path, bytes] of files) if (bytes.includes(form)) found.push(`${path}: ${value}`)
  expect(found).toEqual([])
  // The log itself has them: the search can find what is there.
  const own = [...filesOf(log.folder).values()]
  expect(own.some(bytes => bytes.includes('confidential-3'))).toBe(true)
})

test('only files of a log are copied', () => {
  const source = masked(() => true)
  appendFileSync(join(source.folder, 'notes.txt'), 'confidential-3')
  appendFileSync(join(source.folder, 'tile', '0', 'notes'), 'confidential-3')
  const folder = join(temporary(), 'again')
  maskLog(filesOnDisk(source.folder), folder, () => true)
  keep({ ...log, folder })
  expect(
    filesOnDisk(folder)
      .list('')
      .filter(path => path.includes('notes')),
  ).toEqual([])
  expect(() => maskLog(filesOnDisk(source.folder), folder, () => true)).toThrow('EEXIST')
})

describe('programs', () => {
  const run = async (cases: readonly ReplayCase[]): Promise<string> => {
    const parent = temporary()
    const key = newKey(parent)
    const folder = join(parent, 'log')
    keep({ folder, key, vkey: '' })
    for (const { text, lines } of cases) {
      const durable = openRun(folder, key, plan(text))
      durable.decide(bytesOf(lines))
      await durable.close()
    }
    return folder
  }
  const verdict = (folder: string) =>
    replayLog(filesOnDisk(folder), Number(readFileSync(join(folder, 'checkpoint'), 'utf8').split('\n')[1]))
  const calls = (rules: string, agent = 'String', more = '') => `module m
contract Call version 1.0.0 { id : String key  at : Time time  agent : ${agent}  failed : Bool  cost : Decimal? secret }
${more}
policy calls version 1.0.0 { on Call as c  default permit because "fine for {c.agent}"
${rules} }`
  const call = (id: number, failed: boolean, cost?: number) =>
    JSON.stringify({ event: 'Call', id: `${id}`, at: `2026-01-01T09:0${id}:00Z`, agent: 'a', failed, cost })

  test('breakers, exceptions and optional secrets', async () => {
    const folder = await run([
      {
        text: calls(
          'rule tripped when c.failed deny for 3m by agent\nrule dear when c.cost is present and c.cost > 3 hold',
        ),
        lines: [call(1, true, 5), call(2, false), call(3, false, 1), call(6, false, 4)],
      },
    ])
    expect(verdict(folder)).toMatchObject({ equal: 4, unknown: 0, different: 0 })
    const copy = join(temporary(), 'copy')
    maskLog(filesOnDisk(folder), copy, () => false)
    keep({ folder: copy, key: log.key, vkey: '' })
    const { equal, unknown, different, because } = verdict(copy)
    expect([equal, unknown, different]).toEqual([0, 4, 0])
    expect(because).toEqual([{ why: 'Call.cost is masked', policy: 'calls', decisions: 4 }])
  })

  test('an event that no policy decides is in no log: what counts it is unknown', async () => {
    const folder = await run([
      {
        text: calls(
          'rule warned when exists Alarm by agent over 1h hold\nrule failed when c.failed deny',
          'String',
          'contract Alarm version 1.0.0 { id : String key  at : Time time  agent : String }',
        ),
        lines: ['{"event":"Alarm","id":"0","at":"2026-01-01T09:00:00Z","agent":"a"}', call(1, true), call(2, false)],
      },
    ])
    expect(verdict(folder)).toMatchObject({
      equal: 0,
      unknown: 2,
      because: [{ why: 'events of Alarm are not in the log' }],
    })
  })

  test('another program from some event on decides what is its own', async () => {
    const counting = 'rule often when count of Call by agent over 1h > 2 deny'
    const folder = await run([
      { text: calls(counting), lines: [call(1, false), call(2, false)] },
      { text: calls(`${counting}\nrule failed when c.failed warn`), lines: [call(3, true), call(4, false)] },
    ])
    expect(verdict(folder)).toMatchObject({ equal: 4, unknown: 0, different: 0 })
  })

  test('a decision that these policies do not make is told, with its entry', async () => {
    const folder = await run([
      { text: calls('rule failed when c.failed deny'), lines: [call(1, true), call(2, false)] },
    ])
    const files = new Map([...filesOf(folder)])
    const path = 'tile/entries/000.p/2'
    const text = readFileSync(join(folder, path))
      .toString('latin1')
      .replace('"decision":"permit"', '"decision":"reject"')
    files.set(path, Buffer.from(text.replace('"decision":"reject"', '"decision": "warn" '), 'latin1'))
    const memory = { read: (name: string) => files.get(name), list: () => [] }
    const { different, problems } = replayLog(memory, 2)
    expect(different).toBe(1)
    expect(problems.map(({ code, from, message }) => [code, from, message])).toEqual([
      ['W4035', 1, expect.stringContaining('the decision, recorded: warn; decided again: permit')],
    ])
  })
})

test('streams of every kind of window, out of order, from many seeds', async () => {
  for (const seed of [11, 12, 13]) {
    const parent = temporary()
    const key = newKey(parent)
    const folder = join(parent, 'log')
    keep({ folder, key, vkey: '' })
    const run = openRun(folder, key)
    const lines = streamLines(400, seed, 10)
    for (let at = 0; at < lines.length; at += 40) run.decide(bytesOf(lines.slice(at, at + 40)))
    await run.close()
    const { entries } = run
    expect(replayLog(filesOnDisk(folder), entries)).toMatchObject({
      equal: entries,
      unknown: 0,
      different: 0,
      because: [],
    })
  }
})
