/** Debugging without an editor: moments, the way through a log, places for breakpoints, and watched expressions. */
import { readFileSync } from 'node:fs'
import { check } from '@writ/engine'
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { debugStops, momentOf } from '../src/debug/moment.ts'
import { type DebugSubject, findEvent, testSubject, type Wanted } from '../src/debug/subject.ts'
import { watch } from '../src/debug/watch.ts'

const names = ['events.writ', 'refunds.writ', 'limits.writ', 'velocity.writ', 'levels.writ', 'tests.writ']
const sample = names.map(path => [path, readFileSync(`samples/refunds/${path}`, 'utf8')] as const)
const policy = 'refunds.refunds'

/** The test of the sample about 120 USD in a day: five refunds, four of one customer. */
function subject(title = 'small refunds of one customer are signed from 120 USD on in 24 hours'): DebugSubject {
  return subjectOf(sample, 'limits.writ', title)
}

function subjectOf(texts: readonly (readonly [string, string])[], path: string, title: string): DebugSubject {
  const files = texts.map(([name, text]) => parse(name, text))
  const made = testSubject(new Map(files.map(file => [file.path, file])), check(files), path, title)
  if (!made) throw new Error(`there is no test ${title}, or the program has errors`)
  return made
}

describe('a moment', () => {
  test('has the steps of the policy with their values, in the text', () => {
    const moment = momentOf(subject(), 4, policy)
    expect(
      moment?.steps.map(({ depth, title, place }) => `${place.start.line + 1}: ${'  '.repeat(depth)}${title}`),
    ).toMatchInlineSnapshot(`
        [
          "21: policy refunds.refunds",
          "30:   rule small: not matched",
          "31:     r.amount <= 50 USD and spent <= 120 USD = false",
          "31:       r.amount <= 50 USD = true",
          "31:       spent <= 120 USD = false",
          "28:         spent = 120.01 USD",
          "28:           sum(amount) of RefundRequested by customer over 24h = 120.01 USD",
          "34:   rule lead_signs: matched",
          "35:     r.amount <= 500 USD and (r.amount > 50 USD or spent > 120 USD) = true",
          "35:       r.amount <= 500 USD = true",
          "35:       (r.amount > 50 USD or spent > 120 USD) = true",
          "35:         r.amount > 50 USD = false",
          "35:         spent > 120 USD = true",
          "28:           spent = 120.01 USD",
          "41:   rule officers_sign: not matched",
          "42:     r.amount > 500 USD = false",
          "34:   hold by lead_signs",
        ]
      `)
    expect(moment?.title).toBe('RefundRequested at 2026-11-02 12:00:00Z, test:4')
  })

  test('has the fields of the event, the lets and the windows', () => {
    const moment = momentOf(subject(), 4, policy)
    expect(moment?.event.map(({ name, value, type }) => `${name}: ${type} = ${value}`)).toContain(
      'amount: Money<USD> = 0.01 USD',
    )
    expect(moment?.policies).toMatchObject([
      {
        policy,
        lets: [{ name: 'spent', value: '120.01 USD' }],
        windows: [{ name: 'sum(amount) of RefundRequested by customer over 24h', value: '120.01 USD' }],
      },
    ])
  })

  test('is none where no policy decides', () => {
    expect(momentOf(subject(), 99, policy)).toBe(null)
    expect(momentOf(subject(), 0, 'refunds.settlement')).toBe(null)
  })
})

test('the way to the next and to the last event that a rule matched', () => {
  const [lead, small] = [[{ policy, rule: 'lead_signs' }], [{ policy, rule: 'small' }]]
  const at = (from: number, direction: 'forward' | 'back', wanted: readonly Wanted[] = lead) =>
    findEvent(subject(), from, direction, wanted)
  expect(at(-1, 'forward')).toBe(4)
  expect(at(4, 'forward')).toBe(null)
  expect(at(5, 'back')).toBe(4)
  expect(at(4, 'back', small)).toBe(3)
  expect(at(0, 'back', small)).toBe(null)
  expect(at(1, 'forward', [{ policy, rule: null }])).toBe(2)
})

test('breakpoints have places on the lines of the rules', () => {
  const lines = new Set(debugStops(subject()).map(({ rule, place }) => `${rule} ${place.path}:${place.start.line + 1}`))
  const text = sample.find(([path]) => path === 'refunds.writ')?.[1].split('\n') ?? []
  expect(lines).toContain(`small refunds.writ:${text.findIndex(line => line.includes('rule small')) + 1}`)
  expect(lines).toContain(`null refunds.writ:${text.findIndex(line => line.includes('let spent')) + 1}`)
})

describe('a watched expression', () => {
  const watched = (expression: string) => {
    const result = watch(subject(), 4, policy, expression)
    return result.kind === 'value' ? `${result.value.type} ${result.value.value}` : result.message
  }
  test.each([
    ['r.amount', 'Money<USD> 0.01 USD'],
    ['spent - r.amount', 'Money<USD> 120.00 USD'],
    ['count of RefundRequested by customer over 24h', 'Int 4'],
    ['r.customer == "c1"', 'Bool true'],
    ['r.channel', 'enum chat'],
  ])('%s', (expression, expected) => expect(watched(expression)).toBe(expected))
  test.each([
    ['r.amont', 'amont'],
    ['r.amount +', ''],
    ['1 } policy other version 1.0.0 { on RefundRequested as q default deny', ''],
    ['1 rule more when true deny', ''],
    ['', 'nothing to evaluate'],
  ])('%s is told to be wrong', (expression, part) => {
    const result = watch(subject(), 4, policy, expression)
    expect(result.kind).toBe('problem')
    expect(result.kind === 'problem' ? result.message : '').toContain(part)
  })
})

test('secrets are covered, and what may be made of them', () => {
  const text = `module keys
contract Login version 1.0.0 { id: String key  at: Time time  token: String secret  user: String }
policy p version 1.0.0 { on Login as l default permit
  rule short when length(l.token) < 3 deny }
test "t" { given Login { id: "l1", token: "hunter2", user: "ana" } at 09:00 }`
  const made = subjectOf([['keys.writ', text]], 'keys.writ', 't')
  const moment = momentOf(made, 0, 'keys.p')
  expect(JSON.stringify(moment)).not.toContain('hunter2')
  const result = watch(made, 0, 'keys.p', 'l.token + "x"')
  expect(result).toMatchObject({ kind: 'value', value: { value: '•••' } })
})

test('what is recorded neither steers a terminal nor reorders a line', () => {
  const text = `module notes
contract Note version 1.0.0 { id: String key  at: Time time  text: String }
policy p version 1.0.0 { on Note as n default permit
  rule empty when n.text == "" deny }
test "t" { given Note { id: "n1", text: "\\u{1B}[31mred \\u{202E}drow" } at 09:00 }`
  const moment = momentOf(subjectOf([['notes.writ', text]], 'notes.writ', 't'), 0, 'notes.p')
  const shown = moment?.event.find(({ name }) => name === 'text')?.value ?? ''
  expect(shown).toContain('drow')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/.test(shown)).toBe(false)
})
