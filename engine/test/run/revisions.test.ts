/** Late events on one timeline: what was decided when they came, and what is decided with all events in order. */
import { check, evaluate, fromInteger, LogBuilder, type Plan, revisions } from '@writ/engine'
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'

const minute = 60_000
const { plan: checkedPlan } = check([
  parse(
    'm.writ',
    `module m
contract Pay { id: String key  n: Int }
contract Back { id: String key }
policy limits {
  on Pay as p
  default permit
  rule much when sum(n) of Pay by all over 1h > 10 deny
}
policy later {
  rule back after Pay as p expect Back where it.id == p.id within 10m else warn
}
`,
  ),
])

type Line = readonly [contract: 'Pay' | 'Back', milliseconds: number, id: string, n?: number]

/** Lines in the order in which they came. */
function revised(lines: readonly Line[], lateness: number) {
  const plan: Plan | null = checkedPlan
  if (plan === null) throw new Error('the program has errors')
  const builder = new LogBuilder(plan.contracts)
  lines.forEach(([name, time, id, n], index) => {
    const contract = plan.contracts.findIndex(one => one.name === name)
    const fields = n === undefined ? { id } : { id, n: fromInteger(n) }
    builder.add({ contract, time, file: 'a', index, fields })
  })
  const log = builder.build()
  return revisions(plan, log, evaluate(plan, log), new Map([['a', lateness]]))
}

// A payment of minute 5 comes after one of minute 20.
const late: readonly Line[] = [
  ['Pay', 0, 'a', 4],
  ['Pay', 20 * minute, 'b', 4],
  ['Pay', 5 * minute, 'late', 5],
  ['Pay', 21 * minute, 'c', 1],
]

test('a decision that was made before the late event came is revised; one after it is not', () => {
  // In order of time: a, late, b, c. When they came: a, b, late, c; the sum passes 10 with the third of each.
  const found = revised(late, 10 * minute)
  expect(found?.late).toEqual([1])
  expect(found?.decisions).toEqual([
    { seq: 1, policy: 0, from: { decision: 'deny', decidedBy: 0 }, to: { decision: 'permit', decidedBy: -1 } },
    { seq: 2, policy: 0, from: { decision: 'permit', decidedBy: -1 }, to: { decision: 'deny', decidedBy: 0 } },
  ])
})

test('late by exactly the lateness is not late, by a millisecond more it is', () => {
  expect(revised(late, 15 * minute)).toBeNull()
  expect(revised(late, 15 * minute - 1)?.late).toEqual([1])
})

test('a deadline that had passed when its answer came is revised to fulfilled', () => {
  const found = revised(
    [
      ['Pay', 0, 'a', 1],
      ['Pay', 30 * minute, 'b', 1],
      ['Back', 9 * minute, 'a'],
    ],
    0,
  )
  expect(found?.decisions).toEqual([])
  expect(found?.instances).toEqual([
    {
      seq: 0,
      policy: 1,
      rule: 0,
      from: { status: 'breached', at: 10 * minute },
      to: { status: 'fulfilled', at: 9 * minute },
    },
  ])
})

test('nothing late, nothing revised', () => {
  const inOrder = late.toSorted((a, b) => a[1] - b[1])
  expect(revised(inOrder, 0)).toBeNull()
})
