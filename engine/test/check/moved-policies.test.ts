/** After an edit above them policies stand elsewhere: what the plan says of them is the same as that of a fresh check, lazily made or not. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { analyze, check, flow } from '../../src/index.ts'

const policy = (name: string): string => `policy ${name} version 1.0.0 {
  on Paid as p
  default permit because "{p.amount}"
  let spent = sum(amount) of Paid by payer over 24h
  rule big when spent > 10 deny "of {p.payer}" then notify desk { payer: p.payer }
  rule never when p.amount > 5 and p.amount < 2 hold "{spent}"
}
`
const text = (above: string): string => `module m
contract Paid version 1.0.0 { id: String key  at: Time time  payer: String pii  amount: Int }
${above}${policy('a')}${policy('b')}`

test('rules, lets and defaults of moved policies, and the problems about them', () => {
  const first = parse('a.writ', text(''))
  let checked = check([first])
  if (checked.plan === null) throw new Error('the text has errors')
  analyze(checked.plan)
  let file = first
  for (const above of ['// one\n', '// one\n// two\n', `${policy('c')}`]) {
    file = parse('a.writ', text(above), file)
    checked = check([file], checked)
    const fresh = check([parse('a.writ', text(above))])
    if (checked.plan === null || fresh.plan === null) throw new Error('the text has errors')
    expect(analyze(checked.plan)).toEqual(analyze(fresh.plan))
    expect(flow(checked.plan)).toEqual(flow(fresh.plan))
    expect(flow(checked.plan).length).toBeGreaterThan(0)
    expect(structuredClone(checked.plan.policies)).toEqual(fresh.plan.policies)
    expect({ ...checked.plan.policies[1] }).toEqual(fresh.plan.policies[1])
  }
})
