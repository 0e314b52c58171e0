/**
 * Logs that are longer than a block of the hash (4,096 decisions) and than a chunk of the compiled evaluator (65,536 events):
 * what is kept from one to the next must not show.
 */

import { type BuiltEvent, rational } from '@writ/engine'
import { expect, test } from 'vitest'
import { checked, judge } from './pair.ts'
import { randomFrom } from './random.ts'

const contracts = `module long
contract Paid { customer: String  amount: Int }
contract Asked { customer: String }
`

test('windows across the blocks of the hash', () => {
  const { plan } = checked(`${contracts}
policy p version 1.0.0 {
  on Paid, Asked as e
  default permit
  rule many when count of Paid by customer over 1m > 3 deny
  rule much when sum(amount) of Paid where amount > 2 by customer over 10m before this > 20 warn
}`)
  expect(plan && judge(plan, events(4_300)).difference).toBe(null)
})

test('decisions across the chunks of a run', () => {
  const { plan } = checked(`${contracts}
policy p version 1.0.0 {
  on Paid as e
  default permit
  rule much when e.amount > 7 deny
  rule known when e.customer in ["c1", "c2"] warn
}`)
  expect(plan && judge(plan, events(70_000)).difference).toBe(null)
})

/** Half of them payments, of 50 customers, up to 2 s apart. */
function events(count: number): readonly BuiltEvent[] {
  const random = randomFrom(count)
  let time = Date.UTC(2026, 10, 20)
  return Array.from({ length: count }, (_, index) => {
    time += random.between(0, 2_000)
    const fields = { customer: `c${random.between(1, 50)}`, amount: rational(BigInt(random.between(0, 9))) }
    return { contract: random.between(0, 1), time, file: 'a.ndjson', index, fields }
  })
}
