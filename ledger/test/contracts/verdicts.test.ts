/**
 * The verdicts of the catalogue against what reading really does: a generated contract, a change of it, and records. Where the
 * change is called compatible, every record that one side reads without a finding is read so by the other; and every kind
 * of change that is called breaking is seen to break. `WRIT_ROUNDS=2000` looks longer.
 */
import {
  type ChangeId,
  changeKind,
  check,
  contractChanges,
  contractPart,
  evaluate,
  type FieldType,
  type Plan,
  type Type,
} from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { open } from '../plans.ts'

const seed = Number(process.env.WRIT_SEED ?? 20_261_120)
const rounds = Number(process.env.WRIT_ROUNDS ?? 80)

/** Changes that no single record shows: they are about two events, about what values mean, or about no value at all. */
const unseen: readonly ChangeId[] = [
  'C12.added',
  'C12.removed',
  'C12.changed',
  'F11',
  'F15',
  'T21',
  'S05',
  'S14',
  'S13.weakened',
]

test(`what is called compatible is read alike, what is called breaking is not (seed ${seed})`, {
  timeout: 240_000,
}, async () => {
  const broken = new Set<ChangeId>()
  const called = new Set<ChangeId>()
  for (let round = 0; round < rounds; round++) {
    const random = randomNumbers(seed + round)
    const before = randomFields(random)
    const after = changed(before, random)
    const [old, now] = [planOf(before), planOf(after)]
    const changes = contractChanges(part(before), part(after))
    const both = [fieldsOf(old), fieldsOf(now)]
    const records = Array.from({ length: 60 }, () => randomRecord(random, both))
    const lost = await unread(old, now, records)
    const won = await unread(now, old, records)
    const told = `seed ${seed + round}\n${before}\n→\n${after}\n${changes.map(({ kind, what }) => `${kind} ${what}`).join('\n')}`
    const holds = (verdict: 'backward' | 'forward') =>
      changes.every(({ kind }) => ['compatible', 'conditional'].includes(changeKind(kind)[verdict]))
    if (holds('backward')) expect(lost, `old events that new readers cannot read\n${told}`).toEqual([])
    if (holds('forward')) expect(won, `new events that old readers cannot read\n${told}`).toEqual([])
    const [only, more] = changes
    if (only === undefined || more !== undefined) continue
    for (const [verdict, wrong] of [
      ['backward', lost],
      ['forward', won],
    ] as const) {
      if (changeKind(only.kind)[verdict] !== 'breaking') continue
      called.add(only.kind)
      if (wrong.length > 0) broken.add(only.kind)
    }
  }
  expect([...called].filter(kind => !broken.has(kind) && !unseen.includes(kind))).toEqual([])
  expect(called.size).toBeGreaterThan(8)
})

type Random = (below: number) => number

function randomNumbers(start: number): Random {
  let state = start >>> 0
  return below => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below
  }
}
function pick<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[random(items.length)] ?? items[0]
}

const types = [
  'Bool',
  'String',
  'Int',
  'Decimal',
  'Percent',
  'Money',
  'Money<EUR>',
  'Duration',
  'Time',
  'Version',
  'enum { x, y }',
  'enum { x, y, z }',
  'Int in 0 .. 5',
  'Int in 0 .. 9',
  'Decimal in 1 .. 7',
  'String matches "[xy]"',
  'String matches "x"',
  'List<String>',
  'List<Int>',
  'List<Decimal>',
  '{ p: Int }',
  '{ p: Int?  q: String? }',
  '{ p: Decimal }',
  'List<{ p: Int }>',
] as const
const checks = ['check a is absent or a != c', 'check it.a is present', 'check 1 < 2'] as const

/** One line for each field: `a: Int?`. */
function randomFields(random: Random): string {
  const lines = ['a', 'b', 'c'].map(name => field(name, pick(random, types), random(3) === 0))
  return [...lines, ...(random(4) === 0 ? [pick(random, checks.slice(1) as ['', ...string[]])] : [])].join('\n')
}
function field(name: string, type: string, isOptional: boolean): string {
  const [, base = '', limit = ''] = /^(enum \{[^}]*\}|\{.*\}|[A-Za-z]+(?:<.*>)?)\??(.*)$/.exec(type) ?? []
  return `${name}: ${base}${isOptional ? '?' : ''}${limit}`
}

