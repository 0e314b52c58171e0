/** docs/language.md, "Tests": what a step means, and what a failed one says. */
import { runTests } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { planOf } from '../reference/judge.ts'

const program = `module refunds
contract Refund { id: String key  at: Time time  customer: String  amount: Money<USD>  risk: Decimal? in 0 .. 1
  check amount > 0 USD else reject "a refund is positive" }
sample Refund { id: "r", customer: "c", amount: 20 USD }
role Lead { members "ana" }
role Risk { members "kim" }
policy guard version 1.0.0 {
  on Refund as r
  default deny because "no rule covers this"
  let spent = sum(amount) of Refund by customer over 24h
  rule small when r.amount <= 50 USD and spent <= 100 USD
    permit
  rule sign when r.amount > 50 USD and r.amount <= 500 USD
    require approval from Lead within 30m else approval from Risk within 2h
    because "{r.amount} is above 50 USD"
    then notify pager { customer: r.customer, level: 2 }
}
`
/** Passed or the message, of one test with these steps. */
function outcome(steps: string): string {
  const [result] = runTests(planOf(`${program}test "t" {\n${steps}\n}`))
  return result?.message ?? 'passed'
}

describe('steps', () => {
  test.each([
    ['a decision', 'given Refund {}  expect permit'],
    ['a decision by a rule', 'given Refund { amount: 60 USD }  expect hold by sign'],
    ['an approval', 'given Refund { amount: 60 USD }  expect approval from Lead'],
    [
      'an obligation, with some of its fields',
      'given Refund { amount: 60 USD }  expect then notify pager { level: 2 }',
    ],
    ['a value', 'given Refund {}  given Refund {}  expect spent == 40 USD  expect it.amount == 20 USD'],
    [
      'time',
      'given Refund { amount: 50 USD } at 09:00  given Refund {} at 2000-01-02T09:00:00Z  expect spent == 20 USD',
    ],
    ['the time field', 'given Refund {} at 09:00  expect hour_of_day(it.at) == 9'],
    ['a value out of range', 'given Refund { risk: 2 }  expect problem W2003  expect permit'],
    ['a rejected event', 'given Refund { amount: 0 USD }  expect problem W2009'],
    ['money of another currency', 'given Refund { amount: 5 EUR }  expect problem W2006'],
  ])('%s', (_, steps) => expect(outcome(steps)).toBe('passed'))
})

describe('a failed step says what came and why', () => {
  test('of a decision', () => {
    expect(outcome('given Refund {}  expect deny')).toBe(
      'expected deny, but guard decided permit by rule small: r.amount <= 50 USD and spent <= 100 USD is true (r.amount is 20.00 USD, spent is 20.00 USD)',
    )
  })
  test('of the default', () => {
    expect(outcome('given Refund { amount: 600 USD }  expect permit')).toBe(
      'expected permit, but guard decided deny by its default: no rule covers this',
    )
  })
  test('of a rule that did not match', () => {
    expect(outcome('given Refund { amount: 60 USD }  expect permit by small')).toBe(
      'expected permit by small, but guard decided hold by rule sign: 60.00 USD is above 50 USD (r.amount > 50 USD and r.amount <= 500 USD is true (r.amount is 60.00 USD)); small did not match: r.amount <= 50 USD is false (r.amount is 60.00 USD)',
    )
  })
  test('of an approval that comes later', () => {
    expect(outcome('given Refund { amount: 60 USD }  expect approval from Risk')).toContain(
      'rule sign first asks Lead, and Risk only when nobody of them answers within 30 m',
    )
  })
  test('of a value', () => {
    expect(outcome('given Refund {}  expect spent > 50 USD')).toBe(
      'expected this to hold, but spent > 50 USD is false (spent is 20.00 USD)',
    )
  })
  test('of a problem', () => {
    expect(outcome('given Refund {}  expect problem W2003')).toBe(
      'expected the problem W2003, but the event keeps its contract',
    )
  })
  test('of an event that breaks its contract by mistake', () => {
    expect(outcome('given Refund { amount: 0 USD }  expect permit')).toContain('W2009')
  })
})

test('says which step failed, and where', () => {
  const text = `${program}test "two" {\n  given Refund {}\n  expect deny\n}\n`
  const [result] = runTests(planOf(text))
  expect(result).toMatchObject({ title: 'two', module: 'refunds', file: 'test.writ', passed: false })
  expect(text.split('\n')[(result?.line ?? 0) - 1]).toBe('test "two" {')
  expect(text.split('\n')[(result?.failedAt?.line ?? 0) - 1]).toBe('  expect deny')
})

test('an obligation may also follow a breached expectation, and not before it is breached', () => {
  const waiting = `module later
contract Asked { id: String key }
contract Answered { id: String key }
policy p {
  rule answer after Asked as a expect Answered where it.id == a.id within 1h else warn then remind { id: a.id }
}
`
  const told = (steps: string) => runTests(planOf(`${waiting}test "t" { ${steps} }`))[0]?.message ?? 'passed'
  const asked = 'given Asked { id: "a" } at 09:00'
  expect(told(`${asked} at 10:00:00.001 expect then remind { id: "a" }`)).toBe('passed')
  expect(told(`${asked} at 10:00:00.001 expect then remind { id: "b" }`)).toBe(
    'expected then remind, but recorded is remind { id: "a" }',
  )
  expect(told(`${asked} at 10:00 expect then remind { id: "a" }`)).toContain('but no policy decides')
})
