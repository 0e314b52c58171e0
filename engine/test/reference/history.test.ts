/** docs/language.md, "History": each sentence as an example. */
import { absent, unknown } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { at, decisionsOf, type TestEvent, valuesAt } from './judge.ts'

const contracts = `
contract Paid { customer: String  amount: Int  way: String?  ok: Bool }
contract Asked { customer: String  payer: String? }
contract Reset { customer: String  hard: Bool }
`
/** The expression at each `Asked`. */
const asked = (expression: string, events: readonly TestEvent[]) => valuesAt('Asked', expression, contracts, events)
/** The expression at each `Paid`. */
const paid = (expression: string, events: readonly TestEvent[]) => valuesAt('Paid', expression, contracts, events)
const pay = (time: string, amount = 1, customer = 'ann', more = {}) =>
  at(time, 'Paid', { customer, amount, ok: true, ...more })
const ask = (time: string, customer = 'ann', more = {}) => at(time, 'Asked', { customer, ...more })
const reset = (time: string, hard = true, customer = 'ann') => at(time, 'Reset', { customer, hard })

describe('over D', () => {
  test('an event exactly D ago is out, a millisecond later it is in', () => {
    const events = [pay('09:00:00.000'), pay('09:00:00.001'), ask('10:00')]
    expect(asked('count of Paid by customer over 1h', events)).toEqual(['1'])
  })
  test('the current event counts, and not with `before this`', () => {
    const events = [pay('09:00'), pay('09:01')]
    expect(paid('count of Paid by customer over 1h', events)).toEqual(['1', '2'])
    expect(paid('count of Paid by customer over 1h before this', events)).toEqual(['0', '1'])
  })
  test('of events at the same time, those before it in the log are seen', () => {
    const events = [pay('09:00'), ask('09:00'), pay('09:00'), ask('09:00')]
    expect(asked('count of Paid by customer over 1s', events)).toEqual(['1', '2'])
  })
  test('equal events are two events', () => {
    expect(asked('sum(amount) of Paid by customer over 1h', [pay('09:00', 5), pay('09:00', 5), ask('09:00')])).toEqual([
      '10',
    ])
  })
})

describe('by', () => {
  test('the customer of the current event, another field of it, or everyone', () => {
    const events = [pay('09:00', 1, 'ann'), pay('09:01', 2, 'bob'), ask('09:02', 'ann', { payer: 'bob' })]
    expect(asked('sum(amount) of Paid by customer over 1h', events)).toEqual(['1'])
    expect(asked('sum(amount) of Paid by customer = e.payer over 1h', events)).toEqual(['2'])
    expect(asked('sum(amount) of Paid by all over 1h', events)).toEqual(['3'])
  })
  test('an event whose key is unknown is in nobody’s window', () => {
    const events = [pay('09:00'), at('09:01', 'Paid', { customer: unknown, amount: 1, ok: true }), ask('09:02')]
    expect(asked('count of Paid by customer over 1h', events)).toEqual(['1'])
    expect(asked('count of Paid by all over 1h', events)).toEqual(['2'])
  })
  test('where the current event’s own key is unknown or absent, the form is unknown', () => {
    const events = [pay('09:00'), at('09:01', 'Asked', { customer: unknown }), ask('09:02', 'ann', { payer: absent })]
    expect(asked('count of Paid by customer over 1h', events)).toEqual(['unknown', '1'])
    expect(asked('count of Paid by customer = e.payer over 1h', events)).toEqual(['unknown', 'unknown'])
  })
})

describe('per', () => {
  const events = [pay('2026-10-31T23:59'), pay('2026-11-01T00:00'), pay('2026-11-15T23:00'), pay('2026-11-16T00:00')]
  test.each([
    ['per month', '2026-11-16T00:30', '3'],
    ['per week', '2026-11-16T00:30', '1'],
    ['per week', '2026-11-15T23:30', '1'],
    ['per day', '2026-11-16T23:59', '1'],
    ['per hour', '2026-11-16T01:00', '0'],
  ])('%s at %s: %s', (range, time, count) => {
    const seen = events.filter(event => event.time <= at(time, 'Asked').time)
    expect(asked(`count of Paid by customer ${range}`, [...seen, ask(time)])).toEqual([count])
  })
})

