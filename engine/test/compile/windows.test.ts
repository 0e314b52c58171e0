/**
 * Windows of the compiled evaluator where they are easily wrong: bounds of the range, events of one time, resets, values that
 * are no safe integers. Expected values are said here; every run is held against the reference interpreter as well.
 */

import { describe, expect, test } from 'vitest'
import { columnView, type Log, LogBuilder, type Plan, readSet } from '../../src/index.ts'
import { referenceRun } from '../../src/reference/run.ts'
import { evaluate } from '../../src/run/evaluate.ts'
import { absent, unknown, type Value } from '../../src/value/value.ts'
import { money, number, planOfText } from './programs.ts'

const contracts = `module windows
contract Pay version 1.0.0 { who : String  amount : Decimal  tip : Money?  flag : Bool? }
contract Reset version 1.0.0 { who : String  really : Bool? }
`

/** One rule, which denies where the condition holds. */
function planOf(condition: string): Plan {
  const text = `${contracts}policy p version 1.0.0 {\n  on Pay as p\n  default permit\n  rule r when ${condition} deny\n}\n`
  return planOfText(text)
}

type Given =
  | readonly [time: number, fields: Record<string, Value>]
  | readonly [time: number, fields: Record<string, Value>, 'Reset']

function logOf(plan: Plan, events: readonly Given[]): Log {
  const builder = new LogBuilder(plan.contracts, readSet(plan))
  events.forEach(([time, fields, contract], index) => {
    builder.add({ contract: contract === 'Reset' ? 1 : 0, time, file: 'log', index, fields })
  })
  return builder.build()
}

/** A word per payment: `-` permit, `deny`, `deny?` where the condition was unknown. */
function denials(condition: string, events: readonly Given[]): string {
  const plan = planOf(condition)
  const log = logOf(plan, events)
  const reference = referenceRun(plan, columnView(log, plan.contracts))
  for (const codeGeneration of [true, false]) {
    const run = evaluate(plan, log, { codeGeneration, generateAfter: 1 })
    expect(run.hash).toBe(reference.hash)
    expect(run.notices).toEqual(reference.notices)
  }
  const { decisions } = evaluate(plan, log)
  return Array.from(decisions.decision, (code, i) => {
    const isUnknown = (decisions.matchSets[decisions.matched[i] ?? 0]?.unknown.length ?? 0) > 0
    return code === 3 ? (isUnknown ? 'deny?' : 'deny') : '-'
  }).join(' ')
}

function pay(who: Value, amount: string | Value = '1', more: Record<string, Value> = {}): Record<string, Value> {
  return { who, amount: typeof amount === 'string' ? number(amount) : amount, ...more }
}

describe('over', () => {
  test('holds (t - D, t], up to the current event in the order of the log', () => {
    const events: Given[] = [
      [0, pay('a')],
      [9, pay('a')],
      [10, pay('a')],
      [10, pay('a')],
      [19, pay('a')],
    ]
    expect(denials('count of Pay by who over 10ms >= 2', events)).toBe('- deny deny deny deny')
    expect(denials('count of Pay by who over 10ms >= 3', events)).toBe('- - - deny deny')
    expect(denials('count of Pay by who over 10ms before this >= 2', events)).toBe('- - - deny deny')
  })

  test('counts by key; an unknown key is in nobody’s window and makes the form unknown', () => {
    const events: Given[] = [
      [1, pay('a')],
      [2, pay(unknown)],
      [3, pay('b')],
      [4, pay('a')],
    ]
    expect(denials('count of Pay by who over 10s >= 2', events)).toBe('- deny? - deny')
    expect(denials('count of Pay by all over 10s >= 3', events)).toBe('- - deny deny')
  })

  test('is unknown while an unknown value is inside', () => {
    const events: Given[] = [
      [1, pay('a', '60')],
      [2, pay('a', unknown)],
      [3, pay('a', '60')],
      [12, pay('a', '90')],
    ]
    expect(denials('sum(amount) of Pay by who over 10ms > 100', events)).toBe('- deny? deny? deny')
    expect(denials('max(amount) of Pay by who over 10ms ?? 0 > 80', events)).toBe('- deny? deny? deny')
    expect(denials('count of Pay by who over 10ms >= 3', events)).toBe('- - deny -')
  })

  test('is exact beyond the safe integers, and stays so when the large value has left', () => {
    const large = '9007199254740993'
    const events: Given[] = [
      [1, pay('a', large)],
      [2, pay('a', '1')],
      [20, pay('a', '1')],
      [21, pay('b', '9007199254740991')],
      [22, pay('b', '2')],
    ]
    expect(denials(`sum(amount) of Pay by who over 10ms == ${large}`, events)).toBe('deny - - - deny')
    expect(denials('sum(amount) of Pay by who over 10ms == 1', events)).toBe('- - deny - -')
    expect(denials(`(max(amount) of Pay by who over 10ms ?? 0) == ${large}`, events)).toBe('deny deny - - -')
  })

  test('keeps the currencies of one key apart from those of another', () => {
    const tip = (amount: string, currency: string): Record<string, Value> => ({ tip: money(amount, currency) })
    const events: Given[] = [
      [1, pay('a', '1', tip('6', 'EUR'))],
      [2, pay('b', '1', tip('6', 'USD'))],
      [3, pay('a', '1', tip('6', 'EUR'))],
      [4, pay('b', '1', tip('6', 'EUR'))],
      [5, pay('a', '1', { tip: absent })],
    ]
    const sum = 'sum(tip) of Pay where tip is present by who over 10s'
    expect(denials(`${sum} > 10 EUR`, events)).toBe('- deny? deny deny? deny')
  })
})

