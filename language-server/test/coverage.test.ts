/** Coverage of chosen tests, with places: which rules matched, and what was true and false. */
import { expect, test } from 'vitest'
import type { CoverageResult } from '../src/transport/messages.ts'
import { fakeClient, root } from './fake-client.ts'

const text = `module shop
contract Order version 1.0.0 { id: String key  at: Time time  amount: Money<EUR> }
sample Order { id: "o1", amount: 10 EUR }
policy limit version 1.0.0 {
  on Order as o
  default permit
  rule large when o.amount > 100 EUR deny
  rule huge when o.amount > 1_000 EUR hold
}
test "small" { given Order {} expect permit }
test "large" { given Order { amount: 200 EUR } expect deny by large }
`

test('counts rules, conditions and defaults of the tests that are asked for', async () => {
  const client = await fakeClient({ files: { 'shop.writ': text } })
  const covered = async (...titles: string[]) => {
    const [file] = await client.request<CoverageResult>('writ/testCoverage', {
      tests: [{ uri: `${root}shop.writ`, titles }],
    })
    const line = ({ start }: { readonly start: { readonly line: number } }) => start.line + 1
    return [
      ...(file?.rules ?? []).map(({ name, range, count }) => `${line(range)}: ${name} ${count}`),
      ...(file?.conditions ?? []).map(one => `${line(one.range)}: true ${one.seenTrue}, false ${one.seenFalse}`),
      ...(file?.defaults ?? []).map(({ range, count }) => `${line(range)}: default ${count}`),
    ]
  }
  expect(await covered('small', 'large')).toEqual([
    '7: limit.large 1',
    '8: limit.huge 0',
    '7: true 1, false 1',
    '8: true 0, false 2',
    '6: default 1',
  ])
  expect(await covered('small')).toContain('7: limit.large 0')
  await client.stop()
})