describe('since', () => {
  const count = 'count of Paid by customer since Reset where hard'
  test('the events after the last reset, or all where there was none', () => {
    expect(
      asked(count, [pay('09:00'), ask('09:01'), reset('09:02'), ask('09:03'), pay('09:04'), ask('09:05')]),
    ).toEqual(['1', '0', '1'])
  })
  test('other keys and soft resets are none', () => {
    expect(asked(count, [pay('09:00'), reset('09:01', true, 'bob'), reset('09:02', false), ask('09:03')])).toEqual([
      '1',
    ])
  })
  test('an unknown reset makes it unknown until the next certain one', () => {
    const maybe = at('09:01', 'Reset', { customer: 'ann', hard: unknown })
    expect(asked(count, [pay('09:00'), maybe, ask('09:02'), reset('09:03'), ask('09:04')])).toEqual(['unknown', '0'])
  })
  test('the current event may be the reset; with `before this` it is not', () => {
    const own = 'count of Paid by customer since Paid where amount > 5'
    expect(paid(own, [pay('09:00'), pay('09:01', 9), pay('09:02')])).toEqual(['1', '0', '1'])
    expect(paid(`${own} before this`, [pay('09:00'), pay('09:01', 9), pay('09:02')])).toEqual(['0', '1', '0'])
  })
})

describe('aggregates', () => {
  const events = [pay('09:00', 4), pay('09:01', 1), pay('09:02', 2), pay('09:03', 2), ask('09:04')]
  test.each([
    ['count of Paid', '4'],
    ['sum(amount) of Paid', '9'],
    ['avg(amount) of Paid', '2.25'],
    ['min(amount) of Paid', '1'],
    ['max(amount) of Paid', '4'],
    ['distinct(amount) of Paid', '3'],
    ['share(amount > 1) of Paid', '75%'],
    ['first(amount) of Paid', '4'],
    ['last(amount) of Paid', '2'],
    // Rank ceil(q * n), at least 1, of 1 2 2 4.
    ['quantile(amount, 0%) of Paid', '1'],
    ['quantile(amount, 50%) of Paid', '2'],
    ['quantile(amount, 75%) of Paid', '2'],
    ['quantile(amount, 76%) of Paid', '4'],
    ['last(amount) of Paid where amount > 2', '4'],
  ])('%s is %s', (form, value) => expect(asked(`${form} by customer over 1h`, events)).toEqual([value]))

  test.each([
    ['count of Paid', '0'],
    ['sum(amount) of Paid', '0'],
    ['distinct(amount) of Paid', '0'],
    ['avg(amount) of Paid', 'absent'],
    ['min(amount) of Paid', 'absent'],
    ['last(amount) of Paid', 'absent'],
    ['first(amount) of Paid', 'absent'],
    ['share(ok) of Paid', 'absent'],
    ['quantile(amount, 50%) of Paid', 'absent'],
  ])('%s of nothing is %s', (form, value) =>
    expect(asked(`${form} by customer over 1h`, [ask('09:00')])).toEqual([value]),
  )

  test('money of one currency is summed, of two it is unknown, and no money is 0 of none', () => {
    const declarations = 'contract Bought { price: Money }  contract Asked { price: Money? }'
    const usd = { amount: { n: 5n, d: 1n }, currency: 'USD' }
    const buy = (time: string, currency: string) => at(time, 'Bought', { price: { ...usd, currency } })
    const sum = (events: readonly TestEvent[]) =>
      valuesAt('Asked', 'sum(price) of Bought by all over 1h', declarations, events)
    expect(sum([at('09:00', 'Asked')])).toEqual(['0.00'])
    expect(sum([buy('09:00', 'USD'), buy('09:01', 'USD'), at('09:02', 'Asked')])).toEqual(['10.00 USD'])
    expect(sum([buy('09:00', 'USD'), buy('09:01', 'EUR'), at('09:02', 'Asked')])).toEqual(['unknown'])
  })
})

