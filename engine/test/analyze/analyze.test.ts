/** Each analysis: a program that it is about, and one beside it that must stay silent. */
import { parse } from '@writ/grammar'
import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze/analyze.ts'
import { check } from '../../src/check/check.ts'

const contracts = `module t
contract Paid version 1.0.0 {
  id: String key  at: Time time  who: String  amount: Money<USD>  free: Money  n: Int  risk: Decimal?  score: Decimal in 0 .. 1
  channel: enum { chat, email }  vip: Bool  path: String
  check amount > 0 USD else reject "positive"
}
`

/** The codes and messages about a policy on `Paid as r`, by place. */
function found(body: string, head = 'combine strictest\n default hold'): readonly string[] {
  const text = `${contracts}policy t version 1.0.0 {\n on Paid as r\n ${head}\n ${body}\n}\n`
  const { plan, problems } = check([parse('t.writ', text)])
  if (!plan) throw new Error(problems.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return analyze(plan).map(({ code, message }) => `${code} ${message}`)
}
function permits(condition: string): readonly string[] {
  return found(`rule a "a" when ${condition} permit`)
}

test('a rule that can never match, with what contradicts what', () => {
  expect(permits('r.amount > 500 USD and r.vip and r.amount <= 50 USD')).toEqual([
    'W1201 The rule a can never match: `r.amount > 500 USD` contradicts `r.amount <= 50 USD`.',
  ])
  expect(permits('r.amount > 50 USD and r.amount <= 500 USD')).toEqual([])
  expect(permits('r.amount < 0 USD')).toEqual([
    'W1201 The rule a can never match: `r.amount < 0 USD` contradicts the check `amount > 0 USD` of Paid.',
  ])
  expect(permits('r.n > 1 and r.n < 2')).toEqual(['W1201 The rule a can never match: `r.n > 1` contradicts `r.n < 2`.'])
  expect(permits('r.score > 0.5 and r.score < 0.6')).toEqual([])
})

test('a rule that denies matches on unknown, and the message says so', () => {
  expect(found('rule a when r.n > 5 and r.n < 3 deny')).toEqual([
    'W1201 The rule a can match only where a value is unknown: `r.n > 5` contradicts `r.n < 3`.',
  ])
})

test('sets of texts, members and patterns', () => {
  expect(permits('r.channel == chat and r.channel == email')[0]).toContain('W1201')
  expect(permits('r.channel == chat or r.vip')).toEqual([])
  expect(permits('r.path starts_with "/etc/" and r.path starts_with "/home/"')[0]).toContain('W1201')
  expect(permits('r.path starts_with "/etc/" and r.path starts_with "/etc/ssl/"')).toEqual([
    'W1204 `r.path starts_with "/etc/"` changes nothing here: `r.path starts_with "/etc/ssl/"` says it already.',
  ])
  expect(permits('r.path == "/etc/passwd" and not (r.path like "/etc/*")')[0]).toContain('W1201')
  expect(permits('r.path in ["a", "b"] and r.path in ["b", "c"]')).toEqual([])
})

test('a condition that is always the same, as its smallest part', () => {
  expect(permits('r.vip or r.score <= 1')).toEqual([
    'W1202 `r.score <= 1` is never false: its value is always from 0 to 1.',
  ])
  expect(permits('r.vip or count of Paid by who over 1h >= 0')[0]).toContain('is always at least 0')
  expect(permits('r.vip or count of Paid by who over 1h > 0')).toEqual([])
  expect(permits('r.channel == chat or r.channel == email')).toEqual([
    'W1202 `r.channel == chat or r.channel == email` is never false: one of `r.channel == chat` and `r.channel == email` always holds.',
  ])
})

test('absent and unknown are not false', () => {
  expect(permits('(r.risk is present and r.risk > 0.5) or (r.risk ?? 0) <= 0.5')).toHaveLength(1)
  expect(permits('r.risk is present and r.risk > 0.5')).toEqual([])
  expect(permits('(r.risk ?? 2) > 1 and (r.risk is absent or r.risk < 1)')).toEqual([])
  expect(permits('(r.risk ?? 0) > 1 and (r.risk is absent or r.risk < 1)')[0]).toContain('W1201')
})

test('money of any currency may be of each', () => {
  expect(permits('r.free > 5 USD and r.free < 3 EUR')).toEqual([])
  expect(permits('r.free > 5 USD and r.free < 3 USD')[0]).toContain('W1201')
})

test('a rule that never decides', () => {
  expect(
    found('rule a "a" when r.n > 1 permit\n rule b "b" when r.n > 5 deny', 'combine first\n default hold'),
  ).toEqual([
    // On an unknown n the second one matches, and decides.
  ])
  expect(
    found('rule a "a" when r.n > 1 deny\n rule b "b" when r.n > 5 permit', 'combine first\n default hold'),
  ).toEqual(['W1203 The rule b never decides: wherever it matches, the rule a matches and goes before it.'])
  expect(found('rule b "b" when r.n > 5 warn\n rule a "a" when r.n > 1 deny')).toEqual([
    'W1203 The rule b never decides: wherever it matches, the rule a matches and goes before it.',
  ])
  expect(found('rule b "b" when r.n > 1 warn\n rule a "a" when r.n > 5 deny')).toEqual([])
  expect(found('rule a "a" when r.n > 5 hold\n rule b "b" when r.n <= 5 hold\n rule c "c" when r.n > 0 warn')).toEqual([
    'W1207 No event gets the default: one of a and b always matches.',
    'W1203 The rule c never decides: wherever it matches, one of the rules a and b matches and goes before it.',
  ])
  expect(
    found('rule p "p" when r.n > 1 permit\n rule d "d" when r.n > 5 deny', 'combine permit_overrides\n default warn'),
  ).toEqual([])
})

test('what somebody may waive covers nothing', () => {
  const rules = 'rule a "a" when r.n > 1 deny\n rule b "b" when r.n > 5 warn'
  expect(found(rules)).toHaveLength(1)
  const waiver = '}\nexception x { rule t.a granted by "ana" until 2026-12-31 '
  expect(found(`${rules}\n${waiver}`)).toEqual([])
})

test('a rule without effect', () => {
  expect(found('rule a when r.n > 5 permit', 'default permit')).toEqual([
    'W1204 The rule a changes no decision: without it the default is permit as well.',
  ])
  expect(found('rule a "say so" when r.n > 5 permit', 'default permit')).toEqual([])
  expect(found('rule a when r.n > 5 warn\n rule b when r.n > 7 permit', 'combine first default warn')).not.toEqual([])
  expect(found('rule a when r.n > 5 warn\n rule b when r.n < 7 permit', 'combine first default warn')).toEqual([])
})

test('the same condition with another decision', () => {
  expect(found('rule a "a" when r.n > 5 permit\n rule b "b" when r.n > 5 deny', 'combine first default hold')).toEqual([
    'W1205 The rules a (permit) and b (deny) have the same condition. Make one rule of them.',
  ])
  expect(found('rule a "a" when r.n > 5 permit\n rule b "b" when r.n > 4 deny', 'combine first default hold')).toEqual(
    [],
  )
})

test('a window that never fills', () => {
  expect(permits('exists Paid where n > 5 and n < 3 by who over 1h')).toEqual([
    'W1206 No event can ever be in this window: `n > 5` contradicts `n < 3`.',
  ])
  expect(permits('exists Paid where n > 5 and n < 9 by who over 1h')).toEqual([])
})

test('patterns that exclude each other', () => {
  expect(permits('r.path like "/etc/*" and r.path matches "/(?:home|tmp)/.*"')).toEqual([
    'W1201 The rule a can never match: `r.path like "/etc/*"` contradicts `r.path matches "/(?:home|tmp)/.*"`.',
  ])
  expect(permits('r.path like "/etc/*" and r.path matches "/(?:home|etc)/.*"')).toEqual([])
  expect(permits('r.path matches "[a-z]+" and not (r.path matches "[a-z0-9]*")')[0]).toContain('W1201')
})

test('more different values than there are', () => {
  expect(permits('r.vip and distinct(channel) of Paid by who over 1h > 2')).toEqual([
    'W1201 The rule a can never match: its value is always from 0 to 2.',
  ])
  expect(permits('r.vip and distinct(channel) of Paid by who over 1h > 1')).toEqual([])
  expect(permits('r.vip and distinct(path) of Paid by who over 1h > 2')).toEqual([])
})

test('a permit that needs what another rule denies', () => {
  const both = (needed: string, denied: string) =>
    found(`rule a "a" when ${needed} permit\n rule b when ${denied} deny "no"`)
  expect(both('exists Paid where amount > 900 USD by who over 1h before this', 'r.amount > 500 USD')).toEqual([
    'W1208 The rule a permits only after Paid, and t.b denies every such event: where both are enforced, it never comes. Change one of them.',
  ])
  // Some of the events that are needed are not denied; without the event it permits as well.
  expect(both('exists Paid where amount > 400 USD by who over 1h before this', 'r.amount > 500 USD')).toEqual([])
  expect(both('no Paid where amount > 900 USD by who over 1h before this', 'r.amount > 500 USD')).toEqual([])
  expect(both('r.vip and count of Paid where n > 9 by who over 1h >= 2', 'r.n > 5')[0]).toContain('W1208')
  expect(both('r.vip and count of Paid where n > 9 by who over 1h >= 0', 'r.n > 5')[0]).not.toContain('W1208')
})

test('an expectation that never begins, or is never met', () => {
  const expects = (opens: string, meets: string) =>
    found(`rule a after Paid as i${opens} expect Paid as x${meets} within 1h else warn`)
  expect(expects(' where i.n > 5 and i.n < 3', '')).toEqual([
    'W1209 The expectation a can never begin: `i.n > 5` contradicts `i.n < 3`.',
  ])
  expect(expects('', ' where x.score > 1')).toEqual([
    'W1209 The expectation a can never be met: its value is always from 0 to 1.',
  ])
  expect(expects(' where i.n > 5', ' where i.n < 3 and x.vip')).toEqual([
    'W1209 The expectation a can never be met: `i.n < 3 and x.vip` contradicts `i.n > 5`.',
  ])
  expect(expects(' where i.n > 5', ' where x.n < 3')).toEqual([])
})

test('an approval that waits for ever', () => {
  const roles = 'role Lead { members "ana", "bo" }\n'
  const asked = (approval: string) => {
    const text = `${contracts.replace('who: String', 'who: String requester')}${roles}policy t { on Paid as r default hold rule a "a" when r.vip require ${approval} }`
    const { plan } = check([parse('t.writ', text)])
    return plan ? analyze(plan).map(({ code, message }) => `${code} ${message}`) : null
  }
  expect(asked('approval from Lead')).toEqual([
    'W1210 Where no Lead answers, the request of a stays open for ever, and so does what is kept of it. Add `within DURATION`.',
  ])
  expect(asked('approval from Lead within 30m')).toEqual([])
})

test('a window that nothing ends', () => {
  expect(permits('r.vip and (count of Paid by who since Paid where n > 5 and n < 3) > 2')).toEqual([
    'W1211 This window begins anew at an event that can never come, so it keeps everything: `n > 5` contradicts `n < 3`.',
  ])
  expect(permits('r.vip and (count of Paid by who since Paid where n > 5) > 2')).toEqual([])
})

test('the default that is never reached', () => {
  expect(found('rule a "a" warn')).toEqual(['W1207 No event gets the default: the rule a always matches.'])
  expect(found('rule a "a" when r.vip deny\n rule b "b" when not r.vip warn')).toEqual([
    'W1207 No event gets the default: one of a and b always matches.',
  ])
  // Where vip is unknown, nothing matches.
  expect(found('rule a "a" when r.vip permit\n rule b "b" when not r.vip warn')).toEqual([])
})

test('checks that no event passes say nothing about rules', () => {
  const text = `module t
contract Odd version 1.0.0 { id: String key  n: Int  check n > 5  check n < 3 }
policy t { on Odd as r default hold rule a "a" when r.n > 1 permit }`
  const { plan } = check([parse('t.writ', text)])
  expect(plan && analyze(plan)).toEqual([])
})

test('a policy that has not changed is not looked at again', () => {
  const text = `${contracts}policy t { on Paid as r default hold rule a when r.n > 5 and r.n < 3 deny }`
  const { plan } = check([parse('t.writ', text)])
  if (!plan) throw new Error('the plan is gone')
  expect(analyze(plan)[0]).toBe(analyze({ ...plan })[0])
})
