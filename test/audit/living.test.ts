/**
 * What lives on after decisions, in a durable run: entries of its own, the same whatever the batches and restarts; ticks; a clock that
 * goes backwards; another program; files that a crash tore. kill.test.ts does it with real processes.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluate, LogBuilder } from '@writ/engine'
import { expect, onTestFinished, test } from 'vitest'
import { random } from '../../bench/requests.ts'
import { type AuditRecord, parseEntry } from '../../ledger/src/audit/record.ts'
import { SourceReader } from '../../ledger/src/decode/source-reader.ts'
import { FindingLog } from '../../ledger/src/findings.ts'
import { type DurableRun, openDurableRun } from '../../ledger/src/node/audit/durable-run.ts'
import { type SigningKey, verifierKeyText } from '../../ledger/src/node/audit/keys.ts'
import { defaultSource } from '../../ledger/src/node/file-sources.ts'
import { verifiedEntries } from './independent-verifier.ts'
import { bytesOf, livingProgramText, plan, streamLines, withApprovals } from './workload.ts'
import { newKey, temporary, verdictOn } from './written-log.ts'

const living = plan(livingProgramText)
const requests = plan(`module requests
contract Asked version 1.0.0 { id: String key  at: Time time  who: String requester }
role Lead { members "ana", "bo" }
policy p version 1.0.0 {
  on Asked as a
  default permit
  rule sign "somebody signs" require approval from Lead within 30m else deny "nobody signed {a.id}"
}
`)

interface Place {
  readonly folder: string
  readonly key: SigningKey
}

function newPlace(): Place {
  const parent = temporary()
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  return { folder: join(parent, 'log'), key: newKey(parent) }
}

function open({ folder, key }: Place, program = requests, clock = () => Date.UTC(2026, 0, 1)) {
  return openDurableRun({
    plan: program,
    source: defaultSource(program, 'ndjson'),
    stream: 'stream',
    run: 'f'.repeat(64),
    folder,
    shown: 'log',
    key,
    codeGeneration: true,
    clock,
    checkpointEntries: 100,
    checkpointMilliseconds: 1_000_000,
    journalBytes: 30_000,
  })
}

function opened(place: Place, program = requests, clock?: () => number): DurableRun {
  const result = open(place, program, clock)
  if (!result.ok) throw new Error(result.problem.message)
  return result.run
}

/** Everything in the log but what the machine's clock and chance put there. */
function entriesOf({ folder, key }: Place): readonly AuditRecord[] {
  return verifiedEntries(folder, verifierKeyText(key.verifier)).map(bytes => {
    const entry = parseEntry(bytes)
    if (entry === undefined) throw new Error(`no record: ${bytes}`)
    return { ...entry, ...('decidedAt' in entry ? { decidedAt: '' } : { recordedAt: '' }), withheld: {} }
  })
}

const asked = (id: string, at: string) => JSON.stringify({ event: 'Asked', id, at: `2026-01-01T${at}Z`, who: 'me' })
const tick = (at: string) => JSON.stringify({ tick: `2026-01-01T${at}Z` })
const approval = (request: string, by: string, at: string) =>
  JSON.stringify({ event: 'Approval', request, by, role: 'Lead', verdict: 'approve', at: `2026-01-01T${at}Z` })

function told(lines: string): readonly string[] {
  return lines
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const { decision, kind, effect, instance, at, noticedAt } = JSON.parse(line)
      if (decision !== undefined) return decision
      const time = (text: string) => text.slice(11, 23)
      return `${effect ?? kind} ${instance} at ${time(at)}${noticedAt ? ` noticed ${time(noticedAt)}` : ''}`
    })
}

