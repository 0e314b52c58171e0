/** docs/language.md, "Types and values" and "What unknown does", as a program writes it: each line an expression and its value. */
import { absent, unknown } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { at, type Fields, valuesAt } from './judge.ts'

const contract = `
type Channel = enum { chat, email, phone }
type Line = { sku: String, cost: Money<USD>, pieces: Int? }
contract Refund {
  amount: Money  price: Money<USD>  risk: Decimal?  n: Int  zero: Int  rate: Percent  took: Duration  due: Time
  release: Version  channel: Channel  note: String?  body: String  tags: List<String>  lines: List<Line>
  home: { city: String, zip: String? }  work: { city: String }?
}
define double(n: Int): Int = n * 2
define limit = 50 USD
`
const usual: Fields = {
  amount: { amount: { n: 20n, d: 1n }, currency: 'USD' },
  price: { amount: { n: 5n, d: 2n }, currency: 'USD' },
  risk: absent,
  n: 7,
  zero: 0,
  rate: 0.25,
  took: 90_000,
  due: Date.UTC(2026, 10, 20, 17),
  release: '1.10.0',
  channel: 'chat',
  note: absent,
  body: 'see http://a.example and http://b.example',
  tags: ['new', 'vip'],
  lines: [{ fields: { sku: 'x', cost: { amount: { n: 3n, d: 1n }, currency: 'USD' }, pieces: absent } }],
  home: { fields: { city: 'Bern', zip: absent } },
  work: absent,
}
const value = (expression: string, fields: Fields = {}) =>
  valuesAt('Refund', expression, contract, [at('09:00', 'Refund', { ...usual, ...fields })])[0]

describe('values', () => {
  test.each([
    ['e.amount <= limit', 'true'],
    ['e.amount + e.price', '22.50 USD'],
    ['e.amount * e.rate', '5.00 USD'],
    ['e.amount / e.price', '8'],
    ['0.1 + 0.2 == 0.3', 'true'],
    ['1 / 3', '≈0.333333'],
    ['9007199254740993 - 9007199254740992', '1'],
    ['e.took * 0.5', '45 s'],
    ['e.took / 1m', '1.5'],
    ['e.due - now', '8 h'],
    ['now + 1d', '2026-11-21 09:00:00Z'],
    ['e.release > 1.9.0', 'true'],
    ['e.channel == chat', 'true'],
    ['e.channel in [email, phone]', 'false'],
    ['e.n in 1 .. 7', 'true'],
    ['e.tags contains "vip"', 'true'],
    ['"vip" in e.tags and "old" not in e.tags', 'true'],
    ['any t in e.tags where t starts_with "v"', 'true'],
    ['all l in e.lines where (l.pieces ?? 1) < 2 and l.cost < 5 USD', 'true'],
    ['e.home == { city: "Bern" }', 'true'],
    ['e.home.zip is absent', 'true'],
    ['e.work is present and e.work.city == "Bern"', 'false'],
    ['(e.note ?? "nothing") + "!"', 'nothing!'],
    ['if e.risk is present then e.risk > 0.5 else false', 'false'],
    ['double(e.n) + double(1)', '16'],
    ['text(e.amount) + ", " + text(e.took)', '20.00 USD, 1 m 30 s'],
    ['size(find_all(e.body, "http://[a-z.]+"))', '2'],
    ['e.body like "*http://?.example*"', 'true'],
    ['e.body matches "see .*"', 'true'],
    ['bucket(e.n, 5)', '5'],
    ['hour_of_day(e.due) + day_of_week(e.due)', '22'],
    ['mask("CH93 0076", keep: 2)', '*******76'],
    ['max(e.price, 3 USD)', '3.00 USD'],
  ])('%s is %s', (expression, expected) => expect(value(expression)).toBe(expected))
})

describe('unknown', () => {
  const fields: Fields = {
    risk: unknown,
    n: unknown,
    tags: ['a', unknown],
    home: { fields: { city: unknown, zip: absent } },
  }
  test.each([
    ['e.n + 1', 'unknown'],
    ['e.n == e.n', 'unknown'],
    ['e.n > 1 and false', 'false'],
    ['e.n > 1 and true', 'unknown'],
    ['e.n > 1 or true', 'true'],
    ['not (e.n > 1)', 'unknown'],
    ['e.risk ?? 0', 'unknown'],
    ['e.risk is present', 'unknown'],
    ['if e.n > 1 then 1 else 1', 'unknown'],
    ['1 / e.zero', 'unknown'],
    ['e.zero > 1 and 1 / e.zero > 1', 'false'],
    ['"a" in e.tags', 'true'],
    ['"b" in e.tags', 'unknown'],
    ['any t in e.tags where t == "a"', 'true'],
    ['all t in e.tags where t == "b"', 'false'],
    ['all t in e.tags where t == "a"', 'unknown'],
    ['e.home == { city: "Bern", zip: "3000" }', 'false'],
    ['e.home == { city: "Bern" }', 'unknown'],
    ['e.amount > 5 EUR', 'unknown'],
    ['e.amount == 5 EUR', 'unknown'],
  ])('%s is %s', (expression, expected) => expect(value(expression, fields)).toBe(expected))
})
