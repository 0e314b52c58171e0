import { columnView, type Log, LogBuilder, type Plan, type PlanSource } from '@writ/engine'
import { describe, expect, it } from 'vitest'
import { SourceReader } from '../../src/decode/source-reader.ts'
import { FindingLog } from '../../src/findings.ts'
import {
  bool,
  contract,
  decimal,
  int,
  list,
  literal,
  map,
  money,
  oneOf,
  optional,
  path,
  plan,
  record,
  source,
  text,
  time,
} from '../plans.ts'
import { chance, objectText, spoiled } from './json-lines.ts'

const contracts = [
  contract('Call', {
    id: text,
    kind: optional(oneOf('a', 'abc', 'user-17')),
    amount: optional(decimal),
    whole: int,
    price: optional(money),
    flag: bool,
    args: optional(record({ x: optional(decimal), y: record({ id: text }) })),
    list: list(text),
    text: optional(text),
    when: optional(time),
  }),
  contract('Other', { id: optional(text), list: optional(list(decimal)) }),
]
const fields = {
  id: path('id'),
  kind: path('kind'),
  amount: path('amount'),
  whole: path('x'),
  price: { kind: 'money', amount: path('amount'), currency: literal('EUR') },
  flag: path('y'),
  args: path('args'),
  list: path('list'),
  text: { kind: 'text', value: path('args') },
  when: { kind: 'scaled', value: path('i'), milliseconds: 1000 },
} as const
const reading: Plan = plan(contracts, [
  source('ndjson', {
    time: { kind: 'path', path: ['amount'], unit: 'seconds' },
    lateMode: 'reject',
    latenessMilliseconds: 3_600_000,
    maps: [
      map(0, { kind: 'present', value: path('args') }, fields),
      map(
        1,
        { kind: 'in', item: path('id'), list: [literal('a'), literal('abc'), literal(1)] },
        { id: path('näme'), list: path('list') },
      ),
      map(0, { kind: 'not', operand: { kind: 'equals', left: path('kind'), right: literal('Z') } }, fields),
    ],
  }),
])

function read(bytes: Uint8Array, scanner: 'generated' | 'interpreted' | 'none', pieceBytes: number) {
  const builder = new LogBuilder(contracts)
  const findings = new FindingLog()
  const reader = new SourceReader(reading.sources[0] as PlanSource, contracts, builder, findings, {
    scanner,
    patience: 4,
  })
  const file = reader.file('a.ndjson')
  for (let at = 0; at < bytes.length; at += pieceBytes) file.feed(bytes.subarray(at, at + pieceBytes))
  file.end(false)
  return {
    counts: { ...reader.counts },
    findings: findings.listed,
    total: findings.total,
    events: valuesOf(builder.build()),
  }
}

function valuesOf(log: Log): readonly unknown[] {
  const view = columnView(log, contracts)
  return Array.from({ length: view.size }, (_, seq) => {
    const event = view.event(seq)
    const names = contracts[event.contract]?.fields.map(field => field.name) ?? []
    return [event.contract, event.time, event.index, ...names.map(name => event.value([name]))]
  })
}

/** A file of generated lines: some spoiled, some empty, with all kinds of line ends, the last one perhaps cut off. */
function file(seed: number, lines: number): Uint8Array {
  const next = chance(seed)
  // Of some files most lines have one shape.
  const shape = next(3) === 0 ? null : seed
  const parts: Uint8Array[] = next(4) === 0 ? [Uint8Array.of(0xef, 0xbb, 0xbf)] : []
  for (let i = 0; i < lines; i++) {
    if (next(10) === 0) parts.push(Buffer.from([' ', '\t', '', '\r'][next(4)] ?? ''))
    else {
      const line = Buffer.from(objectText(shape === null || next(6) === 0 ? next : chance(shape), next))
      parts.push(next(2) === 0 ? spoiled(line, next) : line)
    }
    parts.push(Buffer.from(next(5) === 0 ? '\r\n' : '\n'))
  }
  const whole = Buffer.concat(parts)
  return next(2) === 0 ? whole : whole.subarray(0, whole.length - next(30))
}

describe('reading lines with and without a scanner', () => {
  const files = Math.ceil(Number(process.env.WRIT_FUZZ ?? 20_000) / 200)
  const seed = Number(process.env.WRIT_SEED ?? 7)
  it(`gives the same events, findings and counts on ${files} files of 100 lines (seed ${seed})`, {
    timeout: 1e9,
  }, () => {
    for (let i = 0; i < files; i++) {
      const bytes = file(seed + i, 100)
      const expected = read(bytes, 'none', bytes.length)
      expect(read(bytes, 'generated', bytes.length), `seed ${seed + i}`).toEqual(expected)
      expect(read(bytes, 'interpreted', 1 + (i % 97)), `seed ${seed + i}, in pieces`).toEqual(expected)
    }
  })
})
