/** W102x: properties, the events they speak of and what they claim. */
import { expect, test } from 'vitest'
import { type Case, checkAll, runCase } from './marked.ts'

/** A policy on Paid with two rules, and a property. */
function stated(property: string, more = ''): string {
  return `module t
use e { Paid, Refused }
policy t { on Paid as p  default deny  let big = p.n > 5  rule r when big permit  rule slow when p.n > 8 hold }
policy v { on Refused default deny }
property ${property}
${more}`
}

const cases: Record<string, Case> = {
  'W1020 property without events': {
    wrong: stated('[[W1020|x]] { never permit }'),
    fine: stated('x { for all Paid never permit }'),
  },
  'W1021 property without a claim': {
    wrong: stated('[[W1021|x]] { for all Paid as p where p.n > 1 }'),
    fine: stated('x "title" { for all Paid as p where big  always hold or deny by t  never permit by r }'),
  },
  'W1022 unknown policy or rule in a property': {
    wrong: stated('x { for all Paid never permit by [[W1022|slwo]] }'),
    fine: stated('x { for all Paid never permit by t.r }'),
    fixed: stated('x { for all Paid never permit by slow }'),
  },
  'W1006 rule name of several policies': {
    wrong: stated('x { for all Paid never permit by [[W1006|r]] }', 'policy u { on Paid default deny rule r permit }'),
    fine: stated('x { for all Paid never permit by u.r }', 'policy u { on Paid default deny rule r permit }'),
  },
  'W1010 event that no policy decides': {
    wrong: `module m\nuse e { Paid }\nproperty x { for all [[W1010|Paid]] never permit }`,
    fine: stated('x { for all Paid, Refused as e where e.n > 1 never permit }'),
  },
  'W0604 said twice': {
    wrong: stated('x { for all Paid [[W0604|for all Paid]] never permit }'),
    fine: stated('x { for all Paid never permit }'),
  },
}

test.each(Object.entries(cases))('%s', (_, one) => runCase(one))

test('a property of the plan speaks of policies by their place', () => {
  const { plan } = checkAll(stated('x "t" { for all Paid as p where p.n > 1 never permit or warn by t.slow }'))
  const [property] = plan?.properties ?? []
  expect(property?.claims.map(({ always, decisions, by }) => ({ always, decisions, by }))).toEqual([
    { always: false, decisions: ['permit', 'warn'], by: { policy: 0, rule: 1 } },
  ])
})
