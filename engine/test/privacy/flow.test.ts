/**
 * Privacy flow: what reaches texts and obligations, what lowers a class, and where the fix sits. `[[W1302|p.who]]` marks a
 * reported place.
 */
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { check, type FileProblem } from '../../src/check/check.ts'
import { type FlowOptions, flow } from '../../src/privacy/flow.ts'
import { unmark } from '../check/marked.ts'

const contracts = `module e
contract Paid version 1.0.0 {
  id: String key  who: String personal(identifier)  note: String? personal(free_text)  pin: String secret
  age: Int personal(identifier)  amount: Money<EUR> personal(identifier)  vip: Bool personal(identifier)
  card: { number: String secret, brand: String }
  people: List<{ name: String personal(identifier), seat: String }>
}
`

function problemsOf(text: string, options: FlowOptions = {}): readonly FileProblem[] {
  const { plan, problems } = check([parse('a.writ', text), parse('e.writ', contracts)])
  if (plan === null) throw new Error(problems.map(problem => problem.message).join('\n'))
  return flow(plan, options)
}

/** Around the items of a policy; `p` is the event. */
function policy(items: string, more = ''): string {
  return `module t\nuse e { Paid }\n${more}\npolicy t {\n  on Paid as p\n  default deny\n  ${items}\n}`
}

/** The marked problems are reported, and no others. */
function expectMarked(source: string, options: FlowOptions = {}): readonly FileProblem[] {
  const { text, marks } = unmark(source)
  const found = problemsOf(text, options)
  const shown = found.map(({ code, span }) => `${code} at ${span.start}: ${text.slice(span.start, span.end)}`)
  expect(shown).toEqual(marks.map(mark => `${mark.code} at ${mark.start}: ${mark.text}`))
  return found
}

function fixed(source: string): string {
  const { text } = unmark(source)
  const [edit] = problemsOf(text)[0]?.fixes[0]?.edits ?? []
  return edit ? text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end) : text
}

describe('reported', () => {
  test.each([
    ['a field in a text', 'rule r deny "paid by {[[W1302|p.who]]}"'],
    ['a secret', 'rule r deny "the pin is {[[W1301|p.pin]]}"'],
    ['a field in the payload of an obligation', 'rule r deny then notify pager { who: [[W1302|p.who]] }'],
    ['in the text of a default', 'rule r permit', 'default deny because "{[[W1302|p.who]]}"'],
    ['in `because`', 'rule r deny because "{[[W1302|p.who]]}"'],
    ['through a let', 'let payer = upper(p.who)  rule r deny "paid by {[[W1302|payer]]}"'],
    ['a text that is joined', 'rule r deny "{[[W1302|p.id + p.who]]}"'],
    ['both branches of an if', 'rule r deny "{[[W1302|if p.age > 3 then p.who else p.id]]}"'],
    ['a default value', 'rule r deny "{[[W1302|p.note ?? p.id]]}"'],
    ['a member of a record', 'rule r deny "{[[W1301|p.card.number]]}"'],
    ['a record as a whole', 'rule r deny then tell { card: [[W1301|p.card]] }'],
    ['a list of records', 'rule r deny then tell { people: [[W1302|p.people]] }'],
    ['a record that is made', 'rule r deny then tell { made: [[W1302|{ a: p.who, b: 1 }]] }'],
    ['a Bool by itself', 'rule r deny "{[[W1302|not p.vip]]}"'],
    ['a sum', 'rule r deny "{[[W1302|sum(amount) of Paid by who over 1d]]}"'],
    ['a sum over everyone without a group', 'rule r deny "{[[W1302|sum(amount) of Paid by all over 1d]]}"'],
    ['parts of a text', 'rule r deny then tell { parts: [[W1302|find_all(p.who, "[0-9]+")]] }'],
  ])('%s', (_, items, standard = 'default deny') => {
    expectMarked(policy(items).replace('default deny', standard))
  })
})

describe('silent', () => {
  test.each([
    ['a field without a class', 'rule r deny "{p.id}"'],
    ['masked', 'rule r deny "{mask(p.who, keep: 4)} {mask(p.pin, keep: 0)}"'],
    ['hashed', 'rule r deny then notify pager { who: hash(p.who) }'],
    ['a bucket', 'rule r deny "{bucket(p.age, 10)}"'],
    ['a count', 'rule r deny "{count of Paid by who over 1d}"'],
    ['a count of different values', 'rule r deny "{distinct(who) of Paid by all over 1d}"'],
    ['a share', 'rule r deny "{share(vip) of Paid by all over 1d ?? 0%}"'],
    ['how many', 'rule r deny "{size(p.people)} people"'],
    ['another member of the record', 'rule r deny "{p.card.brand}"'],
    ['another member of a made record', 'let made = { a: p.who, b: p.id }  rule r deny "{made.b}"'],
    ['conditions', 'rule r when p.who == "x" and p.pin starts_with "1" deny "no"'],
    ['a let that nobody tells', 'let payer = p.who  rule r when payer == "x" deny "no"'],
  ])('%s', (_, items) => {
    expectMarked(policy(items))
  })
})

describe('groups', () => {
  const average = 'avg(amount) of Paid by all over 7d'
  test.each([
    [
      `let usual = ${average}  rule r when distinct(who) of Paid by all over 7d >= 5 and usual is present deny "{usual}"`,
    ],
    [
      `rule r deny "{if distinct(who) of Paid by all over 7d >= 20 then sum(amount) of Paid by all over 7d else 0 EUR}"`,
    ],
  ])('a large group lowers: %s', items => {
    expectMarked(policy(items))
  })
  test.each([
    ['too few', 'distinct(who) of Paid by all over 7d >= 4'],
    ['of another window', 'distinct(who) of Paid by all over 30d >= 20'],
    ['of other events', 'distinct(who) of Paid where vip by all over 7d >= 20'],
    ['of a number of events', 'count of Paid by all over 7d >= 20'],
  ])('not a group that is %s', (_, condition) => {
    expectMarked(policy(`rule r when ${condition} deny "{[[W1302|sum(amount) of Paid by all over 7d]]}"`))
  })
})

