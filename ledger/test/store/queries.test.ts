/** Every question to a store is answered as a plain loop over the same events answers it, on generated events and filters. */

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  Cancelled,
  chainRequestSchema,
  detailRequestSchema,
  type Filter,
  facetRequestSchema,
  filterSchema,
  filterText,
  noFilter,
  type Outcome,
  openStore,
  outcomes,
  rankRequestSchema,
  type StoreReader,
  selectRequestSchema,
} from '@writ/ledger/store'
import { describe, expect, onTestFinished, test } from 'vitest'
import { smallKeyOf } from '../../src/store/keys.ts'
import { importFrom, scratch } from './importing.ts'
import { random } from './random.ts'

const seed = Number(process.env.WRIT_SEED ?? Date.now() % 1_000_000)

interface Plain {
  readonly id: number
  /** Microseconds. */
  readonly time: number
  readonly actor: string | null
  readonly action: string
  readonly object: string
  readonly outcome: Outcome
  readonly rule: string | null
  readonly trace: string
  readonly note: string
}

const words = ['alpha', 'beta', '10.0.0.7', 'arn:x:item/7', 'Ünïcode', "o'neill", 'a-b_c', '7']

describe(`as a loop over all events (seed ${seed})`, () => {
  test('pages, histograms, facets, selections, chains', async () => {
    const next = random(seed)
    const events = generated(next, 2500)
    const reader = await stored(events)
    for (let round = 0; round < 60; round++) {
      const filter = round === 0 ? noFilter : generatedFilter(next, 0)
      const told = `seed ${seed}: ${filterText(filter)}`
      const wanted = events.filter(event => fits(event, filter)).sort((a, b) => a.time - b.time || a.id - b.id)
      expect(pageThrough(reader, filter, next), told).toEqual(wanted.map(({ id }) => id))
      const selection = reader.select(filter)
      expect(selection.size, told).toBe(wanted.length)
      const rank = next(wanted.length + 1)
      expect(
        selection.at(rank, 7).map(({ id }) => id),
        told,
      ).toEqual(wanted.slice(rank, rank + 7).map(({ id }) => id))
      expect(facetsBy(reader, filter), told).toEqual(countedBy(wanted, ({ actor }) => actor))
      const from = next(3) === 0 ? null : 1.77e15 + next(2 * 86_400) * 1_000_000 + next(1_000_000)
      const to = next(3) === 0 ? null : (from ?? 1.77e15) + next(86_400) * 1_000_000
      expectHistogram(reader, wanted, events, { filter, from, to, spans: 1 + next(200) }, told)
    }
    for (let round = 0; round < 20; round++) {
      const event = events[next(events.length)]
      if (event === undefined) continue
      const wanted = events.filter(({ trace }) => trace === event.trace).sort((a, b) => a.time - b.time || a.id - b.id)
      expect(reader.chain(event.id, 1000).map(({ id }) => id)).toEqual(wanted.map(({ id }) => id))
      const detail = reader.detail(event.id)
      expect(JSON.parse(detail?.record ?? '')).toMatchObject({ n: event.id, note: event.note })
      expect(detail?.damage).toBe(null)
    }
  })
})

describe('filters', () => {
  const deny: Filter = { kind: 'outcome', values: ['deny', 'hold'] }
  const alice: Filter = { kind: 'is', field: 'actor', values: ['alice'] }

  test.each<[Filter, string]>([
    [noFilter, 'all events'],
    [deny, 'decision is deny or hold'],
    [{ kind: 'all', of: [deny, alice] }, 'decision is deny or hold, and actor is "alice"'],
    [
      { kind: 'any', of: [alice, { kind: 'all', of: [deny, { kind: 'words', text: 'iban' }] }] },
      '(actor is "alice" or (decision is deny or hold and it contains "iban"))',
    ],
    [{ kind: 'not', of: alice }, 'actor is not "alice"'],
    [
      { kind: 'not', of: { kind: 'any', of: [alice, deny] } },
      'it is not so that (actor is "alice" or decision is deny or hold)',
    ],
    [{ kind: 'time', from: '2026-01-01T00:00:00Z', before: null }, 'time is from 2026-01-01T00:00:00Z on'],
    [{ kind: 'about', values: ['action', 'message'] }, 'it is an action or a message'],
    [{ kind: 'starts', field: 'object', text: 'arn:' }, 'object starts with "arn:"'],
  ])('%j reads as a sentence', (filter, text) => {
    expect(filterSchema.parse(filter)).toEqual(filter)
    expect(filterText(filter)).toBe(text)
  })

  test('what is none is refused', () => {
    const nested = Array.from({ length: 5000 }).reduce<unknown>(inner => ({ kind: 'not', of: inner }), noFilter)
    for (const wrong of [
      nested,
      null,
      { kind: 'sql', text: '1' },
      { kind: 'is', field: 'time', values: ['x'] },
      { kind: 'time', from: '2026-01-01', before: null },
      { kind: 'all', of: Array.from({ length: 51 }, () => noFilter) },
    ])
      expect(filterSchema.safeParse(wrong).success).toBe(false)
  })

  test('names and words of users are never part of a statement', async () => {
    const reader = await stored(generated(random(1), 20))
    for (const text of [
      "'",
      '"',
      "x' OR 1=1 --",
      'a" OR "b',
      'NEAR(a b)',
      '*',
      '( ) : ^',
      '\0',
      'a*b',
      '[',
      'AND',
      '-',
      '\ud800',
    ]) {
      for (const filter of [
        { kind: 'is', field: 'actor', values: [text] },
        { kind: 'is', field: 'object', values: [text] },
        { kind: 'starts', field: 'action', text },
        { kind: 'words', text },
      ] satisfies readonly Filter[])
        expect(reader.page({ filter, after: null, newestFirst: true, limit: 10 }).events.length).toBeLessThanOrEqual(10)
    }
  })
})

