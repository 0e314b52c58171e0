/** W083x: breakers, exceptions, layers and tables; and what they become. */
import { expect, test } from 'vitest'
import { type Case, checkAll, policy, runCase } from './marked.ts'

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
