/** W08xx: policies, rules, roles and approvals; and what they become. */
import { expect, test } from 'vitest'
import { type Case, checkAll, policy, runCase } from './marked.ts'

const both = 'module m\nuse e { Paid, Refused }\npolicy q {\n'

const cases: Record<string, Case> = {
  'W0801 policy without a default': {
    wrong: 'module m\nuse e { Paid }\npolicy [[W0801|q]] { on Paid }',
    fine: 'module m\nuse e { Paid }\npolicy q { on Paid  default permit }',
    fixed: 'module m\nuse e { Paid }\npolicy q {\n  default deny on Paid }',
  },
  'W0802 unknown way to combine': {
    wrong: 'module m\nuse e { Paid }\npolicy q { on Paid combine [[W0802|strict]] default deny }',
    fine: 'module m\nuse e { Paid }\npolicy q { on Paid combine first default deny }',
  },
  'W0804 policy without events': {
    wrong: 'module m\npolicy [[W0804|q]] { default deny }',
    fine: 'module m\nuse e { Paid }\npolicy q { on Paid default deny }',
  },
  'W0805 rule that concerns no event': {
    wrong: `${both}on Paid as p  on Refused as r  default deny  rule [[W0805|x]] when p.n > r.n permit }`,
    fine: `${both}on Paid as p  on Refused as r  default deny  rule x when p.n > 1 permit  rule y when r.n > 1 permit }`,
  },
  'W0806 approval nobody can give': {
    wrong: policy('rule r require [[W0806|approval from 3 of Lead]]').replace('{ Paid }', '{ Paid, Lead }'),
    fine: policy('rule r require approval from 2 of Lead within 1h').replace('{ Paid }', '{ Paid, Lead }'),
  },
  'W0807 contract named twice': {
    wrong: 'module m\nuse e { Paid }\npolicy q { on Paid, [[W0807|Paid]] as p default deny }',
    fine: `${both}on Paid, Refused as p default deny }`,
  },
  'W0808 field that not all have': {
    wrong: `${both}on Paid, Refused as p  default deny  rule x when p.[[W0808|channel]] == 1 or p.[[W0808|risk]] > 1 permit }`,
    fine: `${both}on Paid, Refused as p  default deny  rule x when p.n == 1 permit }`,
  },
  'W0808 the default is for every event': {
    wrong: `${both}on Paid as p  on Refused as r  default deny because "{[[W0808|p.id]]}"  rule x when r.n > 1 permit }`,
    fine: `${both}on Paid, Refused as p  default deny because "{p.id}" }`,
  },
  'W0809 member of a role that is no text': {
    wrong: 'module m\nrole R { members [[W0809|5]] }',
    fine: 'module m\nrole R { members "ana" }',
  },
  'W0810 role member named twice': {
    wrong: 'module m\nrole R { members "ana", [[W0810|"ana"]] }',
    fine: 'module m\nrole R { members "ana", "bo" }',
  },
  'W0213 rule named twice': {
    wrong: policy('rule r permit  rule [[W0213|r]] deny'),
    fine: policy('rule r permit  rule s deny'),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('a rule concerns the events that bind every alias it names, through its lets too', () => {
  const { plan } = checkAll(`${both}on Paid as p  on Refused as r  default deny
    let much = p.amount > 5 EUR
    rule a when much permit
    rule b when r.n > 1 permit
    rule c permit
    rule d deny "{r.id}"
  }`)
  expect(plan?.policies[0]?.contracts).toEqual([0, 1])
  expect(plan?.policies[0]?.rules.map(rule => [rule.name, rule.contracts])).toEqual([
    ['a', [0]],
    ['b', [1]],
    ['c', [0, 1]],
    ['d', [1]],
  ])
})

test('a let is one node wherever it is used', () => {
  const { plan } = checkAll(
    policy(
      'let spent = sum(n) of Paid by who over 1d\n rule a when spent > 1 or spent < 0 permit\n rule b when spent > 5 warn',
    ),
  )
  const [a, b] = plan?.policies[0]?.rules ?? []
  const nodes = [...(a?.when?.kind === 'or' ? a.when.operands : []), b?.when]
  const lefts = nodes.map(node => (node?.kind === 'compare' ? node.left : null))
  expect(lefts.map(left => left?.kind)).toEqual(['named', 'named', 'named'])
  expect(new Set(lefts).size).toBe(1)
  expect(lefts[0]).toBe(plan?.policies[0]?.lets[0]?.value)
})

test('defines are inlined with their arguments, without catching variables', () => {
  const { plan } = checkAll(`module t\nuse e { Paid }
define some(l: List<String>, x: String): Bool = any y in l where y == x
policy t { on Paid as p default deny rule r when any y in p.tags where some(p.tags, y) permit }`)
  const when = plan?.policies[0]?.rules[0]?.when
  expect(when).toMatchObject({
    kind: 'quantified',
    variable: 0,
    where: {
      kind: 'named',
      of: 'define',
      value: {
        kind: 'quantified',
        variable: 1,
        list: { kind: 'field', path: ['tags'] },
        where: { kind: 'compare', left: { kind: 'element', variable: 1 }, right: { kind: 'element', variable: 0 } },
      },
    },
  })
})

test('a rule of the plan', () => {
  const { plan } = checkAll(
    policy(`/// Ask first.
  rule r "title" when p.n > 1
    require approval from Lead within 30m else approval from 2 of Lead else deny "no {p.id}"
    because "{{{p.n}}}"
    then notify pager { n: p.n }`).replace('{ Paid }', '{ Paid, Lead }'),
  )
  expect(plan?.roles).toEqual([{ name: 'Lead', members: ['ana', 'bo'], delegations: [], rows: null }])
  expect(plan?.policies[0]?.rules[0]).toMatchObject({
    name: 'r',
    title: 'title',
    documentation: 'Ask first.',
    decision: 'hold',
    text: null,
    because: ['{', { kind: 'field', path: ['n'] }, '}'],
    approval: {
      stages: [
        { role: 'Lead', quorum: 1, withinMilliseconds: 1_800_000 },
        { role: 'Lead', quorum: 2, withinMilliseconds: null },
      ],
      otherwise: { decision: 'deny', text: ['no ', { kind: 'field', path: ['id'] }] },
    },
    obligations: [{ verb: 'notify', sink: 'pager', fields: [{ name: 'n', value: { kind: 'field' } }] }],
  })
})