/** With one change, or two. */
function changed(fields: string, random: Random): string {
  const own = fields.split('\n').filter(line => line.startsWith('check'))
  const lines = fields.split('\n').filter(line => !line.startsWith('check'))
  for (let count = 1 + (random(3) === 0 ? 1 : 0); count > 0; count--) {
    const place = random(3)
    const line = lines[place] ?? ''
    switch (random(7)) {
      case 0:
        lines.splice(place, 1)
        break
      case 1:
        lines.push(field('d', pick(random, types), random(2) === 0))
        break
      case 2:
        lines[place] =
          line.includes('?') && !line.includes('{')
            ? line.replace('?', '')
            : field(line.slice(0, 1) || 'e', line.slice(3) || 'Int', true)
        break
      case 3:
        lines.reverse()
        break
      default:
        lines[place] = field(
          line.slice(0, 1) || 'e',
          near(line.slice(3), random),
          line.includes('? ') || line.endsWith('?'),
        )
    }
  }
  const seen = new Set<string>()
  const kept = lines.filter(line => !seen.has(line.slice(0, 2)) && seen.add(line.slice(0, 2)))
  return [...kept, ...own.filter(check => !check.includes('it.a') || seen.has('a:'))].join('\n')
}
/** Mostly a type of the same family, so that more than "another type" is seen. */
function near(type: string, random: Random): string {
  const plain = type.replace('?', '')
  const family = plain.split(/[ <]/)[0] ?? ''
  const kin = types.filter(
    other =>
      other !== plain &&
      (other.startsWith(family) ||
        (family === 'Int' && other.startsWith('Decimal')) ||
        (family === 'String' && other.startsWith('enum')) ||
        (family === 'enum' && other === 'String')),
  )
  const [first, ...rest] = kin
  return first === undefined || random(4) === 0 ? pick(random, types) : pick(random, [first, ...rest])
}

const values = [
  undefined,
  null,
  true,
  'x',
  'y',
  'z',
  'xx',
  0,
  1,
  7,
  -3,
  0.5,
  8,
  '12.50 EUR',
  '3 USD',
  '1h',
  '2026-01-01T00:00:00Z',
  '1.0.0',
  ['x'],
  [],
  [1],
  [0.5],
  { p: 1 },
  { p: 0.5 },
  { p: 1, q: 'x' },
  {},
  [{ p: 1 }],
  [{}],
] as const

/** Mostly with values of one of the two contracts, so that most records are events of somebody. */
function randomRecord(random: Random, contracts: readonly (readonly FieldType[])[]): object {
  const fields = contracts[random(contracts.length)] ?? []
  const members = ['a', 'b', 'c', 'd', 'e'].map(name => {
    const type = fields.find(field => field.name === name)?.type
    return [name, type === undefined || random(12) === 0 ? values[random(values.length)] : fitting(type, random)]
  })
  return Object.fromEntries(members)
}

function fitting(type: Type, random: Random): unknown {
  switch (type.kind) {
    case 'optional':
      return random(3) === 0 ? undefined : fitting(type.inner, random)
    case 'bool':
      return random(2) === 0
    case 'string':
      return pick(random, ['x', 'x', 'y', 'z', 'xx'])
    case 'int':
      return pick(random, [1, 2, 3, 5, 7, 9, -3])
    case 'decimal':
      return pick(random, [1, 2.5, 5, 0.5, 7, 6.5])
    case 'percent':
      return 0.5
    case 'money':
      return type.currency === null ? pick(random, ['3 USD', '12.50 EUR']) : `2 ${type.currency}`
    case 'duration':
      return '1h'
    case 'time':
      return '2026-01-01T00:00:00Z'
    case 'version':
      return '1.0.0'
    case 'enum':
      return type.members[random(type.members.length)]
    case 'list':
      return Array.from({ length: random(3) }, () => fitting(type.element, random))
    case 'record':
      return Object.fromEntries(type.fields.map(field => [field.name, fitting(field.type, random)]))
    case 'error':
      return null
  }
}

function text(fields: string): string {
  return `module m\ncontract E version 1.0.0 {\n${fields}\n}\nsource s {\n  format ndjson\n  time order\n  map E { }\n}`
}
function part(fields: string) {
  return contractPart([parse('a.writ', text(fields))])
}
function planOf(fields: string): Plan {
  const { plan, problems } = check([parse('a.writ', text(fields))])
  if (plan === null) throw new Error(`${fields}: ${problems[0]?.message}`)
  return plan
}

function fieldsOf(plan: Plan): readonly FieldType[] {
  return plan.contracts.find(({ name }) => name === 'E')?.fields ?? []
}

/** Events of the writer, with no member that its contract does not name, that the reader cannot read. */
async function unread(writer: Plan, reader: Plan, records: readonly object[]): Promise<readonly object[]> {
  const events = records.map(
    record => onlyNamed(record, { kind: 'record', name: null, fields: fieldsOf(writer) }) as object,
  )
  const [written, read] = [await accepted(writer, events), await accepted(reader, events)]
  return events.filter((_, place) => written.has(place) && !read.has(place))
}

function onlyNamed(value: unknown, type: Type): unknown {
  if (type.kind === 'optional') return onlyNamed(value, type.inner)
  if (type.kind === 'list' && Array.isArray(value)) return value.map(item => onlyNamed(item, type.element))
  if (type.kind !== 'record' || typeof value !== 'object' || value === null) return value
  const members = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(type.fields.map(({ name, type }) => [name, onlyNamed(members[name], type)]))
}

/** Places of the records that are read without a finding and pass all checks. */
async function accepted(plan: Plan, records: readonly object[]): Promise<ReadonlySet<number>> {
  const lines = records.map(record => `${JSON.stringify(record)}\n`).join('')
  const opened = await open(plan, 'r.ndjson', lines)
  const findings = new Set(opened.findings.map(({ index }) => index))
  const { rejected } = evaluate(plan, opened.log)
  return new Set(records.map((_, place) => place).filter(place => !findings.has(place) && !rejected.includes(place)))
}
