/** What would have changed a decision: one small program per way. Every change is tried before it is told. */
import { describe, expect, test } from 'vitest'
import { changesOf } from '../../src/explain/counterfactual.ts'
import { explain } from '../../src/explain/trace.ts'
import { planOf, type Recorded, viewOf } from './payments.ts'

const contract = `
contract Order version 1.0.0 {
  id: String  customer: String  amount: Money<EUR>  pieces: Int  risk: Decimal? in 0 .. 1
  channel: enum { chat, email, phone }  gift: Bool  recipients: List<String>  at: Time time
  check pieces >= 1
}
contract Refund version 1.0.0 { customer: String  amount: Money<EUR>  by_agent: Bool }
contract Consent version 1.0.0 { customer: String  kind: String }`

/** Changes for the last event, with what would then be decided. */
function changes(rules: string, events: readonly Recorded[] = [order()], fallback = 'permit'): readonly string[] {
  const plan = planOf(`module m
${contract}
role Lead { members "ana" }
policy p version 1.0.0 { on Order as r default ${fallback}\n${rules} }`)
  const view = viewOf(plan, events)
  return changesOf(plan, view, explain(plan, view, view.size - 1, 0)).map(
    ({ text, decision, rule }) => `${text}: ${decision}${rule === null ? '' : ` by ${rule}`}`,
  )
}

function order(fields: Readonly<Record<string, string | boolean>> = {}, clock = '12:00:00'): Recorded {
  const time = String(Date.parse(`2026-11-20T${clock}Z`))
  const plain = { id: 'o', customer: 'c1', amount: '250', pieces: '3', channel: 'email', gift: false, at: time }
  return [clock, 'Order', { ...plain, ...fields }]
}
function refund(clock: string, amount: string, customer = 'c1'): Recorded {
  return [clock, 'Refund', { customer, amount, by_agent: true }]
}

describe('a field', () => {
  test.each([
    ['at most', 'when r.amount > 200 EUR deny', 'amount at most 200.00 EUR instead of 250.00 EUR: permit'],
    ['below', 'when r.amount >= 200 EUR deny', 'amount below 200.00 EUR instead of 250.00 EUR: permit'],
    ['above', 'when r.amount <= 900 EUR deny', 'amount above 900.00 EUR instead of 250.00 EUR: permit'],
    ['times', 'when r.amount * r.pieces > 600 EUR deny', 'amount at most 200.00 EUR instead of 250.00 EUR: permit'],
    ['in range', 'when not (r.pieces in 5 .. 9) deny', 'pieces at least 5 instead of 3: permit'],
    ['another member', 'when r.channel == email deny', 'channel chat or phone instead of email: permit'],
    ['the wanted member', 'when r.channel != chat deny', 'channel chat instead of email: permit'],
    ['one of a list', 'when r.customer not in ["a", "b"] deny', 'customer “a” or “b” instead of “c1”: permit'],
    ['a switch', 'when not r.gift deny', 'gift true instead of false: permit'],
    ['another text', 'when r.customer == "c1" deny', 'customer other than “c1”: permit'],
    ['a part of a text', 'when not (r.customer starts_with "vip") deny', 'customer starting with “vip”: permit'],
  ])('%s', (_, rule, expected) => expect(changes(`rule only ${rule}`)).toContain(expected))

  test('left out', () => {
    const rule = 'rule only when r.risk is present and r.risk > 0.5 deny'
    expect(changes(rule, [order({ risk: '0.9' })])).toEqual([
      'no risk: permit',
      'risk at most 0.5 instead of 0.9: permit',
    ])
  })

  test('is not moved to where its contract does not let it', () => {
    expect(changes('rule only when r.pieces > 0 deny')).toEqual([])
    expect(changes('rule only when r.risk ?? 0 < 2 deny', [order({ risk: '0.9' })])).toEqual([])
  })

  test('is told only if it changes the decision by itself, else together with one other', () => {
    const rules = 'rule a when r.amount > 200 EUR deny rule b when r.pieces > 2 deny'
    expect(changes(rules)).toEqual(['amount 200.00 EUR instead of 250.00 EUR and pieces 2 instead of 3: permit'])
    const three = `${rules} rule c when not r.gift deny`
    expect(changes(three)).toEqual([])
  })

  test('names the rule that would then decide, the mildest outcome first', () => {
    const rules = 'rule large when r.amount > 200 EUR deny rule medium when r.amount > 100 EUR hold'
    expect(changes(rules)).toEqual([
      'amount at most 100.00 EUR instead of 250.00 EUR: permit',
      'amount at most 200.00 EUR instead of 250.00 EUR: hold by medium',
    ])
  })
})

describe('history', () => {
  test('one more event of the kind that was missing', () => {
    const rule = 'rule asked when exists Consent where kind == "order" by customer over 1d permit'
    expect(changes(rule, [order()], 'deny')).toEqual([
      'a Consent of customer “c1” with kind “order” before it: permit by asked',
    ])
  })

  test('an event that did not happen, or is long enough ago', () => {
    const rule = 'rule again when exists Refund where by_agent by customer over 1h deny'
    expect(changes(rule, [refund('11:30:00', '5'), order()])).toEqual([
      'without event 1 (Refund): permit',
      'from 12:30:00, when event 1 is out of the window: permit',
    ])
  })

  test('waiting until enough of a window has gone, and the amount that fits into it now', () => {
    const rule = 'rule budget when sum(amount) of Refund by customer over 1h + r.amount > 400 EUR deny'
    const refunds = [refund('11:10:00', '100'), refund('11:20:00', '100'), refund('11:40:00', '100')]
    expect(changes(rule, [...refunds, order()])).toEqual([
      'amount at most 100.00 EUR instead of 250.00 EUR: permit',
      'from 12:20:00, when event 2 is out of the window: permit',
    ])
  })

  test('the next day of a daily limit', () => {
    const rule = 'rule daily when count of Order by customer per day > 1 deny'
    expect(changes(rule, [order({}, '09:00:00'), order()])).toContain(
      'from 2026-11-21 00:00:00, when the next day begins (UTC): permit',
    )
  })

  test('another hour', () => {
    const rule = 'rule closed when not (hour_of_day(r.at) in 13 .. 17) deny'
    expect(changes(rule)).toContain('at 13:00:00 instead of 12:00:00: permit')
  })
})

test('an approval, where all that holds asks for one', () => {
  const approved = 'rule lead when r.pieces > 2 require approval from Lead within 30m else deny'
  expect(changes(approved)).toContain('approval from Lead within 30 m (until 12:30:00): permit')
  expect(changes(`${approved} rule other when r.pieces > 1 hold`).join()).not.toContain('approval')
})
