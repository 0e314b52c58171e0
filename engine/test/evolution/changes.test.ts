/**
 * The comparison of contracts against its catalogue: for each kind two texts, the change that is found, and the verdicts as
 * the catalogue of changes has them (✓ compatible, ✗ breaking, △ conditional, ? unclassified), written here once more.
 */
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { type ChangeId, changeKind, changeKinds, otherKinds, verdictUnder } from '../../src/evolution/catalogue.ts'
import { contractChanges } from '../../src/evolution/compare.ts'
import { contractPart } from '../../src/evolution/contract-part.ts'
import { bumpOf, compareVersions, raised } from '../../src/evolution/version.ts'

/** Kind, body before, body after, verdicts backward and forward, least raise. */
const table: readonly (readonly [ChangeId, string, string, string, 'major' | 'minor' | 'patch'])[] = [
  ['F01', 'a: Int', 'a: Int  b: Int?', '✓✓', 'minor'],
  ['F04', 'a: Int', 'a: Int  b: Int', '✗✓', 'major'],
  ['F06', 'a: Int  b: Int?', 'a: Int', '✓△', 'major'],
  ['F07', 'a: Int  b: Int', 'a: Int', '✓✗', 'major'],
  ['F11', 'a: Int  b: Int', 'a: Int  c: Int', '✗✗', 'major'],
  ['F13', 'a: Int  b: Int', 'b: Int  a: Int', '✓✓', 'patch'],
  ['F15', 'a: Int  r: { x: Int }  b: String', 'a: Int  r: { x: Int  b: String }', '✗✗', 'major'],
  ['F17', 'a: Int?', 'a: Int', '✗✓', 'major'],
  ['F18', 'a: Int', 'a: Int?', '✓✗', 'major'],
  ['T01', 'a: Int', 'a: Decimal', '✓✗', 'minor'],
  ['T01', 'a: Money<EUR>', 'a: Money', '✓✗', 'minor'],
  ['T03', 'a: Decimal', 'a: Int', '✗△', 'major'],
  ['T03', 'a: Money', 'a: Money<EUR>', '✗△', 'major'],
  ['T06', 'a: String', 'a: Int', '✗✗', 'major'],
  ['T07', 'a: String', 'a: List<String>', '✗✗', 'major'],
  ['T08', 'a: List<String>', 'a: String', '✗✗', 'major'],
  ['T20', 'a: Money<USD>', 'a: Money<EUR>', '✗✗', 'major'],
  ['T21', 'a: Percent', 'a: Decimal', '✗✗', 'major'],
  ['T22', 'a: One', 'a: Two', '✓✓', 'patch'],
  ['T25', 'a: enum { x, y }', 'a: One', '✓✓', 'patch'],
  ['E02', 'a: enum { x }', 'a: enum { x, y }', '✓✗', 'major'],
  ['E04', 'a: enum { x, y }', 'a: enum { x }', '✗✓', 'major'],
  ['E05', 'a: enum { x, y }', 'a: enum { x, z }', '✗✗', 'major'],
  ['E07.opened', 'a: enum { x }', 'a: String', '✓✗', 'major'],
  ['E07.closed', 'a: String', 'a: enum { x }', '✗✓', 'major'],
  ['C01.relaxed', 'a: Int in 2 .. 9', 'a: Int in 1 .. 9', '✓✗', 'minor'],
  ['C01.tightened', 'a: Int in 1 .. 9', 'a: Int in 2 .. 9', '✗✓', 'major'],
  ['C02.relaxed', 'a: Int in 1 .. 8', 'a: Int in 1 .. 9', '✓✗', 'minor'],
  ['C02.tightened', 'a: Int in 1 .. 9', 'a: Int in 1 .. 8', '✗✓', 'major'],
  ['C07.added', 'a: String', 'a: String matches "x+"', '✗✓', 'major'],
  ['C07.removed', 'a: String matches "x+"', 'a: String', '✓✗', 'minor'],
  ['C07.changed', 'a: String matches "x+"', 'a: String matches "x*"', '??', 'major'],
  ['C12.added', 'a: Int', 'a: Int key', '✗✓', 'major'],
  ['C12.removed', 'a: Int key', 'a: Int', '✓✗', 'minor'],
  ['C12.changed', 'a: Int key  b: Int', 'a: Int  b: Int key', '✗✗', 'major'],
  ['C14.added', 'a: Int', 'a: Int  check a > 0', '✗✓', 'major'],
  ['C14.added', 'a: Int  check a > 0', 'a: Int  check a > 1', '✗✓', 'major'],
  ['C14.removed', 'a: Int  check a > 0', 'a: Int', '✓✗', 'minor'],
  ['C14.removed', 'a: Int  check a < 5', 'a: Int  check a < 9', '✓✗', 'minor'],
  ['C14.changed', 'a: Int  check a > 0', 'a: Int  check a != 3', '??', 'major'],
  ['C15.warning-added', 'a: Int', 'a: Int  check a > 0 else warn', '✓✓', 'minor'],
  ['C15.added', 'a: Int?', 'a: Int?  quality completeness(a) >= 99% over 1d', '✗✓', 'major'],
  ['C15.removed', 'a: Int  check a > 0 else warn', 'a: Int', '✓✗', 'minor'],
  ['C16.relaxed', 'a: Int  check a > 0', 'a: Int  check a > 0 else warn', '✓✗', 'minor'],
  ['C16.tightened', 'a: Int  check a > 0 else warn', 'a: Int  check a > 0', '✗✓', 'major'],
  [
    'C17',
    'quality completeness(a) >= 9% over 1d  a: Int',
    'quality completeness(a) >= 8% over 1d  a: Int',
    '??',
    'major',
  ],
  ['S01', 'a: Int  freshness 5m', 'a: Int  freshness 1m', '✓✓', 'minor'],
  ['S02', 'a: Int  freshness 5m', 'a: Int  freshness 1h', '✓✗', 'major'],
  ['S03.shortened', 'a: Int  retention 400d', 'a: Int  retention 30d', '✗✗', 'major'],
  ['S03.lengthened', 'a: Int  retention 30d', 'a: Int  retention 400d', '✓✓', 'minor'],
  ['S05', 'a: Time time  b: Time', 'a: Time  b: Time time', '✗✗', 'major'],
  ['S07', 'a: Int  owner "ana"', 'a: Int  owner "bo"', '✓✓', 'patch'],
  ['S13.weakened', 'a: Int  compatibility full', 'a: Int  compatibility backward', '✓✓', 'major'],
  ['S13.strengthened', 'a: Int', 'a: Int  compatibility backward', '✓✓', 'minor'],
  ['S14', 'a: String requester  b: String', 'a: String  b: String requester', '✗✗', 'major'],
  ['P01', 'a: String', 'a: String secret', '✓✓', 'minor'],
  ['P02', 'a: String secret', 'a: String', '✓✓', 'major'],
]

