import { expect, test } from 'vitest'
import { checked } from './pair.ts'
import { shrink } from './shrink.ts'

test('a failing pair becomes as small as it can be while it fails', () => {
  const program = `module m
type Channel = enum { chat, email }
contract A { n: Int  note: String?  channel: Channel }
policy p version 1.0.0 {
  on A as e
  combine first
  default permit
  let many = count of A where n > 3 and channel == chat by all over 1h
  rule one when many > 2 or e.n == 5 deny "{e.n} is much"
  rule two when e.channel == chat warn
}
`
  const events = Array.from({ length: 20 }, (_, index) => ({ contract: 0, time: index, file: 'a', index, fields: {} }))
  const small = shrink(program, events, 'at first', (text, left) =>
    checked(text).plan && text.includes('count of A') && left.some(({ index }) => index === 13) ? 'still' : null,
  )
  expect(small.difference).toBe('still')
  expect(small.events.map(({ index }) => index)).toEqual([13])
  expect(small.text).toBe(`module m
contract A {      }
policy p version 1.0.0 {
  on A as e
  default permit
  let many = count of A by all over 1h
}
`)
})
