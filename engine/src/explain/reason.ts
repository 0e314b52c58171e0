/**
 * What a decision says and sets in motion, without tracing: the reason text and the obligations. Both are pure functions of
 * plan, log and decision, cheap enough for every line that `writ simulate` prints. Evidence is trace.ts.
 */
import type { LogView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanApproval, PlanPolicy, PlanRule, Template } from '../plan/plan.ts'
import { presentDuration, presentValue } from '../value/present.ts'
import { fromInteger } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import type { Value } from '../value/value.ts'
import { combine } from './combine.ts'
import { evaluate, rejectedIn } from './evaluate.ts'
import { type ExplainOptions, type Scope, scopeAt } from './scope.ts'

/**
 * The reason of a decision: `because` or text of `rule` (an index; -1 for the default), with its values filled in; where the
 * author gave none, the rule's title or a sentence made from the rule.
 */
export function reasonText(
  plan: Plan,
  view: LogView,
  seq: number,
  policy: number,
  rule: number,
  options: ExplainOptions = {},
): string {
  return reasonIn(policyAt(plan, policy), rule, scopeOf(plan, view, seq, options))
}

/** A recorded effect of a decision. Approval requests come with the stages in which they are asked for. */
export type Obligation =
  | {
      readonly kind: 'effect'
      readonly rule: number
      readonly verb: string
      readonly sink: string | null
      readonly values: readonly { readonly name: string; readonly value: Value; readonly type: Type }[]
    }
  | {
      readonly kind: 'approval'
      readonly rule: number
      readonly stages: readonly ApprovalStage[]
      /** What is decided when nobody has approved in time; null: the request stays open. */
      readonly otherwise: { readonly decision: string; readonly text: string | null } | null
    }
export interface ApprovalStage {
  readonly role: string
  readonly quorum: number
  /** The last moment for an approval, milliseconds since the epoch; null: no deadline. */
  readonly until: number | null
}

/**
 * The obligations recorded with a decision: those of the matched rules (ascending indices) whose decision is the policy's,
 * in text order; a rule's request for approval comes before its other obligations.
 */
export function obligationsOf(
  plan: Plan,
  view: LogView,
  seq: number,
  policy: number,
  matched: readonly number[],
  options: ExplainOptions = {},
): readonly Obligation[] {
  const policyPlan = policyAt(plan, policy)
  const { decision } = combine(policyPlan, matched)
  const rules = matched.flatMap(index => {
    const rule = policyPlan.rules[index]
    return rule && rule.decision === decision && hasObligations(rule) ? [{ rule, index }] : []
  })
  if (rules.length === 0) return []
  const scope = scopeOf(plan, view, seq, options)
  return rules.flatMap(({ rule, index }) => [
    ...(rule.approval ? [approvalRequest(rule.approval, index, scope)] : []),
    ...rule.obligations.map(
      ({ verb, sink, fields }): Obligation => ({
        kind: 'effect',
        rule: index,
        verb,
        sink,
        values: fields.map(({ name, value }) => ({ name, value: evaluate(value, scope), type: value.type })),
      }),
    ),
  ])
}

/** A programmer's mistake throws: the index must be one of the plan's. */
export function policyAt(plan: Plan, policy: number): PlanPolicy {
  const found = plan.policies[policy]
  if (!found) throw new RangeError(`the plan has no policy ${policy}`)
  return found
}

/** As `reasonText`, where a scope is at hand. */
export function reasonIn(policy: PlanPolicy, rule: number, scope: Scope): string {
  if (rule < 0) {
    const { because } = policy.default
    return because ? filled(because, scope) : 'no rule of the policy matches, so its default decides'
  }
  const deciding = policy.rules[rule]
  if (!deciding) throw new RangeError(`the policy ${policy.name} has no rule ${rule}`)
  const written = deciding.because ?? deciding.text
  return written ? filled(written, scope) : (deciding.title ?? generatedReason(deciding, scope))
}

function scopeOf(plan: Plan, view: LogView, seq: number, options: ExplainOptions): Scope {
  return scopeAt(plan, view, rejectedIn(plan, view, options.rejected), view.event(seq))
}

function filled(template: Template, scope: Scope): string {
  return template
    .map(part => (typeof part === 'string' ? part : presentValue(evaluate(part, scope), part.type)))
    .join('')
}

function generatedReason(rule: PlanRule, scope: Scope): string {
  const [first] = rule.approval?.stages ?? []
  if (first) return `${approvalWords(first)} is needed`
  if (rule.when === null) return `the rule ${rule.name} holds for every event`
  const { lasting } = rule
  const since = lasting ? `, now or up to ${presentDuration(fromInteger(lasting.milliseconds))} ago` : ''
  return `${sourceOf(rule.when, scope)}${since}`
}

/** `approval from 2 of RiskOfficer within 2 h`. */
export function approvalWords(stage: PlanApproval['stages'][number]): string {
  const who = stage.quorum > 1 ? `${stage.quorum} of ${stage.role}` : stage.role
  const within = stage.withinMilliseconds
  return `approval from ${who}${within === null ? '' : ` within ${presentDuration(fromInteger(within))}`}`
}

function sourceOf(expr: Expr, scope: Scope): string {
  const text = scope.plan.files[expr.span.file]?.text ?? ''
  return text.slice(expr.span.start, expr.span.end).replace(/\s+/g, ' ')
}

function hasObligations(rule: PlanRule): boolean {
  return rule.approval !== null || rule.obligations.length > 0
}

function approvalRequest(approval: PlanApproval, rule: number, scope: Scope): Obligation {
  let due: number | null = scope.event.time
  const stages = approval.stages.map(({ role, quorum, withinMilliseconds }) => {
    due = due === null || withinMilliseconds === null ? null : due + withinMilliseconds
    return { role, quorum, until: due }
  })
  const { otherwise } = approval
  const text = otherwise?.text ? filled(otherwise.text, scope) : null
  return { kind: 'approval', rule, stages, otherwise: otherwise && { decision: otherwise.decision, text } }
}
