/** W10xx: tests of the language, their steps and times. */
import { expect, test } from 'vitest'
import { type Case, checkAll, expectMarked, runCase } from './marked.ts'

/** A policy on Paid with the rule r, and a test of it. */
function scenario(steps: string): string {
  return `module t
use e { Paid, Lead }
policy t { on Paid as p  default deny  let big = p.n > 5  rule r when big permit  rule asks require approval from Lead }
test "t" { ${steps} }`
}

const cases: Record<string, Case> = {
  'W1001 event with missing fields': {
    wrong:
      'module m\nuse e { Refused }\npolicy q { on Refused default deny }\ntest "t" { given [[W1001|Refused]] { id: "1", n: 1 } expect deny }',
    fine: scenario('given Paid { id: "1" } expect hold'),
  },
  'W1002 expectation without an event': {
    wrong: scenario('[[W1002|expect deny]]'),
    fine: scenario('given Paid { } expect hold'),
  },
  'W1003 unknown rule in a test': {
    wrong: scenario('given Paid { } expect hold by [[W1003|askk]]'),
    fine: scenario('given Paid { } expect hold by asks'),
    fixed: scenario('given Paid { } expect hold by asks'),
  },
  'W1004 time goes backwards': {
    wrong: scenario('given Paid { } at 09:00 given Paid { } at [[W1004|08:00]]'),
    fine: scenario('given Paid { } at 09:00 given Paid { } at 09:00'),
  },
  'W1005 value that is not constant': {
    wrong: scenario('given Paid { day: [[W1005|now]] }'),
    fine: scenario('given Paid { day: 2026-01-01, n: 2 * 3 }'),
  },
  'W1006 rule name of several policies': {
    wrong: `${scenario('given Paid { } expect hold by [[W1006|asks]]')}\npolicy u { on Paid default deny rule asks permit }`,
    fine: `${scenario('given Paid { } expect hold by t.asks')}\npolicy u { on Paid default deny rule asks permit }`,
    fixed: `${scenario('given Paid { } expect hold by t.asks')}\npolicy u { on Paid default deny rule asks permit }`,
  },
  'W1007 unknown problem code': {
    wrong: scenario('given Paid { n: "x" } expect problem [[W1007|W0301]]'),
    fine: scenario('given Paid { n: "x" } expect problem W2001'),
  },
  'W1008 approval no rule asks for': {
    wrong: scenario('given Paid { } expect approval from [[W1008|Boss]]').replace(
      'test',
      'role Boss { members "x" }\ntest',
    ),
    fine: scenario('given Paid { } expect approval from Lead'),
  },
  'W1009 test title used twice': {
    wrong: `${scenario('given Paid { } expect hold')}\ntest [[W1009|"t"]] { given Paid { } expect hold }`,
    fine: `${scenario('given Paid { } expect hold')}\ntest "u" { given Paid { } expect hold }`,
  },
  'W1010 event that no policy decides': {
    wrong: 'module m\nuse e { Paid }\ntest "t" { given Paid { } [[W1010|expect deny]] }',
    fine: scenario('given Paid { } expect hold'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('an instance may be expected to be cancelled', () => {
  expect(checkAll(scenario('given Paid { } expect cancelled asks')).problems).toEqual([])
})

test('expectations read the event as `it`, by the alias, and the lets by name', () => {
  expectMarked(scenario('given Paid { n: 7 } expect it.n == 7 expect p.n == 7 expect big expect not big'))
  expectMarked(
    scenario('given Paid { n: 7 } expect count of Paid by who over 1d == 1 expect then notify pager { n: it.n }'),
  )
})

test('a value may break its contract where the next expectation is about the problem', () => {
  expectMarked(scenario('given Paid { n: "seven" } expect problem W2001'))
  expectMarked(scenario('given Paid { n: [[W0301|"seven"]] } expect hold'))
})

test('steps of the plan: times follow, samples fill in, the time field is the time', () => {
  const { plan } = checkAll(
    scenario(`given Paid { n: 7 } given Paid { } at 09:00:07.250 at 10:00 given Paid { } expect approval from Lead
      at 2026-11-20T09:00:00Z expect hold by asks`),
  )
  const day = Date.UTC(2000, 0, 1)
  const steps = plan?.tests[0]?.steps ?? []
  expect(steps.map(step => [step.kind, 'at' in step ? step.at : null])).toEqual([
    ['given', day],
    ['given', day + 32_407_250],
    ['at', day + 36_000_000],
    ['given', day + 36_001_000],
    ['expect-approval', null],
    ['at', Date.UTC(2026, 10, 20, 9)],
    ['expect-decision', null],
  ])
  const [first] = steps
  const values = first?.kind === 'given' ? first.fields : []
  const value = (name: string) => values.find(field => field.name === name)?.value
  expect(value('n')).toMatchObject({ kind: 'literal', value: { n: 7n } })
  expect(value('who')).toMatchObject({ kind: 'literal', value: 'w' })
  expect(value('at')).toMatchObject({ kind: 'literal', value: { n: BigInt(day) } })
  expect(value('payer')).toBeUndefined()
})

test('a step of a contract in another module is filled from the sample there, unless its own module has one', () => {
  const { plan } = checkAll(
    scenario('given Paid { }').replace(
      'test',
      'sample Paid { id: "own", who: "o", amount: 1 EUR, euros: 1 EUR, n: 1, part: 50%, took: 1s, day: 2026-01-01, channel: chat, tags: [], home: { city: "Bern" } }\ntest',
    ),
  )
  const [step] = plan?.tests[0]?.steps ?? []
  const id = step?.kind === 'given' ? step.fields.find(field => field.name === 'id') : undefined
  expect(id?.value).toMatchObject({ value: 'own' })
})
