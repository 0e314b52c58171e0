/** docs/testing.md, "Coverage": what of the rules has been seen, and which pair of events shows that a condition matters. */
import { CoverageCounter, isShown, testLog } from '@writ/engine'
import { expect, test } from 'vitest'
import { conditionTree, matters } from '../../src/coverage/condition-tree.ts'
import { planOf } from '../reference/judge.ts'

const program = `module m
contract Refund { id: String key  amount: Money<EUR>  risk: Decimal?  chat: Bool }
sample Refund { id: "r", amount: 20 EUR, chat: true }
contract Paid { id: String key }
policy p version 1.0.0 {
  on Refund as r
  default deny
  let small = r.amount <= 50 EUR
  rule fine when small and (r.chat or r.risk is absent) permit
  rule never when r.amount > 900 EUR hold
  rule paid after Refund where amount > 10 EUR and chat expect Paid where it.id == id within 1h
}
`
/** Of each rule how often it matched and decided; of each condition where it was seen to matter as true and as false. */
function covered(tests: string): readonly string[] {
  const plan = planOf(program + tests)
  const counter = new CoverageCounter(plan)
  for (const one of plan.tests) counter.add(testLog(plan, one), one.title)
  const { rules, defaults } = counter.coverage
  const text = (span: { readonly file: number; readonly start: number; readonly end: number }) =>
    plan.files[span.file]?.text.slice(span.start, span.end)
  return [
    ...rules.flatMap(({ rule, matched, decided, instances, conditions }) => [
      `${plan.policies[0]?.rules[rule]?.name} ${instances ? JSON.stringify(instances) : `${matched} ${decided}`}`,
      ...conditions.map(one => {
        const [yes, no] = [one.trueMatters, one.falseMatters].map(at => (at ? `${at.run}:${at.seq}` : 'not'))
        return `  ${text(one.condition.span)}: ${one.seenTrue} ${one.seenFalse}, ${yes} ${no}${isShown(one) ? '' : ' missing'}`
      }),
    ]),
    `default ${defaults.join(' ')}`,
  ]
}

test('rules, defaults and conditions', () => {
  expect(
    covered(`test "a" { given Refund {}  given Refund { amount: 51 EUR }  given Refund { chat: false, risk: 1 } }
test "b" { given Refund { id: "x", amount: 5 EUR, chat: false }  given Paid { id: "r" } }`),
  ).toEqual([
    'fine 2 2',
    '  r.amount <= 50 EUR: 3 1, a:0 a:1',
    '  r.chat: 2 2, not a:2 missing',
    '  r.risk is absent: 3 1, b:0 a:2',
    'never 0 0',
    '  r.amount > 900 EUR: 0 4, not a:0 missing',
    'paid {"began":2,"fulfilled":0,"breached":0}',
    '  amount > 10 EUR: 3 1, a:0 not missing',
    '  chat: 2 2, a:0 a:2',
    'default 2',
  ])
})

test('a condition that another one hides does not matter', () => {
  const [rule] = planOf(program).policies[0]?.rules ?? []
  if (!rule?.when) throw new Error('no condition')
  const tree = conditionTree(rule.when)
  expect([0, 1, 2].map(atom => matters(tree, [true, true, true], atom))).toEqual([true, false, false])
  expect([0, 1, 2].map(atom => matters(tree, [true, true, false], atom))).toEqual([true, true, false])
  expect([0, 1, 2].map(atom => matters(tree, [false, true, false], atom))).toEqual([true, false, false])
})
