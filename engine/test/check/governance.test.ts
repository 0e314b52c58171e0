/** W083x: breakers, exceptions, layers and tables; and what they become. */
import { expect, test } from 'vitest'
import { type Case, checkAll, policy, runCase } from './marked.ts'

/** A policy `t` with a rule `r` and an expectation `e`, and an exception. */
function waiver(name: string, items: string): string {
  const rules =
    'rule r when p.n > 1 deny\n rule large deny\n rule e after Paid as i expect Refused where it.who == i.who within 1d else warn'
  return `${policy(rules, 'Paid, Refused')}\nexception ${name} { ${items} }`
}

/** A policy that asks for approvals, and a table `rows` of people. */
function asking(approval: string): string {
  return `${policy(`rule r require ${approval}`)}\ntable rows by who from Paid { n: n }`
}

/** A policy with one condition, and a table `rows`. */
function looking(when: string): string {
  return `${policy(`rule r when ${when} permit`)}\ntable rows by who from Paid { n: n, city: home.city, risk: risk }`
}

const cases: Record<string, Case> = {
  'W0830 a permit cannot last': {
    wrong: policy('rule r when p.n > 1 [[W0830|permit for 15m by who]]'),
    fine: policy('rule r when p.n > 1 warn for 15m by who'),
  },
  'W0830 what is decided instead of an approval cannot last': {
    wrong: policy('rule r require approval from Lead within 1h else [[W0830|deny for 1h by who]]', 'Paid, Lead'),
    fine: policy('rule r require approval from Lead within 1h else deny', 'Paid, Lead'),
  },
  'W0831 breaker without a key': {
    wrong: policy('rule r when p.n > 1 [[W0831|deny for 15m]]'),
    fine: policy('rule r when p.n > 1 deny for 15m by all'),
    fixed: policy('rule r when p.n > 1 deny for 15m by all'),
  },
  'W0507 the time of a breaker is a constant': {
    wrong: policy('rule r when p.n > 1 deny for [[W0507|0s]] by who'),
    fine: `${policy('rule r when p.n > 1 deny for pause by who')}\ndefine pause = 15m`,
  },
  'W0906 key that the event does not have': {
    wrong: policy('rule r when p.n > 1 deny for 15m by [[W0906|whom]]'),
    fine: policy('rule r when p.n > 1 deny for 15m by whom = p.who'),
  },
  'W0910 key of many values': {
    wrong: policy('rule r when p.n > 1 deny for 15m by [[W0910|tags]]'),
    fine: policy('rule r when p.n > 1 deny for 15m by channel, payer, city = p.home.city'),
  },
  'W0833 layers in a circle': {
    wrong: ['module m\nlayers a > b > [[W0833|a]]', 'module n\nlayers b > [[W0833|a]] > c'],
    fine: ['module m\nlayers a > b > c', 'module n\nlayers a > c\nlayers b > d'],
  },
  'W0834 unknown layer': {
    wrong: [
      'module m\nuse e { Paid }\npolicy q { layer [[W0834|glubal]] on Paid default deny }',
      'module n\nlayers global > team',
    ],
    fine: [
      'module m\nuse e { Paid }\npolicy q { layer global on Paid default deny }',
      'module n\nlayers global > team',
    ],
    fixed: 'module m\nuse e { Paid }\npolicy q { layer global on Paid default deny }',
  },
  'W0835 unknown mode': {
    wrong: 'module m\nuse e { Paid }\npolicy q { mode [[W0835|shadwo]] on Paid default deny }',
    fine: 'module m\nuse e { Paid }\npolicy q { mode shadow on Paid default deny }',
    fixed: 'module m\nuse e { Paid }\npolicy q { mode shadow on Paid default deny }',
  },
  'W0604 two ways to combine': {
    wrong: 'module m\nuse e { Paid }\npolicy q { combine first [[W0604|combine strictest]] on Paid default deny }',
    fine: 'module m\nuse e { Paid }\npolicy q { combine strictest on Paid default deny }',
  },
  'W0840 exception that says too little': {
    wrong: waiver('[[W0840|x]]', 'rule t.r when n > 1'),
    fine: waiver('x', 'rule t.r granted by "ana" until 2026-12-31'),
  },
  'W0841 exception to an unknown rule': {
    wrong: waiver('x', 'rule t.[[W0841|lrage]] granted by "ana" until 2026-12-31'),
    fine: waiver('x', 'rule t.large granted by "ana" until 2026-12-31'),
    fixed: waiver('x', 'rule t.large granted by "ana" until 2026-12-31'),
  },
  'W0842 exception that ends before it begins': {
    wrong: waiver('x', 'rule t.r granted by "ana" from 2026-12-31 [[W0842|until 2026-12-30]]'),
    fine: waiver('x', 'rule t.r granted by "ana" from 2026-12-31 until 2026-12-31'),
  },
  'W0843 exception that fits no event': {
    wrong: waiver('x', '[[W0843|rule t.e]] granted by "ana" until 2026-12-31'),
    fine: waiver('x', 'rule t.r granted by "ana" until 2026-12-31'),
  },
  'W0844 grantor that is no text': {
    wrong: waiver('x', 'rule t.r granted by [[W0844|5]] until 2026-12-31'),
    fine: waiver('x', 'rule t.r granted by "ana" until 2026-12-31'),
  },
  'W0604 a second end': {
    wrong: waiver('x', 'rule t.r granted by "ana" until 2026-12-31 [[W0604|until 2027-12-31]]'),
    fine: waiver('x', 'rule t.r granted by "ana" until 2026-12-31'),
  },
  'W0317 an end that is not constant': {
    wrong: waiver('x', 'rule t.r granted by "ana" until [[W0317|now]]'),
    fine: `${waiver('x', 'rule t.r granted by "ana" until end')}\ndefine end = 2026-12-31 + 1d`,
  },
  'W0203 a name that no field of the event has': {
    wrong: waiver('x', 'rule t.r when [[W0203|p]].n > 1 granted by "ana" until 2026-12-31'),
    fine: waiver('x', 'rule t.r when n > 1 and it.n < 5 granted by "ana" until 2026-12-31'),
  },
  'W0904 history in an exception': {
    wrong: waiver('x', 'rule t.r when [[W0904|count of Paid by who over 1d]] > 1 granted by "ana" until 2026-12-31'),
    fine: waiver('x', 'rule t.r when n in 1 .. 2 granted by "ana" until 2026-12-31'),
  },
  'W0203 a policy that the module does not see': {
    wrong: ['module m\nexception x { rule [[W0203|t]].r granted by "ana" until 2026-12-31 }', policy('rule r deny')],
    fine: ['module m\nuse t { t }\nexception x { rule t.r granted by "ana" until 2026-12-31 }', policy('rule r deny')],
  },
  'W0905 key that the events of a table do not have': {
    wrong: 'module m\nuse e { Paid }\ntable rows by [[W0905|whom]] from Paid { n: n }',
    fine: 'module m\nuse e { Paid }\ntable rows by who, channel from Paid { n: n }',
  },
  'W0910 key of a table that is no single value': {
    wrong: 'module m\nuse e { Paid }\ntable rows by [[W0910|tags]] from Paid { n: n }',
    fine: 'module m\nuse e { Paid }\ntable rows by payer from Paid { tags: tags }',
  },
  'W0213 member of a table named twice': {
    wrong: 'module m\nuse e { Paid }\ntable rows by who from Paid { n: n, [[W0213|n]]: 1 }',
    fine: 'module m\nuse e { Paid }\ntable rows by who from Paid { n: n, one: 1 }',
  },
  'W0904 history in a table': {
    wrong: 'module m\nuse e { Paid }\ntable rows by who from Paid where [[W0904|exists Paid by who over 1d]] { n: n }',
    fine: 'module m\nuse e { Paid }\ntable rows by who from Paid where n > 1 and risk is present { risk: risk }',
  },
  'W0306 lookup without its key': {
    wrong: looking('[[W0306|rows()]] is present'),
    fine: looking('rows(p.who) is present'),
  },
  'W0911 lookup by another type': {
    wrong: looking('rows([[W0911|p.n]]) is present'),
    fine: looking('rows(p.payer) is present'),
  },
  'W0401 member of a row that may be absent': {
    wrong: looking('[[W0401|rows(p.who).n]] > 1'),
    fine: looking('(rows(p.who).n ?? 0) > 1 and (rows(p.who).risk ?? 0) > 1'),
  },
  'W0214 member that a row does not have': {
    wrong: looking('rows(p.who).[[W0214|m]] is present'),
    fine: looking('rows(p.who).n is present'),
  },
  'W0850 role from a table of something else': {
    wrong: 'module m\nuse e { Paid }\ntable rows by n from Paid { n: n }\nrole Payer { from table [[W0850|rows]] }',
    fine: 'module m\nuse e { Paid }\ntable rows by who from Paid where n > 1 { n: n }\nrole Payer { from table rows }',
  },
  'W0806 a role from a table may have enough people': {
    wrong: `${asking('[[W0806|approval from Nobody within 1h]]')}\nrole Nobody { }`,
    fine: `${asking('approval from 5 of Nobody within 1h')}\nrole Nobody { from table rows }`,
  },
  'W0210 role from something else': {
    wrong: 'module m\nuse e { Paid }\nrole Payer { from table [[W0210|Paid]] }',
    fine: 'module m\nuse e { Paid }\ntable rows by payer from Paid { n: n }\nrole Payer { members "ana" from table rows }',
  },
  'W0903 lookup inside a window': {
    wrong: looking('exists Paid where [[W0903|rows(it.who)]] is present by who over 1d'),
    fine: looking('exists Paid where n > 1 by who over 1d and rows(p.who) is present'),
  },
  'W0401 a guard of the condition does not guard the text': {
    wrong: policy('rule r when p.risk is present deny "{[[W0401|p.risk]]}" for 15m by who'),
    fine: policy('rule r when p.risk is present deny "{p.risk ?? 0}" for 15m by who'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('a breaker of the plan', () => {
  const { plan } = checkAll(
    policy('rule r when p.n > 1 deny for 15m by who, zip = p.home.zip\nrule s hold for 1h by all'),
  )
  expect(plan?.policies[0]?.rules.map(rule => rule.lasting)).toMatchObject([
    {
      milliseconds: 900_000,
      keys: [
        { name: 'who', value: { kind: 'field', event: 0, path: ['who'] } },
        { name: 'zip', value: { kind: 'field', event: 0, path: ['home', 'zip'] } },
      ],
    },
    { milliseconds: 3_600_000, keys: [] },
  ])
})

test('layers of several files are one order, the highest first', () => {
  const { plan } = checkAll(
    'module m\nuse e { Paid }\nlayers team > desk\npolicy q { layer team on Paid default deny }\npolicy s { on Paid mode shadow default deny }',
    'module n\nlayers global > region > team\nlayers legal > team',
  )
  expect(plan?.layers).toEqual(['global', 'region', 'legal', 'team', 'desk'])
  expect(plan?.policies.map(({ layer, mode }) => [layer, mode])).toEqual([
    ['team', 'enforce'],
    [null, 'shadow'],
  ])
})

test('an exception of the plan', () => {
  const { plan } = checkAll(
    `${policy('rule a deny rule r when p.n > 1 deny')}
/// For the move.
exception x { rule t.r when n < 5 granted by "ana" from 1970-01-01T00:00:01Z until 1970-01-02 because "moving" }`,
  )
  expect(plan?.exceptions).toMatchObject([
    {
      name: 'x',
      documentation: 'For the move.',
      policy: 0,
      rule: 1,
      when: { kind: 'compare', left: { kind: 'field', event: 0, path: ['n'] } },
      from: 1000,
      until: 86_400_000,
      grantedBy: 'ana',
      because: 'moving',
    },
  ])
})

test('a lookup is the last event of all there were', () => {
  const { plan } = checkAll(looking('(rows(p.who).n ?? 0) > 1'))
  expect(plan?.policies[0]?.rules[0]?.when).toMatchObject({
    left: {
      kind: 'default',
      value: {
        kind: 'member',
        type: { kind: 'optional', inner: { kind: 'int' } },
        object: {
          kind: 'aggregate',
          function: 'last',
          range: { kind: 'ever' },
          keys: [{ path: ['who'], value: { kind: 'field', path: ['who'] } }],
          value: { kind: 'record', fields: [{ name: 'n' }, { name: 'city' }, { name: 'risk' }] },
        },
      },
    },
  })
})
