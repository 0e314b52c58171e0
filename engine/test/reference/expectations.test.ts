/** Expectations by the reference implementation and the fast one: when they begin, what meets them, when they are breached. */

import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import { instanceStatuses } from '../../src/obligation/instance.ts'
import { referenceRun } from '../../src/reference/run.ts'
import type { RunResult } from '../../src/run/decisions.ts'
import { evaluate } from '../../src/run/evaluate.ts'
import { fromInteger } from '../../src/value/rational.ts'
import { unknown, type Value } from '../../src/value/value.ts'

const minute = 60_000
const contracts = `contract Ask { id: String  n: Int  check n >= 0 }
contract Answer { id: String  n: Int }
contract Other { id: String }
`

type Event = readonly [name: 'Ask' | 'Answer' | 'Other', milliseconds: number, id?: Value, n?: Value]

/** Both implementations, which agree. */
function run(rule: string, events: readonly Event[], closeAt?: number): RunResult {
  const { plan, problems } = check([parse('m.writ', `module m\n${contracts}\npolicy p { ${rule} }`)])
  if (plan === null) throw new Error(problems.map(problem => problem.message).join('\n'))
  const builder = new LogBuilder(plan.contracts)
  events.forEach(([name, time, id = 'a', n = fromInteger(1)], index) => {
    const contract = plan.contracts.findIndex(one => one.name === name)
    builder.add({ contract, time, file: 'x', index, fields: name === 'Other' ? { id } : { id, n } })
  })
  const log = builder.build()
  const reference = referenceRun(
    plan,
    columnView(log, plan.contracts),
    closeAt === undefined ? null : { closedAt: closeAt },
  )
  for (const codeGeneration of [true, false]) {
    const fast = evaluate(plan, log, closeAt === undefined ? { codeGeneration } : { codeGeneration, closeAt })
    expect([fast.obligations, fast.notices, fast.hash]).toEqual([
      reference.obligations,
      reference.notices,
      reference.hash,
    ])
  }
  return reference
}

/** `fulfilled at 5 by 1, noticed 5`, one for each instance. */
function lines({ obligations: { instances } }: RunResult): readonly string[] {
  return Array.from({ length: instances.size }, (_, i) => {
    const status = instanceStatuses[instances.status[i] ?? 0]
    if (status === 'pending') return `pending until ${instances.due[i]}`
    return `${status} at ${instances.settledAt[i]} by ${instances.settledBy[i]}, noticed at ${instances.noticedAt[i]}`
  })
}

const answered = 'rule r after Ask as q expect Answer where it.id == q.id within 30m'

test('the deadline itself is in time, a millisecond later is not', () => {
  expect(
    lines(
      run(answered, [
        ['Ask', 0],
        ['Answer', 30 * minute],
      ]),
    ),
  ).toEqual(['fulfilled at 1800000 by 1, noticed at 1800000'])
  expect(
    lines(
      run(answered, [
        ['Ask', 0],
        ['Answer', 30 * minute + 1],
      ]),
    ),
  ).toEqual(['breached at 1800000 by -1, noticed at 1800001'])
})

test('a breach is noticed with the first later event, whatever it is', () => {
  const events: Event[] = [
    ['Ask', 0],
    ['Other', 30 * minute],
    ['Ask', 31 * minute, 'b', fromInteger(-1)],
    ['Answer', 32 * minute],
  ]
  expect(lines(run(answered, events))).toEqual(['breached at 1800000 by -1, noticed at 1860000'])
})

test('one answer fulfils all that wait for it, and none of another key', () => {
  expect(
    lines(
      run(answered, [
        ['Ask', 0],
        ['Ask', 1],
        ['Ask', 2, 'b'],
        ['Answer', 3],
      ]),
    ),
  ).toEqual(['fulfilled at 3 by 3, noticed at 3', 'fulfilled at 3 by 3, noticed at 3', 'pending until 1800002'])
})

test('the event that begins it does not fulfil it; one of the same time does', () => {
  const next = 'rule r after Ask expect Ask within 10m'
  expect(
    lines(
      run(next, [
        ['Ask', 0],
        ['Ask', 0],
      ]),
    ),
  ).toEqual(['fulfilled at 0 by 1, noticed at 0', 'pending until 600000'])
})

test('an event before the one that begins it counts for nothing', () => {
  expect(
    lines(
      run(answered, [
        ['Answer', 0],
        ['Ask', 0],
      ]),
    ),
  ).toEqual(['pending until 1800000'])
})

test('the end of a log leaves it pending; closing passes deadlines up to and including its time', () => {
  expect(lines(run(answered, [['Ask', 0]]))).toEqual(['pending until 1800000'])
  expect(lines(run(answered, [['Ask', 0]], 30 * minute - 1))).toEqual(['pending until 1800000'])
  expect(lines(run(answered, [['Ask', 0]], 30 * minute))).toEqual(['breached at 1800000 by -1, noticed at 1800000'])
})

