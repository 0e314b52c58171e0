/** An expectation that begins with an unknown event: the mistake is named once, and what it waits for is not called unused. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { check } from '../../src/index.ts'

const events = parse(
  'events.writ',
  ['Paid', 'Shipped', 'Refunded', 'Other']
    .map(name => `contract ${name} { id: String key  at: Time time }`)
    .join('\n')
    .replace(/^/, 'module events\n'),
)
const problems = (opening: string): readonly string[] =>
  check([
    events,
    parse(
      'm.writ',
      `module m
use events { Other, Paid, Refunded, Shipped }
policy p version 1.0.0 {
  on Paid as q
  default permit
  rule ships
    after ${opening} as o
    expect Shipped where it.id == o.id within 1d
      unless Refunded where it.id == o.id
    else warn "late"
}
`,
    ),
  ]).problems.flatMap(({ code, path, message }) => (path === 'm.writ' ? `${code} ${message.split(' ')[0]}` : []))

test('of an event that is known only what nothing needs is unused', () =>
  expect(problems('Paid')).toEqual(['W0207 Other']))
test('of an event that is unknown too', () => {
  const found = problems('Payd')
  expect(found.filter(text => text.startsWith('W0207'))).toEqual(['W0207 Other'])
  expect(found.some(text => text.startsWith('W0203'))).toBe(true)
})
