/** Workspaces held against earlier states of themselves: promises, numbers, and what a policy means. */
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { committed } from '../../src/evolution/committed.ts'
import { historyProblems } from '../../src/evolution/history-problems.ts'
import { policyMeaning } from '../../src/evolution/meaning.ts'

describe('contracts', () => {
  const paid = (version: string, mode: string, fields: string) =>
    `module e\ncontract Paid version ${version} {\n${mode === '' ? '' : `  compatibility ${mode}\n`}  ${fields}\n}`

  test('the newest state and the number before are looked at, older ones only by a transitive mode', () => {
    const states = (mode: string) => [
      paid('1.0.0', mode, 'a: Int  b: Int?'),
      paid('2.0.0', mode, 'a: Int'),
      paid('2.1.0', mode, 'a: Int  c: Int?'),
    ]
    // `b` had another type in version 1.
    const now = (mode: string) => paid('2.2.0', mode, 'a: Int  c: Int?  b: String?')
    expect(codes(states('backward'), now('backward'))).toEqual([])
    expect(codes(states('backward transitive'), now('backward transitive'))).toEqual(['W0650'])
  })

  test('what is committed already is held against the number before', () => {
    const states = [paid('1.0.0', 'backward', 'a: Int?'), paid('2.0.0', 'backward', 'a: Int')]
    expect(codes(states, paid('2.0.0', 'backward', 'a: Int'))).toEqual(['W0650'])
  })

  test('a form that a number had only for a while does not count', () => {
    const states = [paid('1.0.0', 'backward', 'a: Int?  x: Int?'), paid('1.0.0', 'backward', 'a: Int?')]
    expect(codes(states, paid('1.1.0', 'backward', 'a: Int?  y: Int?'))).toEqual([])
  })

  test('without a mode only the number is looked at, without a number nothing', () => {
    expect(codes([paid('1.0.0', '', 'a: Int?')], paid('1.0.0', '', 'a: Int'))).toEqual(['W0651'])
    expect(codes(['module e\ncontract Paid { a: Int? }'], 'module e\ncontract Paid { a: Int }')).toEqual([])
  })

  test('numbers do not go back, and patches are not asked for', () => {
    expect(codes([paid('1.1.0', '', 'a: Int')], paid('1.0.9', '', 'a: Int'))).toEqual(['W0651'])
    expect(codes([paid('1.1.0', '', 'a: Int  owner "a"')], paid('1.1.0', '', 'a: Int  owner "b"'))).toEqual([])
  })

  test('the fix raises the number', () => {
    const now = paid('1.0.0', '', 'a: Int')
    const [found] = problems([paid('1.0.0', '', 'a: Int?')], now)
    const edit = found?.fixes[0]?.edits[0]
    expect(edit?.text).toBe('2.0.0')
    expect(now.slice(edit?.span.start, edit?.span.end)).toBe('1.0.0')
  })

  test('a contract that promised something and went', () => {
    const two = `${paid('1.0.0', 'backward', 'a: Int')}\ncontract Other { a: Int }`
    expect(codes([two], 'module e\ncontract Other { a: Int }')).toEqual(['W0650'])
    expect(codes([two.replace('backward', 'none')], 'module e\ncontract Other { a: Int }')).toEqual([])
  })

  test('a file under another name is no change', () => {
    const text = paid('1.0.0', 'full', 'a: Int')
    const state = committed([{ label: 'HEAD', files: [parse('old.writ', text)] }])
    expect(state && historyProblems([parse('new.writ', text)], null, state)).toEqual([])
  })

  test('states whose contracts have errors in between are passed over', () => {
    const states = [
      paid('1.0.0', 'backward', 'a: Int?'),
      paid('2.0.0', '', 'a: Nonsense'),
      paid('2.0.0', 'backward', 'a: Int?'),
    ]
    expect(codes(states, paid('2.1.0', 'backward', 'a: Int?  b: Int?'))).toEqual([])
    expect(committed([{ label: 'HEAD', files: [parse('a.writ', 'module e\ncontract E { a: Nonsense }')] }])).toBe(null)
  })
})

