/**
 * The samples as tests: each workspace checks clean, its tests pass, and the decisions over its recorded events are those that
 * `samples/NAME/expected.json` holds, by rule. After a change that is meant: `WRIT_UPDATE=1 npx vitest run samples`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { runTests } from '@writ/engine'
import { describe, expect, test } from 'vitest'
import { countsByRule, samplePath, samplePlan, simulate } from './simulate.ts'

const samples = [
  { name: 'agent-guardrails', events: 'runs' },
  { name: 'airline', events: 'runs' },
  { name: 'cloudtrail', events: 'events' },
]

describe.each(samples)('samples/$name', ({ name, events }) => {
  test('its tests pass', () => {
    const results = runTests(samplePlan(name))
    expect(results.filter(result => !result.passed)).toEqual([])
    expect(results.length).toBeGreaterThan(5)
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