test('rejected events neither begin nor fulfil', () => {
  const self = 'rule r after Answer expect Ask within 10m'
  expect(
    lines(
      run(self, [
        ['Answer', 0],
        ['Ask', 1, 'a', fromInteger(-1)],
        ['Ask', 2],
      ]),
    ),
  ).toEqual(['fulfilled at 2 by 2, noticed at 2'])
})

test('unknown does not begin an instance, and is a notice', () => {
  const picky = 'rule r after Answer where n > 0 expect Other within 30m'
  const { notices, obligations } = run(picky, [
    ['Answer', 0, 'a', unknown],
    ['Answer', 1],
  ])
  expect(obligations.instances.size).toBe(1)
  expect(notices).toEqual([{ code: 'W2103', policy: 0, rule: 0, count: 1, firstSeq: 0 }])
})

test('unknown does not fulfil, and is a notice for each event and instance', () => {
  const larger = 'rule r after Ask as q expect Answer where it.id == q.id and it.n > q.n within 30m'
  const { notices } = run(larger, [
    ['Ask', 1],
    ['Ask', 2, unknown],
    ['Answer', 3, 'a', unknown],
    ['Answer', 4, unknown, fromInteger(5)],
    ['Answer', 5, 'b', fromInteger(5)],
    ['Answer', 6, 'b', fromInteger(0)],
  ])
  // Both with the first two answers, and whoever has no key with the third: its number would do, and its key might.
  expect(notices).toEqual([{ code: 'W2104', policy: 0, rule: 0, count: 5, firstSeq: 2 }])
})

const unlessOther = `${answered} unless Other where it.id == q.id`

test('what cancels it ends it: in time, at the deadline, and not after it', () => {
  const ends = (at: number, other = 'a') =>
    lines(
      run(unlessOther, [
        ['Ask', 0],
        ['Other', at, other],
        ['Answer', at],
      ]),
    )
  expect(ends(5)).toEqual(['cancelled at 5 by 1, noticed at 5'])
  expect(ends(30 * minute)).toEqual(['cancelled at 1800000 by 1, noticed at 1800000'])
  expect(ends(30 * minute + 1)).toEqual(['breached at 1800000 by -1, noticed at 1800001'])
  expect(ends(5, 'b')).toEqual(['fulfilled at 5 by 2, noticed at 5'])
})

test('an event that does both fulfils; one cancels all that it is meant for', () => {
  const both = 'rule r after Ask as q expect Answer where it.id == q.id within 30m unless Answer as x where x.n > 0'
  expect(
    lines(
      run(both, [
        ['Ask', 0],
        ['Ask', 1, 'b'],
        ['Ask', 2, 'c'],
        ['Answer', 5, 'b'],
      ]),
    ),
  ).toEqual([
    'cancelled at 5 by 3, noticed at 5',
    'fulfilled at 5 by 3, noticed at 5',
    'cancelled at 5 by 3, noticed at 5',
  ])
})

test('unknown does not cancel, and is a notice', () => {
  const { notices, obligations } = run(unlessOther, [
    ['Ask', 0],
    ['Other', 5, unknown],
  ])
  expect(obligations.instances.status[0]).toBe(0)
  expect(notices).toEqual([{ code: 'W2105', policy: 0, rule: 0, count: 1, firstSeq: 1 }])
})

test('an opening condition may ask history', () => {
  const first =
    'rule r after Ask as q where no Ask by id over 1h before this expect Answer where it.id == q.id within 30m'
  expect(
    lines(
      run(first, [
        ['Ask', 0],
        ['Ask', 1],
        ['Ask', 2, 'b'],
      ]),
    ),
  ).toEqual(['pending until 1800000', 'pending until 1800002'])
})

test('several deadlines at one instant pass in the order of rules, then of opening', () => {
  const two = 'rule b after Ask expect Other within 1s  rule a after Answer expect Other within 1s'
  const { obligations } = run(two, [
    ['Answer', 0],
    ['Ask', 0],
    ['Ask', 0],
    ['Other', 1001],
  ])
  const { transitions, instances } = obligations
  const breached = Array.from(transitions.instance).slice(3)
  expect(breached.map(instance => [instances.rule[instance], instances.openedSeq[instance]])).toEqual([
    [0, 1],
    [0, 2],
    [1, 0],
  ])
})

test('a run without obligations keeps the hash of its decisions', () => {
  const silent = run(answered, [['Other', 0]])
  const loud = run(answered, [['Ask', 0]])
  expect(silent.obligations.transitions.size).toBe(0)
  expect(silent.hash).not.toBe(loud.hash)
})
