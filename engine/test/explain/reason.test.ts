/** Reasons and obligations of decisions, without tracing. */
import { describe, expect, test } from 'vitest'
import { obligationsOf, reasonText } from '../../src/explain/reason.ts'
import { reasonReadSet } from '../../src/explain/reason-read-set.ts'
import { readSet } from '../../src/plan/read-set.ts'
import { contracts, payments, planOf, recorded, viewOf } from './payments.ts'

const plan = planOf(payments)
const view = viewOf(plan, recorded)

describe('reasonText', () => {
  test.each([
    ['because, filled in', 2, 0, 'GB33BUKB20201555555555 was first seen in untrusted content, not named by the user'],
    ['the title where there is no text', 5, 1, 'at most 2,000 EUR a day'],
    ['the default', 5, -1, 'nothing speaks against it'],
  ])('%s', (_, seq, rule, text) => expect(reasonText(plan, view, seq, 0, rule)).toBe(text))

  test.each([
    ['its condition', 'when r.amount   > 50 EUR deny', 'r.amount > 50 EUR'],
    ['that it always holds', 'warn', 'the rule only holds for every event'],
    [
      'the approval it asks for',
      'require approval from 2 of AccountOwner within 1h30m',
      'approval from 2 of AccountOwner within 1 h 30 m is needed',
    ],
  ])('a rule without words tells %s', (_, rule, text) => {
    const silent = planOf(
      `module m\n${contracts}\npolicy p version 1.0.0 { on SendMoney as r default permit rule only ${rule} }`,
    )
    expect(reasonText(silent, view, 2, 0, 0)).toBe(text)
    expect(reasonText(silent, view, 2, 0, -1)).toBe('no rule of the policy matches, so its default decides')
  })
})

describe('obligationsOf', () => {
  test('gives approvals with their last moments, then effects with their values', () => {
    const [approval, effect] = obligationsOf(plan, view, 5, 0, [1])
    expect(approval).toMatchObject({
      kind: 'approval',
      stages: [{ role: 'AccountOwner', quorum: 1, until: Date.parse('2026-11-20T12:10:20Z') }],
      otherwise: { decision: 'deny', text: 'nobody approved in time' },
    })
    expect(effect).toMatchObject({ kind: 'effect', verb: 'notify', sink: 'pager' })
    expect(effect?.kind === 'effect' && effect.values.map(({ name, value }) => [name, value])).toEqual([
      ['run', '8f1c'],
      ['spent', { amount: { n: 2480n, d: 1n }, currency: 'EUR' }],
    ])
  })

  test('a stricter rule leaves those of the others out', () => {
    expect(obligationsOf(plan, view, 6, 0, [0, 1])).toEqual([])
  })
})

test('reasons and obligations have a read set of their own', () => {
  const { policies, contracts: all } = planOf(`module m
${contracts}
policy p version 1.0.0 {
  on SendMoney as r
  default permit because "{r.note ?? r.run}"
  rule small when r.amount < 1 EUR warn "to {r.recipient}"
}`)
  const program = { ...plan, contracts: all, policies }
  const paths = (sets: readonly ReadonlySet<string>[]) => [...(sets[2] ?? [])].sort()
  expect(paths(readSet(program))).toEqual(['amount'])
  expect(paths(reasonReadSet(program))).toEqual(['amount', 'note', 'recipient', 'run'])
})
