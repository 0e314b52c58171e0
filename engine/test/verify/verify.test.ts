/** The checker accepts what is so, and says where and why it does not accept something else. */
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/explain/trace.ts'
import type { Explanation, Witness } from '../../src/explain/witness.ts'
import { verifyExplanation } from '../../src/verify/index.ts'
import { payments, planOf, recorded, viewOf } from '../explain/payments.ts'

const plan = planOf(payments)
const view = viewOf(plan, recorded)
const honest = explain(plan, view, 2, 0)

test.each([2, 4, 5, 6])('event %i: accepted', seq => {
  expect(verifyExplanation(plan, view, explain(plan, view, seq, 0))).toEqual({ accepted: true })
})

describe('not accepted', () => {
  test.each<[string, Partial<Explanation>, string, string]>([
    ['another decision', { decision: 'permit' }, 'decision', 'it is deny'],
    ['another rule', { decidedBy: 2 }, 'decidedBy', 'it is 0'],
    ['another event', { seq: 4 }, 'rules[0].condition.decisive[0].operands[0].keys[0]', 'it reads another event'],
    ['an event that the policy does not decide', { seq: 0 }, 'seq', 'the policy does not decide about this event'],
    ['another reason', { reason: 'because' }, 'reason', 'it is “GB33'],
    ['a rule left out', { rules: honest.rules.slice(1) }, 'rules', 'every rule is to be explained, once'],
  ])('%s', (_, change, where, why) => {
    const verification = verifyExplanation(plan, view, { ...honest, ...change })
    expect(verification).toMatchObject({ accepted: false, where })
    expect(verification.accepted || verification.why).toContain(why)
  })

  test('an event that the window does not hold', () => {
    expect(verifyExplanation(plan, view, withHistory(honest, { events: [0], value: true }))).toEqual({
      accepted: false,
      where: 'rules[0].condition.decisive[0].operands[0].events',
      why: 'it is , not 0',
    })
  })

  test('a bound that is not the range', () => {
    expect(verifyExplanation(plan, view, withHistory(honest, { from: 0 }))).toMatchObject({
      accepted: false,
      where: 'rules[0].condition.decisive[0].operands[0].from',
    })
  })
})

test('an event that a check took out has no explanation', () => {
  const rejected = viewOf(plan, [['09:00:00', 'SendMoney', { run: 'r', recipient: 'a', amount: '-5' }]])
  expect(verifyExplanation(plan, rejected, explain(plan, rejected, 0, 0))).toMatchObject({
    accepted: false,
    why: 'a check of its contract takes this event out of the log',
  })
})

/** Changes the `no UserMessage …` of the first rule. */
function withHistory(explanation: Explanation, change: object): Explanation {
  const [first, ...rest] = explanation.rules
  const condition = first?.condition
  if (!first || condition?.kind !== 'and') throw new Error('the first rule has two conditions')
  const decisive = condition.decisive.map(({ position, witness }) => {
    if (position !== 0 || witness.kind !== 'operator') return { position, witness }
    const operands = witness.operands.map(operand => operand && ({ ...operand, ...change } as Witness))
    return { position, witness: { ...witness, operands } }
  })
  return { ...explanation, rules: [{ ...first, condition: { ...condition, decisive } }, ...rest] }
}