const signs = { compatible: '✓', breaking: '✗', conditional: '△', unclassified: '?' }

describe('a change of each kind', () => {
  test.each(table)('%s: %s → %s', (kind, before, after, verdicts, bump) => {
    const changes = between(before, after)
    expect(changes.map(change => `${change.kind} ${change.what}`)).toEqual([
      expect.stringMatching(`^${kind.replace('.', '[.]')} `),
    ])
    expect(signs[verdictUnder('backward', kind)] + signs[verdictUnder('forward', kind)]).toBe(verdicts)
    expect(changeKind(kind).bump).toBe(bump)
  })

  test('the contracts themselves', () => {
    const two = 'module e\ncontract E { a: Int }\ncontract F { a: Int }'
    const one = 'module e\ncontract E { a: Int }'
    const elsewhere = 'module f\ncontract E { a: Int }'
    expect(kinds(one, two)).toEqual(['I02'])
    expect(kinds(two, one)).toEqual(['S11'])
    expect(kinds(one, elsewhere)).toEqual(['S11.moved'])
  })

  test('every kind of the catalogue has its row, and the verdicts of modes follow from two', () => {
    const tested = new Set<string>([...table.map(([kind]) => kind), 'I02', 'S11', 'S11.moved'])
    expect(Object.keys(changeKinds).filter(kind => !tested.has(kind))).toEqual([])
    for (const [kind, , , verdicts] of table) {
      const full = verdicts.includes('✗')
        ? 'breaking'
        : verdicts.includes('?')
          ? 'unclassified'
          : verdicts.includes('△')
            ? 'conditional'
            : 'compatible'
      expect(verdictUnder('full', kind)).toBe(full)
      expect(verdictUnder('none', kind)).toBe('compatible')
    }
  })

  /** A 29, B 26, C 14, D 17, E 13, F 11, G 15, H 4. */
  test('each of the 129 kinds that formats know is here, or has the reason why it is not', () => {
    const groups = { F: 29, T: 26, E: 14, C: 17, S: 13, P: 11, R: 15, I: 4 }
    const all = Object.entries(groups).flatMap(([letter, size]) =>
      Array.from({ length: size }, (_, place) => `${letter}${String(place + 1).padStart(2, '0')}`),
    )
    const here = Object.keys(changeKinds).map(kind => kind.split('.')[0])
    const others = otherKinds.flatMap(({ ids }) => ids.split(' '))
    expect(all.length).toBe(129)
    expect(all.filter(id => here.includes(id) === others.includes(id))).toEqual([])
  })
})

