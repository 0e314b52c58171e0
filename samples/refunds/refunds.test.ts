/** The sample of approvals and expectations: its generated log is what generate.ts makes, and its obligations end as the README says. */
import { globSync, readFileSync } from 'node:fs'
import {
  approvalEffects,
  check,
  columnView,
  evaluate,
  flow,
  instanceStatuses,
  readSet,
  stageName,
  transitionKinds,
} from '@writ/engine'
import { parse } from '@writ/grammar'
import { openEvents } from '@writ/ledger/node'
import { expect, test } from 'vitest'
import { delaysOf, withAnswers } from '../../cli/src/simulated-answers.ts'
import { samplePath, samplePlan } from '../simulate.ts'
import { generated } from './generate.ts'

test('the log is what the generator makes', () => {
  expect(readFileSync(samplePath('refunds', 'events', 'generated.ndjson'), 'utf8')).toBe(generated())
})

test('obligations end as the README says', async () => {
  const plan = samplePlan('refunds')
  const { log } = await openEvents(plan, samplePath('refunds', 'events'), { columns: readSet(plan) })
  const { obligations } = evaluate(plan, log, { closeAt: Date.UTC(2026, 10, 12) })
  const { instances, approvals } = obligations
  const ends: Record<string, number> = {}
  for (let i = 0; i < instances.size; i++) {
    const policy = plan.policies[instances.policy[i] ?? 0]
    const end = `${policy?.name}.${policy?.rules[instances.rule[i] ?? 0]?.name} ${instanceStatuses[instances.status[i] ?? 0]}`
    ends[end] = (ends[end] ?? 0) + 1
  }
  expect(ends).toEqual({
    'refunds.lead_signs fulfilled': 67,
    'refunds.lead_signs breached': 46,
    'refunds.officers_sign fulfilled': 7,
    'refunds.officers_sign breached': 1,
    'settlement.paid fulfilled': 139,
    'settlement.paid breached': 10,
    'settlement.confirmed fulfilled': 202,
    'settlement.confirmed breached': 20,
  })
  const effects = approvalEffects.map(name => [
    name,
    approvals.effect.filter(code => approvalEffects[code] === name).length,
  ])
  expect(Object.fromEntries(effects.filter(([, count]) => count !== 0))).toEqual({
    counted: 111,
    rejected: 2,
    late: 25,
    duplicate: 1,
    foreign: 13,
    self: 6,
  })
})

test('the rollout is stopped as the README says', async () => {
  const plan = samplePlan('refunds')
  const { log } = await openEvents(plan, samplePath('refunds', 'events'), { columns: readSet(plan) })
  const { rollouts } = evaluate(plan, log)
  const [rollout] = plan.rollouts
  if (!rollout) throw new Error('the sample has a rollout')
  expect(
    rollouts.changes.map(({ at, to, by, figures }) => [
      new Date(at).toISOString().slice(0, 16),
      stageName(rollout, to),
      by + 1,
      figures.map(({ value, of }) => (of === null ? `${value}` : `${value} of ${of}`)).join(', '),
    ]),
  ).toEqual([
    ['2026-11-02T00:00', 'shadow', 0, ''],
    ['2026-11-03T00:03', 'canary 10%', 96, '32, 1 of 32'],
    ['2026-11-03T19:07', 'rolled back', 230, '48, 5 of 48'],
  ])
})

test('objectives are missed, and alerts raised, as the README says', async () => {
  const plan = samplePlan('refunds')
  const { log } = await openEvents(plan, samplePath('refunds', 'events'), { columns: readSet(plan) })
  const { measures } = evaluate(plan, log, { closeAt: Date.UTC(2026, 10, 12) })
  const told = measures.objectives.flatMap(({ keys }) =>
    keys.map(({ value, points, good, breaches, alerts }) => [
      value,
      good,
      points,
      breaches.length,
      alerts.map(all => all.length),
    ]),
  )
  expect(told).toEqual([
    ['73/77', 73, 77, 1, [2, 1]],
    ['25/48', 25, 48, 0, []],
  ])
})

test('answers as slow as in the README leave as many requests unsigned', async () => {
  const plan = samplePlan('refunds')
  const { log } = await openEvents(plan, samplePath('refunds', 'events'))
  const delays = delaysOf('10m,p90=4h')
  if (delays === null) throw new Error('these are delays')
  const closeAt = Date.UTC(2026, 10, 12)
  const recorded = evaluate(plan, log, { closeAt })
  const { obligations } = evaluate(
    plan,
    withAnswers(plan, columnView(log, plan.contracts), recorded.obligations, delays),
    {
      closeAt,
    },
  )
  const { instances, transitions } = obligations
  const signed = plan.policies.findIndex(({ name }) => name === 'refunds')
  const unsigned = Array.from(instances.status).filter(
    (status, i) => instances.policy[i] === signed && instanceStatuses[status] === 'breached',
  )
  const passedOn = transitions.kind.filter(kind => transitionKinds[kind] === 'escalated')
  expect([passedOn.length, unsigned.length]).toEqual([55, 26])
})

test('a text that names the customer is reported, and masks lower what it holds', () => {
  const reported = (because: string) => {
    const files = globSync('*.writ', { cwd: samplePath('refunds') }).map(name => {
      const text = readFileSync(samplePath('refunds', name), 'utf8')
      return parse(name, text.replace('because "{r.amount} now,', `because "${because} now,`))
    })
    const { plan } = check(files)
    return plan && flow(plan).map(({ code, message }) => `${code} ${message}`)
  }
  expect(reported('{r.customer} asked for {r.amount}')).toEqual([
    expect.stringContaining('W1302 The text of the rule lead_signs holds customer of RefundRequested'),
  ])
  expect(reported('{mask(r.customer, keep: 2)} asked for {r.amount}')).toEqual([])
})
