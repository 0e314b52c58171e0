/** Breakers, `deny for 15m by agent`: which events a rule goes on matching. Both evaluators have to agree on each example. */
import { absent, unknown } from '@writ/engine'
import { expect, test } from 'vitest'
import { at, decisionsOf, type Fields, type TestEvent } from './judge.ts'

const contracts = `
contract Paid version 1.0.0 { agent: String  backup: String?  amount: Int }
contract Refunded version 1.0.0 { agent: String  amount: Int }
`

function policy(rule: string, on = 'on Paid as p'): string {
  return `${contracts}policy limits version 1.0.0 {\n  ${on}\n  default permit\n  ${rule}\n}`
}

const large = policy('rule large when p.amount > 100 deny for 15m by agent')

function paid(time: string, fields: Fields, contract = 'Paid'): TestEvent {
  return at(time, contract, { agent: 'a', backup: absent, amount: 1, ...fields })
}

test('it stays tripped for its time, the last moment included, and for its key only', () => {
  expect(
    decisionsOf(large, [
      paid('09:00', {}),
      paid('09:01', { amount: 101 }),
      paid('09:02', {}),
      paid('09:02', { agent: 'b' }),
      paid('09:16', {}),
      paid('09:16:00.001', {}),
    ]),
  ).toEqual([
    'permit by default',
    'deny by large',
    'deny by large (lasting)',
    'permit by default',
    'deny by large (lasting)',
    'permit by default',
  ])
})

test('only a match by the own condition trips it, again each time', () => {
  expect(
    decisionsOf(large, [
      paid('09:00', { amount: 101 }),
      paid('09:10', {}),
      paid('09:12', { amount: 102 }),
      paid('09:20', {}),
      paid('09:27', {}),
      paid('09:28', {}),
    ]).map(decision => decision.startsWith('deny')),
  ).toEqual([true, true, true, true, true, false])
})

test('an event at the same time, later in the order, is held', () => {
  expect(decisionsOf(large, [paid('09:00', {}), paid('09:00', { amount: 101 }), paid('09:00', {})])).toEqual([
    'permit by default',
    'deny by large',
    'deny by large (lasting)',
  ])
})

test('an event without the key trips nothing and is not held', () => {
  expect(
    decisionsOf(large, [
      paid('09:00', { agent: unknown, amount: 101 }),
      paid('09:01', {}),
      paid('09:02', { amount: 101 }),
      paid('09:03', { agent: unknown }),
    ]),
  ).toEqual(['deny by large', 'permit by default', 'deny by large', 'permit by default'])
})

test('an unknown condition trips a rule that denies, and no rule that warns', () => {
  const events = [paid('09:00', { amount: unknown }), paid('09:01', {}), paid('09:02', { amount: unknown })]
  expect(decisionsOf(large, events)).toEqual([
    'deny by large (unknown)',
    'deny by large (lasting)',
    'deny by large (unknown)',
  ])
  expect(decisionsOf(large.replace('deny for', 'warn for'), events)).toEqual(Array(3).fill('permit by default'))
})

test('a warning whose condition is unknown goes on while the breaker is tripped', () => {
  expect(
    decisionsOf(large.replace('deny for', 'warn for'), [
      paid('09:00', { amount: 101 }),
      paid('09:01', { amount: unknown }),
    ]),
  ).toEqual(['warn by large', 'warn by large (lasting)'])
})

test('a key may be any value, several, or nobody in particular', () => {
  const events = [
    paid('09:00', { amount: 101, backup: 'b' }),
    paid('09:01', { agent: 'b' }),
    paid('09:02', { agent: 'c', backup: 'b' }),
    paid('09:03', { backup: 'b' }),
  ]
  const held = (keys: string) =>
    decisionsOf(large.replace('by agent', `by ${keys}`), events).map(decision => decision !== 'permit by default')
  expect(held('who = p.backup')).toEqual([true, false, true, true])
  expect(held('who = (p.backup ?? p.agent)')).toEqual([true, true, true, true])
  expect(held('agent, backup')).toEqual([true, false, false, true])
  expect(held('all')).toEqual([true, true, true, true])
})

test('a rule over several contracts has one breaker', () => {
  const both = policy('rule large when e.amount > 100 deny for 15m by agent', 'on Paid, Refunded as e')
  expect(
    decisionsOf(both, [
      paid('09:00', { amount: 101 }),
      paid('09:01', {}, 'Refunded'),
      paid('09:02', { agent: 'b', amount: 101 }, 'Refunded'),
      paid('09:03', { agent: 'b' }),
    ]),
  ).toEqual(['deny by large', 'deny by large (lasting)', 'deny by large', 'deny by large (lasting)'])
})

test('a breaker on history, among other rules', () => {
  const fast = policy(`
  rule first when p.amount == 7 warn
  rule fast when count of Paid by agent over 1m > 2 deny for 10m by agent
  rule last when p.amount > 5 hold`)
  const events = ['09:00', '09:00:10', '09:00:20', '09:05', '09:10:20', '09:10:21'].map(time =>
    paid(time, { amount: 7 }),
  )
  expect(decisionsOf(fast, events)).toEqual([
    'hold by last',
    'hold by last',
    'deny by fast',
    'deny by fast (lasting)',
    'deny by fast (lasting)',
    'hold by last',
  ])
})

test('a rejected event trips nothing', () => {
  const strict = large.replace('amount: Int }', 'amount: Int\n check amount != 500 }')
  expect(decisionsOf(strict, [paid('09:00', { amount: 500 }), paid('09:01', {})])).toEqual(['permit by default'])
})