describe('unknown in history', () => {
  const maybe = (time: string) => at(time, 'Paid', { customer: 'ann', amount: unknown, ok: unknown })
  test('an unknown `where` or value inside the range makes an aggregate unknown', () => {
    const events = [pay('09:00'), maybe('09:30'), ask('09:31'), ask('10:30')]
    expect(asked('count of Paid where ok by customer over 1h', events)).toEqual(['unknown', '0'])
    expect(asked('sum(amount) of Paid by customer over 1h', events)).toEqual(['unknown', '0'])
    expect(asked('count of Paid by customer over 1h', events)).toEqual(['2', '0'])
    expect(asked('sum(amount) of Paid where not ok by customer over 1h', [pay('09:00'), ask('09:01')])).toEqual(['0'])
  })
  test('exists: true if any is, else unknown if any is', () => {
    const form = 'exists Paid where ok by customer over 1h'
    expect(asked(form, [maybe('09:00'), ask('09:01'), pay('09:02'), ask('09:03')])).toEqual(['unknown', 'true'])
    expect(asked('no Paid where ok by customer over 1h', [maybe('09:00'), ask('09:01')])).toEqual(['unknown'])
  })
  test('last looks backwards to the first certain event, first forwards', () => {
    const events = [pay('09:00', 1), maybe('09:01'), pay('09:02', 3), ask('09:03')]
    expect(asked('last(amount) of Paid where ok by customer over 1h', events)).toEqual(['3'])
    expect(asked('first(amount) of Paid where ok by customer over 1h', events)).toEqual(['1'])
    expect(
      asked('last(amount) of Paid where ok by customer over 1h', [...events, maybe('09:04'), ask('09:05')]),
    ).toEqual(['3', 'unknown'])
  })
})

describe('A then B', () => {
  const form = 'Paid where ok then Reset by customer over 1h'
  test('holds when both happened in this order, inside the range', () => {
    expect(
      asked(form, [reset('09:00'), pay('09:01'), ask('09:02'), reset('09:03'), ask('09:04'), ask('10:01')]),
    ).toEqual(['false', 'true', 'false'])
  })
  test('one event cannot be two steps; the last may be the current one', () => {
    const twice = 'Paid then Paid by customer over 1h'
    expect(paid(twice, [pay('09:00'), pay('09:00')])).toEqual(['false', 'true'])
    expect(paid(`${twice} before this`, [pay('09:00'), pay('09:00'), pay('09:00')])).toEqual(['false', 'false', 'true'])
  })
  test('unknown where only uncertain events make a chain', () => {
    const maybe = at('09:00', 'Paid', { customer: 'ann', amount: 1, ok: unknown })
    expect(asked(form, [maybe, reset('09:01'), ask('09:02')])).toEqual(['unknown'])
    expect(asked(form, [maybe, pay('09:01'), reset('09:02'), ask('09:03')])).toEqual(['true'])
  })
})

test('an event that its contract rejects is in no window', () => {
  const declarations = 'contract Paid { amount: Int  check amount > 0 }  contract Asked { note: String? }'
  const events = [at('09:00', 'Paid', { amount: 5 }), at('09:01', 'Paid', { amount: -5 }), at('09:02', 'Asked')]
  expect(valuesAt('Asked', 'sum(amount) of Paid by all over 1h', declarations, events)).toEqual(['5'])
})

test('a `let` inside `where` is of the current event, history and all', () => {
  const program = `${contracts}
policy p version 1.0.0 {
  on Paid as e
  default permit
  let earlier = count of Paid by customer over 1h before this
  rule again when exists Paid where amount == earlier by customer over 1h before this deny
}`
  // At the second event one was before, of amount 1; at the third two were, and neither is of amount 2.
  expect(decisionsOf(program, [pay('09:00', 1), pay('09:01', 5), pay('09:02', 7)])).toEqual([
    'permit by default',
    'deny by again',
    'permit by default',
  ])
})
