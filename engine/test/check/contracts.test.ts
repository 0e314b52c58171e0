/** W06xx: contracts and samples. */
import { expect, test } from 'vitest'
import { type Case, checkAll, expectMarked, runCase } from './marked.ts'

const cases: Record<string, Case> = {
  'W0601 more than one time field': {
    wrong: 'module m\ncontract C { at: Time time  until: Time [[W0601|time]] }',
    fine: 'module m\ncontract C { at: Time time  until: Time }',
  },
  'W0602 time field of another type': {
    wrong: 'module m\ncontract C { at: Time? [[W0602|time]] }',
    fine: 'module m\ncontract C { at: Time time }',
  },
  'W0603 key that cannot identify': {
    wrong: 'module m\ncontract C { ids: List<String> [[W0603|key]]  id: String? [[W0603|key]] }',
    fine: 'module m\ncontract C { tenant: String key  id: String key }',
  },
  'W0604 item given twice': {
    wrong: 'module m\ncontract C { owner "a" [[W0604|owner "b"]] n: Int }',
    fine: 'module m\ncontract C { owner "a" n: Int check n > 1 check n < 5 }',
  },
  'W0605 unknown compatibility mode': {
    wrong: 'module m\ncontract C { compatibility [[W0605|backwards]] n: Int }',
    fine: 'module m\ncontract C { compatibility backward n: Int }',
    fixed: 'module m\ncontract C { compatibility backward n: Int }',
  },
  'W0606 contract sampled twice': {
    wrong: 'module m\ncontract C { n: Int }\nsample C { n: 1 }\nsample [[W0606|C]] { n: 2 }',
    fine: ['module m\ncontract C { n: Int }\nsample C { n: 1 }', 'module n\nuse m { C }\nsample C { n: 2 }'],
  },
  'W0608 value outside its range': {
    wrong: 'module m\ncontract C { share: Decimal in 0 .. 1 }\nsample C { share: [[W0608|1.5]] }',
    fine: 'module m\ncontract C { share: Decimal in 0 .. 1 }\nsample C { share: 1 }',
  },
  'W0607 field marked twice': {
    wrong: 'module m\ncontract C { n: String secret [[W0607|secret]] }',
    fine: 'module m\ncontract C { n: String secret personal(identifier) }',
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('checks see the fields by their names, and know enums and guards', () => {
  expectMarked(`module m
contract C {
  n: Int  risk: Decimal? in 0 .. 1  channel: enum { chat, email }
  check n > 0 else reject "positive"
  check risk is present or channel != chat else warn
  check [[W0401|risk]] > 1
  check [[W0203|nn]] > 1
}`)
})

test('retention is a constant length of time', () => {
  const { plan } = checkAll('module m\ncontract C { n: Int retention 400d }\ncontract D { n: Int }')
  expect(plan?.contracts.map(({ retentionMilliseconds }) => retentionMilliseconds)).toContain(400 * 86_400_000)
  expectMarked('module m\ncontract C { n: Int retention [[W0507|(1d - 1d)]] }')
  expectMarked('module m\ncontract C { n: Int retention [[W0507|5 USD]] }')
})

test('samples give constants of the fields’ types', () => {
  expectMarked(`module m
define standard = 5
contract C { n: Int  s: String  o: Int?  channel: enum { chat }  part: { a: Int } }
sample C { n: standard, s: [[W0301|true]], [[W0214|x]]: 1, channel: chat, part: [[W0316|{ }]], o: [[W1005|abs(hour_of_day(now))]] }`)
})

test('a contract of the plan', () => {
  const { plan } = checkAll(`module m
type Score = Decimal in 0 .. 1
contract C version 1.2.0 {
  id: String key personal(identifier)  at: Time time  score: Score?  iban: String matches "[A-Z]+"
}`)
  const contract = plan?.contracts.find(contract => contract.name === 'C')
  expect(contract).toMatchObject({
    module: 'm',
    version: '1.2.0',
    timeField: 'at',
    keyFields: ['id'],
    fields: [
      { name: 'id', type: { kind: 'string' }, refinement: null, classes: ['personal(identifier)'] },
      { name: 'at', type: { kind: 'time' } },
      {
        name: 'score',
        type: { kind: 'optional', inner: { kind: 'decimal' } },
        refinement: { range: { low: { n: 0n }, high: { n: 1n } } },
      },
      { name: 'iban', refinement: { range: null, pattern: '[A-Z]+' } },
    ],
  })
})
