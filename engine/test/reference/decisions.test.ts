/** docs/language.md, "Policies" and "What unknown does": which rules match, and what comes of it. */
import { absent, unknown } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { at, decisionsOf } from './judge.ts'

const contracts = `
contract Paid { amount: Int  risk: Decimal?  urgent: Bool }
contract Sent { amount: Int  to: String }
`
const policy = (combine: string, rules: string) => `${contracts}
policy p version 1.0.0 {
  on Paid as e
  combine ${combine}
  default hold
  ${rules}
}`
const pay = (fields = {}) => at('09:00', 'Paid', { amount: 5, urgent: false, ...fields })

describe('combine', () => {
  const rules = `
    rule soft when e.amount > 0 warn
    rule fine when e.amount > 1 permit
    rule stop when e.amount > 2 deny
    rule halt when e.amount > 2 deny`
  test.each([
    ['strictest', 5, 'deny by stop'],
    ['strictest', 2, 'warn by soft'],
    ['strictest', 0, 'hold by default'],
    ['first', 5, 'warn by soft'],
    ['permit_overrides', 5, 'permit by fine'],
    ['permit_overrides', 1, 'warn by soft'],
  ])('%s, %i: %s', (combine, amount, decision) => {
    expect(decisionsOf(policy(combine, rules), [pay({ amount })])).toEqual([decision])
  })
})

describe('a condition that is unknown', () => {
  test('matches for deny and hold, not for permit and warn', () => {
    const rules = (effect: string) =>
      policy('strictest', `rule risky when e.risk is present and e.risk > 0.5 ${effect}`)
    expect(decisionsOf(rules('deny'), [pay({ risk: unknown })])).toEqual(['deny by risky (unknown)'])
    expect(decisionsOf(rules('hold'), [pay({ risk: unknown })])).toEqual(['hold by risky (unknown)'])
    expect(decisionsOf(rules('permit'), [pay({ risk: unknown })])).toEqual(['hold by default'])
    expect(decisionsOf(rules('warn'), [pay({ risk: unknown })])).toEqual(['hold by default'])
  })
  test('an absent value is no unknown one', () => {
    const rules = policy('strictest', 'rule risky when (e.risk ?? 1) > 0.5 deny')
    expect(decisionsOf(rules, [pay({ risk: absent }), pay({ risk: 0.5 })])).toEqual([
      'deny by risky',
      'hold by default',
    ])
  })
  test('counts for nothing where the rest decides', () => {
    const rules = policy('strictest', 'rule r when e.urgent and e.amount > 10 deny')
    expect(decisionsOf(rules, [pay({ urgent: unknown })])).toEqual(['hold by default'])
  })
  test('comes from dividing by zero', () => {
    const rules = policy('strictest', 'rule r when 10 / e.amount > 1 deny')
    expect(decisionsOf(rules, [pay({ amount: 0 }), pay({ amount: 5 })])).toEqual(['deny by r (unknown)', 'deny by r'])
  })
})

describe('which rules concern an event', () => {
  test('those all of whose aliases are bound, through lets too', () => {
    const program = `${contracts}
policy p version 1.0.0 {
  on Paid as p
  on Sent as s
  default permit
  let much = s.amount > 3
  rule pays when p.amount > 3 warn
  rule sends when much deny
  rule always hold
}`
    expect(decisionsOf(program, [pay(), at('09:01', 'Sent', { amount: 5, to: 'x' })])).toEqual([
      'hold by always',
      'deny by sends',
    ])
  })
  test('one alias for several contracts reads what they have in common', () => {
    const program = `${contracts}
policy p version 1.0.0 {
  on Paid, Sent as e
  default permit
  rule much when e.amount > 3 deny
}`
    expect(decisionsOf(program, [pay(), at('09:01', 'Sent', { amount: 1, to: 'x' })])).toEqual([
      'deny by much',
      'permit by default',
    ])
  })
  test('every policy decides for itself, in the order of the text', () => {
    const program = `${policy('first', 'rule r permit')}
policy q version 1.0.0 { on Paid as e  default warn }`
    expect(decisionsOf(program, [pay()])).toEqual(['permit by r', 'warn by default'])
  })
})

test('an event that its contract rejects is decided by nobody; a check that is unknown fails', () => {
  const program = `contract Paid { amount: Int  check amount > 0 else reject "positive"  check amount < 100 else warn }
policy p version 1.0.0 { on Paid as e  default permit }`
  const events = [5, -5, 500].map(amount => at('09:00', 'Paid', { amount }))
  expect(decisionsOf(program, [...events, at('09:01', 'Paid', { amount: unknown })])).toEqual([
    'permit by default',
    'permit by default',
  ])
})
