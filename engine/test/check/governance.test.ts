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
