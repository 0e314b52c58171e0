import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { absent, unknown } from '@writ/engine'
import { describe, expect, it } from 'vitest'
import { openEvents } from '../src/node/index.ts'
import {
  contract,
  decimal,
  events,
  folder,
  found,
  map,
  open,
  optional,
  path,
  plan,
  source,
  text,
  time,
  values,
} from './plans.ts'

const payments = plan(
  [contract('Payment', { at: time, id: text, amount: optional(decimal) }, 'at')],
  [source('ndjson')],
)
const line = (at: string, id: string, more = ''): string => `{"at":"2026-01-01T${at}Z","id":"${id}"${more}}\n`

describe('opening events', () => {
  it('reads a file in the order of time', async () => {
    const opened = await open(payments, 'a.ndjson', line('09:00:00', 'a') + line('09:00:02', 'b', ',"amount":1.50'))
    expect(opened).toMatchObject({ problem: null, findings: [], records: 2, skipped: 0, leftOut: 0, files: 1 })
    expect(values(payments, opened, 'id')).toEqual(['a', 'b'])
    expect(values(payments, opened, 'amount')).toEqual([absent, { n: 3n, d: 2n }])
    expect(events(payments, opened)[1]).toMatchObject({
      time: Date.UTC(2026, 0, 1, 9, 0, 2),
      file: 'a.ndjson',
      index: 1,
    })
  })

  it('merges the files of a folder by time, path and place', async () => {
    const root = folder({
      'b/late.ndjson': line('09:00:01', 'b1') + line('09:00:03', 'b2'),
      'a.ndjson': line('09:00:01', 'a1') + line('09:00:01', 'a2') + line('09:00:04', 'a3'),
      '.hidden.ndjson': 'never read',
    })
    const opened = await openEvents(payments, root)
    expect(values(payments, opened, 'id')).toEqual(['a1', 'a2', 'b1', 'b2', 'a3'])
    expect(opened.log.files).toEqual(['a.ndjson', 'b/late.ndjson'])
  })

  it('reads packed files, all members of them', async () => {
    const root = folder({
      '1.ndjson.gz': Buffer.concat([gzipSync(line('09:00:00', 'a')), gzipSync(line('09:00:01', 'b'))]),
      '2.ndjson.zst': Buffer.concat([zstdCompressSync(line('09:00:02', 'c')), zstdCompressSync(line('09:00:03', 'd'))]),
    })
    const opened = await openEvents(payments, root)
    expect(values(payments, opened, 'id')).toEqual(['a', 'b', 'c', 'd'])
    expect(opened.findings).toEqual([])
  })

  it('keeps what comes before the end of a packed file that is cut off', async () => {
    const packed = gzipSync(line('09:00:00', 'a').repeat(2000))
    const opened = await open(payments, 'a.ndjson.gz', packed.subarray(0, packed.length - 12))
    expect(opened.problem).toBeNull()
    expect(opened.log.contractOf.length).toBeGreaterThan(1000)
    expect(opened.findingCounts.get('W2026')).toBeGreaterThanOrEqual(1)
  })

  it('says file, line and path of what breaks the contract, and goes on', async () => {
    const bad = `{"at":"2026-01-01T09:00:01Z","id":7}\n{"at":"yesterday","id":"x"}\nno json\n[1]\n\n`
    const opened = await open(
      payments,
      'a.ndjson',
      line('09:00:00', 'a') + bad + line('09:00:05', 'z', ',"amount":"1e3"'),
    )
    expect(found(opened)).toEqual([
      'W2002 a.ndjson:2 id',
      'W2007 a.ndjson:3 at',
      'W2020 a.ndjson:4',
      'W2021 a.ndjson:5',
    ])
    expect(values(payments, opened, 'id')).toEqual(['a', unknown, 'z'])
    expect(events(payments, opened)[2]?.index).toBe(5)
    expect(opened).toMatchObject({ records: 6, leftOut: 3, skipped: 0 })
    expect(opened.findings[0]?.message).toBe(
      'id of Payment wants String but the record has the number 7; it is unknown in this event. Map it with text(…), or change the type of the field.',
    )
  })

  it('tells time that goes backwards beyond the lateness', async () => {
    const log = line('09:10:00', 'a') + line('09:05:00', 'b') + line('09:04:59', 'c') + line('09:11:00', 'd')
    const late = { latenessMilliseconds: 300_000 }
    const recorded = plan(payments.contracts, [source('ndjson', late)])
    const kept = await open(recorded, 'a.ndjson', log)
    expect(values(recorded, kept, 'id')).toEqual(['c', 'b', 'a', 'd'])
    expect(found(kept)).toEqual(['W2008 a.ndjson:3'])
    const rejecting = plan(payments.contracts, [source('ndjson', { ...late, lateMode: 'reject' })])
    const rejected = await open(rejecting, 'a.ndjson', log)
    expect(values(rejecting, rejected, 'id')).toEqual(['b', 'a', 'd'])
    expect(rejected.leftOut).toBe(1)
  })

  it('fills only the columns that are asked for', async () => {
    const opened = await open(payments, 'a.ndjson', line('09:00:00', 'a', ',"amount":"none"'), {
      columns: [new Set(['id'])],
    })
    expect([...(opened.log.batches[0]?.columns.keys() ?? [])]).toEqual(['id'])
    expect(opened.findings).toEqual([])
  })

  it('stops when asked, with what there is', async () => {
    const opened = await open(payments, 'a.ndjson', line('09:00:00', 'a').repeat(100_000), { shouldStop: () => true })
    expect(opened.stopped).toBe(true)
    expect(opened.problem).toBeNull()
    expect(opened.log.contractOf.length).toBeLessThan(100_000)
  })

  it('passes over a line beyond the limit without holding it', async () => {
    const long = Buffer.alloc(70 * 1024 * 1024, 'x')
    const content = Buffer.concat([Buffer.from(line('09:00:00', 'a')), long, Buffer.from(`\n${line('09:00:01', 'b')}`)])
    const opened = await open(payments, 'a.ndjson', content)
    expect(found(opened)).toEqual(['W2022 a.ndjson:2'])
    expect(values(payments, opened, 'id')).toEqual(['a', 'b'])
  })

  it('reads a folder with several sources, each its own files', async () => {
    const both = plan(payments.contracts, [
      source('ndjson', { files: ['new/**/*.ndjson'] }),
      source('csv', { files: ['old/*.csv'] }),
    ])
    const root = folder({
      'new/2026/a.ndjson': line('09:00:01', 'n'),
      'old/a.csv': 'at,id\n2026-01-01T09:00:00Z,o\n',
      'notes.txt': 'nobody reads this',
    })
    const opened = await openEvents(both, root)
    expect(values(both, opened, 'id')).toEqual(['o', 'n'])
    expect(opened.files).toBe(2)
  })

  it('has the same digest for the same bytes only', async () => {
    const digest = async (content: string): Promise<string> => (await open(payments, 'a.ndjson', content)).digest
    expect(await digest(line('09:00:00', 'a'))).toBe(await digest(line('09:00:00', 'a')))
    expect(await digest(line('09:00:00', 'a'))).not.toBe(await digest(line('09:00:00', 'b')))
  })
})

