/** Secrets on pages of explanations: covered wherever they stand. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { changesOf } from '../../src/explain/counterfactual.ts'
import { explanationText } from '../../src/explain/page.ts'
import { explain } from '../../src/explain/trace.ts'
import { LogBuilder } from '../../src/log/builder.ts'
import { columnView } from '../../src/log/column-view.ts'
import type { Value } from '../../src/value/value.ts'

const program = `module m
contract Told version 1.0.0 { run: String  text: String }
contract Changed version 1.0.0 {
  run: String  password: String secret  hint: String
  more: { token: String secret, label: String }
}
policy passwords version 1.0.0 {
  on Changed as c
  default deny because "nobody gave it"
  rule given when exists Told where lower(text) contains lower(c.password) by run over 1d permit
  rule same when c.password == c.hint or c.more.token starts_with c.hint permit
}`

function page(password: string, told: string, hint = 'none', token = 'tok'): string {
  const { plan } = check([parse('a.writ', program)])
  if (plan === null) throw new Error('the program has errors')
  const log = new LogBuilder(plan.contracts)
  const contract = (name: string) => plan.contracts.findIndex(one => one.name === name)
  const add = (name: string, index: number, fields: Record<string, Value>) =>
    log.add({ contract: contract(name), time: index * 1000, file: 'log', index, fields })
  add('Told', 0, { run: '1', text: told })
  add('Changed', 1, { run: '1', password, hint, more: { fields: { token, label: 'key' } } })
  const view = columnView(log.build(), plan.contracts)
  const explanation = explain(plan, view, 1, 0)
  return explanationText(plan, view, explanation, changesOf(plan, view, explanation))
}

test('the value of a secret field, and the same text in another event', () => {
  const text = page('blue-Horse-7', 'Set it to Blue-horse-7, now.')
  expect(text).not.toMatch(/horse/i)
  expect(text).toContain('B••••••, now.')
})

test('in what would have changed the decision', () => {
  const text = page('hunter22', 'hello')
  expect(text).toContain('what would have changed it')
  expect(text).not.toContain('hunter22')
  expect(text).toContain('password “h••••••”')
})

test('a secret of several words, and one that is cut short', () => {
  expect(page('correct horse battery', 'hello')).not.toMatch(/horse|battery/)
  const long = 'a1b2c3d4e5f6g7h8'.repeat(8)
  expect(page(long, 'hello')).not.toContain('a1b2c3d4')
})

test('a member of a record', () => {
  expect(page('hunter22', 'hello', 'none', 'token-4711')).not.toContain('token-4711')
})

test('a short one only where it is quoted, so that other words stay as they are', () => {
  const text = page('n', 'hello')
  expect(text).toContain('because nobody gave it')
  expect(text).not.toContain('“n”')
})
