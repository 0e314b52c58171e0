/** What an analysis keeps from plan to plan is what a new one would say. */
import { parse, type SourceFile } from '@writ/grammar'
import { expect, test } from 'vitest'
import { analyze, type Checked, check } from '../../src/index.ts'

const head = `module kept
contract Paid version 1.0.0 { id: String key  amount: Int in 0 .. 100 }
`
const policy = (name: string, limit: number): string => `policy ${name} version 1.0.0 {
  on Paid as p
  default permit
  rule never when p.amount > ${limit} deny
}
`
const texts = [
  head + policy('a', 200) + policy('b', 300),
  `${head}// moved down\n${policy('a', 200)}${policy('b', 300)}`,
  `${head}// moved down\n${policy('a', 50)}${policy('b', 300)}`,
  head.replace('100', '250') + policy('a', 200) + policy('b', 300),
  head + policy('b', 300) + policy('a', 200),
  `${head}${policy('a', 200)}${policy('b', 300)}exception e { rule a.never  granted by "ana"  until 2030-01-01 }\n`,
  head + policy('a', 200) + policy('b', 300),
]

test('edit by edit, the findings are those of a fresh start', () => {
  let file: SourceFile | undefined
  let checked: Checked | undefined
  for (const text of texts) {
    file = parse('kept.writ', text, file)
    checked = check([file], checked)
    const fresh = check([parse('kept.writ', text)])
    if (checked.plan === null || fresh.plan === null) throw new Error(checked.problems[0]?.message)
    expect(checked.plan).toEqual(fresh.plan)
    expect(analyze(checked.plan)).toEqual(analyze(fresh.plan))
  }
})

test('a policy that nothing changed for is the same object in the next plan', () => {
  const before = parse('kept.writ', texts[0] ?? '')
  const first = check([before])
  const after = parse('kept.writ', (texts[0] ?? '').replace('> 300', '> 301'), before)
  const second = check([after], first)
  expect(second.plan?.policies[0]).toBe(first.plan?.policies[0])
  expect(second.plan?.policies[1]).not.toBe(first.plan?.policies[1])
  expect(second.plan?.contracts[0]).toBe(first.plan?.contracts[0])
})
