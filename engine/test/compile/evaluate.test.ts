/** The compiled evaluator on small programs, against values said here and against the reference interpreter. */
import { describe, expect, test } from 'vitest'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import type { Log } from '../../src/log/columns.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { referenceRun } from '../../src/reference/run.ts'
import { evaluate } from '../../src/run/evaluate.ts'
import { absent, unknown, type Value } from '../../src/value/value.ts'
import {
  aggregate,
  and,
  by,
  compare,
  contract,
  decimal,
  field,
  int,
  number,
  optional,
  over,
  pattern,
  plan,
  policy,
  present,
  rule,
  text,
  types,
} from './plans.ts'

const payment = contract('Payment', { who: types.string, amount: types.decimal, risk: optional(types.decimal) })
const who = field('who', types.string)
const amount = field('amount', types.decimal)
const risk = field('risk', optional(types.decimal))

function logOf(contracts: Plan['contracts'], events: readonly { time: number; fields: Record<string, Value> }[]): Log {
  const builder = new LogBuilder(contracts)
  events.forEach(({ time, fields }, index) => {
    builder.add({ contract: 0, time, file: 'log', index, fields })
  })
  return builder.build()
}

function decided(program: Plan, log: Log): string[] {
  const reference = referenceRun(program, columnView(log, program.contracts))
  for (const codeGeneration of [true, false]) {
    const run = evaluate(program, log, { codeGeneration })
    expect(run.hash).toBe(reference.hash)
    expect(run.notices).toEqual(reference.notices)
    expect([...run.rejected]).toEqual([...reference.rejected])
    expect(run.failedChecks).toEqual(reference.failedChecks)
  }
  return [...reference.decisions.decision].map(code => ['permit', 'warn', 'hold', 'deny'][code] ?? '')
}

describe('rules', () => {
  test('the strictest of those that match decides', () => {
    const program = plan(
      [payment],
      [
        policy([
          rule('large', 'hold', compare(amount, '>', int(100))),
          rule('stranger', 'deny', and(compare(who, '==', text('eve')), compare(amount, '>', decimal('99.5')))),
          rule('risky', 'warn', and(present(risk), compare(risk, '>', decimal('0.5')))),
        ]),
      ],
    )
    const log = logOf(program.contracts, [
      { time: 1, fields: { who: 'ana', amount: number('100'), risk: absent } },
      { time: 2, fields: { who: 'ana', amount: number('100.01'), risk: absent } },
      { time: 3, fields: { who: 'eve', amount: number('99.75'), risk: number('0.7') } },
      { time: 4, fields: { who: 'eve', amount: number('99.5'), risk: number('0.51') } },
      { time: 5, fields: { who: unknown, amount: number('99.75'), risk: unknown } },
    ])
    expect(decided(program, log)).toEqual(['permit', 'hold', 'deny', 'warn', 'deny'])
  })

  test('an event that its check rejects is decided by nobody and seen by no window', () => {
    const checked = contract('Payment', { who: types.string, amount: types.decimal, risk: optional(types.decimal) }, [
      { condition: compare(amount, '>', int(0)), otherwise: 'reject', message: null },
      { condition: compare(amount, '<', int(1000)), otherwise: 'warn', message: null },
    ])
    const count = aggregate('count', null, { of: pattern(0, 1), keys: [by('who', types.string)], range: over(10) })
    const program = plan([checked], [policy([rule('often', 'deny', compare(count, '>=', int(3)))])])
    const log = logOf(program.contracts, [
      { time: 1, fields: { who: 'ana', amount: number(5) } },
      { time: 2, fields: { who: 'ana', amount: number(-5) } },
      { time: 3, fields: { who: 'ana', amount: number(5000) } },
      { time: 10, fields: { who: 'ana', amount: number(5) } },
      { time: 11, fields: { who: 'ana', amount: number(5) } },
    ])
    expect(decided(program, log)).toEqual(['permit', 'permit', 'deny', 'deny'])
  })
})

test('a run that is stopped says so and keeps what it has decided', () => {
  const program = plan([payment], [policy([rule('all', 'warn', null)])])
  const events = Array.from({ length: 70_000 }, (_, i) => ({ time: i, fields: { who: 'a', amount: number(1) } }))
  const run = evaluate(program, logOf(program.contracts, events), { shouldStop: () => true })
  expect(run.complete).toBe(false)
  expect(run.events).toBe(65_536)
  expect(run.decisions.size).toBe(65_536)
})