test.each([1, 2, 3])('batches and restarts make no difference, seed %i', async seed => {
  const lines = withApprovals(streamLines(400, seed), seed + 50)
  const whole = newPlace()
  const once = opened(whole, living)
  once.decide(bytesOf(lines))
  await once.close()
  const next = random(seed)
  const pieces = newPlace()
  let run = opened(pieces, living)
  for (let at = 0; at < lines.length; ) {
    const size = 1 + next(30)
    await run.decide(bytesOf(lines.slice(at, at + size))).durable
    at += size
    if (next(4) > 0) continue
    await run.close()
    run = opened(pieces, living)
  }
  expect(run.hash).toBe(once.hash)
  await run.close()
  const entries = entriesOf(pieces)
  expect(entries).toEqual(entriesOf(whole))
  const kinds = new Set(entries.map(entry => ('kind' in entry ? entry.kind : entry.form)))
  expect([...kinds].sort()).toEqual(
    ['breached', 'escalated', 'fulfilled', 'opened', 'writ approval 1', 'writ decision 1'].sort(),
  )
  // And it is the hash of one evaluation, without a session.
  const builder = new LogBuilder(living.contracts)
  const events = lines.filter(line => !line.startsWith('{"tick"'))
  const reader = new SourceReader(defaultSource(living, 'ndjson'), living.contracts, builder, new FindingLog())
  const file = reader.file('stream')
  file.feed(bytesOf(events))
  file.end(false)
  expect(evaluate(living, builder.build()).hash).toBe(once.hash)
})

test('a deadline passes with a tick when no event comes, and an approval at exactly the deadline is in time', async () => {
  const place = newPlace()
  let run = opened(place)
  const say = async (...lines: readonly string[]) => {
    const { lines: answers, durable } = run.decide(bytesOf(lines))
    await durable
    return told(answers)
  }
  expect(await say(asked('a', '09:00:00'), asked('b', '09:00:00'))).toEqual([
    'hold',
    'opened 0 at 09:00:00.000',
    'hold',
    'opened 1 at 09:00:00.000',
  ])
  await run.close()
  run = opened(place)
  // More may happen in the moment of a tick.
  expect(await say(tick('09:30:00'))).toEqual([])
  expect(await say(approval('a', 'ana', '09:30:00'))).toEqual([
    'counted 0 at 09:30:00.000',
    'fulfilled 0 at 09:30:00.000 noticed 09:30:00.000',
  ])
  expect(await say(tick('09:30:00.001'))).toEqual(['breached 1 at 09:30:00.000 noticed 09:30:00.001'])
  // What comes with an earlier time happens at the time of the tick.
  expect(await say(asked('c', '09:10:00'))).toEqual(['hold', 'opened 2 at 09:30:00.001'])
  expect(await say(approval('b', 'bo', '09:40:00'))).toEqual(['late 1 at 09:40:00.000'])
  await run.close()
  const entries = entriesOf(place)
  const breached = entries.find(entry => 'kind' in entry && entry.kind === 'breached')
  expect(breached).toMatchObject({
    at: '2026-01-01T09:30:00.000Z',
    noticedAt: '2026-01-01T09:30:00.001Z',
    by: null,
    due: null,
    outcome: { decision: 'deny', text: 'nobody signed b', effects: [] },
  })
  const counted = entries.find(entry => 'effect' in entry && entry.effect === 'counted')
  const first = entries.find(entry => 'kind' in entry && entry.kind === 'opened')
  expect(counted).toMatchObject({
    by: 'ana',
    role: 'Lead',
    request: { instance: 0, policy: 'p', rule: 'sign', stage: 1 },
  })
  expect(counted && 'effect' in counted && counted.request?.digest).toBe(
    first && 'request' in first && first.request?.digest,
  )
})

test('a tick of the clock is recorded only where a deadline has passed, and brought back after a crash', async () => {
  const place = newPlace()
  const run = opened(place)
  await run.decide(bytesOf([asked('a', '09:00:00')])).durable
  const at = (time: string) => Date.parse(`2026-01-01T${time}Z`)
  expect(run.tick(at('09:30:00'))).toBeNull()
  const passed = run.tick(at('09:45:00'))
  await passed?.durable
  expect(told(passed?.lines ?? '')).toEqual(['breached 0 at 09:30:00.000 noticed 09:45:00.000'])
  expect(run.tick(at('10:45:00'))).toBeNull()
  // No end: the journal alone has it.
  rmSync(join(place.folder, 'journal', 'lock'))
  const again = opened(place)
  expect(again.hash).toBe(run.hash)
  expect([again.entries, again.records]).toEqual([3, 1])
  await again.close()
  expect(entriesOf(place).length).toBe(3)
})

