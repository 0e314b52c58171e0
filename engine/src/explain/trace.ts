/**
 * Explains one decision: evaluates its policy at its event once more and keeps what every value rests on. The answer is data
 * (witness.ts); words are made of it in sentences.ts and text.ts, and verify/ checks it without trusting anything here.
 *
 * A window touches only the events its range reaches (window.ts), so that the cost depends on the policy and not on the log.
 */
import type { LogView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanRule } from '../plan/plan.ts'
import { truthOf } from '../value/operations.ts'
import { fromInteger } from '../value/rational.ts'
import { absent, unknown, type Value } from '../value/value.ts'
import { matchesBy, tripOf } from './breaker.ts'
import { combine } from './combine.ts'
import { boundEvent, evaluate, rejectedIn } from './evaluate.ts'
import { waiverOf } from './exception.ts'
import { nearMissesOf } from './near-miss.ts'
import { operandsOf, operate } from './operate.ts'
import { policyAt, reasonIn } from './reason.ts'
import { bindElement, type ExplainOptions, type Scope, scopeAt } from './scope.ts'
import { standingOf } from './standing.ts'
import { type HistoryExpr, history } from './window.ts'
import type { Explanation, RuleWitness, Witness } from './witness.ts'

/** Why `policy` (an index) decided about the event `seq` as it did. The event must be of a contract that the policy decides. */
export function explain(
  plan: Plan,
  view: LogView,
  seq: number,
  policy: number,
  options: ExplainOptions = {},
): Explanation {
  const policyPlan = policyAt(plan, policy)
  const event = view.event(seq)
  const scope = scopeAt(plan, view, rejectedIn(plan, view, options.rejected), event)
  const tracer: Tracer = { scope, traced: new Map() }
  const rules = policyPlan.rules.map((rule, index) => ruleWitness(rule, index, tracer))
  const matched = rules.flatMap(({ rule, outcome }) => (outcome.startsWith('matched') ? [rule] : []))
  const { decision, decidedBy } = combine(policyPlan, matched)
  const reason = reasonIn(policyPlan, decidedBy, scope)
  const standing = options.rollouts ? standingOf(plan, event, policy, options.rollouts) : null
  return { policy, seq, decision, decidedBy, rules, reason, ...(standing ? { standing } : {}) }
}

/** What the value of an expression rests on in a scope. */
export function witnessOf(expr: Expr, scope: Scope): Witness {
  return trace(expr, { scope, traced: new Map() })
}

/** `traced` keeps the witnesses of `let`s, which several rules share. */
interface Tracer {
  readonly scope: Scope
  readonly traced: Map<Expr, Witness>
}

function ruleWitness(rule: PlanRule, index: number, tracer: Tracer): RuleWitness {
  if (!rule.contracts.includes(tracer.scope.event.contract)) {
    return { rule: index, outcome: 'not-concerned', condition: null }
  }
  const condition = rule.when && trace(rule.when, tracer)
  const truth = condition ? truthOf(condition.value) : true
  const own = matchesBy(rule, truth)
  const trip = own ? null : tripOf(rule, tracer.scope)
  if (!own && !trip) return { rule: index, outcome: 'not-matched', condition }
  const found = { rule: index, condition, ...(trip ? { trip } : {}) }
  const exception = waiverOf(rule, tracer.scope)
  if (exception >= 0) return { ...found, outcome: 'waived', waiver: waiverWitness(exception, tracer) }
  return { ...found, outcome: trip ? 'matched-lasting' : truth === true ? 'matched' : 'matched-unknown' }
}

function waiverWitness(exception: number, tracer: Tracer): NonNullable<RuleWitness['waiver']> {
  const when = tracer.scope.plan.exceptions[exception]?.when ?? null
  return { exception, condition: when && trace(when, tracer) }
}

