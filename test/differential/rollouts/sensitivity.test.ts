/** A generator that cannot tell a wrong rollout from a right one tests nothing: small mistakes in plans have to show in the results. */
import { evaluate, type Plan, type PlanGate, type PlanRollout, rational, referenceRun } from '@writ/engine'
import { expect, test } from 'vitest'
import { directView } from '../direct-view.ts'
import { checked, differenceOf, logOf } from '../pair.ts'
import { randomFrom } from '../random.ts'
import { generateLog, generateProgram } from './program.ts'

type Mistake = (rollout: PlanRollout, plan: Plan) => PlanRollout | null

const mistakes: Readonly<Record<string, Mistake>> = {
  'a stage is a millisecond longer': rollout =>
    withStages(rollout, stage =>
      stage.milliseconds === null ? stage : { ...stage, milliseconds: stage.milliseconds + 1 },
    ),
  'a canary has twice its share': rollout =>
    withStages(rollout, stage =>
      stage.kind === 'canary' ? { ...stage, share: rational(stage.share.n * 2n, stage.share.d) } : stage,
    ),
  'a canary goes by other keys': rollout =>
    withStages(rollout, stage => (stage.kind === 'canary' ? { ...stage, keys: [...stage.keys, 'agent'] } : stage)),
  'a canary is in shadow': rollout =>
    withStages(rollout, stage => ({ kind: 'shadow', milliseconds: stage.milliseconds })),
  'the buckets are those of another rollout': rollout => ({ ...rollout, name: 'other' }),
  'it begins a millisecond later': rollout => (rollout.from === null ? null : { ...rollout, from: rollout.from + 1 }),
  'it begins by itself': rollout => (rollout.from === null ? null : { ...rollout, from: null }),
  'it has a millisecond more': rollout => (rollout.until === null ? null : { ...rollout, until: rollout.until + 1 }),
  'it replaces nothing': rollout => (rollout.replaces === null ? null : { ...rollout, replaces: null }),
  'it is never rolled back': rollout => (rollout.rollback === null ? null : { ...rollout, rollback: null }),
  'nothing has to hold for the next stage': rollout =>
    rollout.promote === null ? null : { ...rollout, promote: null },
  'figures reach a millisecond further back': rollout =>
    withMeasures(rollout, measure =>
      measure.kind === 'decisions' && measure.overMilliseconds !== null
        ? { ...measure, overMilliseconds: measure.overMilliseconds + 1 }
        : measure,
    ),
  'figures are of a day instead of the stage': rollout =>
    withMeasures(rollout, measure =>
      measure.kind === 'decisions' ? { ...measure, overMilliseconds: measure.overMilliseconds ?? 86_400_000 } : measure,
    ),
  'figures are of every decision': rollout =>
    withMeasures(rollout, measure => (measure.kind === 'decisions' ? { ...measure, where: null } : measure)),
  'figures are of another policy': (rollout, plan) =>
    withMeasures(rollout, measure =>
      measure.kind === 'decisions' ? { ...measure, policy: (measure.policy + 1) % plan.policies.length } : measure,
    ),
  'it asks another indicator': rollout =>
    withMeasures(rollout, measure =>
      measure.kind === 'indicator' ? { ...measure, indicator: (measure.indicator + 1) % 3 } : measure,
    ),
}

test('generated pairs tell small mistakes', { timeout: 300_000 }, () => {
  const told = new Map(Object.keys(mistakes).map(name => [name, 0]))
  for (let seed = 500_000; seed < 500_150; seed++) {
    const { plan } = checked(generateProgram(randomFrom(seed)))
    if (!plan) continue
    for (let index = 0; index < 2; index++) {
      const events = generateLog(randomFrom(seed * 31 + index))
      // Every column: a mistake may read what the right plan does not.
      const log = logOf(plan, events, true)
      const right = referenceRun(plan, directView(events))
      for (const [name, mistake] of Object.entries(mistakes)) {
        const rollouts = plan.rollouts.map(rollout => mistake(rollout, plan) ?? rollout)
        const found = evaluate({ ...plan, rollouts }, log, { codeGeneration: false })
        if (differenceOf(right, found) !== null) told.set(name, (told.get(name) ?? 0) + 1)
      }
    }
  }
  console.log([...told].map(([name, times]) => `${name}: told in ${times} pairs`).join('\n'))
  for (const [name, times] of told) expect(times, name).toBeGreaterThan(1)
})

function withStages(
  rollout: PlanRollout,
  change: (stage: PlanRollout['stages'][number]) => PlanRollout['stages'][number],
): PlanRollout {
  return { ...rollout, stages: rollout.stages.map(change) }
}

function withMeasures(
  rollout: PlanRollout,
  change: (measure: PlanGate['measures'][number]) => PlanGate['measures'][number],
): PlanRollout {
  const changed = (gate: PlanGate | null) => gate && { ...gate, measures: gate.measures.map(change) }
  return { ...rollout, promote: changed(rollout.promote), rollback: changed(rollout.rollback) }
}
