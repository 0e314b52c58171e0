/** The compiled evaluator as a whole: decisions, checks, policies over several contracts, progress, stopping. */
import { describe, expect, test } from 'vitest'
import { columnView, decisionWords, type Log, LogBuilder, type Plan, readSet } from '../../src/index.ts'
import { referenceRun } from '../../src/reference/run.ts'
import { evaluate } from '../../src/run/evaluate.ts'
import { absent, unknown, type Value } from '../../src/value/value.ts'
import { number, planOfText } from './programs.ts'

const payment = `module payments
contract Payment version 1.0.0 {
  who : String
  amount : Decimal
  risk : Decimal?
`

type Fields = Readonly<Record<string, Value>>
type Given = readonly [time: number, fields: Fields, contract?: number]

function logOf(plan: Plan, events: readonly Given[]): Log {
  const builder = new LogBuilder(plan.contracts, readSet(plan))
  events.forEach(([time, fields, contract = 0], index) => {
    builder.add({ contract, time, file: 'log', index, fields })
  })
  return builder.build()
}

/** The decisions in order; both ways to run agree with the reference interpreter in every field. */
function decided(text: string, events: readonly Given[]): string[] {
  const plan = planOfText(text)
  const log = logOf(plan, events)
  const reference = referenceRun(plan, columnView(log, plan.contracts))
  for (const codeGeneration of [true, false]) {
    const run = evaluate(plan, log, { codeGeneration, generateAfter: 1 })
    expect(run.hash).toBe(reference.hash)
    expect(run.notices).toEqual(reference.notices)
    expect([...run.rejected]).toEqual([...reference.rejected])
    expect(run.failedChecks).toEqual(reference.failedChecks)
  }
  return Array.from(evaluate(plan, log).decisions.decision, code => decisionWords[code] ?? '')
}

test('the strictest of the rules that match decides', () => {
  const text = `${payment}}
policy limits version 1.0.0 {
  on Payment as p
  default permit
  rule large when p.amount > 100 hold
  rule stranger when p.who == "eve" and p.amount > 99.5 deny
  rule risky when p.risk is present and p.risk > 0.5 warn
}
`
  const events: Given[] = [
    [1, { who: 'ana', amount: number('100'), risk: absent }],
    [2, { who: 'ana', amount: number('100.01'), risk: absent }],
    [3, { who: 'eve', amount: number('99.75'), risk: number('0.7') }],
    [4, { who: 'eve', amount: number('99.5'), risk: number('0.51') }],
    [5, { who: unknown, amount: number('99.75'), risk: unknown }],
  ]
  expect(decided(text, events)).toEqual(['permit', 'hold', 'deny', 'warn', 'deny'])
})

test('an event that its check rejects is decided by nobody and seen by no window', () => {
  const text = `${payment}
  check amount > 0 else reject
  check amount < 1000 else warn
}
policy limits version 1.0.0 {
  on Payment as p
  default permit
  rule often when count of Payment by who over 10ms >= 3 deny
}
`
  const events = [5, -5, 5000, 5, 5].map(
    (amount, i): Given => [[1, 2, 3, 10, 11][i] ?? 0, { who: 'ana', amount: number(amount) }],
  )
  expect(decided(text, events)).toEqual(['permit', 'permit', 'deny', 'deny'])
})

test('several policies decide events of several contracts, in the order of the text', () => {
  const text = `${payment}}
contract Refund version 1.0.0 { who : String  amount : Decimal }
policy everything version 1.0.0 {
  on Payment, Refund as e
  default permit
  rule paid_back when e.amount < 0 deny
  rule often when count of Refund by who = e.who over 1h > 1 hold
}
policy refunds version 1.0.0 {
  on Refund as r
  combine first
  default warn
  rule known when exists Payment by who over 1h permit
  rule large when r.amount > 10 deny
}
`
  const events: Given[] = [
    [1, { who: 'ana', amount: number(20) }],
    [2, { who: 'ana', amount: number(20) }, 1],
    [3, { who: 'bo', amount: number(20) }, 1],
    [4, { who: 'ana', amount: number(-1) }, 1],
    [5, { who: 'ana', amount: number(1) }],
  ]
  // Payments have one decision, refunds two.
  const expected = [['permit'], ['permit', 'permit'], ['permit', 'deny'], ['deny', 'permit'], ['hold']]
  expect(decided(text, events)).toEqual(expected.flat())
})

describe('a long run', () => {
  const text = `${payment}}
policy everybody version 1.0.0 { on Payment as p default permit rule every warn }
`
  const events = Array.from({ length: 70_000 }, (_, i): Given => [i, { who: 'a', amount: number(1) }])

  test('tells its progress', () => {
    const plan = planOfText(text)
    const told: string[] = []
    const onProgress = (done: number, total: number) => told.push(`${done}/${total}`)
    expect(evaluate(plan, logOf(plan, events), { onProgress }).complete).toBe(true)
    expect(told).toEqual(['65536/70000', '70000/70000'])
  })

  test('that is stopped says so, and keeps what it has decided', () => {
    const plan = planOfText(text)
    const run = evaluate(plan, logOf(plan, events), { shouldStop: () => true })
    expect(run).toMatchObject({ complete: false, events: 65_536 })
    expect(run.decisions.size).toBe(65_536)
    expect(run.decisions.seq).toHaveLength(65_536)
  })
})
