/** ODCS v3.1: what is exported is valid by the published schema and comes back as the same contract; foreign documents are read. */
import { readFileSync } from 'node:fs'
import { type ContractPart, check, contractChanges, contractPart } from '@writ/engine'
import { parse } from '@writ/grammar'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { importOdcs, isUnreadable, odcsDocument, odcsText } from '../../src/contracts/index.ts'
import { randomContract } from './random-contract.ts'

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(
  JSON.parse(fixture('odcs-json-schema-v3.1.0.json')),
)

const everything = `module acme.orders

type Channel = enum { chat, email }

/// An order, as it came in.
/// In two lines.
contract Ordered version 2.1.0 {
  owner "shop"
  compatibility backward transitive
  /// What identifies it.
  id       : String   key
  part     : Int      key
  at       : Time     time
  who      : String   requester personal(identifier)
  iban     : String?  matches "[A-Z]{2}[0-9]+|none" secret
  amount   : Money
  euros    : Money<EUR>? in 0 EUR .. 12.50 EUR
  share    : Percent? in 0% .. 12.5%
  risk     : Decimal? in 0 .. 1
  count    : Int in -5 .. 5
  exact    : Decimal in 0 .. 0.12345678901234567890123
  took     : Duration in 0s .. 1h
  since    : Time? in 2020-01-01 .. 2030-01-01
  release  : Version
  sure     : Bool
  channel  : Channel
  tags     : List<String>
  maybe    : List<Decimal?>?
  home     : {
    /// Without the country.
    city : String personal(address)
    zip  : String?
    cost : Money<USD>
  }?
  lines    : List<{ sku: String  price: Money<EUR>? in 0 EUR .. 5 EUR  kind: enum { x, y }? }>

  check count > 0 else reject "a \\"count\\" is positive"
  check iban is present or channel != chat else warn
  quality completeness(risk) >= 99% over 1d
  freshness 5m
  retention 400d
}

contract Plain { a: String }
`

describe('what is exported', () => {
  test('is valid by the published schema', () => {
    for (const version of partOf(everything).contracts.values()) {
      validate(odcsDocument(version))
      expect(validate.errors ?? []).toEqual([])
    }
  })

  test('comes back as the same contract, but for names of types', () => {
    const before = partOf(everything)
    const imported = imports(odcsText([...before.contracts.values()]))
    const after = partOf(imported.text)
    expect(contractChanges(before, after).map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'T25 the type of `channel` is written out',
    ])
    expect(imported.losses).toEqual([])
    expect(
      after.contracts.get('acme.orders.Ordered')?.syntax.fields.find(({ name }) => name.text === 'home')?.type.kind,
    ).toBe('optional-type')
  })

  const seed = Number(process.env.WRIT_SEED ?? 20_261_120)
  test(`so do generated contracts (seed ${seed})`, () => {
    for (let number = 0; number < 60; number++) {
      const text = randomContract(seed + number)
      const before = partOf(text)
      for (const version of before.contracts.values()) {
        validate(odcsDocument(version))
        expect(validate.errors ?? [], `seed ${seed + number}`).toEqual([])
      }
      const imported = imports(odcsText([...before.contracts.values()]))
      const changes = contractChanges(before, partOf(imported.text)).map(({ kind, what }) => `${kind} ${what}`)
      expect(changes, `seed ${seed + number}\n${text}`).toEqual([])
      expect(imported.losses).toEqual([])
    }
  })
})

