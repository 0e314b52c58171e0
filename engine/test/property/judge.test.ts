/** docs/language.md, "Properties": what is proved, what is refuted and by which story, and what stays open. */
import { judgeProperty, storyOf, traceView } from '@writ/engine'
import { expect, test } from 'vitest'
import { planOf } from '../reference/judge.ts'

const program = `module m
contract Refund { id: String key  at: Time time  agent: String  amount: Money<EUR>  risk: Decimal? in 0 .. 1
  channel: enum { chat, phone } }
contract Frozen { agent: String key }
policy p version 1.0.0 {
  on Refund as r
  default deny
  let many = count of Refund by agent over 10m
  rule frozen when exists Frozen by agent over 1h before this deny
  rule burst when many > 20 deny for 15m by agent
  rule small when r.amount <= 50 EUR and r.channel == chat permit
  rule middle when r.amount > 50 EUR and r.amount <= 500 EUR hold
}
`
/** The verdict; of a refutation each event, what is told of it, and the decision of the last. */
function judged(property: string, options = {}): string {
  const plan = planOf(`${program}property x { ${property} }`)
  const [first] = plan.properties
  if (!first) throw new Error('no property')
  const verdict = judgeProperty(plan, first, options)
  if (verdict.kind !== 'refuted') return verdict.kind === 'open' ? `open up to ${verdict.size}` : verdict.kind
  const { events } = storyOf(plan, verdict.trace)
  const told = events.map(({ when, contract, fields }) => `${when} ${contract} ${fields}`)
  return `${told.slice(0, 3).join('; ')}${told.length > 3 ? `; ${told.length} in all` : ''} → ${events.at(-1)?.decisions[0]?.decision}`
}

test.each([
  ['for all Refund as r where r.amount > 500 EUR never permit', 'proved'],
  ['for all Refund as r where r.amount > 500 EUR always deny', 'proved'],
  ['for all Refund as r where r.channel == phone never permit by small', 'proved'],
  ['for all Refund as r where exists Frozen by agent over 1h before this always deny', 'proved'],
  ['for all Refund as r where no Frozen by agent over 1h never deny by frozen', 'proved'],
  ['for all Refund as r where no Frozen by agent over 2h before this never deny by frozen', 'proved'],
  [
    'for all Refund as r where no Frozen by agent over 30m never deny by frozen',
    '09:00 Frozen { agent: "a" }; 30 m later Refund { id: "a", agent: "a", amount: 1 EUR, channel: chat } → deny',
  ],
  [
    'for all Refund as r where r.amount > 50 EUR never hold',
    '09:00 Refund { id: "a", agent: "a", amount: 50.01 EUR, channel: chat } → hold',
  ],
  [
    'for all Refund as r where r.amount <= 50 EUR and r.channel == chat always permit',
    '09:00 Frozen { agent: "a" }; 1 s later Refund { id: "a", agent: "a", amount: 1 EUR, channel: chat } → deny',
  ],
  [
    'for all Refund as r where exists Frozen by agent over 2h before this always deny by frozen',
    '09:00 Frozen { agent: "a" }; 1 h later Refund { id: "a", agent: "a", amount: 1 EUR, channel: chat } → permit',
  ],
])('%s: %s', (property, verdict) => {
  expect(judged(property)).toBe(verdict)
})

test('events that have to happen often are found, and nothing more than needed is told', () => {
  const found = judged('for all Refund never deny by burst')
  expect(found).toMatch(/; 21 in all → deny$/)
})

test('a breaker that is still tripped', () => {
  expect(judged('for all Refund as r where many == 1 never deny by burst', { budget: 100_000 })).toMatch(
    /22 in all → deny$/,
  )
})

test('what neither is proved nor found is said so', () => {
  // Of any value to the second power the analysis knows nothing, and none is below zero.
  expect(
    judged('for all Refund as r where r.amount > 0 EUR and (r.risk ?? 0) * (r.risk ?? 0) < 0 never deny', {
      budget: 2_000,
    }),
  ).toBe('open up to 3')
})

test('the last event of a story is the one the property speaks of', () => {
  const plan = planOf(`${program}property x { for all Refund as r where r.amount <= 50 EUR always permit }`)
  const [property] = plan.properties
  const verdict = property && judgeProperty(plan, property)
  if (verdict?.kind !== 'refuted') throw new Error('not refuted')
  const view = traceView(plan, verdict.trace)
  expect(plan.contracts[view.event(view.size - 1).contract]?.name).toBe('Refund')
})