function trace(expr: Expr, tracer: Tracer): Witness {
  const { scope } = tracer
  const { span } = expr
  switch (expr.kind) {
    case 'literal':
      return { kind: 'literal', span, value: expr.value }
    case 'now':
      return { kind: 'now', span, value: fromInteger(scope.event.time) }
    case 'field': {
      const event = boundEvent(scope, expr.event)
      return { kind: 'field', span, value: event.value(expr.path), seq: event.seq, path: expr.path }
    }
    case 'element':
      return { kind: 'element', span, value: scope.elements.get(expr.variable) ?? unknown }
    case 'named':
      return tracedOnce(expr, tracer, () => {
        const of = trace(expr.value, tracer)
        return { kind: 'named', span, value: of.value, name: expr.name, of }
      })
    case 'and':
      return connective(expr, expr.operands, false, tracer)
    case 'or':
      return connective(expr, expr.operands, true, tracer)
    case 'default': {
      const value = trace(expr.value, tracer)
      const otherwise = value.value === absent ? trace(expr.otherwise, tracer) : null
      return { kind: 'operator', span, value: (otherwise ?? value).value, operands: [value, otherwise] }
    }
    case 'if': {
      const condition = trace(expr.condition, tracer)
      const truth = truthOf(condition.value)
      const then = truth === true ? trace(expr.then, tracer) : null
      const otherwise = truth === false ? trace(expr.otherwise, tracer) : null
      const value = (then ?? otherwise)?.value ?? unknown
      return { kind: 'operator', span, value, operands: [condition, then, otherwise] }
    }
    case 'quantified':
      return quantified(expr, tracer)
    case 'exists':
    case 'aggregate':
    case 'sequence':
      return tracedOnce(expr, tracer, () => historyWitness(expr, tracer))
    default: {
      const operands = operandsOf(expr).map(operand => trace(operand, tracer))
      const value = operate(
        expr,
        operands.map(operand => operand.value),
      )
      return { kind: 'operator', span, value, operands }
    }
  }
}

/** `decider`: the truth of one operand that settles the whole. Later operands are not looked at: guards stand on the left. */
function connective(
  expr: Extract<Expr, { readonly kind: 'and' | 'or' }>,
  operands: readonly Expr[],
  decider: boolean,
  tracer: Tracer,
): Witness {
  const seen: { readonly position: number; readonly witness: Witness }[] = []
  for (const [position, operand] of operands.entries()) {
    const witness = trace(operand, tracer)
    seen.push({ position, witness })
    if (truthOf(witness.value) === decider) {
      return { kind: expr.kind, span: expr.span, value: decider, decisive: [{ position, witness }] }
    }
  }
  const value = seen.some(({ witness }) => truthOf(witness.value) === unknown) ? unknown : !decider
  return { kind: expr.kind, span: expr.span, value, decisive: seen }
}

function quantified(expr: Extract<Expr, { readonly kind: 'quantified' }>, tracer: Tracer): Witness {
  const list = trace(expr.list, tracer)
  const node = { kind: 'quantified' as const, span: expr.span, list }
  if (!Array.isArray(list.value)) return { ...node, value: unknown, elements: [] }
  const decider = expr.quantifier === 'any'
  const elements = list.value.map((element: Value, position: number) => ({
    position,
    witness: trace(expr.where, { ...tracer, scope: bindElement(tracer.scope, expr.variable, element) }),
  }))
  const held = elements.map(({ witness }) => truthOf(witness.value))
  const deciding = elements[held.indexOf(decider)]
  if (deciding) return { ...node, value: decider, elements: [deciding] }
  return { ...node, value: held.includes(unknown) ? unknown : !decider, elements }
}

function historyWitness(expr: HistoryExpr, tracer: Tracer): Witness {
  const { scope } = tracer
  const found = history(expr, scope, evaluate)
  scope.kept.set(expr, found.value)
  const empty = expr.kind !== 'sequence' && found.events.length === 0 && found.value !== unknown
  const nearMisses = empty
    ? nearMissesOf(expr, found.keys, { ...found, certain: true }, found.examined, scope, evaluate)
    : []
  return {
    kind: 'history',
    span: expr.span,
    value: found.value,
    keys: expr.keys.map(key => trace(key.value, tracer)),
    events: found.events,
    unknownEvents: found.unknownEvents,
    examined: found.examined,
    from: found.from,
    to: found.to,
    ...(expr.range.kind === 'since' ? { reset: found.reset } : {}),
    ...(found.passedOver.length > 0 && found.events.length === 0 ? { passedOver: found.passedOver } : {}),
    ...(nearMisses.length > 0 ? { nearMisses } : {}),
  }
}

/** What only the current event decides is traced once per decision. */
function tracedOnce(expr: Expr, tracer: Tracer, make: () => Witness): Witness {
  if (tracer.scope.bound.size > 1 || tracer.scope.elements.size > 0) return make()
  const known = tracer.traced.get(expr)
  if (known) return known
  const witness = make()
  tracer.traced.set(expr, witness)
  return witness
}
