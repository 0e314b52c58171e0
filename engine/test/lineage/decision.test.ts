/** The lineage of one decision: what was looked at and nothing else, values, secrets, approvals. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { explain } from '../../src/explain/trace.ts'
import { decisionLineage } from '../../src/lineage/decision.ts'
import type { DecisionLineage } from '../../src/lineage/drawing.ts'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import { referenceRun } from '../../src/reference/run.ts'
import { fromInteger } from '../../src/value/rational.ts'
import type { Value } from '../../src/value/value.ts'

const program = `module shop
contract Paid version 1.2.0 {
  id: String key
  customer: String personal(identifier)
  card: String secret
  amount: Money<EUR>
  vip: Bool
}
role Lead { members "ana" }
policy limits version 2.0.0 {
  on Paid as p
  default permit
  let spent = sum(amount) of Paid by customer over 1d
  rule stolen
    when p.card == "4000-1111-2222" and spent > 1 EUR
    deny
  rule large
    when p.vip or spent > 100 EUR
    require approval from Lead within 1h
    then tell crm { who: mask(p.customer, keep: 2), vip: p.vip }
}
`

function drawn(events: readonly Paid[], seq: number): DecisionLineage {
  const { plan, problems } = check([parse('shop.writ', program)])
  if (!plan) throw new Error(problems.map(problem => problem.message).join('\n'))
  const contract = (name: string) => plan.contracts.findIndex(one => one.name === name)
  const builder = new LogBuilder(plan.contracts)
  events.forEach((event, index) => {
    const { of, ...given } = { of: 'Paid', ...event }
    const fields: Readonly<Record<string, Value>> =
      of === 'Paid'
        ? { id: `p${index}`, customer: 'c-anna', card: '4000-1111-9999', vip: false, ...given }
        : { request: 'p0', by: 'ana', role: 'Lead', verdict: 'approve', ...given }
    builder.add({ contract: contract(of), time: index * 60_000, file: 'a.ndjson', index, fields })
  })
  const view = columnView(builder.build(), plan.contracts)
  const { obligations } = referenceRun(plan, view)
  return decisionLineage(plan, view, [explain(plan, view, seq, 0)], { obligations })
}
type Paid = Readonly<Record<string, Value>> & { readonly of?: string }

const eur = (amount: number): Value => ({ amount: fromInteger(amount), currency: 'EUR' })

function into({ edges }: DecisionLineage, id: string): readonly string[] {
  return edges.flatMap(({ from, to, flow }) => (to === id ? [`${from} ${flow}`] : []))
}
function detail({ nodes }: DecisionLineage, id: string): string | undefined {
  return nodes.find(node => node.id === id)?.detail
}

test('the events and values of a window lead to the rule', () => {
  const made = drawn([{ amount: eur(70) }, { amount: eur(5), customer: 'c-else' }, { amount: eur(60) }], 2)
  expect(into(made, 'decisions:shop.limits#hold')).toEqual(['rule:shop.limits.large GUARD'])
  expect(into(made, 'rule:shop.limits.large')).toContain('let:shop.limits#spent GUARD')
  expect(detail(made, 'let:shop.limits#spent')).toBe('130.00 EUR')
  expect(detail(made, 'window:shop.limits#0')).toBe('130.00 EUR, of 2 events')
  const gathered = into(made, 'window:shop.limits#0').filter(edge => edge.endsWith('AGGREGATION'))
  expect(gathered).toContain('field:shop.Paid#amount@1 AGGREGATION')
  expect(gathered.filter(edge => edge.includes('@2'))).toEqual([])
  expect(detail(made, 'field:shop.Paid#amount@1')).toBe('70.00 EUR')
})

test('what was not looked at is not in it', () => {
  const made = drawn([{ amount: eur(500), vip: true }], 0)
  // `p.vip` holds, so that nobody asks what was spent; and the card is another, so that `stolen` does not ask either.
  expect(into(made, 'rule:shop.limits.large')).toEqual(['contract:shop.Paid@1 GUARD', 'field:shop.Paid#vip@1 GUARD'])
  expect(made.nodes.some(({ kind }) => kind === 'window' || kind === 'let')).toBe(false)
})

test('secrets are covered, and what is masked stays masked', () => {
  const made = drawn([{ amount: eur(500), vip: true }], 0)
  expect(detail(made, 'field:shop.Paid#card@1')).toBe('••••••')
  expect(JSON.stringify(made)).not.toContain('4000-1111-9999')
  expect(detail(made, 'obligation:shop.limits.large.0#who')).toBe('“****na”')
  expect(made.edges.find(({ to }) => to === 'obligation:shop.limits.large.0#who')?.masking).toBe('mask')
})

test('versions, the record, and the rule that did not match', () => {
  const made = drawn([{ amount: eur(500), vip: true }], 0)
  expect(detail(made, 'decisions:shop.limits')).toBe('2.0.0')
  expect(detail(made, 'contract:shop.Paid@1')).toMatch(/ · 1\.2\.0$/)
  expect(detail(made, 'rule:shop.limits.stolen')).toBe('deny: did not match')
  expect(detail(made, 'decisions:shop.limits#deny')).toBe('not decided')
})

test('an approval answers the request that it was for', () => {
  const made = drawn([{ amount: eur(500), vip: true }, { of: 'Approval' }], 0)
  expect(detail(made, 'approval:shop.limits.large.0')).toBe('fulfilled; event 2 counted')
  expect(into(made, 'approval:shop.limits.large.0')).toEqual([
    'contract:writ.Approval@2 APPROVES',
    'rule:shop.limits.large OBLIGES',
  ])
  expect(detail(made, 'field:writ.Approval#by@2')).toBe('“ana”')
})
