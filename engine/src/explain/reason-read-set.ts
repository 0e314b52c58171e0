/**
 * Which columns reasons and obligations read besides those of the evaluation: whoever prints reasons opens the log with
 * these. `readSet` alone is for runs that only decide.
 */
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule, Template } from '../plan/plan.ts'
import { readSet } from '../plan/read-set.ts'

/** Per contract of the plan, the paths (joined by '.') that evaluation, reasons, obligations and explanations read. */
export function reasonReadSet(plan: Plan): readonly ReadonlySet<string>[] {
  return readSet({ ...plan, policies: plan.policies.map(withTextsAsConditions) })
}

/** The read set follows conditions; so what texts and obligations read is put where conditions stand. */
function withTextsAsConditions(policy: PlanPolicy): PlanPolicy {
  const texts = policy.rules.map(rule => reading(policy, spokenOf(rule), ruleTexts(rule)))
  return {
    ...policy,
    rules: [...policy.rules, ...texts, reading(policy, policy.contracts, holes(policy.default.because))],
  }
}

/** The contracts of the events that a rule's texts and obligations read. */
function spokenOf({ expectation, contracts }: PlanRule): readonly number[] {
  return expectation === null ? contracts : [expectation.opens.contract]
}

/** A rule whose condition reads the expressions. */
function reading(policy: PlanPolicy, contracts: readonly number[], items: readonly Expr[]): PlanRule {
  const { span } = policy
  return {
    name: '',
    title: null,
    documentation: null,
    contracts,
    when: { kind: 'list', items, type: { kind: 'list', element: { kind: 'string' } }, span },
    decision: 'permit',
    text: null,
    because: null,
    approval: null,
    expectation: null,
    lasting: null,
    obligations: [],
    span,
  }
}

function ruleTexts(rule: PlanRule): readonly Expr[] {
  return [
    ...holes(rule.text),
    ...holes(rule.because),
    ...holes(rule.approval?.otherwise?.text ?? null),
    ...rule.obligations.flatMap(obligation => obligation.fields.map(field => field.value)),
  ]
}

function holes(template: Template | null): readonly Expr[] {
  return (template ?? []).filter(part => typeof part !== 'string')
}
