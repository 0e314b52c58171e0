/** W04xx: optional values, and the guards that narrow them. */
import { test } from 'vitest'
import { type Case, expectMarked, policy, rule, runCase } from './marked.ts'

const cases: Record<string, Case> = {
  'W0401 optional value without a guard': {
    wrong: rule('[[W0401|p.risk]] > 0.5'),
    fine: rule('p.risk is present and p.risk > 0.5'),
    fixed: rule('(p.risk ?? 0) > 0.5'),
  },
  'W0402 guard that is always the same': {
    wrong: rule('[[W0402|p.n is present]] and p.n > 1'),
    fine: rule('p.risk is present or p.n > 1'),
  },
  'W0403 default that is never used': {
    wrong: rule('[[W0403|p.n ?? 0]] > 1'),
    fine: rule('p.risk ?? 0 > 1'),
    fixed: rule('p.n > 1'),
  },
  'W0404 optional of an optional': {
    wrong: 'module m\ntype O = Int?\ntype T = [[W0404|O?]]',
    fine: 'module m\ntype O = Int\ntype T = O?',
    fixed: 'module m\ntype O = Int?\ntype T = O',
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test.each([
  'p.risk is absent or p.risk < 1',
  'not (p.risk is absent) and p.risk < 1',
  'not (p.risk is absent or p.n > 1) and p.risk < 1',
  'if p.risk is present then p.risk > 1 else p.n > 1',
  'if p.risk is absent then p.n > 1 else p.risk > 1',
  '(p.risk ?? 0) > 1',
  'p.home.zip is present and p.home.zip == "3000"',
  '(p.n > 1 and p.risk is present or p.n > 2 and p.risk is present) and p.risk > 1',
])('%s is guarded', when => {
  expectMarked(rule(when))
})

test.each([
  'p.risk is present or [[W0401|p.risk]] < 1',
  'p.risk is absent and [[W0401|p.risk]] < 1',
  'not (p.risk is present and p.n > 1) and [[W0401|p.risk]] < 1',
  '(p.risk is present or p.n > 1) and [[W0401|p.risk]] < 1',
  'if p.risk is present then p.n > 1 else [[W0401|p.risk]] > 1',
  'p.home.zip is present and [[W0401|p.risk]] > 1',
])('%s is not', when => {
  expectMarked(rule(when))
})

test('a guard in the condition of a rule holds in its texts and obligations', () => {
  expectMarked(policy('rule r when p.risk is present deny "risk {p.risk}" then tell x { risk: p.risk }'))
  expectMarked(policy('rule r when p.n > 1 deny "risk {[[W0401|p.risk]]}" then tell x { risk: p.risk }'))
})

test('a guard on a let holds for the let', () => {
  expectMarked(policy('let usual = avg(n) of Paid by who over 7d\n rule r when usual is present and p.n > usual deny'))
  expectMarked(policy('let usual = avg(n) of Paid by who over 7d\n rule r when p.n > [[W0401|usual]] deny'))
})

test('a let that is a guard guards', () => {
  expectMarked(policy('let known = p.risk is present\n rule r when known and p.risk > 0.5 deny'))
})

test('a guard in `where` holds for the value that is aggregated', () => {
  expectMarked(rule('sum(risk) of Paid where risk is present by who over 1d > 3'))
  expectMarked(rule('sum([[W0401|risk]]) of Paid by who over 1d > 3'))
})

test('the guard of one event is none for another', () => {
  expectMarked(rule('p.risk is present and exists Paid as x where [[W0401|x.risk]] > p.risk by who over 1d'))
})

test('a define is given what it needs', () => {
  expectMarked(`module t\nuse e { Paid }
define high(r: Decimal): Bool = r > 0.5
policy t { on Paid as p default deny rule r when high([[W0401|p.risk]]) permit rule s when high(p.risk ?? 1) permit }`)
})