describe('events with words', () => {
  const event = (id: number, note: string): Plain => ({
    ...{ id, time: 1.77e15 + id * 1000, actor: 'a', action: 'b', object: `o${id}`, outcome: 'permit', rule: null },
    ...{ trace: `t${id}`, note },
  })
  const asked = { after: null, newestFirst: true, limit: 3 } as const

  test('a common word costs one page, and how many there are is an estimate', async () => {
    const reader = await stored(Array.from({ length: 9000 }, (_, place) => event(place + 1, 'often')))
    const page = reader.page({ filter: { kind: 'words', text: 'often' }, ...asked })
    expect(page.events.map(({ id }) => id)).toEqual([9000, 8999, 8998])
    expect(page).toMatchObject({ isCut: false, searched: { to: 9000, of: 9000 }, count: { isExact: false } })
    const rare = reader.page({ filter: { kind: 'words', text: 'o77' }, ...asked })
    expect(rare).toMatchObject({ next: null, isCut: false, count: { events: 1, isExact: true } })
  })

  test('what is looked for in vain among very many is looked for page by page', async () => {
    const reader = await stored(Array.from({ length: 9000 }, (_, place) => event(place + 1, place === 5 ? 'x' : 'y')))
    const filter: Filter = {
      kind: 'all',
      of: [
        { kind: 'words', text: 'y' },
        { kind: 'starts', field: 'object', text: 'o7777' },
      ],
    }
    const first = reader.page({ filter, ...asked })
    expect(first.isCut && first.next !== null && first.next.id > 1).toBe(true)
    const ids: number[] = []
    for (let page = first; ; page = reader.page({ filter, ...asked, after: page.next })) {
      ids.push(...page.events.map(({ id }) => id))
      if (page.next === null) break
    }
    expect(ids).toEqual([7777])
  })

  test('while not all is searchable, a page says how far it is', async () => {
    const lines = Array.from(
      { length: 10 },
      (_, place) => `{"time":"2026-01-01T00:00:0${place}Z","path":"/x","action":"a"}`,
    )
    const folder = scratch({
      'a.ndjson': `${lines.slice(0, 4).join('\n')}\n`,
      'b.ndjson': `${lines.slice(4).join('\n')}\n`,
    })
    await importFrom(folder, ['a.ndjson'])
    await importFrom(folder, ['b.ndjson'], { search: false })
    const opened = openStore(join(folder, 'events.store'))
    if (!opened.ok) throw new Error(opened.problem.message)
    for (const filter of [
      { kind: 'words', text: '/x' },
      { kind: 'is', field: 'object', values: ['/x'] },
    ] satisfies Filter[]) {
      const page = opened.reader.page({ filter, ...asked, limit: 20 })
      expect(page.events.map(({ id }) => id)).toEqual([4, 3, 2, 1])
      expect(page.searched).toEqual({ to: 4, of: 10 })
      expect(opened.reader.select(filter).size).toBe(4)
    }
    opened.reader.close()
  })
})

test.each([
  ['table', 'time,action,trace_id\n', (place: number, trace: string) => `2026-01-01T00:00:0${place}Z,a,${trace}\n`],
  [
    'lines',
    '',
    (place: number, trace: string) => `{"time":"2026-01-01T00:00:0${place}Z","action":"a","trace_id":"${trace}"}\n`,
  ],
])('different correlation ids with the same number are kept apart: %s', async (_, head, line) => {
  const [one, other] = sameNumber()
  const folder = scratch({ 'a.log': `${head}${line(1, one)}${line(2, other)}${line(3, one)}` })
  await importFrom(folder, ['a.log'])
  const opened = openStore(join(folder, 'events.store'))
  if (!opened.ok) throw new Error(opened.problem.message)
  expect(opened.reader.chain(1, 10).map(({ id }) => id)).toEqual([1, 3])
  expect(opened.reader.chain(2, 10).map(({ id }) => id)).toEqual([2])
  opened.reader.close()
})