test('the clock of the machine may go backwards: entries are written, and times of events are not touched', async () => {
  const place = newPlace()
  let now = Date.UTC(2026, 5, 1)
  const run = opened(place, requests, () => now)
  await run.decide(bytesOf([asked('a', '09:00:00')])).durable
  now = Date.UTC(2020, 0, 1)
  await run.decide(bytesOf([asked('b', '09:10:00'), tick('10:00:00')])).durable
  expect(run.tick(now)).toBeNull()
  await run.close()
  const times = entriesOf(place).map(entry => ('at' in entry ? entry.at.slice(11, 16) : entry.event.time.slice(11, 16)))
  expect(times).toEqual(['09:00', '09:00', '09:10', '09:10', '09:30', '09:40'])
  expect(verdictOn({ ...place, vkey: verifierKeyText(place.key.verifier) }).problems).toEqual([])
})

test('another program goes on with the log when nothing is pending, and is refused while something is', async () => {
  const place = newPlace()
  const run = opened(place)
  run.decide(bytesOf([asked('a', '09:00:00')]))
  await run.close()
  const changed = plan(livingProgramText)
  const refused = open(place, changed)
  expect(refused.ok ? null : refused.problem.message).toBe(
    'log cannot go on with this program: another program wrote it, and 1 of what that awaits or asks for is pending. Let the program that wrote it come to an end first, or begin a new log.',
  )
  const older = opened(place)
  older.decide(bytesOf([tick('12:00:00')]))
  await older.close()
  const newer = opened(place, changed)
  newer.decide(bytesOf(streamLines(20, 3)))
  await newer.close()
  expect(verdictOn({ ...place, vkey: verifierKeyText(place.key.verifier) }).problems).toEqual([])
})

test('the last tile and the last frame torn by a crash: what was answered is there, and what lives on with it', async () => {
  const lines = withApprovals(streamLines(300, 9), 10)
  const place = newPlace()
  const run = opened(place, living)
  run.decide(bytesOf(lines.slice(0, 200)))
  await run.decide(bytesOf(lines.slice(200, 250))).durable
  // The machine stops here: no end, a batch half written, tiles without their bytes.
  const journal = join(place.folder, 'journal')
  rmSync(join(journal, 'lock'))
  const segment =
    readdirSync(journal)
      .filter(name => name.endsWith('.journal'))
      .sort()
      .at(-1) ?? ''
  appendFileSync(join(journal, segment), readFileSync(join(journal, segment)).subarray(0, 100))
  for (const name of readdirSync(join(place.folder, 'tile'), { recursive: true, encoding: 'utf8' })) {
    const path = join(place.folder, 'tile', name)
    if (statSync(path).isFile()) truncateSync(path, 7)
  }
  const again = opened(place, living)
  expect(again.hash).toBe(run.hash)
  again.decide(bytesOf(lines.slice(250)))
  await again.close()
  const whole = newPlace()
  const once = opened(whole, living)
  once.decide(bytesOf(lines))
  await once.close()
  expect(again.hash).toBe(once.hash)
  expect(entriesOf(place)).toEqual(entriesOf(whole))
})

test('a folder that cannot be made ends with the reason', () => {
  const { key } = newPlace()
  const parent = temporary()
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  writeFileSync(join(parent, 'file'), '')
  expect(() => open({ folder: join(parent, 'file', 'below'), key })).toThrow(/ENOTDIR|EEXIST/)
  if (process.platform === 'linux') expect(() => open({ folder: '/proc/writ/log', key })).toThrow('ENOENT')
})
