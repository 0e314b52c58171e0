/** W05xx: currencies, percentages, durations and points in time. */
import { test } from 'vitest'
import { type Case, expectMarked, rule, runCase } from './marked.ts'

const cases: Record<string, Case> = {
  'W0501 currencies do not mix': {
    wrong: rule('[[W0501|p.euros > 5 USD]]'),
    fine: rule('p.euros > 5 EUR and p.amount > 5 USD'),
  },
  'W0502 percent is not a plain number': {
    wrong: rule('p.part > [[W0502|0.5]]'),
    fine: rule('p.part > 50%'),
    fixed: rule('p.part > 50%'),
  },
  'W0503 money without a currency': {
    wrong: rule('p.euros > [[W0503|50]]'),
    fine: rule('p.euros > 50 EUR and amount(p.euros) > 50'),
    fixed: rule('p.euros > 50 EUR'),
  },
  'W0505 duration without a unit': {
    wrong: rule('p.took > [[W0505|30]]'),
    fine: rule('p.took > 30s'),
    fixed: rule('p.took > 30s'),
  },
  'W0506 division by zero': {
    wrong: rule('p.n / [[W0506|0]] > 1'),
    fine: rule('p.n / 0.5 > 1'),
  },
  'W0507 duration that is not constant': {
    wrong: rule('count of Paid by who over [[W0507|p.took]] > 1'),
    fine: rule('count of Paid by who over day > 1').replace('policy', 'define day = 24h\npolicy'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('sums of money keep their currency', () => {
  expectMarked(rule('p.amount + p.euros > 5 EUR and [[W0501|p.amount + p.euros > 5 USD]]'))
})

test('a number of another kind is told without a fix where the value is not a literal', () => {
  expectMarked(rule('[[W0505|p.took > p.n]] or [[W0502|p.part == p.n]] or [[W0503|p.amount > p.n]]'))
})

test('a field of Money takes one currency where the contract says which', () => {
  expectMarked('module m\nuse e { Paid }\nsample Paid { euros: [[W0501|5 USD]], amount: 5 USD }')
})