test('arguments of questions from outside are held against their schemas', () => {
  expect(detailRequestSchema.safeParse({ id: 0 }).success).toBe(false)
  expect(chainRequestSchema.safeParse({ id: 1, most: 1e9 }).success).toBe(false)
  expect(rankRequestSchema.safeParse({ rank: -1, limit: 10 }).success).toBe(false)
  expect(selectRequestSchema.safeParse({ filter: { kind: 'sql' } }).success).toBe(false)
  expect(facetRequestSchema.safeParse({ field: 'time', filter: noFilter, most: 10 }).success).toBe(false)
  expect(facetRequestSchema.parse({ field: 'rule', filter: noFilter, most: 10 }).most).toBe(10)
})

test('a question is ended from another thread', async () => {
  const cancel = new Int32Array(new SharedArrayBuffer(4))
  const reader = await stored(generated(random(2), 3000), cancel)
  const worker = new Worker('const { workerData } = require("node:worker_threads"); Atomics.store(workerData, 0, 1)', {
    eval: true,
    workerData: cancel,
  })
  const filter: Filter = { kind: 'starts', field: 'object', text: 'arn' }
  // Asked until the other thread has come to it.
  expect(() => {
    for (;;) reader.select(filter)
  }).toThrow(Cancelled)
  await worker.terminate()
  Atomics.store(cancel, 0, 0)
  expect(reader.select(filter).size).toBeGreaterThan(0)
})

/** Two texts that are the same number of 31 bits: among a hundred thousand there are some. */
function sameNumber(): readonly [string, string] {
  const seen = new Map<number, string>()
  for (let place = 0; ; place++) {
    const text = `t${place}`
    const key = smallKeyOf(text)
    const before = seen.get(key)
    if (before !== undefined) return [before, text]
    seen.set(key, text)
  }
}

async function stored(events: readonly Plain[], cancel?: Int32Array): Promise<StoreReader> {
  const lines = events.map(event =>
    JSON.stringify({
      time: new Date(event.time / 1000).toISOString(),
      actor: event.actor,
      action: event.action,
      object: event.object,
      decision: event.outcome === 'none' ? undefined : event.outcome,
      rule: event.rule,
      trace_id: event.trace,
      note: event.note,
      n: event.id,
    }),
  )
  // Of two sources, whose times lie between each other.
  const cut = Math.floor(lines.length / 3)
  const folder = scratch({
    'a.ndjson': `${lines.slice(0, cut).join('\n')}\n`,
    'b.ndjson': `${lines.slice(cut).join('\n')}\n`,
  })
  const result = await importFrom(folder, ['a.ndjson', 'b.ndjson'])
  expect(result.problem).toBe(null)
  const opened = openStore(join(folder, 'events.store'), cancel)
  if (!opened.ok) throw new Error(opened.problem.message)
  onTestFinished(() => opened.reader.close())
  expect(opened.reader.summary()).toMatchObject({ events: events.length, finished: true, searchable: true })
  return opened.reader
}

function generated(next: (below: number) => number, count: number): readonly Plain[] {
  const one = <T>(values: readonly [T, ...T[]]): T => values[next(values.length)] ?? values[0]
  return Array.from({ length: count }, (_, place) => ({
    id: place + 1,
    // Milliseconds, many of them more than once, and not in order.
    time: 1.77e15 + next(next(2) === 0 ? 200 : 3 * 86_400) * 1_000_000 + next(3) * 1000,
    actor: next(6) === 0 ? null : `user:${next(9)}`,
    action: `a${next(4)}`,
    object: one(['arn:x:item/7', 'arn:x:item/8', 'two words', 'Ünïcode', `o${next(50)}`]),
    outcome: one(['none', 'permit', 'permit', 'warn', 'hold', 'deny', 'error']),
    rule: next(2) === 0 ? null : `r${next(5)}`,
    trace: `t${next(400)}`,
    note: Array.from({ length: next(4) }, () => words[next(words.length)]).join(' '),
  }))
}

