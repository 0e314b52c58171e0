/** What failed tests say where a breaker or an exception decided. */
import { runTests } from '@writ/engine'
import { expect, test } from 'vitest'
import { planOf } from '../reference/judge.ts'

/** The message of a test with these steps. */
function failure(steps: string): string | null | undefined {
  const plan = planOf(`contract Paid version 1.0.0 { agent: String  amount: Int }
sample Paid { agent: "a", amount: 1 }
policy limits version 1.0.0 {
  on Paid as p
  default permit
  rule large when p.amount > 100 deny for 15m by agent
}
exception fair { rule limits.large when agent == "b" granted by "ana" until 2026-12-31 }
test "t" { ${steps} }`)
  return runTests(plan)[0]?.message
}

test('a breaker says so', () => {
  expect(failure('given Paid { amount: 500 } given Paid { } expect permit')).toBe(
    'expected permit, but limits decided deny by rule large, which an earlier event tripped: p.amount > 100, now or up to 15 m ago',
  )
})

test('an exception is named', () => {
  expect(failure('given Paid { agent: "b", amount: 500 } expect deny by large')).toBe(
    'expected deny by large, but limits decided permit by its default: no rule of the policy matches, so its default decides; the exception fair waives rule large',
  )
})
