/** What explanations rest on: decisive operands, windows, near misses, and how little of the log is touched. */
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/explain/trace.ts'
import type { Witness } from '../../src/explain/witness.ts'
import type { LogView } from '../../src/log/view.ts'
import { contracts, planOf, type Recorded, viewOf } from './payments.ts'

function witnessOf(condition: string, events: readonly Recorded[]): Witness {
  const plan = planOf(`module m
${contracts}
policy p version 1.0.0 { on SendMoney as r default permit rule only when ${condition} warn }`)
  const view = viewOf(plan, events)
  const { condition: witness } = explain(plan, view, view.size - 1, 0).rules[0] ?? {}
  if (!witness) throw new Error('the rule has a condition')
  return witness
}

function pay(clock: string, amount: string, run = 'r'): Recorded {
  return [clock, 'SendMoney', { run, recipient: 'ana', amount }]
}
function said(clock: string, text: string, run = 'r'): Recorded {
  return [clock, 'UserMessage', { run, text }]
}

describe('decisive operands', () => {
  test.each([
    ['all of a true and', 'r.amount > 1 EUR and r.amount > 2 EUR', true, [0, 1]],
    ['the first false of an and', 'r.amount > 1 EUR and r.amount > 9 EUR and r.amount > 8 EUR', false, [1]],
    ['the first true of an or', 'r.amount > 9 EUR or r.amount > 2 EUR or r.amount > 1 EUR', true, [1]],
    ['all of a false or', 'r.amount > 9 EUR or r.amount > 8 EUR', false, [0, 1]],
  ])('%s', (_, condition, value, positions) => {
    const witness = witnessOf(condition, [pay('09:00:00', '5')])
    expect(witness.value).toBe(value)
    expect('decisive' in witness && witness.decisive.map(({ position }) => position)).toEqual(positions)
  })
})

describe('windows', () => {
  const hour = 'exists UserMessage where text contains "yes" by run over 1h'
  test('leave out what is exactly as long ago as the range, and say so', () => {
    const witness = witnessOf(hour, [said('08:00:00', 'yes'), pay('09:00:00', '5')])
    expect(witness).toMatchObject({
      value: false,
      events: [],
      examined: 0,
      nearMisses: [{ seq: 0, missedBy: 'range' }],
    })
  })
  test("tell of another run's event where there is none of the own", () => {
    const witness = witnessOf(hour, [said('08:30:00', 'yes', 'other'), pay('09:00:00', '5')])
    expect(witness).toMatchObject({ value: false, nearMisses: [{ seq: 0, missedBy: 'key' }] })
  })
  test('tell which of several conditions of the filter failed', () => {
    const filter = 'exists ToolResult where tool == "read" and trusted by run over 1h'
    const event: Recorded = ['08:30:00', 'ToolResult', { run: 'r', tool: 'read', text: '', trusted: false }]
    expect(witnessOf(filter, [event, pay('09:00:00', '5')])).toMatchObject({
      nearMisses: [{ seq: 0, missedBy: 'filter', position: 1 }],
      passedOver: [0],
    })
  })
  test('do not see what a check took out of the log', () => {
    const count = 'count of SendMoney by run over 1h == 1'
    const witness = witnessOf(count, [pay('08:30:00', '-1'), pay('09:00:00', '5')])
    expect(witness.value).toBe(true)
  })
})

test('only what the ranges reach is touched, however long the log is', () => {
  const plan = planOf(`module m
${contracts}
policy p version 1.0.0 {
  on SendMoney as r default permit
  rule many when count of SendMoney by run over 1m > 30 and exists UserMessage by run over 1m warn
}`)
  const clock = (second: number) => new Date(second * 1000).toISOString().slice(11, 19)
  const events = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? pay(clock(i), '1') : said(clock(i), '')))
  const view = viewOf(plan, events)
  const touched = new Set<number>()
  const counting: LogView = {
    size: view.size,
    of: view.of,
    event: seq => {
      touched.add(seq)
      return view.event(seq)
    },
  }
  expect(explain(plan, counting, 15_000, 0).rules[0]?.outcome).toBe('not-matched')
  expect(touched.size).toBeLessThan(100)
})
