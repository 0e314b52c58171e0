/** W03xx: types; and what fits where. */
import { test } from 'vitest'
import { type Case, expectMarked, policy, rule, runCase } from './marked.ts'

const cases: Record<string, Case> = {
  'W0301 value of another type': {
    wrong: 'module m\ndefine a(n: Int): String = [[W0301|n]]',
    fine: 'module m\ndefine a(n: Int): String = text(n)',
  },
  'W0301 a text without its quotes': {
    wrong: 'module m\ndefine a: String = [[W0301|7]]',
    fine: 'module m\ndefine a: String = "7"',
    fixed: 'module m\ndefine a: String = "7"',
  },
  'W0301 a function takes another type': {
    wrong: rule('length([[W0301|p.n]]) > 3'),
    fine: rule('length(p.who) > 3'),
  },
  'W0302 condition that is no Bool': {
    wrong: rule('[[W0302|p.n]] and p.n > 1'),
    fine: rule('p.n > 0 and p.n > 1'),
  },
  'W0303 types that do not compare': {
    wrong: rule('[[W0303|p.n == p.who]]'),
    fine: rule('text(p.n) == p.who'),
  },
  'W0304 type without an order': {
    wrong: rule('[[W0304|p.channel < chat]]'),
    fine: rule('p.channel == chat and p.who < "m"'),
  },
  'W0305 operator that does not fit': {
    wrong: rule('[[W0305|p.who + p.n]] == "x"'),
    fine: rule('p.who + text(p.n) == "x"'),
  },
  'W0306 wrong number of arguments': {
    wrong: rule('[[W0306|round(p.n)]] > 1'),
    fine: rule('round(p.n, 0) > 1'),
  },
  'W0307 argument that is not known': {
    wrong: rule('mask(p.who, [[W0307|left]]: 4) == "x"'),
    fine: rule('mask(p.who, keep: 4) == "x"'),
  },
  'W0308 value without members': {
    wrong: rule('p.who.[[W0308|first]] == "x"'),
    fine: rule('p.home.city == "x"'),
  },
  'W0309 not a member of the enum': {
    wrong: rule('p.channel == [[W0309|chatt]]'),
    fine: rule('p.channel == chat'),
    fixed: rule('p.channel == chat'),
  },
  'W0310 pattern that is not valid': {
    wrong: rule('p.who matches [[W0310|"(a|b"]]'),
    fine: rule('p.who matches "(a|b)"'),
  },
  'W0311 pattern that is not literal': {
    wrong: rule('p.who matches [[W0311|p.id]]'),
    fine: rule('p.who like p.id and p.who matches "[a-z]+"'),
  },
  'W0312 list of unknown type': {
    wrong: 'module m\ndefine none = [[W0312|[]]]',
    fine: 'module m\ndefine a(l: List<Int>): Bool = l == []',
  },
  'W0313 range that holds nothing': {
    wrong: 'module m\ntype Score = Decimal in [[W0313|1 .. 0]]',
    fine: 'module m\ntype Score = Decimal in 0 .. 1',
    fixed: 'module m\ntype Score = Decimal in 0 .. 1',
  },
  'W0314 restriction out of place': {
    wrong: 'module m\ntype Name = [[W0314|String in 0 .. 1]]\ntype Names = List<[[W0314|String matches "a"]]>',
    fine: 'module m\ntype Name = String matches "a"\ntype Names = List<String>',
  },
  'W0315 wrong type argument': {
    wrong: 'module m\ntype M = Money<[[W0315|eur]]>',
    fine: 'module m\ntype M = Money<EUR>',
    fixed: 'module m\ntype M = Money<EUR>',
  },
  'W0316 record without a member': {
    wrong: rule('p.home == [[W0316|{ zip: "1" }]]'),
    fine: rule('p.home == { city: "Bern" }'),
  },
  'W0317 bound that is not constant': {
    wrong: 'module m\ntype Score = Int in 0 .. [[W0317|abs(3)]]',
    fine: 'module m\ndefine most = 3\ntype Score = Int in 0 .. most',
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('Int fits Decimal, and their sum is one', () => {
  expectMarked('module m\ndefine a(n: Int): Decimal = n + 0.5\ndefine b(n: Int): Int = [[W0301|n + 0.5]]')
})

test('the division of integers is a Decimal', () => {
  expectMarked('module m\ndefine a(n: Int): Int = [[W0301|n / 2]]\ndefine b(n: Int): Int = floor(n / 2)')
})

test('a percentage of something is a something', () => {
  expectMarked(`module m
define fee(m: Money<EUR>): Money<EUR> = m * 3%
define wait(d: Duration): Duration = d * 50%
define tenth(n: Int): Decimal = 10% * n
define half(p: Percent): Percent = p / 2`)
})

test('times and durations calculate', () => {
  expectMarked(`module m
define later(t: Time): Time = t + 1h
define gap(a: Time, b: Time): Duration = a - b
define share(a: Duration, b: Duration): Decimal = a / b
define wrong(a: Time, b: Time): Time = [[W0305|a + b]]`)
})

test('a bare name is a member of the enum that is expected, also inside lists and on the left', () => {
  expectMarked(rule('p.channel in [chat, email] and chat != p.channel'))
})

test('a member of an enum comes before a field of the same name', () => {
  expectMarked('module m\ncontract C { chat: Int  channel: enum { chat, email }  check channel == chat }')
})

test('quantifiers bind a variable of the element type', () => {
  expectMarked(rule('any tag in p.tags where tag starts_with "a" and [[W0303|tag == 1]]'))
})

test('conditions that failed are not reported again where they are used', () => {
  expectMarked(policy('let bad = [[W0302|p.who]] and p.n > 1\n rule r when bad or not bad permit'))
})

test('find_all takes a literal pattern', () => {
  expectMarked(rule('any l in find_all(p.who, "a+") where l == "a" and size(find_all(p.id, [[W0311|p.who]])) > 1'))
})
