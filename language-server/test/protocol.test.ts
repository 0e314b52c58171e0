import { expect, test } from 'vitest'
import { fakeClient, positionOf, root } from './fake-client.ts'

const events = `module events
/// A customer asks for money back.
contract RefundRequested version 2.1.0 {
  id: String key
  customer: String personal(identifier)
  /// What is paid back.
  amount: Money<USD>
}
`
const policy = `module refunds
use events { RefundRequested }

policy guard version 1.0.0 {
  on RefundRequested as r
  default permit
  let spent = sum(amount) of RefundRequested by customer over 24h
  rule large when r.amount > 500 USD and spent > 10 USD
    deny "{r.amount} is much"
}
`

test('hover and definition through the protocol', async () => {
  const client = await fakeClient({ files: { 'events.writ': events, 'refunds.writ': policy } })
  const at = (needle: string, by = 0) => ({
    textDocument: { uri: `${root}refunds.writ` },
    position: positionOf(policy, policy.indexOf(needle) + by),
  })
  expect(await client.pull('refunds.writ')).toEqual([])
  const hover = await client.request<{ contents: { value: string } }>('textDocument/hover', at('r.amount >', 3))
  expect(hover.contents.value).toMatchInlineSnapshot(`
    "\`\`\`writ
    amount: Money<USD>
    \`\`\`

    What is paid back.

    Field of \`RefundRequested\` 2.1.0 in \`events\`.  
    Unit: USD."
  `)
  const spent = await client.request<{ contents: { value: string } }>('textDocument/hover', at('spent >', 3))
  expect(spent.contents.value).toMatchInlineSnapshot(`
    "\`\`\`writ
    let spent = sum(amount) of RefundRequested by customer over 24h
    \`\`\`

    \`Money<USD>\`, a \`let\` of \`guard\`."
  `)
  expect(await client.request('textDocument/definition', at('r.amount >', 3))).toMatchInlineSnapshot(`
    [
      {
        "range": {
          "end": {
            "character": 8,
            "line": 6,
          },
          "start": {
            "character": 2,
            "line": 6,
          },
        },
        "uri": "memory:/w/events.writ",
      },
    ]
  `)
  expect(
    await client.request('textDocument/references', { ...at('customer'), context: { includeDeclaration: true } }),
  ).toHaveLength(2)
  expect(client.logged).toEqual([])
  await client.stop()
})
