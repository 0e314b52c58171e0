/**
 * One decision as a debugger walks through it: the policy, its rules and every sub-expression that is looked at, in the order of
 * evaluation, each with its value. Says the same as trace.ts, which keeps only what a value rests on. Literals and fields have no step of
 * their own, and neither has what a window asks of each of its events.
 */
import type { DecisionWord } from '@writ/grammar'
import type { LogView } from '../log/view.ts'
import type { Expr, SourceSpan } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { eachOperand } from '../plan/read-set.ts'
import { truthOf } from '../value/operations.ts'
import { absent, type Value } from '../value/value.ts'
import { evaluate, rejectedIn } from './evaluate.ts'
import { policyAt } from './reason.ts'
import { bindElement, type ExplainOptions, type Scope, scopeAt } from './scope.ts'
import { explain } from './trace.ts'
import type { RuleWitness } from './witness.ts'

/** One place where the walk may stop. `depth` grows inwards; the policy has 0. */
export type Step = { readonly depth: number; readonly span: SourceSpan } & (
  | { readonly kind: 'policy' }
  /** The rule is begun; what will come of it is known already. */
  | { readonly kind: 'rule'; readonly rule: number; readonly outcome: RuleWitness['outcome'] }
  | { readonly kind: 'expression'; readonly rule: number; readonly expr: Expr; readonly value: Value }
  /** The last one: `rule` is -1 for the default. */
  | { readonly kind: 'decision'; readonly rule: number; readonly decision: DecisionWord; readonly reason: string }
)

/** The steps of `policy` (an index) at the event `seq`, which it must decide. At most `mostSteps` and the decision. */
export function stepsOf(
  plan: Plan,
  view: LogView,
  seq: number,
  policy: number,
  options: ExplainOptions = {},
): readonly Step[] {
  const { rules, span, default: otherwise } = policyAt(plan, policy)
  const rejected = rejectedIn(plan, view, options.rejected)
  const explanation = explain(plan, view, seq, policy, { ...options, rejected })
  const scope = scopeAt(plan, view, rejected, view.event(seq))
  const steps: Step[] = [{ kind: 'policy', depth: 0, span }]
  const entered = new Set<Expr>()
  for (const [rule, { when, span: place }] of rules.entries()) {
    const outcome = explanation.rules[rule]?.outcome ?? 'not-concerned'
    if (outcome === 'not-concerned') continue
    steps.push({ kind: 'rule', depth: 1, span: place, rule, outcome })
    if (when !== null) walk(when, scope, 2, { rule, steps, entered })
  }
  const { decision, decidedBy, reason } = explanation
  const place = rules[decidedBy]?.span ?? otherwise.span
  return [...steps.slice(0, mostSteps), { kind: 'decision', depth: 1, span: place, rule: decidedBy, decision, reason }]
}
const mostSteps = 20_000

interface Walk {
  readonly rule: number
  readonly steps: Step[]
  /** `let`s that were walked through: their value is known from then on. */
  readonly entered: Set<Expr>
}

function walk(expr: Expr, scope: Scope, depth: number, to: Walk): Value {
  const value = evaluate(expr, scope)
  if (to.steps.length >= mostSteps) return value
  if (hasStep(expr) && !isSamePlace(to.steps.at(-1)?.span, expr.span))
    to.steps.push({ kind: 'expression', depth, span: expr.span, rule: to.rule, expr, value })
  const inner = depth + 1
  switch (expr.kind) {
    case 'named':
      if (expr.of === 'let' && to.entered.has(expr)) return value
      to.entered.add(expr)
      walk(expr.value, scope, inner, to)
      return value
    case 'and':
    case 'or':
      for (const operand of expr.operands)
        if (truthOf(walk(operand, scope, inner, to)) === (expr.kind === 'or')) return value
      return value
    case 'default':
      if (walk(expr.value, scope, inner, to) === absent) walk(expr.otherwise, scope, inner, to)
      return value
    case 'if': {
      const condition = truthOf(walk(expr.condition, scope, inner, to))
      if (typeof condition === 'boolean') walk(condition ? expr.then : expr.otherwise, scope, inner, to)
      return value
    }
    case 'quantified': {
      const list = walk(expr.list, scope, inner, to)
      for (const element of Array.isArray(list) ? list : []) {
        const held = truthOf(walk(expr.where, bindElement(scope, expr.variable, element), inner, to))
        if (held === (expr.quantifier === 'any')) return value
      }
      return value
    }
    default:
      eachWalked(expr, operand => walk(operand, scope, inner, to))
      return value
  }
}

/** `no X`, `is absent`: one expression in the text, though a plan has two. */
function isSamePlace(before: SourceSpan | undefined, { file, start, end }: SourceSpan): boolean {
  return before?.file === file && before.start === start && before.end === end
}

/** A field that is a condition of its own has one; one that is compared has not. */
function hasStep({ kind, type }: Expr): boolean {
  switch (kind) {
    case 'literal':
    case 'now':
      return false
    case 'field':
    case 'element':
    case 'member':
      return type.kind === 'bool'
    default:
      return true
  }
}

/** Where the walk may stop, whatever the event: for breakpoints. Policies, rules, and expressions as in `stepsOf`. */
export function stoppingPlaces(
  plan: Plan,
): readonly { readonly span: SourceSpan; readonly policy: number; readonly rule: number }[] {
  const places: { span: SourceSpan; policy: number; rule: number }[] = []
  const seen = new Set<Expr>()
  for (const [policy, { rules, span, contracts }] of plan.policies.entries()) {
    if (contracts.length > 0) places.push({ span, policy, rule: -1 })
    for (const [rule, { when, span: place, contracts: concerned }] of rules.entries()) {
      if (concerned.length === 0) continue
      places.push({ span: place, policy, rule })
      const visit = (expr: Expr, owner: number): void => {
        if (seen.has(expr)) return
        seen.add(expr)
        // A `let` is of all the rules that use it.
        const own = expr.kind === 'named' && expr.of === 'let' ? -1 : owner
        if (hasStep(expr)) places.push({ span: expr.span, policy, rule: own })
        eachWalked(expr, operand => visit(operand, own))
      }
      if (when !== null) visit(when, rule)
    }
  }
  return places
}

/** What a window asks of its events is not walked through. */
function eachWalked(expr: Expr, visit: (operand: Expr) => void): void {
  if (expr.kind === 'exists' || expr.kind === 'aggregate' || expr.kind === 'sequence')
    for (const key of expr.keys) visit(key.value)
  else eachOperand(expr, visit)
}
