/** W09xx: history forms; and what they become. */
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import type { Baseline, Baselines } from '../../src/plan/baseline.ts'
import { rational } from '../../src/value/rational.ts'
import { type Case, checkAll, expectMarked, policy, rule, runCase } from './marked.ts'

const both = 'module m\nuse e { Paid, Refused }\npolicy q {\n'

const cases: Record<string, Case> = {
  'W0901 history without a key': {
    wrong: rule('[[W0901|count of Paid over 1d]] > 1'),
    fine: rule('count of Paid by all over 1d > 1'),
  },
  'W0902 history without a range': {
    wrong: rule('[[W0902|(count of Paid by who)]] > 1'),
    fine: rule('(count of Paid by who over 24h) > 1'),
    fixed: rule('(count of Paid by who over 24h) > 1'),
  },
  'W0903 history inside history': {
    wrong: rule('exists Paid where [[W0903|count of Paid by who over 1d]] > 1 by who over 1d'),
    fine: policy('let c = count of Paid by who over 1d\n rule r when exists Paid where c > 1 by who over 1d permit'),
  },
  'W0904 history out of place': {
    wrong: 'module m\nuse e { Paid }\ndefine many = [[W0904|count of Paid by all over 1d]] > 1',
    fine: policy('let many = count of Paid by all over 1d > 1\n rule r when many permit'),
  },
  'W0905 key the window does not have': {
    wrong: rule('count of Paid by [[W0905|payr]] = p.who over 1d > 1'),
    fine: rule('count of Paid by payer = p.who over 1d > 1'),
    fixed: rule('count of Paid by payer = p.who over 1d > 1'),
  },
  'W0906 key the current event does not have': {
    wrong: `${both}on Refused as r default deny rule x when r.n > 1 and count of Paid by [[W0906|payer]] over 1d > 1 permit }`,
    fine: `${both}on Refused as r default deny rule x when r.n > 1 and count of Paid by payer = r.who over 1d > 1 permit }`,
  },
  'W0907 aggregate of another type': {
    wrong: rule('sum([[W0907|who]]) of Paid by who over 1d > 1'),
    fine: rule('sum(n) of Paid by who over 1d > 1 and distinct(who) of Paid by all over 1d > 1'),
  },
  'W0908 aggregate with a second value': {
    wrong: rule('sum(n, [[W0908|5%]]) of Paid by who over 1d > 1'),
    fine: rule('(quantile(n, 5%) of Paid by who over 1d ?? 0) > 1'),
  },
  'W0909 quantile out of range': {
    wrong: rule('(quantile(n, [[W0909|105%]]) of Paid by who over 1d ?? 0) > 1'),
    fine: rule('(quantile(n, 95%) of Paid by who over 1d ?? 0) > 1'),
  },
  'W0910 key of many values': {
    wrong: rule('count of Paid by [[W0910|tags]] over 1d > 1'),
    fine: rule('count of Paid by channel over 1d > 1'),
  },
  'W0911 keys of different types': {
    wrong: rule('count of Paid by [[W0911|who = p.n]] over 1d > 1'),
    fine: rule('count of Paid by n = p.n over 1d > 1'),
  },
  'W0912 step of another event': {
    wrong: rule('Paid as a then Paid where n > [[W0912|a]].n by who over 1d'),
    fine: rule('Paid as a where a.n > 1 then Paid where n > 1 by who over 1d'),
  },
  'W0913 unknown time zone': {
    wrong: rule('count of Paid by who [[W0913|per day in "Europe/Zuerich"]] > 1'),
    fine: rule('count of Paid by who per day in "Europe/Zurich" > 1 and count of Paid by who per day in "UTC" > 1'),
    fixed: rule('count of Paid by who per day in "Europe/Zurich" > 1'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('inside `where` and the value bare names are fields of the window’s event', () => {
  expectMarked(rule('sum(n) of Paid where amount > p.amount and it.n > 1 by who over 1d > 3'))
  expectMarked(rule('exists Paid as x where x.channel == chat and channel != email and x.who != p.who by all over 1d'))
})

test.each([
  ['count of Paid', 'Int'],
  ['sum(amount) of Paid', 'Money'],
  ['avg(n) of Paid', 'Decimal?'],
  ['avg(euros) of Paid', 'Money<EUR>?'],
  ['min(day) of Paid', 'Time?'],
  ['max(n) of Paid', 'Int?'],
  ['distinct(home) of Paid', 'Int'],
  ['share(channel == chat) of Paid', 'Percent?'],
  ['quantile(took, 50%) of Paid', 'Duration?'],
  ['last(home) of Paid', 'record?'],
  ['first(who) of Paid', 'String?'],
])('%s is %s', (form, type) => {
  const guarded = type.endsWith('?') ? `${form} by who over 1d is present` : `(${form} by who over 1d) == 1`
  const { plan, problems } = checkAll(
    policy(
      `let v = ${form} by who over 1d\n rule r when v ${type.endsWith('?') ? 'is present' : type === 'Money' ? '> 1 EUR' : '> 1'} permit`,
    ),
  )
  expect(problems, guarded).toEqual([])
  const found = plan?.policies[0]?.lets[0]?.value.type
  const inner = found?.kind === 'optional' ? found.inner : found
  const name = inner?.kind === 'money' && inner.currency ? `Money<${inner.currency}>` : (inner?.kind ?? '')
  const shown = name === 'record' ? name : name.charAt(0).toUpperCase() + name.slice(1)
  expect(`${shown}${found?.kind === 'optional' ? '?' : ''}`).toBe(type)
})

test('a window of the plan', () => {
  const { plan } = checkAll(
    rule(
      'sum(n) of Refused as x where x.amount > p.amount by who = p.payer, n over 90m before this > 3',
      'Paid, Refused',
    ),
  )
  const when = plan?.policies[0]?.rules[0]?.when
  const refused = plan?.contracts.findIndex(contract => contract.name === 'Refused')
  expect(when?.kind === 'compare' && when.left).toMatchObject({
    kind: 'aggregate',
    function: 'sum',
    pattern: { contract: refused, variable: 1, where: { kind: 'compare', left: { event: 1 }, right: { event: 0 } } },
    value: { kind: 'field', event: 1, path: ['n'] },
    keys: [
      { path: ['who'], value: { kind: 'field', event: 0, path: ['payer'] } },
      { path: ['n'], value: { kind: 'field', event: 0, path: ['n'] } },
    ],
    range: { kind: 'over', milliseconds: 5_400_000 },
    beforeThis: true,
    rank: null,
  })
})

test('`since` has the same keys on the event that resets', () => {
  const { plan } = checkAll(rule('(count of Paid by who since Refused where n > 1) > 3', 'Paid, Refused'))
  const when = plan?.policies[0]?.rules[0]?.when
  expect(when?.kind === 'compare' && when.left).toMatchObject({
    range: { kind: 'since', reset: { variable: 2, where: { left: { event: 2 } } }, resetKeys: [{ path: ['who'] }] },
  })
  expectMarked(rule('count of Paid by [[W0905|payer]] = p.who since Refused > 3', 'Paid, Refused'))
})

test('`no` is `not exists`, and a sequence binds each step', () => {
  const { plan } = checkAll(
    rule('no Paid by who per week and Refused then Paid where n > 1 by who per day', 'Paid, Refused'),
  )
  expect(plan?.policies[0]?.rules[0]?.when).toMatchObject({
    operands: [
      { kind: 'not', operand: { kind: 'exists', range: { kind: 'per', unit: 'week' } } },
      { kind: 'sequence', steps: [{ variable: 2, where: null }, { variable: 3 }], range: { kind: 'per', unit: 'day' } },
    ],
  })
})

test('history may look for each element of a list', () => {
  expectMarked(rule('any tag in p.tags where no Paid by who = tag over 30d'))
})

describe('drift', () => {
  const numbers: Baseline = { name: 'usual', of: 'numbers', edges: [rational(10n)], currency: null, counts: [3, 1] }
  const spent: Baseline = { ...numbers, name: 'spent', currency: 'EUR' }
  const texts: Baseline = { name: 'ways', of: 'texts', values: ['chat'], counts: [3, 1] }
  const baselines = new Map([numbers, spent, texts].map(baseline => [baseline.name, baseline]))
  const codes = (form: string, given: Baselines | null = baselines) => {
    const prelude =
      'module e contract Paid { id: String key  who: String  n: Int  amount: Money  euros: Money<EUR>  at: Time  channel: enum { chat } }'
    const files = [parse('a.writ', rule(`(${form} of Paid by who over 1d ?? 0) > 0.2`)), parse('e.writ', prelude)]
    return check(files, undefined, { baselines: given }).problems.map(
      ({ code, message }) => `${code} ${message.split('.')[0]}`,
    )
  }
  test('is held against a baseline that counts such values', () => {
    for (const form of ['drift(n against usual)', 'drift(euros against spent, ks)', 'drift(channel against ways, psi)'])
      expect(codes(form)).toEqual([])
    expect(codes('drift(n against spent)')).toEqual([
      'W0916 The baseline spent counts amounts in EUR, but this is an Int',
    ])
    for (const form of ['drift(amount against spent)', 'drift(at against usual)', 'drift(channel against usual)'])
      expect(codes(form)[0]).toContain('W0916')
  })
  test('names what is missing', () => {
    expect(codes('drift(n)')).toEqual(['W0914 This does not say from what the values drift'])
    expect(codes('drift(n against usul)')[0]).toContain(
      'W0915 No baseline is called usul. Did you mean usual?'.split('.')[0],
    )
    expect(codes('drift(n against usual, kl)')[0]).toContain('W0917')
    expect(codes('drift(n against usual)', null)[0]).toContain('W0918')
  })
  test('an unguarded drift is refused: of nothing it is absent', () => {
    const files = [
      parse('e.writ', 'module e contract Paid { n: Int }'),
      parse('a.writ', rule('drift(n against usual) of Paid by all over 1d > 0.2')),
    ]
    expect(check(files, undefined, { baselines }).problems.map(({ code }) => code)).toEqual(['W0401'])
  })
})

test('an optional key is fine: an absent one is in nobody’s window', () => {
  expectMarked(rule('count of Paid by payer over 1d > 1'))
})