describe('sinks', () => {
  const items = 'rule r deny "{p.who}" then notify pager { who: p.who }  then log { who: p.who }'
  test('accept what they say, by name or verb, and texts are the sink `reasons`', () => {
    const all =
      'sink pager { accepts personal(identifier) } sink log { accepts personal } sink reasons { accepts personal(identifier) }'
    expectMarked(policy(items, all))
  })
  test('refuse other classes', () => {
    const more = 'sink pager { accepts [[W1305|secret(card)]], personal(free_text) }'
    expectMarked(policy('rule r deny then notify pager { who: [[W1302|p.who]] }', more))
  })
  test('are not declared twice', () => {
    const twice = 'sink pager { accepts secret }'
    const { plan } = check([parse('a.writ', `module a\n${twice}`), parse('b.writ', `module b\n${twice}`)])
    expect(plan && flow(plan).map(({ code, path }) => `${code} ${path}`)).toEqual(['W1305 a.writ', 'W1304 b.writ'])
  })
})

describe('implicit flow', () => {
  const source = policy('rule r when [[W1303|p.pin == "1234"]] deny "no entry"')
  test('is reported where it is asked for', () => {
    expect(expectMarked(source, { implicit: 'warn' }).map(({ severity }) => severity)).toEqual(['warning'])
    expect(expectMarked(source, { implicit: 'error' }).map(({ severity }) => severity)).toEqual(['error'])
    expect(problemsOf(unmark(source).text, { implicit: 'off' })).toEqual([])
  })
  test('through keys, conditions of windows and branches', () => {
    expectMarked(policy('rule r deny "{[[W1303|count of Paid by who over 1d]]}"'), { implicit: 'warn' })
    expectMarked(policy('rule r deny "{[[W1303|if p.vip then p.id else p.card.brand]]}"'), { implicit: 'warn' })
  })
  test('through exceptions, keys of breakers and what is awaited', () => {
    const waived = policy(
      'rule r when p.id == "x" deny "no"',
      'exception e { rule t.r when [[W1303|vip]] granted by "ana" until 2027-01-01 }',
    )
    expectMarked(waived, { implicit: 'warn' })
    expectMarked(policy('rule r when p.id == "x" deny "no" for 1h by [[W1303|who]]'), { implicit: 'warn' })
    const awaited = 'rule r after Paid as q expect Paid where [[W1303|it.who == q.who]] within 1h else warn "none"'
    expectMarked(policy(awaited), { implicit: 'warn' })
  })
  test('not of what is lowered or accepted', () => {
    expectMarked(policy('rule r when hash(p.pin) == "ab" deny "no entry"'), { implicit: 'warn' })
    const more = 'sink reasons { accepts personal }'
    expectMarked(policy('rule r when p.vip deny "no entry"', more), { implicit: 'error' })
  })
})

describe('the fix', () => {
  test.each([
    ['"paid by {p.who}"', '"paid by {mask(p.who, keep: 4)}"'],
    ['"the pin {p.pin}"', '"the pin {mask(p.pin, keep: 0)}"'],
    ['"{p.id + p.who}"', '"{p.id + mask(p.who, keep: 4)}"'],
    ['"{p.note ?? p.id}"', '"{mask(p.note ?? p.id, keep: 4)}"'],
  ])('%s becomes %s', (wrong, mended) => {
    expect(fixed(policy(`rule r deny ${wrong}`))).toBe(policy(`rule r deny ${mended}`))
    expectMarked(policy(`rule r deny ${mended}`))
  })
  test('leaves what also decides as it is', () => {
    const source = (told: string) => policy(`let payer = p.who  rule r when payer == "x" deny "{${told}}"`)
    expect(fixed(source('payer'))).toBe(source('mask(payer, keep: 4)'))
  })
  test('is not made up for numbers, which need a width', () => {
    expect(problemsOf(policy('rule r deny "{p.age}"'))[0]?.fixes).toEqual([])
  })
})

test('a table gives each member its own classes', () => {
  const table = 'table cards by id from Paid { brand: card.brand, number: card.number }'
  expectMarked(
    policy(
      'let row = cards(p.id)  rule r when row is present deny "{row.brand}"  rule s when row is present deny "{[[W1301|row.number]]}"',
      table,
    ),
  )
})

test('the whole path is told, from the contract to the sink', () => {
  const source = policy(
    'let payer = p.who  let shown = upper(payer)  rule r deny then notify pager { who: shown }',
    'sink pager { accepts secret }',
  )
  const [found] = problemsOf(source)
  expect(found?.message).toBe(
    '`then notify pager` of the rule r holds who of Paid, which is personal(identifier). Lower it with `mask`, `hash` or `bucket`, or declare `sink pager { accepts personal(identifier) }`.',
  )
  const text = (path: string) => (path === 'a.writ' ? source : contracts)
  expect(found?.related.map(({ path, span, message }) => [text(path).slice(span.start, span.end), message])).toEqual([
    ['who', 'who of Paid is personal(identifier)'],
    ['p.who', 'it is read here'],
    ['payer', 'it goes through the let payer'],
    ['shown', 'it goes through the let shown'],
    ['sink pager { accepts secret }', 'the sink pager accepts secret'],
  ])
})