describe('a log that cannot be opened', () => {
  const message = async (of: typeof payments, name: string, content: string): Promise<string | undefined> =>
    (await open(of, name, content)).problem?.message.replace(/\S*writ-ledger-[^/]*/, '…')

  it('is not there', async () => {
    const opened = await openEvents(payments, join(folder({}), 'gone.ndjson'))
    expect(opened.problem?.code).toBe('W2060')
    expect(opened.log.contractOf.length).toBe(0)
  })

  it('is empty', async () => {
    expect(await message(payments, 'a.ndjson', '')).toBe('…/a.ndjson has no events: the file is empty.')
    const none = plan(payments.contracts, [
      source('ndjson', { maps: [map(0, { kind: 'present', value: path('gone') }, {})] }),
    ])
    expect(await message(none, 'a.ndjson', '{}\n{}')).toBe(
      '…/a.ndjson has no events: no map of source ndjson takes any of its 2 records.',
    )
  })

  it('is of another format', async () => {
    expect(await message(payments, 'a.ndjson', '[\n{"at":"2026"}]')).toBe(
      '…/a.ndjson is no ndjson: it begins with [, as a JSON array does. Declare a source with format json, or name another file.',
    )
    expect(await message(payments, 'a.ndjson', 'at,id\n2026,a\n')).toMatch(
      'it begins with "at,id", as a table with a header does',
    )
  })

  it('may belong to several sources', async () => {
    const two = plan(payments.contracts, [source('ndjson', { name: 'one' }), source('ndjson', { name: 'two' })])
    expect(await message(two, 'a.ndjson', '{}')).toBe(
      '…/a.ndjson may belong to any of the sources one, two. Name one with --source.',
    )
    expect((await open(two, 'a.ndjson', '{}', { source: 'three' })).problem?.message).toBe(
      'There is no source three. There is one, two.',
    )
  })

  it('breaks its contracts, where that is not allowed', async () => {
    const columns = [new Set<string>()]
    const opened = await open(payments, 'a.ndjson', '{"at":"2026-01-01T00:00:00Z"}', { strict: true, columns })
    expect(opened.problem?.code).toBe('W2066')
  })
})

describe('a log without a declared source', () => {
  it('tells the format by the name and the contract by the member event', async () => {
    const both = plan([contract('A', { id: text }), contract('B', { id: text })])
    const root = folder({
      'x.ndjson': '{"event":"B","id":"1"}\n{"event":"A","id":"2"}\n{"event":"C","id":"3"}\n',
      'y.csv': 'event,id\nA,4\n',
      'z.json': '{"items":[{"event":"A","id":"5"}]}',
      'README.md': '# Not events',
    })
    const opened = await openEvents(both, root)
    expect(values(both, opened, 'id')).toEqual(['1', '4', '5', '2'])
    expect(opened).toMatchObject({ skipped: 1, files: 3 })
  })
})
