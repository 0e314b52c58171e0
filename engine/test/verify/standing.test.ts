/** What explanations say of rollouts: accepted as they are, refused with any other stage, bucket or conclusion, or another record of the run. */
import { columnView, evaluate, explain, type Rollouts, type StandingWitness } from '@writ/engine'
import { verifyExplanation } from '@writ/engine/verify'
import { expect, test } from 'vitest'
import { at, logOf, planOf } from '../reference/judge.ts'

const plan = planOf(`contract Paid version 1.0.0 { agent: String  amount: Int }
policy old version 1.0.0 { on Paid as p default permit rule large when p.amount > 100 deny }
policy fresh version 2.0.0 { on Paid as p default permit rule large when p.amount > 50 deny }
rollout careful of fresh { replaces old  shadow for 1h  canary 25% by agent for 1h  rollback when (count of decisions where deny) > 1 }`)
const events = ['09:00', '10:30', '10:31', '10:32', '12:00'].map((time, i) =>
  at(time, 'Paid', { agent: i % 2 === 1 ? 'a' : 'b', amount: i < 2 ? 10 : 60 }),
)
const log = logOf(plan, events)
const view = columnView(log, plan.contracts)
const { rollouts } = evaluate(plan, log)

function explained(seq: number, policy: number) {
  return explain(plan, view, seq, policy, { rollouts })
}

test('each is accepted, and says what holds', () => {
  const told = events.map((_, seq) =>
    [0, 1].map(policy => {
      const explanation = explained(seq, policy)
      expect(verifyExplanation(plan, view, explanation, rollouts)).toEqual({ accepted: true })
      return explanation.standing?.counts
    }),
  )
  // In shadow; then agent a is in the canary and b is not; rolled back after the fourth.
  expect(told).toEqual([
    [true, false],
    [false, true],
    [true, false],
    [false, true],
    [true, false],
  ])
})

const claims: Record<string, (standing: StandingWitness) => StandingWitness> = {
  'that it does not count': standing => ({ ...standing, counts: false }),
  'another stage': standing => ({ ...standing, rollout: standing.rollout && { ...standing.rollout, stage: 2 } }),
  'another bucket': standing => ({ ...standing, rollout: standing.rollout && { ...standing.rollout, bucket: 1 } }),
  'that it is not in the canary': standing => ({
    ...standing,
    rollout: standing.rollout && { ...standing.rollout, isIn: false },
  }),
  'that another takes its place': standing => ({ ...standing, replacedBy: 0 }),
}

test.each(Object.entries(claims))('%s is refused', (_, change) => {
  const explanation = explained(1, 1)
  if (!explanation.standing) throw new Error('a rollout has a say')
  const claimed = { ...explanation, standing: change(explanation.standing) }
  expect(verifyExplanation(plan, view, claimed, rollouts)).toMatchObject({ accepted: false, where: 'standing' })
})

const records: Record<string, (changes: Rollouts['changes']) => Rollouts['changes']> = {
  'a stage that lasts another time': changes =>
    changes.map(one => (one.cause === 'over' ? { ...one, at: one.at - 1 } : one)),
  'a stage that is left out': changes => changes.filter(one => one.cause !== 'started'),
  'a change by an event of another time': changes =>
    changes.map(one => (one.cause === 'started' ? { ...one, at: one.at + 1 } : one)),
  'a rollback that leads to a stage': changes =>
    changes.map(one => (one.cause === 'rolled-back' ? { ...one, to: 1 } : one)),
}

test.each(Object.entries(records))('a record with %s is refused', (_, change) => {
  const changed = { ...rollouts, changes: change(rollouts.changes) }
  const explanation = explain(plan, view, 4, 1, { rollouts: changed })
  expect(verifyExplanation(plan, view, explanation, changed).accepted).toBe(false)
})

test('without the record of the run nothing may be said', () => {
  expect(verifyExplanation(plan, view, explained(1, 1))).toMatchObject({ accepted: false, where: 'standing' })
  expect(verifyExplanation(plan, view, explain(plan, view, 1, 1))).toEqual({ accepted: true })
})
