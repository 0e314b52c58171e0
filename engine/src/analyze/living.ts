/**
 * What lives on after an event: expectations that can never begin or never be met, approvals and windows that wait, or grow,
 * for ever. Conditions at one event are conditions.ts.
 */
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanExpectation, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { eachOperand } from '../plan/read-set.ts'
import type { Finding } from './finding.ts'
import { type Grounds, possible } from './ground.ts'
import { isTrue, unnamed } from './meaning.ts'
import { whyNever } from './why.ts'

export function livingFindings(plan: Plan, policy: PlanPolicy, grounds: Grounds): readonly Finding[] {
  return policy.rules.flatMap((rule, index) => [
    ...(rule.expectation === null ? [] : expectationFindings(index, rule.expectation, grounds)),
    ...waitingFindings(index, rule),
    ...growingFindings(plan, rule, grounds),
  ])
}

function expectationFindings(rule: number, { opens, awaited }: PlanExpectation, grounds: Grounds): readonly Finding[] {
  if (opens.where !== null) {
    const ground = grounds.at(opens.contract)
    if (!possible(ground, [ground.meaning.when(opens.where, isTrue)])) {
      const why = whyNever(opens.where, true, ground, grounds)
      return [{ claim: { kind: 'never-begins', rule }, span: opens.where.span, why }]
    }
  }
  if (awaited.where === null) return []
  const ground = grounds.inside(opens.contract, [awaited])
  const began = opens.where
  // `now` is the time of another event in each of the two.
  const together = began !== null && !mentionsNow(began) && !mentionsNow(awaited.where) ? [began] : []
  const asked = [...together, awaited.where].map(condition => ground.meaning.when(condition, isTrue))
  if (possible(ground, asked)) return []
  const alone = !possible(ground, asked.slice(-1))
  const why =
    alone || began === null
      ? whyNever(awaited.where, true, ground, grounds)
      : `\`${grounds.text(awaited.where.span)}\` contradicts \`${grounds.text(began.span)}\``
  return [{ claim: { kind: 'never-met', rule }, span: awaited.where.span, why }]
}

function mentionsNow(expr: Expr): boolean {
  if (expr.kind === 'now') return true
  let found = false
  eachOperand(expr, operand => {
    found ||= mentionsNow(operand)
  })
  return found
}

/** The last stage ends an approval; the ones before it escalate. */
function waitingFindings(rule: number, { approval, span }: PlanRule): readonly Finding[] {
  const stage = approval?.stages.findIndex(({ withinMilliseconds }) => withinMilliseconds === null) ?? -1
  return stage < 0 ? [] : [{ claim: { kind: 'waits-for-ever', rule, stage }, span, why: '' }]
}

/** Windows that only an event ends which can never come. */
function growingFindings(plan: Plan, { when, contracts }: PlanRule, grounds: Grounds): readonly Finding[] {
  const found: Finding[] = []
  const seen = new Set<Expr>()
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    eachOperand(expr, visit)
    const term = unnamed(expr)
    if (term !== expr || (term.kind !== 'aggregate' && term.kind !== 'exists' && term.kind !== 'sequence')) return
    if (term.range.kind !== 'since') return
    const { reset } = term.range
    const { where } = reset
    if (where === null || plan.contracts[reset.contract] === undefined) return
    const inside = contracts.map(contract => grounds.inside(contract, [reset]))
    if (inside.some(ground => possible(ground, [ground.meaning.when(where, isTrue)]))) return
    const [ground] = inside
    const why = ground ? whyNever(where, true, ground, grounds) : ''
    found.push({ claim: { kind: 'never-reset', form: term, contracts }, span: where.span, why })
  }
  if (when !== null) visit(when)
  return found
}
