/** The walk of a debugger: one line per step, `what = value`, indented by depth. */
import { expect, test } from 'vitest'
import { stepsOf, stoppingPlaces } from '../../src/explain/steps.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { presentValue } from '../../src/value/present.ts'
import { payments, planOf, recorded, viewOf } from './payments.ts'

const plan = planOf(payments)

function walked(program: Plan, seq: number): readonly string[] {
  return stepsOf(program, viewOf(program, recorded), seq, 0).map(step => {
    const text = program.files[step.span.file]?.text.slice(step.span.start, step.span.end).replace(/\s+/g, ' ') ?? ''
    const told = {
      policy: () => 'policy',
      rule: () => `rule: ${'outcome' in step ? step.outcome : ''}`,
      expression: () => ('expr' in step ? `${text} = ${presentValue(step.value, step.expr.type)}` : ''),
      decision: () => ('decision' in step ? `${step.decision} by ${step.rule}` : ''),
    }
    return '  '.repeat(step.depth) + told[step.kind]()
  })
}

test('the rules in order, with what is looked at in each, and the decision', () => {
  expect(walked(plan, 4)).toEqual([
    'policy',
    '  rule: not-matched',
    '    no UserMessage where it.text contains r.recipient by run over 1d and exists ToolResult where not it.trusted and it.text contains r.recipient by run over 1d = false',
    '      no UserMessage where it.text contains r.recipient by run over 1d = false',
    '  rule: not-matched',
    '    spent + r.amount > 2_000 EUR = false',
    '      spent + r.amount = 1,280.00 EUR',
    '        spent = 1,250.00 EUR',
    '          sum(amount) of SendMoney by run over 24h before this = 1,250.00 EUR',
    '  rule: matched',
    '    r.amount <= 50 EUR = true',
    '  permit by 2',
  ])
})

test('breakpoints can stand where a walk stops, and nowhere else', () => {
  const texts = stoppingPlaces(plan).map(({ span, rule }) => {
    const text = plan.files[span.file]?.text.slice(span.start, span.end).replace(/\s+/g, ' ') ?? ''
    return `${rule} ${text.slice(0, 30)}`
  })
  expect(texts).toContain('-1 spent')
  expect(texts).toContain('2 r.amount <= 50 EUR')
  expect(texts.filter(text => text.includes('it.text contains r.recipient by')).length).toBe(0)
  for (const seq of [2, 4, 5, 6]) {
    const view = viewOf(plan, recorded)
    const places = new Set(stoppingPlaces(plan).map(({ span }) => `${span.start} ${span.end}`))
    for (const { span, kind } of stepsOf(plan, view, seq, 0))
      if (kind !== 'decision') expect(places).toContain(`${span.start} ${span.end}`)
  }
})