describe('foreign documents', () => {
  test.each(['full-example.odcs.yaml', 'all-data-types.odcs.yaml'])(
    'the published %s becomes contracts that check',
    name => {
      const { text, contracts, losses } = imports(fixture(name), name)
      expect(contracts.length).toBeGreaterThan(0)
      expect(errorsOf(text)).toEqual([])
      expect(losses.length).toBeGreaterThan(10)
    },
  )

  test('what has an equivalent', () => {
    const { text } = imports(
      document(
        `
      - { name: id, logicalType: string, primaryKey: true, required: true, description: Who it is. }
      - { name: state, logicalType: string, quality: [{ metric: invalidValues, arguments: { validValues: [open, closed] }, mustBe: 0 }] }
      - { name: score, logicalType: number, logicalTypeOptions: { minimum: 0, maximum: 0.5 } }
      - { name: age, logicalType: integer, required: true, logicalTypeOptions: { exclusiveMinimum: 17, multipleOf: 2 } }
      - { name: code, logicalType: string, required: true, logicalTypeOptions: { pattern: '^[A-Z]+$', maxLength: 9 } }
      - { name: at, logicalType: timestamp, required: true, classification: Highly Restricted }
      - { name: parts, logicalType: array, required: true, items: { logicalType: object, properties: [{ name: sku, logicalType: string, required: true }] } }
    `,
        'slaProperties: [{ property: latency, value: 4, unit: h }]',
      ),
    )
    expect(text).toContain(`  /// Who it is.
  id     : String  key
  state  : enum { open, closed }?
  score  : Decimal? in 0 .. 0.5
  age    : Int
  code   : String matches "[A-Z]+"
  at     : Time    highly_restricted
  parts  : List<{ sku: String }>
  check age > 17
  check floor(age / 2) * 2 == age
  check length(code) <= 9
  freshness 4h
`)
    expect(errorsOf(text)).toEqual([])
  })

  test('what has none is told with its place', () => {
    const { losses, text } = imports(
      document(`
      - { name: hour, logicalType: time, physicalName: w }
      - { name: a b, logicalType: date, quality: [{ type: sql, query: select }] }
      - { name: x, logicalType: string, logicalTypeOptions: { pattern: '(?=x)' } }
      - { name: y, logicalType: string, customProperties: [{ property: writType, value: 'Int } policy p { default deny' }] }
    `),
    )
    expect(errorsOf(text)).toEqual([])
    const told = losses.map(({ path, what }) => `${path}: ${what}`)
    expect(told).toContain('schema[0].properties[0].physicalName: has no equivalent in a contract')
    expect(told).toContain('schema[0].properties[0]: has the logicalType time; here it is a String')
    expect(told).toContain('schema[0].properties[1]: is called a_b here; map a b onto it in the source')
    expect(told).toContain('schema[0].properties[1].quality[0]: is a quality rule without an equivalent')
    expect(told).toContain('schema[0].properties[3]: has a type of the language that is none')
    expect(told.some(text => text.startsWith('schema[0].properties[2]: has a pattern that cannot be said here'))).toBe(
      true,
    )
    expect(text).toMatch(/y +: String\?/)
  })

  test.each([
    ['a: b', 'apiVersion: '],
    [
      'kind: DataContract\napiVersion: v2.2.2\nid: a\nversion: 1.0.0',
      'apiVersion is v2.2.2, and v3.0 and v3.1 can be read',
    ],
    ['apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: 1.0.0', 'it has no schema'],
    ['a: [', 'line 1: '],
    ['', 'it is empty'],
    [
      'a: &a [x, x, x, x, x, x, x, x, x]\n' +
        Array.from(
          { length: 12 },
          (_, i) =>
            `${String.fromCharCode(98 + i)}: &${String.fromCharCode(98 + i)} [${`*${String.fromCharCode(97 + i)}, `.repeat(9)}]`,
        ).join('\n'),
      'alias',
    ],
    [`a: ${'['.repeat(5_000)}`, 'nested more than 60 levels'],
    [`a: ${'{a: '.repeat(100)}1${'}'.repeat(100)}`, 'nested more than 60 levels'],
    ['a: ' + 'x'.repeat(2_100_000), 'million characters'],
    [`a: [${'1,'.repeat(300_000)}]`, 'more than 200000 values'],
  ])('%.40s … is refused', (text, why) => {
    const read = importOdcs(text, 'a.yaml')
    expect(isUnreadable(read) ? read.unreadable : 'read').toContain(why)
  })
})

test('mangled documents are refused or read, and what is read checks', () => {
  const text = fixture('all-data-types.odcs.yaml')
  for (let place = 40; place < text.length; place += 97) {
    const mangled =
      text.slice(0, place) + ['"', '\n', ': ', '- ', '\u2028', '}', '0'][place % 7] + text.slice(place + (place % 5))
    const read = importOdcs(mangled, 'a.yaml')
    if (!isUnreadable(read)) expect(errorsOf(read.text), read.text).toEqual([])
  }
})

test('YAML keeps texts that look like something else', () => {
  const [version] = partOf('module m\ncontract C { a: enum { yes, off, null_ } }').contracts.values()
  if (version === undefined) throw new Error('there is one contract')
  expect(parseYaml(odcsText([version]))).toMatchObject({
    schema: [{ properties: [{ quality: [{ arguments: { validValues: ['yes', 'off', 'null_'] } }] }] }],
  })
})

function document(properties: string, more = ''): string {
  return `apiVersion: v3.1.0\nkind: DataContract\nid: x\nname: shop\nversion: 1.0.0\n${more}\nschema:\n  - name: Thing\n    properties:${properties.replace(/^ {6}/gm, '      ')}`
}
function imports(text: string, name = 'a.yaml') {
  const read = importOdcs(text, name)
  if (isUnreadable(read)) throw new Error(read.unreadable)
  return read
}
function partOf(text: string): ContractPart {
  const part = contractPart([parse('a.writ', text)])
  expect(
    part.errors.map(({ message }) => message),
    text,
  ).toEqual([])
  return part
}
function errorsOf(text: string): readonly string[] {
  const { problems } = check([parse('a.writ', text)])
  return problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)
}