describe('since', () => {
  const reset = (time: number, who: string, really: Value): Given => [time, { who, really }, 'Reset']
  const events: Given[] = [
    [1, pay('a')],
    [2, pay('a')],
    reset(3, 'a', true),
    [4, pay('a')],
    [5, pay('a')],
    reset(6, 'a', unknown),
    [7, pay('a')],
    reset(8, 'a', false),
    [9, pay('a')],
    reset(10, 'a', true),
    [11, pay('a')],
    [12, pay('b')],
  ]
  const since = 'by who since Reset where really is present and really'

  test('begins anew after a certain reset, and is unknown after an uncertain one', () => {
    expect(denials(`(count of Pay ${since}) >= 2`, events)).toBe('- deny - deny deny? deny? - -')
    expect(denials(`(max(amount) of Pay ${since}) is present`, events)).toBe(
      'deny deny deny deny deny? deny? deny deny',
    )
    expect(denials(`(distinct(amount) of Pay ${since} before this) >= 1`, events)).toBe('- deny - deny deny? deny? - -')
  })

  test('an event that is its own reset is not in its window', () => {
    const own: Given[] = [
      [1, pay('a', '1')],
      [2, pay('a', '9')],
      [3, pay('a', '1')],
      [4, pay('a', '1')],
    ]
    expect(denials('(count of Pay by who since Pay where amount > 5) >= 2', own)).toBe('- - - deny')
    expect(denials('(count of Pay by who since Pay where amount > 5 before this) >= 1', own)).toBe('- deny - deny')
  })
})

describe('sequences', () => {
  test('take one event for each step, in order, inside the range', () => {
    const steps = 'Pay where amount > 5 then Pay where amount > 3 then Pay where amount > 1 by who over 10ms'
    const events: Given[] = [
      [1, pay('a', '9')],
      [2, pay('a', '9')],
      [3, pay('a', '2')],
      [4, pay('a', '9')],
      [12, pay('a', '2')],
      [13, pay('a', '2')],
      [16, pay('a', '2')],
    ]
    expect(denials(steps, events)).toBe('- - deny deny - - -')
  })

  test('are unknown where only an uncertain event completes them', () => {
    const steps = 'Pay where flag is present and flag then Pay where amount > 1 by who over 1s'
    const events: Given[] = [
      [1, pay('a', '1', { flag: unknown })],
      [2, pay('a', '2', { flag: false })],
      [3, pay('a', '1', { flag: true })],
      [4, pay('a', '2', { flag: false })],
    ]
    expect(denials(steps, events)).toBe('- deny? deny? deny')
  })
})

test('first and last look at one event only', () => {
  const events: Given[] = [
    [1, pay('a', '1', { flag: true })],
    [2, pay('a', '2', { flag: unknown })],
    [3, pay('a', '3', { flag: false })],
    [4, pay('a', '4', { flag: true })],
  ]
  const of = 'of Pay where flag is present and flag by who over 1s'
  expect(denials(`(last(amount) ${of} ?? 0) > 0`, events)).toBe('deny deny? deny? deny')
  expect(denials(`(first(amount) ${of} ?? 0) == 1`, events)).toBe('deny deny deny deny')
})

test('quotients compare exactly: a third is no decimal', () => {
  const events: Given[] = [
    [1, pay('a', '1')],
    [2, pay('a', '0')],
    [3, pay('a', '0')],
  ]
  expect(denials('(avg(amount) of Pay by who over 1s ?? 0) * 3 == 1', events)).toBe('- - deny')
  expect(denials('(avg(amount) of Pay by who over 1s ?? 0) > 0.333333333', events)).toBe('deny deny deny')
  expect(denials('(avg(amount) of Pay by who over 1s ?? 0) > 0.333333334', events)).toBe('deny deny -')
  expect(denials('(share(amount > 0) of Pay by who over 1s ?? 0%) < 34%', events)).toBe('- - deny')
})
