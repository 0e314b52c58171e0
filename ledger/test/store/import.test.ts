/** What becomes of sources: how each format is told and read, that the counts add up, and that nothing is imported twice. */
import { cpSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { checked, importFrom, listed, put, scratch } from './importing.ts'

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name))

describe('formats are told and read', () => {
  test('decisions of OPA', async () => {
    const folder = scratch({ 'opa.ndjson': fixture('opa.ndjson') })
    const { sources } = await importFrom(folder, ['opa.ndjson'])
    expect(sources).toMatchObject([{ format: 'opa', read: 3, kept: 3 }])
    expect(listed(folder)).toEqual([
      '2026-03-01T09:00:00.123 | 1 | alice | GET | /salary/bob',
      '2026-03-01T09:00:01.000 | 4 | mallory | GET | /salary/bob',
      '2026-03-01T09:00:02.000 | 4 | eve | PUT | /salary/eve',
    ])
  })

  test('audit events of Kubernetes, of which one came twice', async () => {
    const folder = scratch({ 'audit.log': fixture('kubernetes.ndjson') })
    const { sources, events } = await importFrom(folder, ['audit.log'])
    expect(sources).toMatchObject([{ format: 'kubernetes', read: 3, kept: 2, duplicate: 1 }])
    expect(events).toBe(2)
    expect(listed(folder)).toEqual([
      '2026-03-01T10:00:00.004 | 1 | system:serviceaccount:prod:web | get secrets | prod/db',
      '2026-03-01T10:00:01.001 | 4 | eve | create pods/exec | kube-system/x',
    ])
    expect(checked(folder).faults).toEqual([])
  })

  test('CloudEvents as a batch', async () => {
    const folder = scratch({ 'events.json': fixture('cloudevents.json') })
    const { sources } = await importFrom(folder, ['events.json'])
    expect(sources).toMatchObject([{ format: 'cloudevents', read: 2, kept: 2 }])
    expect(listed(folder)).toEqual([
      '2026-03-01T11:00:00.000 | 3 | alice | com.example.transfer.requested | transfer/71',
      '2026-03-01T11:05:00.000 | 0 | https://bank.example/transfers | com.example.transfer.settled',
    ])
  })

  test('OpenTelemetry logs: one export holds several events', async () => {
    const folder = scratch({ 'logs.json': fixture('opentelemetry.json') })
    const { sources } = await importFrom(folder, ['logs.json'])
    expect(sources).toMatchObject([{ format: 'opentelemetry', read: 1, kept: 1, events: 2 }])
    expect(listed(folder)).toEqual([
      '2026-03-01T11:00:00.123 | 0 | alice | book_flight',
      '2026-03-01T11:00:01.000 | 5 | travel-agent | payment refused by the bank',
    ])
  })

  test('recorded files of CloudTrail', async () => {
    const folder = scratch()
    cpSync('samples/cloudtrail/events', join(folder, 'CloudTrail'), { recursive: true })
    const { sources, events } = await importFrom(folder, ['CloudTrail'])
    expect(new Set(sources.map(({ format }) => format))).toEqual(new Set(['cloudtrail']))
    expect(events).toBeGreaterThan(100)
    expect(sources.every(({ read, kept, duplicate }) => read === kept + duplicate)).toBe(true)
    expect(checked(folder).faults).toEqual([])
  })

  test('a transcript: messages, calls and results', async () => {
    const run = {
      id: 'run-1',
      model: 'm',
      messages: [
        { role: 'user', content: 'Book a flight' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'book', arguments: '{"to":"ZRH"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'booked' },
      ],
    }
    const folder = scratch({ 'run.json': JSON.stringify(run, null, 2) })
    const { sources } = await importFrom(folder, ['run.json'])
    expect(sources).toMatchObject([{ format: 'chat', read: 1, kept: 1, events: 3 }])
    expect(listed(folder).map(line => line.slice(24))).toEqual(
      [' 0 | user | message', ' 0 | m | book | ZRH', ' 0 | m | book | ZRH'].map(line => `|${line}`),
    )
  })

  test('a table, packed', async () => {
    const table = 'timestamp;user;action;decision\n2026-01-02T03:04:05Z;alice;read;allow\n1767323046;bob;write;denied\n'
    const folder = scratch({ 'access.csv.gz': gzipSync(table) })
    const { sources } = await importFrom(folder, ['access.csv.gz'])
    expect(sources).toMatchObject([{ format: 'csv', read: 2, kept: 2 }])
    expect(listed(folder)).toEqual([
      '2026-01-02T03:04:05.000 | 1 | alice | read',
      '2026-01-02T03:04:06.000 | 4 | bob | write',
    ])
  })

  test('a format that is named is used', async () => {
    const folder = scratch({ 'events.txt': '{"time":"2026-01-02T03:04:05Z","specversion":"1.0","type":"t"}\n' })
    const { sources } = await importFrom(folder, ['events.txt'], { format: 'ndjson' })
    expect(sources).toMatchObject([{ format: 'ndjson', detected: 'its format was named', kept: 1 }])
  })

  test('what is nothing is refused, and the rest goes on', async () => {
    const folder = scratch({ 'a.ndjson': Buffer.from([0, 1, 2, 3]), 'b.ndjson': '{"time":"2026-01-02T03:04:05Z"}\n' })
    const { sources } = await importFrom(folder, ['a.ndjson', 'b.ndjson'])
    expect(sources.map(({ state }) => state)).toEqual(['refused', 'new'])
  })
})

describe('broken records are findings, and the counts add up', () => {
  test('each kind', async () => {
    const lines = [
      '{"time":"2026-01-02T03:04:05Z","action":"a"}',
      '{"broken',
      '',
      '[1]',
      '{"action":"no time"}',
      '{"open":',
    ]
    const folder = scratch({ 'mixed.ndjson': lines.join('\n') })
    const { sources, findings } = await importFrom(folder, ['mixed.ndjson'])
    expect(sources).toMatchObject([{ read: 4, kept: 2, broken: 1, skipped: 1, unfinished: 'a record' }])
    expect(findings.map(({ line, code }) => `${line} ${code}`)).toEqual(['2 W2020', '4 W4110', '5 W4111'])
    expect(checked(folder).faults).toEqual([])
  })
})

describe('nothing is imported twice', () => {
  const line = (number: number): string =>
    `{"time":"2026-01-02T03:04:${String(number % 60).padStart(2, '0')}Z","id":${number},"action":"a${number}"}\n`
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, place) => line(from + place)).join('')

  test('the same file again, under another name, and packed', async () => {
    const folder = scratch({
      'a.ndjson': lines(0, 50),
      'b.ndjson': lines(0, 50),
      'c.ndjson.gz': gzipSync(lines(0, 50)),
    })
    await importFrom(folder, ['a.ndjson'])
    const again = await importFrom(folder, ['a.ndjson', 'b.ndjson', 'c.ndjson.gz'])
    expect(again.sources).toMatchObject([
      { state: 'known', sameAs: null, read: 50, duplicate: 50, kept: 0 },
      { state: 'known', sameAs: 'a.ndjson', duplicate: 50 },
      { state: 'known', sameAs: 'a.ndjson', duplicate: 50 },
    ])
    expect(again.events).toBe(50)
  })

  test('a file that is the beginning of another', async () => {
    const folder = scratch({ 'a.ndjson': lines(0, 50), 'b.ndjson': lines(0, 20) })
    await importFrom(folder, ['a.ndjson'])
    const { sources, events } = await importFrom(folder, ['b.ndjson'])
    expect(sources).toMatchObject([{ state: 'known', sameAs: 'a.ndjson', kept: 0 }])
    expect(events).toBe(50)
  })

  test('a file that went on: only what is new', async () => {
    const folder = scratch({ 'a.ndjson': lines(0, 50) + line(50).slice(0, 20) })
    const first = await importFrom(folder, ['a.ndjson'])
    expect(first.sources).toMatchObject([{ state: 'new', read: 50, unfinished: 'a record' }])
    put(folder, 'a.ndjson', lines(0, 80))
    renameSync(join(folder, 'a.ndjson'), join(folder, 'a.1.ndjson'))
    const second = await importFrom(folder, ['a.1.ndjson'])
    expect(second.sources).toMatchObject([{ state: 'continued', read: 80, kept: 30, duplicate: 50 }])
    const { events, faults } = checked(folder)
    expect({ events, faults }).toEqual({ events: 80, faults: [] })
  })

  test('a file whose name stayed and whose content is another', async () => {
    const folder = scratch({ 'a.ndjson': lines(0, 50) })
    await importFrom(folder, ['a.ndjson'])
    put(folder, 'a.ndjson', lines(200, 220))
    const { sources, events } = await importFrom(folder, ['a.ndjson'])
    expect(sources).toMatchObject([{ state: 'new', kept: 20 }])
    expect(events).toBe(70)
  })

  test('equal lines of one file are different records', async () => {
    const folder = scratch({ 'a.ndjson': line(1).repeat(3) })
    expect((await importFrom(folder, ['a.ndjson'])).events).toBe(3)
  })

  test('a record delivered in two files', async () => {
    const record = (id: string, more = ''): string =>
      `{"specversion":"1.0","id":"${id}","source":"s","type":"t","time":"2026-01-02T03:04:05Z"${more}}\n`
    const folder = scratch({
      'a.ndjson': record('1') + record('2'),
      'b.ndjson': record('2') + record('3') + record('1', ',"x":1'),
    })
    const { sources, events, findings } = await importFrom(folder, ['a.ndjson', 'b.ndjson'])
    expect(sources).toMatchObject([
      { kept: 2, duplicate: 0 },
      { read: 3, kept: 2, duplicate: 1 },
    ])
    expect(events).toBe(4)
    expect(findings.map(({ source, line, code }) => `${source}:${line} ${code}`)).toEqual(['b.ndjson:3 W4112'])
    expect(checked(folder).faults).toEqual([])
  })
})