describe('policies', () => {
  const before =
    'let big = p.n > 5\n  rule one when big and p.s == "x" permit\n  rule two when count of Paid by s over 1d > 3 deny "no"'

  test.each([
    [
      'a title, documentation and texts',
      before.replace('rule one', '/// What.\n  rule one "a title"').replace('"no"', '"never"'),
    ],
    ['a let written out', before.replace('big and', 'p.n > 5 and').replace('let big = p.n > 5\n', '')],
    ['a let under another name', before.replaceAll('big', 'large')],
    ['operands in another order', before.replace('big and p.s == "x"', 'p.s == "x" and big')],
    ['a comparison the other way round', before.replace('p.n > 5', '5 < p.n')],
    [
      'rules of different decisions in another order',
      `${before.split('\n').reverse().join('\n')}`.replace(/let.*/, '').replace('big', 'p.n > 5'),
    ],
  ])('%s mean the same', (_, after) => expect(codes([policy(before)], policy(after))).toEqual([]))

  test.each([
    ['a threshold', before.replace('> 5', '> 6')],
    ['a decision', before.replace('deny', 'hold')],
    ['a window', before.replace('1d', '2d')],
    ['a key', before.replace('by s', 'by n')],
    ['a rule less', before.replace(/\n.*rule two.*/, '')],
    ['or instead of and', before.replace('big and', 'big or')],
    ['the name of a rule', before.replace('rule one', 'rule uno')],
    ['an obligation', before.replace('permit', 'permit then tell desk { s: p.s }')],
    ['what an obligation says', before.replace('"no"', '"no" then tell { text: "x" }')],
  ])('%s means something else', (_, after) => expect(codes([policy(before)], policy(after))).toEqual(['W0654']))

  test('with another number it may', () => {
    expect(codes([policy(before)], policy(before.replace('> 5', '> 6'), '1.0.1'))).toEqual([])
    expect(codes([policy(before)], policy(before, '0.9.0'))).toEqual(['W0651'])
  })

  test('under `first` the order of rules is their meaning', () => {
    const [a, b] = ['rule a when p.n > 1 permit', 'rule b when p.n > 2 deny']
    const first = (body: string) => policy(`combine first\n  ${body}`)
    expect(codes([first(`${a}\n  ${b}`)], first(`${b}\n  ${a}`))).toEqual(['W0654'])
  })

  test('numbers of variables do not matter', () => {
    const one = 'rule w when exists Paid where it.n > p.n by s over 1d permit'
    const meaning = (body: string) => {
      const { plan } = check([parse('a.writ', policy(body))])
      return (
        plan &&
        policyMeaning({ ...plan, policies: plan.policies.map(one => ({ ...one, rules: one.rules.slice(-1) })) }, 0)
      )
    }
    expect(meaning(`rule v when exists Paid by s over 2d permit\n  ${one}`)).toBe(meaning(one))
  })

  function policy(body: string, version = '1.0.0'): string {
    return `module e\ncontract Paid { s: String  n: Int }\nsink desk { accepts personal }\npolicy p version ${version} {\n  on Paid as p\n  default deny\n  ${body}\n}`
  }
})

/** `states` from the oldest to the newest, each a whole file. */
function problems(states: readonly string[], now: string) {
  const state = committed(states.map((text, place) => ({ label: `v${place}`, files: [parse('a.writ', text)] })))
  if (state === null) throw new Error('the newest state has errors')
  const files = [parse('a.writ', now)]
  const { plan, problems: own } = check(files)
  expect(own.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
  return historyProblems(files, plan, state)
}
function codes(states: readonly string[], now: string): readonly string[] {
  return problems(states, now).map(({ code }) => code)
}
