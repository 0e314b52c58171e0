/** How far back a program looks: what a stream has to keep. */
import { forgottenUntil, historyReach } from '@writ/engine'
import { expect, test } from 'vitest'
import { planOf } from '../reference/judge.ts'

const hour = 3_600_000

/** For a policy with this rule on Paid: how old events of Paid and of Refused may be and still matter, in milliseconds. */
function kept(rule: string): readonly number[] {
  const plan = planOf(`contract Paid version 1.0.0 { who: String  n: Int }
contract Refused version 1.0.0 { who: String  n: Int }
table last_of by who from Refused { n: n }
policy p version 1.0.0 { on Paid as p  default permit  ${rule} }`)
  return historyReach(plan).map(reach => -forgottenUntil(reach, 0))
}

const none = Number.NEGATIVE_INFINITY
const all = Number.POSITIVE_INFINITY

test('a window keeps the events of its range', () => {
  expect(kept('rule r when count of Refused by who over 1h > 1 deny')).toEqual([none, hour])
})

test('a breaker keeps the events that may have tripped it, and what they looked at', () => {
  expect(kept('rule r when p.n > 1 deny for 2h by who')).toEqual([2 * hour + 1, none])
  expect(kept('rule r when count of Refused by who over 1h > 1 deny for 2h by who')).toEqual([
    2 * hour + 1,
    3 * hour + 1,
  ])
})

test('a day of a time zone may be longer', () => {
  expect(kept('rule r when count of Refused by who per day in "Europe/Zurich" > 1 deny')).toEqual([none, 27 * hour])
})

test('a table keeps everything', () => {
  expect(kept('rule r when last_of(p.who) is absent deny')).toEqual([none, all])
})
