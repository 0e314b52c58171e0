/** docs/testing.md, "Small changes": what is changed, who notices it, and what would. */
import { check, distinguish, runMutants } from '@writ/engine'
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { editsOf } from '../../src/mutation/edits.ts'
import { planOf } from '../reference/judge.ts'

/** A rule with this condition after each change, the decision and the rule itself left alone. */
function changed(when: string): readonly string[] {
  const before = `policy p { on A as r  default deny  rule x when ${when} permit }`
  const from = before.indexOf(when)
  return editsOf(parse('a.writ', before)).flatMap(({ span, text, kind }) =>
    span.start < from || span.end > from + when.length || kind === 'rule left out'
      ? []
      : [before.slice(from, span.start) + text + before.slice(span.end, from + when.length)],
  )
}

test.each([
  ['r.n < 5', ['r.n <= 5', 'r.n < 4', 'r.n < 6']],
  ['r.n != 1.50', ['r.n == 1.50', 'r.n != 1.49', 'r.n != 1.51']],
  ['r.a and r.b', ['r.b', 'r.a or r.b', 'r.a']],
  ['r.a or not r.b', ['not r.b', 'r.a and not r.b', 'r.a', 'r.a or r.b']],
  ['r.x is absent', ['r.x is present']],
  ['r.x in [a]', ['r.x not in [a]']],
  ['r.x not like "a"', ['r.x like "a"']],
  ['any t in r.l where t == "x"', ['all t in r.l where t == "x"', 'any t in r.l where t != "x"']],
  [
    'exists B by k over 1h30m',
    [
      'no B by k over 1h30m',
      'exists B by all over 1h30m',
      'exists B by k over 1h29m',
      'exists B by k over 1h31m',
      'exists B by k over 1h30m before this',
    ],
  ],
  [
    'max(v) of B by k, m over 1d before this > 5%',
    [
      'min(v) of B by k, m over 1d before this > 5%',
      'max(v) of B by m over 1d before this > 5%',
      'max(v) of B by k over 1d before this > 5%',
      'max(v) of B by k, m over 2d before this > 5%',
      'max(v) of B by k, m over 1d > 5%',
      'max(v) of B by k, m over 1d before this >= 5%',
      'max(v) of B by k, m over 1d before this > 4%',
      'max(v) of B by k, m over 1d before this > 6%',
    ],
  ],
])('%s', (when, expected) => {
  expect([...changed(when)].sort()).toEqual([...expected].sort())
})

const program = `module m
contract Refund version 1.0.0 { id: String key  agent: String  amount: Money<EUR> }
sample Refund { id: "r", agent: "a", amount: 20 EUR }
policy p version 1.0.0 {
  on Refund as r
  default deny
  rule small when r.amount <= 50 EUR and count of Refund by agent over 1h < 3 permit
}
test "small" { given Refund {}  expect permit by small }
test "large" { given Refund { amount: 51 EUR }  expect deny }
`

describe('who notices', () => {
  const file = parse('a.writ', program)
  const { mutants } = runMutants([file], check([file]))
  const fateOf = (text: string): string => {
    const found = mutants.find(({ after }) => after.join(' ').includes(text))
    if (!found) return 'no such change'
    const { fate } = found
    if (fate.kind === 'killed') return fate.by === 'test' ? `test ${fate.test.title}` : 'log'
    return fate.told.trace ? fate.told.outcomes.join(' / ') : 'equivalent'
  }

  test.each([
    ['amount <= 50 EUR or count', 'test large'],
    ['default permit', 'test large'],
    ['when false', 'test small'],
    ['amount < 50 EUR', 'permit by small / deny by default'],
    ['over 1h < 4', 'deny by default / permit by small'],
    ['by all over', 'permit by small / deny by default'],
    ['over 2h', 'permit by small / deny by default'],
  ])('%s: %s', (text, fate) => {
    expect(fateOf(text)).toBe(fate)
  })
})

test('two versions that decide the same are not told apart, and all was tried', () => {
  const one = planOf(program)
  const other = planOf(
    program.replace(
      'r.amount <= 50 EUR and count of Refund by agent over 1h < 3',
      'count of Refund by agent over 1h < 3 and not (r.amount > 50 EUR)',
    ),
  )
  const { trace, exhausted } = distinguish(one, other, [0], { maxEvents: 3, budget: 5_000 })
  expect(trace).toBeNull()
  expect(exhausted).toBe(true)
})
