/** Exceptions: which matches they take away. Both evaluators have to agree on each example. */
import { unknown } from '@writ/engine'
import { expect, test } from 'vitest'
import { at, decisionsOf, type Fields, type TestEvent } from './judge.ts'

function program(items: string, rules = 'rule large when p.amount > 100 deny'): string {
  return `contract Paid version 1.0.0 { agent: String  amount: Int }
policy limits version 1.0.0 {
  on Paid as p
  default permit
  ${rules}
}
exception x { rule limits.large granted by "ana" ${items} }`
}

function paid(time: string, fields: Fields = {}): TestEvent {
  return at(time, 'Paid', { agent: 'a', amount: 500, ...fields })
}

test('in force from its first to its last moment', () => {
  const times = ['08:59:59.999', '09:00', '10:00', '10:00:00.001']
  const events = times.map(time => paid(time))
  expect(decisionsOf(program('from 2026-11-20T09:00:00Z until 2026-11-20T10:00:00Z'), events)).toEqual([
    'deny by large',
    'permit by default (large waived by x)',
    'permit by default (large waived by x)',
    'deny by large',
  ])
})

test('for events that its condition fits; one that cannot be known does not', () => {
  expect(
    decisionsOf(program('when agent == "a" until 2026-12-31'), [
      paid('09:00'),
      paid('09:01', { agent: 'b' }),
      paid('09:02', { agent: unknown }),
      paid('09:03', { amount: 1 }),
    ]),
  ).toEqual(['permit by default (large waived by x)', 'deny by large', 'deny by large', 'permit by default'])
})

test('also where the rule would match because it cannot know', () => {
  expect(decisionsOf(program('until 2026-12-31'), [paid('09:00', { amount: unknown })])).toEqual([
    'permit by default (large waived by x)',
  ])
})

test('the other rules decide as ever', () => {
  const rules = 'rule first warn rule large when p.amount > 100 deny rule last when p.amount > 400 hold'
  expect(decisionsOf(program('until 2026-12-31', rules), [paid('09:00'), paid('09:01', { amount: 200 })])).toEqual([
    'hold by last (large waived by x)',
    'warn by first (large waived by x)',
  ])
})

test('a waived match does not trip the breaker, and what a tripped one holds may be waived', () => {
  const lasting = 'rule large when p.amount > 100 deny for 15m by all'
  expect(
    decisionsOf(program('when agent == "a" until 2026-12-31', lasting), [
      paid('09:00'),
      paid('09:01', { agent: 'b', amount: 1 }),
      paid('09:02', { agent: 'b' }),
      paid('09:03', { amount: 1 }),
      paid('09:04', { agent: 'b', amount: 1 }),
    ]),
  ).toEqual([
    'permit by default (large waived by x)',
    'permit by default',
    'deny by large',
    'permit by default (large waived by x)',
    'deny by large (lasting)',
  ])
})

test('of several exceptions the first is recorded', () => {
  const two = `${program('when amount > 300 until 2026-12-31')}\nexception y { rule limits.large granted by "bo" until 2026-12-31 }`
  expect(decisionsOf(two, [paid('09:00'), paid('09:01', { amount: 200 })])).toEqual([
    'permit by default (large waived by x)',
    'permit by default (large waived by y)',
  ])
})
