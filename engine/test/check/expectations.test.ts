/** W082x: expectations, what they may say and what they know. */
import { test } from 'vitest'
import { type Case, expectMarked, runCase } from './marked.ts'

/** A policy of expectations alone. */
function waiting(rule: string, names = 'Paid, Refused'): string {
  return `module t\nuse e { ${names} }\npolicy t {\n  ${rule}\n}`
}

const cases: Record<string, Case> = {
  'W0820 half an expectation: nothing is expected': {
    wrong: waiting('rule r after Paid as p [[W0820|deny]]', 'Paid'),
    fine: waiting('rule r after Paid as p expect Refused where it.id == p.id within 1h else deny'),
  },
  'W0820 half an expectation: it never begins': {
    wrong: waiting('rule r [[W0820|expect Refused within 1h]]', 'Refused'),
    fine: waiting('rule r after Refused expect Refused within 1h', 'Refused'),
  },
  'W0820 a condition in the wrong place': {
    wrong: waiting('rule r after Paid when [[W0820|true]] expect Refused within 1h'),
    fine: waiting('rule r after Paid where n > 1 expect Refused within 1h'),
  },
  'W0821 no deadline': {
    wrong: waiting('rule [[W0821|r]] after Paid expect Refused'),
    fine: waiting('rule r after Paid expect Refused within 1h'),
  },
  'W0507 a deadline that is not constant': {
    wrong: waiting('rule r after Paid as p expect Refused within [[W0507|0s]]'),
    fine: waiting('define soon = 1h\nrule r after Paid as p expect Refused within soon').replace(
      /policy t \{\s*define soon = 1h/,
      'define soon = 1h\npolicy t {',
    ),
  },
  'W0830 what follows a breach does not last': {
    wrong: waiting('rule r after Paid expect Refused within 1h else [[W0830|deny for 1h by all]]'),
    fine: waiting('rule r after Paid expect Refused within 1h else deny'),
  },
  'W0904 what is awaited asks no history': {
    wrong: waiting('rule r after Paid expect Refused where [[W0904|no Paid by all over 1h]] within 1h'),
    fine: waiting('rule r after Paid where no Paid by who over 1h before this expect Refused within 1h'),
  },
  'W0904 what cancels asks no history': {
    wrong: waiting(
      'rule r after Paid expect Refused within 1h unless Paid as q where [[W0904|no Paid by all over 1h]]',
    ),
    fine: waiting('rule r after Paid as p expect Refused within 1h unless Paid as q where q.who == p.who'),
  },
  'W0401 an optional field needs a guard': {
    wrong: waiting('rule r after Paid as p where [[W0401|risk]] > 0.5 expect Refused within 1h'),
    fine: waiting(
      'rule r after Paid as p where risk is present and risk > 0.5 expect Refused where p.risk > 0.6 within 1h',
    ),
  },
}

test.each(Object.entries(cases))('%s', (_, entry) => runCase(entry))

test('both events are known by their aliases, the awaited one by bare names too', () => {
  expectMarked(
    waiting(
      'rule r after Paid as p where who == "w" expect Refused as f where id == p.id and f.n > p.n and now > p.at within 1h else warn "{p.who}" then tell { n: p.n }',
    ),
  )
})

test('aliases and lets of the policy belong to what it decides', () => {
  expectMarked(
    'module t\nuse e { Paid, Refused }\npolicy t { on Paid as q default deny let big = q.n > 1 rule s when big permit\n  rule r after Paid expect Refused where [[W0203|big]] within 1h }',
  )
})
