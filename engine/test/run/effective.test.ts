/** What holds for an event that several policies decide: the strictest of those that enforce. */
import { columnView, decisionWords, effectiveDecisions, referenceRun } from '@writ/engine'
import { expect, test } from 'vitest'
import { at, logOf, planOf } from '../reference/judge.ts'

/** Per event: the decision that holds and the policy that gave it. */
function holding(policies: string, amounts: readonly number[]): readonly string[] {
  const plan = planOf(`contract Paid { amount: Int }\ncontract Other { amount: Int }\n${policies}`)
  const events = amounts.map(amount => at('09:00', 'Paid', { amount }))
  const view = columnView(logOf(plan, [at('08:00', 'Other', { amount: 0 }), ...events]), plan.contracts)
  const { size, seq, decision, policy } = effectiveDecisions(plan, referenceRun(plan, view))
  return Array.from(
    { length: size },
    (_, i) => `${seq[i]} ${decisionWords[decision[i] ?? 0]} of ${plan.policies[policy[i] ?? 0]?.name}`,
  )
}

const always = (name: string, decision: string, more = '') =>
  `policy ${name} { ${more} on Paid as p default ${decision} rule large when p.amount > 100 deny }\n`

test('the strictest decision holds, whatever the layers', () => {
  const policies = `layers a > b\n${always('low', 'warn', 'layer b')}${always('high', 'permit', 'layer a')}`
  expect(holding(policies, [1])).toEqual(['1 warn of low'])
})

test('of equally strict ones the highest layer, then the first policy', () => {
  const policies = `layers a > b
${always('none', 'warn')}${always('low', 'warn', 'layer b')}${always('high', 'permit', 'layer a')}${always('second', 'permit', 'layer a')}`
  expect(holding(policies, [1, 200])).toEqual(['1 warn of low', '2 deny of high'])
})

test('policies in shadow do not count, and events that only they decide have nothing that holds', () => {
  const policies = `${always('tried', 'deny', 'mode shadow')}${always('real', 'hold', 'mode enforce')}
policy others { mode shadow on Other default deny }`
  expect(holding(policies, [1])).toEqual(['1 hold of real'])
})
