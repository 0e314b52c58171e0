/**
 * Policies of Cedar after their import: they decide as Cedar's own build for WebAssembly does, on examples and on generated policies that
 * Cedar's validator accepts; what has no equivalent is told with its place, and never permits more. A failing seed is in the message.
 */
import { importCedar } from '@writ/ledger/cedar'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '../differential/random.ts'
import { agreement, validated } from './agree.ts'
import { examples } from './examples.ts'
import { entitiesBy, policiesBy, requestsBy, schema } from './generated.ts'

const programs = Number(process.env.WRIT_PROGRAMS ?? 80)
const firstSeed = Number(process.env.WRIT_SEED ?? 1)

describe('examples', () => {
  test.each(examples)('$name', async ({ policies, schema, entities, requests, allowed }) => {
    expect(validated(policies, schema)).toEqual([])
    const found = await agreement({ policies, schema, entities, requests })
    expect(found.imported.losses).toEqual([])
    expect(found.differing).toEqual([])
    expect(found.allowed).toBe(allowed)
  })
})

test(`${programs} generated sets of policies decide as Cedar does`, { timeout: 600_000 }, async () => {
  let [compared, allowed, refused] = [0, 0, 0]
  for (let seed = firstSeed; seed < firstSeed + programs; seed++) {
    const random = randomFrom(seed)
    const policies = policiesBy(random)
    if (validated(policies, schema).length > 0) {
      refused++
      continue
    }
    const found = await agreement({ policies, schema, entities: entitiesBy(random), requests: requestsBy(random, 12) })
    const unsafe = found.imported.losses.filter(({ what }) => !what.startsWith('it never holds'))
    expect(unsafe, `seed ${seed}\n${policies}`).toEqual([])
    expect(found.differing, `seed ${seed}\n${policies}\n${found.imported.text}`).toEqual([])
    compared += 12
    allowed += found.allowed
  }
  console.log(`${compared} requests, ${allowed} allowed; ${refused} of ${programs} sets refused by Cedar's validator`)
  expect(allowed).toBeGreaterThan(compared / 20)
  expect(refused).toBeLessThan(programs / 2)
})

test.each([
  {
    what: 'a template',
    policies: 'permit (principal == ?principal, action, resource);',
    loss: 'templates have no equivalent: write the linked policy; it is left out',
  },
  {
    what: 'an address',
    policies: 'permit (principal, action, resource) when { ip("10.0.0.1").isLoopback() };',
    loss: 'ip has no equivalent; it is left out',
  },
  {
    what: 'a forbid: it denies more',
    policies: 'forbid (principal, action == Action::"view", resource) when { context.tags == ["a"] };',
    loss: 'sets are compared without order, lists are not; it denies without asking that',
  },
  {
    what: 'an attribute that no schema tells of',
    policies: '\npermit (principal, action, resource)\nwhen { resource.nothing == 1 };',
    loss: 'the schema does not say what nothing is; it is left out',
  },
])('no equivalent: $what', ({ policies, loss }) => {
  const found = importCedar({ name: 'p.cedar', text: policies }, { name: 's', text: schema })
  if ('unreadable' in found) throw new Error(found.unreadable)
  const lines = policies.startsWith('\n') ? 3 : 1
  expect(found.losses).toEqual([{ place: `p.cedar:${lines}`, policy: 'policy0', what: loss }])
  expect(found.text).toContain('default deny')
  expect(found.text.includes('    deny')).toBe(policies.startsWith('forbid'))
})

test.each([
  ['permit (principal, action, resource)', 'p.cedar:1', '";" is expected, not the end'],
  ['// one\nallow (principal, action, resource);', 'p.cedar:2', '"permit" or "forbid" is expected, not "allow"'],
  ['permit (principal, action, resource) when { "a };', 'p.cedar:1', 'nothing of Cedar begins with "\\""'],
  [
    `permit (principal, action, resource) when { ${'('.repeat(5000)} };`,
    'p.cedar:1',
    'at most 200 levels can be read, not "("',
  ],
])('unreadable: %s', (text, place, unreadable) => {
  expect(importCedar({ name: 'p.cedar', text }, null)).toEqual({ place, unreadable })
})
