/**
 * The samples as tests: each workspace checks clean, its tests pass, and the decisions over its recorded events are those that
 * `samples/NAME/expected.json` holds, by rule. After a change that is meant: `WRIT_UPDATE=1 npx vitest run samples`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { flow, runTests } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { tables } from './agent-guardrails/score/tables.ts'
import { report, score } from './agent-guardrails/score.ts'
import { table as airlineTable } from './airline/score.ts'
import { table as cloudtrailTable } from './cloudtrail/score.ts'
import { withSections } from './readme-sections.ts'
import { countsByRule, samplePath, samplePlan, simulate } from './simulate.ts'

const samples = [
  { name: 'agent-guardrails', events: 'runs' },
  { name: 'airline', events: 'runs' },
  { name: 'cloudtrail', events: 'events' },
  { name: 'refunds', events: 'events' },
]

describe.each(samples)('samples/$name', ({ name, events }) => {
  test('its tests pass', () => {
    const results = runTests(samplePlan(name))
    expect(results.filter(result => !result.passed)).toEqual([])
    expect(results.length).toBeGreaterThan(5)
  })

  test('nothing classified leaves it but where it may', () => {
    expect(flow(samplePlan(name))).toEqual([])
  })

  test('it decides as recorded', async () => {
    const simulation = await simulate(name, samplePath(name, events))
    const found = {
      records: simulation.opened.records,
      events: simulation.opened.log.contractOf.length,
      findings: Object.fromEntries(simulation.opened.findingCounts),
      notices: simulation.result.notices.length,
      decisions: countsByRule(simulation),
    }
    const path = samplePath(name, 'expected.json')
    if (process.env.WRIT_UPDATE) writeFileSync(path, `${JSON.stringify(found, null, 2)}\n`)
    expect(found).toEqual(JSON.parse(readFileSync(path, 'utf8')))
  })
})

test('the report of npm start holds the two rates, with and without color', async () => {
  const colored = await report({ color: true, width: 100 })
  const plain = stripVTControlCharacters(colored)
  expect(colored.length).toBeGreaterThan(plain.length)
  expect(plain).toMatch(/^ {2}all +362 of 362 {2}100% +0 of 184 {2}0\.0%/m)
  expect(plain.split('\n').length).toBeLessThan(72)
})

test.each([
  {
    name: 'agent-guardrails',
    sections: async () => tables((await score(samplePath('agent-guardrails', 'runs'))).outcome),
  },
  { name: 'airline', sections: async () => ({ rules: await airlineTable() }) },
  { name: 'cloudtrail', sections: async () => ({ found: await cloudtrailTable() }) },
])('the tables of samples/$name/README.md are those that its command makes', async ({ name, sections }) => {
  const readme = readFileSync(samplePath(name, 'README.md'), 'utf8')
  expect(withSections(readme, await sections())).toBe(readme)
})
