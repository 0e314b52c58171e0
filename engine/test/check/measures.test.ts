/** W087x, W088x and W062x: indicators, objectives, and what contracts promise; and what they become. */
import { expect, test } from 'vitest'
import { type Case, checkAll, policy, runCase } from './marked.ts'

/** An indicator on a policy `t` with the rule `r` and the expectation `e`. */
function indicator(form: string): string {
  return `${policy('rule r when p.n > 1 deny  rule e after Paid as i expect Refused where it.who == i.who within 1d', 'Paid, Refused')}
indicator i = ${form}`
}
function objective(items: string, form = 'share(deny) of decisions of t over 7d'): string {
  return `${indicator(form)}\nobjective o of i { ${items} }`
}
function contract(item: string): string {
  return `module m\ncontract C { id: String key  risk: Decimal?  n: Int  ${item} }`
}

const cases: Record<string, Case> = {
  'W0620 quality that cannot be measured': {
    wrong: contract('quality [[W0620|risk is present]] over 1d'),
    fine: contract('quality completeness(risk) >= 99% over 1d'),
  },
  'W0620 quality by another function': {
    wrong: contract('quality [[W0620|presence(risk)]] >= 99% over 1d'),
    fine: contract('quality validity(risk, n) >= 99% over 1d'),
  },
  'W0621 quality of the wrong fields': {
    wrong: contract('quality [[W0621|uniqueness()]] >= 99% over 1d'),
    fine: contract('quality uniqueness(id, n) >= 99% over 1d  quality volume() > 3 over 1d'),
  },
  'W0622 quality of no field': {
    wrong: contract('quality uniqueness([[W0622|n + 1]]) >= 99% over 1d'),
    fine: contract('quality validity(n + 1 > 3) >= 99% over 1d'),
  },
  'W0214 quality of an unknown field': {
    wrong: contract('quality completeness([[W0214|rsik]]) >= 99% over 1d'),
    fine: contract('quality completeness(risk) >= 99% over 1d'),
  },
  'W0502 the bound of a share is a percentage': {
    wrong: contract('quality completeness(risk) >= [[W0502|0.99]] over 1d'),
    fine: contract('quality completeness(risk) >= 99% over 1d'),
  },
  'W0507 lengths are constants above nothing': {
    wrong: contract('quality validity() >= 99% over [[W0507|0s]]  freshness [[W0507|0s]]  retention [[W0507|0d]]'),
    fine: contract('quality validity() >= 99% over 1s  freshness 1s  retention 1d'),
  },
  'W0870 indicator that measures nothing': {
    wrong: indicator('[[W0870|1 + 1]]'),
    fine: indicator('count of Paid over 1d'),
  },
  'W0871 function that indicators do not know': {
    wrong: indicator('[[W0871|last(n) of Paid over 1d]]'),
    fine: indicator('max(n) of Paid over 1d'),
  },
  'W0872 range that cannot be measured': {
    wrong: indicator('count of Paid by who [[W0872|since Refused]]'),
    fine: indicator('count of Paid by who per month in "Europe/Zurich"'),
  },
  'W0902 indicator without a range': {
    wrong: indicator('[[W0902|count of Paid]]'),
    fine: indicator('count of Paid over 1d'),
  },
  'W0873 key with a value': {
    wrong: indicator('count of Paid by [[W0873|who = "ana"]] over 1d'),
    fine: indicator('count of Paid where who == "ana" by all over 1d'),
  },
  'W0905 key that the events do not have': {
    wrong: indicator('count of decisions of t by [[W0905|whom]] over 1d'),
    fine: indicator('count of decisions of t by who, channel over 1d'),
  },
  'W0883 indicator by a secret': {
    wrong:
      'module m\ncontract C { card: String secret  who: String }\nindicator i = count of C by [[W0883|card]] over 1d',
    fine: 'module m\ncontract C { card: String secret  who: String }\nindicator i = distinct(card) of C by who over 1d',
  },
  'W0874 rule without outcomes': {
    wrong: indicator('count of outcomes of t.[[W0874|r]] over 1d'),
    fine: indicator('count of outcomes of t.e over 1d'),
  },
  'W0875 outcomes of an unknown rule': {
    wrong: indicator('count of outcomes of t.[[W0875|large]] over 1d'),
    fine: indicator('count of outcomes of t.e where took > 1h and n > 1 over 1d'),
  },
  'W0203 decisions of an unknown policy': {
    wrong: indicator('count of decisions of [[W0203|tt]] over 1d'),
    fine: indicator('count of decisions of t over 1d'),
  },
  'W0876 decisions out of place': {
    wrong: policy('rule r when count of [[W0876|decisions of t]] by all over 1h > 5 deny'),
    fine: policy('rule r when count of Paid by all over 1h > 5 deny'),
  },
  'W0401 optional values are guarded': {
    wrong: indicator('avg([[W0401|risk]]) of Paid over 1d'),
    fine: indicator('avg(risk) of Paid where risk is present over 1d'),
  },
  'W0904 an indicator asks no history': {
    wrong: indicator('share([[W0904|count of Paid by who over 1d]] > 1) of Paid over 1d'),
    fine: indicator('share(n > 1) of Paid over 1d'),
  },
  'W0881 money of several currencies': {
    wrong: indicator('sum([[W0881|amount]]) of Paid over 1d'),
    fine: indicator('sum(euros) of Paid over 1d'),
  },
  'W0877 objective without a target': {
    wrong: `${indicator('count of Paid over 1d')}\nobjective [[W0877|o]] of i { owner "x" }`,
    fine: objective('target <= 5%'),
  },
  'W0604 two targets': {
    wrong: objective('target <= 5% [[W0604|target <= 6%]]'),
    fine: objective('target <= 5% over 1d owner "x"'),
  },
  'W0210 objective of something else': {
    wrong: `${indicator('count of Paid over 1d')}\nobjective o of [[W0210|t]] { target <= 5 }`,
    fine: `${indicator('count of Paid over 1d')}\nobjective o of i { target <= 5 }`,
  },
  'W0505 target without its unit': {
    wrong: objective('target <= [[W0505|5]]', 'sum(took) of Paid over 1d'),
    fine: objective('target <= 5s', 'sum(took) of Paid over 1d'),
  },
  'W0878 target that is always missed at first': {
    wrong: objective('[[W0878|target >= 10]]', 'count of Paid over 1d'),
    fine: objective('target <= 10', 'count of Paid over 1d'),
  },
  'W0879 alert without a budget': {
    wrong: objective('target >= 100% warn when [[W0879|burn > 14 over 1h]]'),
    fine: objective('target >= 99% warn when burn > 14 over 1h'),
  },
  'W0879 a calendar unit has no rate': {
    wrong: objective('target <= 10 warn when [[W0879|burn > 2 over 1h]]', 'count of Paid per month'),
    fine: objective('target <= 10 warn when remaining < 20%', 'count of Paid per month'),
  },
  'W0880 alert on something unknown': {
    wrong: objective('target <= 5% warn when [[W0880|budget]] < 20%'),
    fine: objective('target <= 5% warn "soon" when remaining < 20%'),
  },
  'W0882 alert with a wrong range': {
    wrong: objective('target <= 5% warn when [[W0882|remaining < 20% over 1h]]'),
    fine: objective('target <= 5% warn when burn > 14 over 1h and burn > 14 over 5m'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('what an indicator and its objective become', () => {
  const { plan } = checkAll(
    objective(
      'target >= 99% over 30d  warn "page" when burn > 14.4 over 1h and remaining < 50%',
      'share(fulfilled) of outcomes of t.e where n > 1 by who over 7d',
    ),
  )
  expect(plan?.indicators).toMatchObject([
    {
      name: 'i',
      of: { kind: 'outcomes', policy: 0, rule: 1 },
      function: 'share',
      keys: [{ name: 'who' }],
      range: { kind: 'over', milliseconds: 7 * 86_400_000 },
      type: { kind: 'percent' },
    },
  ])
  expect(plan?.objectives).toMatchObject([
    {
      indicator: 0,
      target: { operator: '>=', value: { n: 99n, d: 100n }, range: { kind: 'over', milliseconds: 30 * 86_400_000 } },
      alerts: [
        {
          text: 'page',
          conditions: [
            { measure: 'burn', operator: '>', limit: { n: 72n, d: 5n }, overMilliseconds: 3_600_000 },
            { measure: 'remaining', operator: '<', limit: { n: 1n, d: 2n }, overMilliseconds: null },
          ],
        },
      ],
    },
  ])
})