describe('what is not a change', () => {
  test.each([
    ['layout and comments', 'a: Int', 'a:\n  // said better\n  Int'],
    ['the version number', 'a: Int', 'a: Int'],
    ['the order of members', 'a: enum { x, y }', 'a: enum { y, x }'],
    ['a check written the other way round', 'a: Int  check a > 0', 'a: Int  check 0 < a'],
    ['equal ranges', 'a: Decimal in 0.5 .. 1', 'a: Decimal in 0.50 .. 1.0'],
  ])('%s', (_, before, after) => expect(between(before, after)).toEqual([]))
})

test('changes inside records and lists have their path', () => {
  const [inRecord] = between('a: { x: Int  y: Int }', 'a: { x: Decimal  y: Int }')
  expect(inRecord).toMatchObject({ kind: 'T01', path: 'a.x' })
  const [inList] = between('a: List<{ x: enum { p } }>', 'a: List<{ x: enum { p, q } }>')
  expect(inList).toMatchObject({ kind: 'E02', path: 'a[].x', witness: 'a[].x: "q"' })
})

test('a change has its place in both texts', () => {
  const before = 'module e\ncontract E { b: Int  a: Int }'
  const after = 'module e\n/// What happened.\ncontract E { b: Int  a: Decimal }'
  const change = contractChanges(part(before), part(after)).find(({ kind }) => kind === 'T01')
  const text = (
    source: string,
    place: typeof change extends undefined ? never : { span: { start: number; end: number } } | null | undefined,
  ) => source.slice(place?.span.start, place?.span.end)
  expect([text(before, change?.old), text(after, change?.new)]).toEqual(['a: Int', 'a: Decimal'])
})

test('an enum made of a text with a pattern, and the reverse: members that do not match are told', () => {
  const told = (before: string, after: string) => between(before, after).map(({ kind }) => kind)
  expect(told('a: String matches "x|y"', 'a: enum { x, y }')).toEqual(['E07.closed'])
  expect(told('a: String matches "x"', 'a: enum { x, y }')).toEqual(['E07.closed', 'C07.removed'])
  expect(told('a: enum { x, y }', 'a: String matches "x"')).toEqual(['E07.opened', 'C07.added'])
})

test('two changes of one field are both told', () => {
  expect(between('a: Int in 1 .. 9', 'a: Decimal? in 2 .. 9').map(({ kind }) => kind)).toEqual([
    'F18',
    'T01',
    'C01.tightened',
  ])
})

test('the rest of the workspace does not matter, errors in contracts do', () => {
  const policy =
    'module p\nuse e { E, Nobody }\nrole Nobody { members "x" }\npolicy p { on E as e default deny rule r when e.gone permit }'
  const e = 'module e\ncontract E { a: Int  retention 3d }'
  expect([...contractPart([parse('e.writ', e), parse('p.writ', policy)]).contracts.keys()]).toEqual(['e.E'])
  expect(part('module e\ncontract E { a: Nonsense }').errors.length).toBe(1)
})

test('version numbers', () => {
  expect(bumpOf(between('a: Int', 'a: Int  b: Int?'))).toBe('minor')
  expect(bumpOf(between('a: Int', 'a: Int? '))).toBe('major')
  expect(bumpOf(between('a: Int  owner "x"', 'a: Int  owner "y"'))).toBe(null)
  expect([raised('1.2.3', 'major'), raised('1.2.3', 'minor'), raised('0.2.3', 'major')]).toEqual([
    '2.0.0',
    '1.3.0',
    '0.3.0',
  ])
  expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0)
})

const types = 'type One = enum { x, y }\ntype Two = enum { x, y }\n'

function part(text: string) {
  return contractPart([parse('e.writ', text)])
}
function between(before: string, after: string) {
  const version = (body: string) => part(`module e\n${types}contract E version 1.0.0 {\n${body}\n}`)
  const [old, now] = [version(before), version(after)]
  expect([...old.errors, ...now.errors].map(({ message }) => message)).toEqual([])
  return contractChanges(old, now)
}
function kinds(before: string, after: string): readonly string[] {
  return contractChanges(part(before), part(after)).map(({ kind }) => kind)
}