function generatedFilter(next: (below: number) => number, depth: number): Filter {
  const several = <T>(make: () => T): T[] => Array.from({ length: 1 + next(3) }, make)
  switch (next(depth > 2 ? 6 : 9)) {
    case 0:
      return { kind: 'is', field: 'actor', values: several(() => `user:${next(10)}`) }
    case 1:
      return { kind: 'outcome', values: [...new Set(several(() => outcomes[next(outcomes.length)] ?? 'deny'))] }
    case 2:
      return {
        kind: 'is',
        field: 'object',
        values: several(() => ['arn:x:item/7', 'two words', 'o7', 'nobody'][next(4)] ?? ''),
      }
    case 3:
      return {
        kind: 'starts',
        field: next(2) === 0 ? 'object' : 'rule',
        text: ['arn:x', 'r', 'o1', 'r3'][next(4)] ?? 'r',
      }
    case 4: {
      const at = (): string | null => (next(3) === 0 ? null : new Date(1.77e12 + next(3 * 86_400) * 1000).toISOString())
      return { kind: 'time', from: at(), before: at() }
    }
    case 5:
      return {
        kind: 'words',
        text: [
          ...several(() => words[next(words.length)]),
          ...(next(4) === 0 ? ['al*', 'T*', 'arn:*'].slice(next(3)).slice(0, 1) : []),
        ].join(' '),
      }
    case 6:
      return { kind: 'all', of: several(() => generatedFilter(next, depth + 1)) }
    case 7:
      return { kind: 'any', of: several(() => generatedFilter(next, depth + 1)) }
    default:
      return { kind: 'not', of: generatedFilter(next, depth + 1) }
  }
}

function fits(event: Plain, filter: Filter): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every(one => fits(event, one))
    case 'any':
      return filter.of.some(one => fits(event, one))
    case 'not':
      return !fits(event, filter.of)
    case 'is':
      return filter.values.includes(event[filter.field === 'actor' ? 'actor' : 'object'] ?? '-')
    case 'starts':
      return (event[filter.field === 'rule' ? 'rule' : 'object'] ?? '').startsWith(filter.text)
    case 'outcome':
      return filter.values.includes(event.outcome)
    case 'about':
      return true
    case 'time':
      return (
        (filter.from === null || event.time >= Date.parse(filter.from) * 1000) &&
        (filter.before === null || event.time < Date.parse(filter.before) * 1000)
      )
    case 'words': {
      const texts = [
        event.actor,
        event.action,
        event.object,
        event.rule,
        event.trace,
        event.note,
        event.id,
        new Date(event.time / 1000).toISOString(),
      ]
      if (event.outcome !== 'none') texts.push(event.outcome)
      const held = texts.join(' ').split(/[ ']/).map(folded)
      return filter.text
        .split(/[ ']/)
        .every(word =>
          word.endsWith('*')
            ? held.some(one => one.startsWith(folded(word.slice(0, -1))))
            : held.includes(folded(word)),
        )
    }
  }
}

/** As the index: without case and without marks. */
function folded(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The ids, oldest first, by pages of random length and direction. */
function pageThrough(reader: StoreReader, filter: Filter, next: (below: number) => number): readonly number[] {
  const newestFirst = next(2) === 0
  const limit = 1 + next(200)
  const ids: number[] = []
  for (let after: { time: number; id: number } | null = null; ; ) {
    const page = reader.page({ filter, after, newestFirst, limit })
    ids.push(...page.events.map(({ id }) => id))
    if (page.next === null) return newestFirst ? ids.reverse() : ids
    after = page.next
  }
}

function facetsBy(reader: StoreReader, filter: Filter): Readonly<Record<string, number>> {
  return Object.fromEntries(reader.facets('actor', filter, 100).map(({ name, count }) => [name, count]))
}

function countedBy(events: readonly Plain[], name: (event: Plain) => string | null): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const event of events) {
    const key = name(event)
    if (key !== null) counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function expectHistogram(
  reader: StoreReader,
  wanted: readonly Plain[],
  all: readonly Plain[],
  request: Parameters<StoreReader['histogram']>[0],
  told: string,
): void {
  const histogram = reader.histogram(request)
  const times = all.map(({ time }) => time)
  const from = request.from ?? Math.min(...times)
  const to = Math.max(from + 1, request.to ?? Math.max(...times) + 1)
  expect(histogram.counts.length, told).toBeLessThanOrEqual(request.spans)
  const plain = histogram.counts.map(() => ({ none: 0, permit: 0, warn: 0, hold: 0, deny: 0, error: 0 }))
  for (const { time, outcome } of wanted) {
    const span = plain[Math.floor((time - histogram.from) / histogram.width)]
    if (time >= from && time < to && span !== undefined) span[outcome]++
  }
  expect(histogram.counts, told).toEqual(plain)
  const inside = wanted.filter(({ time }) => time >= from && time < to).length
  const counted = histogram.counts.reduce((sum, counts) => sum + Object.values(counts).reduce((a, b) => a + b, 0), 0)
  expect(counted, told).toBe(inside)
}
