/**
 * Inputs that mean no good: whatever the bytes are, an import ends without a crash, the counts add up, the evidence is what was given, and a
 * second import brings nothing. WRIT_FUZZ sets how many are tried.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type Connection, importFormats, openStore } from '@writ/ledger/store'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { checked, importFrom, put, reading, scratch } from './importing.ts'
import { random } from './random.ts'

const seed = Number(process.env.WRIT_SEED ?? Date.now() % 1_000_000)
const tries = Number(process.env.WRIT_FUZZ ?? 40)
const fixtures = join(import.meta.dirname, 'fixtures')

test(`${tries} mutated files of every format (seed ${seed})`, async () => {
  const next = random(seed)
  const originals = readdirSync(fixtures)
    .filter(name => !name.endsWith('.md'))
    .map(name => readFileSync(join(fixtures, name)))
  originals.push(
    Buffer.from(
      '{"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},{"role":"tool","tool_call_id":"1","content":[{"type":"text","text":"y"}]}]}\n',
    ),
    Buffer.from(
      '{"Records":[{"eventName":"GetObject","eventSource":"s3.amazonaws.com","eventTime":"2026-01-01T00:00:00Z","eventID":"1","userIdentity":{"arn":"a"}}]}',
    ),
    Buffer.from('time,user,action\n2026-01-01T00:00:00Z,"a, ""b""",read\n2026-01-01T00:00:01Z,c,"x\ny"\n'),
  )
  const folder = scratch()
  const names: string[] = []
  for (let file = 0; file < tries; file++) {
    const content = mutated(originals[next(originals.length)] ?? Buffer.alloc(0), originals, next)
    const packing = next(8)
    put(
      folder,
      `f${file}.log`,
      packing === 0 ? cut(gzipSync(content), next) : packing === 1 ? cut(zstdCompressSync(content), next) : content,
    )
    names.push(`f${file}.log`)
  }
  const [first, second] = [names.slice(0, tries / 2), names.slice(tries / 2)]
  const format = importFormats[next(importFormats.length)]
  const results = [
    await importFrom(folder, first),
    await importFrom(folder, second, format === undefined ? {} : { format }),
  ]
  for (const { problem, sources } of results) {
    expect(problem).toBe(null)
    for (const { name, read, kept, skipped, broken, duplicate } of sources)
      expect(`${name} ${kept + skipped + broken + duplicate}`).toBe(`${name} ${read}`)
  }
  const before = checked(folder)
  expect(before.faults).toEqual([])
  await importFrom(folder, first)
  await importFrom(folder, second, format === undefined ? {} : { format })
  expect(checked(folder).events).toBe(before.events)
}, 120_000)

describe('one bad thing at a time', () => {
  test('a line that is deep, one that is long, and what is behind them', async () => {
    const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    const good = '{"time":"2026-01-01T00:00:00Z","action":"after"}'
    const folder = scratch({ 'a.ndjson': `${good}\n${deep}\n${good}\n` })
    const { sources } = await importFrom(folder, ['a.ndjson'])
    expect(sources).toMatchObject([{ read: 3, kept: 2, broken: 1 }])
    expect([...(sources[0]?.findings.keys() ?? [])]).toEqual(['W2023'])
  })

  test('a packed file that unpacks to a line without an end is not held', async () => {
    const good = '{"time":"2026-01-01T00:00:00Z","action":"before"}\n'
    const bomb = Buffer.concat([Buffer.from(good), Buffer.alloc(70 * 1024 * 1024, 'x'), Buffer.from(`\n${good}`)])
    const folder = scratch({ 'a.ndjson.zst': zstdCompressSync(bomb) })
    const { sources } = await importFrom(folder, ['a.ndjson.zst'])
    expect(sources).toMatchObject([{ read: 3, kept: 2, broken: 1 }])
    expect([...(sources[0]?.findings.keys() ?? [])]).toEqual(['W2022'])
    expect(checked(folder).faults).toEqual([])
    expect((await importFrom(folder, ['a.ndjson.zst'])).sources).toMatchObject([{ state: 'known' }])
  })

  test('a transcript of very many messages is cut', async () => {
    const folder = scratch({
      'a.json': `{"messages":[${Array.from({ length: 120_000 }, () => '{"role":"u"}').join(',')}]}`,
    })
    const { sources } = await importFrom(folder, ['a.json'], { search: false })
    expect(sources).toMatchObject([{ kept: 1, events: 100_000 }])
  })

  test('names that are no names', async () => {
    const names = ['__proto__', 'constructor', '\u0000', '\ud800', "'; DROP TABLE event; --", 'x'.repeat(5000)]
    const lines = names.map(actor => JSON.stringify({ time: '2026-01-01T00:00:00Z', actor, action: actor }))
    const folder = scratch({ 'a.ndjson': `${lines.join('\n')}\n` })
    expect((await importFrom(folder, ['a.ndjson'])).events).toBe(names.length)
  })
})

describe('stores that are none', () => {
  const store = async (): Promise<string> => {
    const folder = scratch({ 'a.ndjson': '{"time":"2026-01-01T00:00:00Z","action":"a"}\n' })
    await importFrom(folder, ['a.ndjson'])
    return folder
  }
  const altered = async (change: (db: Connection) => void): Promise<string> => {
    const folder = await store()
    const db = new Database(join(folder, 'events.store'))
    change(db)
    db.close()
    return folder
  }

  test.each<[string, (db: Connection) => void, string]>([
    ['a newer version', db => db.pragma('user_version = 3'), 'W4102'],
    ['an older version', db => db.pragma('user_version = 1'), 'W4102'],
    ['another program', db => db.pragma('application_id = 7'), 'W4101'],
  ])('%s is refused and left as it is', async (_, change, code) => {
    const folder = await altered(change)
    const bytes = readFileSync(join(folder, 'events.store'))
    const opened = openStore(join(folder, 'events.store'))
    expect(opened.ok ? null : opened.problem.code).toBe(code)
    expect((await importFrom(folder, ['a.ndjson'])).problem?.code).toBe(code)
    expect(readFileSync(join(folder, 'events.store')).equals(bytes)).toBe(true)
  })

  test('text is refused, an empty file is filled', async () => {
    const folder = await store()
    writeFileSync(join(folder, 'notes.txt'), 'not a store')
    expect((await importFrom(folder, ['a.ndjson'], { store: join(folder, 'notes.txt') })).problem?.code).toBe('W4101')
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('not a store')
    writeFileSync(join(folder, 'empty'), '')
    expect((await importFrom(folder, ['a.ndjson'], { store: join(folder, 'empty') })).events).toBe(1)
  })

  test('evidence that was changed is told', async () => {
    const folder = await altered(db => db.exec('UPDATE block SET digest = zeroblob(32)'))
    const opened = openStore(join(folder, 'events.store'))
    if (!opened.ok) throw new Error(opened.problem.message)
    expect(opened.reader.detail(1)).toMatchObject({ record: '', damage: { code: 'W4106' } })
    opened.reader.close()
    expect(reading(join(folder, 'events.store'), db => db.prepare('SELECT count(*) FROM event').pluck().get())).toBe(1)
    expect(checked(folder).faults).toEqual(['the block at 0 is not what was imported'])
  })

  test('a second import at the same time is refused', async () => {
    const folder = await store()
    const held = { pid: process.ppid, host: (await import('node:os')).hostname(), began: null }
    put(folder, 'events.store.lock', `${JSON.stringify(held)}\n`)
    expect((await importFrom(folder, ['a.ndjson'])).problem?.code).toBe('W4103')
  })
})

function mutated(original: Buffer, all: readonly Buffer[], next: (below: number) => number): Buffer {
  let bytes = Buffer.from(original)
  for (let change = next(6); change > 0; change--) {
    const at = next(bytes.length + 1)
    switch (next(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = next(256)
        break
      case 1:
        bytes = bytes.subarray(0, at)
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + next(40)))])
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), all[next(all.length)] ?? bytes, bytes.subarray(at)])
        break
      case 4:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(['{', '"', '\n', '[', '\\u0000', '1e999', '\ufeff', '\r\n'][next(8)] ?? ''),
          bytes.subarray(at),
        ])
        break
      default:
        bytes = Buffer.concat([bytes, bytes.subarray(at)])
    }
  }
  return bytes
}

function cut(bytes: Buffer, next: (below: number) => number): Buffer {
  return next(2) === 0 ? bytes : bytes.subarray(0, next(bytes.length))
}
