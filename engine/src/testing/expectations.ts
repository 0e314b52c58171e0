/** What the `expect` steps of a test ask of the event given last, and what a failed one says. */
import type { DecisionWord } from '@writ/grammar'
import { consequenceOf } from '../explain/consequence.ts'
import { reasonText } from '../explain/reason.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule, PlanStep } from '../plan/plan.ts'
import { decide, ruleCondition, type Verdict } from '../reference/decide.ts'
import { evaluateExpression } from '../reference/evaluate.ts'
import { referenceRun } from '../reference/run.ts'
import { type Situation, situationAt } from '../reference/situation.ts'
import { decisionWords } from '../run/decisions.ts'
import { equals } from '../value/operations.ts'
import { presentDuration, presentValue } from '../value/present.ts'
import { fromInteger } from '../value/rational.ts'
import type { Type } from '../value/type.ts'
import type { Value } from '../value/value.ts'
import { requestsOf } from './status.ts'
import { constants, type GivenEvent } from './test-events.ts'
import { whyCondition } from './why.ts'

type ExpectStep = Exclude<PlanStep, { kind: 'given' | 'at' | 'approve' | 'expect-status' }>

/** Null where the expectation holds, else the message. `now`: the time of the step. */
export function expectation(plan: Plan, step: ExpectStep, given: GivenEvent, now: number): string | null {
  if (step.kind === 'expect-problem') return expectProblem(step.code, given)
  if (step.kind === 'expect-value') return expectValue(plan, step.value, given)
  const verdicts = verdictsOf(plan, given)
  if (step.kind === 'expect-obligation') return expectObligation(plan, step, verdicts, given, now)
  if (verdicts.length === 0) return `expected ${phrase(step)}, but ${nobodyDecided(plan, given)}`
  switch (step.kind) {
    case 'expect-decision':
      return step.rule === null
        ? expectStrictest(plan, step.decision, verdicts, given, now)
        : expectRule(plan, step.decision, step.rule, verdicts, given)
    case 'expect-approval':
      return expectApproval(plan, step.role, verdicts, given, now)
  }
}

/** A policy's decision about the event. */
interface Decided {
  readonly index: number
  readonly policy: PlanPolicy
  readonly verdict: Verdict
}

function verdictsOf(plan: Plan, given: GivenEvent): readonly Decided[] {
  if (given.rejected) return []
  return plan.policies.flatMap((policy, index) => {
    const verdict = decide(plan, index, given.event, given.history)
    return verdict ? [{ index, policy, verdict }] : []
  })
}

function expectStrictest(
  plan: Plan,
  expected: DecisionWord,
  verdicts: readonly Decided[],
  given: GivenEvent,
  now: number,
): string | null {
  const strictness = (decided: Decided) => decisionWords.indexOf(decided.verdict.decision)
  const counts = countingAt(plan, given, now)
  const enforced = verdicts.filter(({ index }) => counts.has(index))
  // A policy in shadow can be tested before it counts, where nothing else decides.
  const counting = enforced.length > 0 ? enforced : verdicts
  const strictest = counting.reduce((a, b) => (strictness(b) > strictness(a) ? b : a))
  if (strictest.verdict.decision === expected) return null
  return `expected ${expected}, but ${whatCame(plan, strictest, given)}`
}

/** The policies that count at the event, by mode and by rollout. */
function countingAt(plan: Plan, { view, event }: GivenEvent, now: number): ReadonlySet<number> {
  const indices = plan.policies.map((_, index) => index)
  if (plan.rollouts.length === 0) return new Set(indices.filter(index => plan.policies[index]?.mode === 'enforce'))
  const { decisions, rollouts } = referenceRun(plan, view, { reached: now })
  const own = indices.filter(index => {
    const place = decisions.seq.findIndex((seq, i) => seq === event.seq && decisions.policy[i] === index)
    return place >= 0 && rollouts.counts?.[place] === 1
  })
  return new Set(own)
}

function expectRule(
  plan: Plan,
  expected: DecisionWord,
  name: string,
  verdicts: readonly Decided[],
  given: GivenEvent,
): string | null {
  const candidates = verdicts.flatMap(decided => {
    const index = decided.policy.rules.findIndex(
      rule => rule.name === name || `${decided.policy.name}.${rule.name}` === name,
    )
    const rule = decided.policy.rules[index]
    return rule ? [{ decided, index, rule }] : []
  })
  const [first] = candidates
  if (!first) return `expected ${expected} by ${name}, but no policy that decides this event has such a rule`
  if (candidates.some(({ decided, index }) => isDecision(decided.verdict, expected, index))) return null
  const { decided, index, rule } = first
  const came = whatCame(plan, decided, given)
  const why = decided.verdict.decidedBy === index ? '' : `; ${whyNotDeciding(plan, decided, index, rule, given)}`
  return `expected ${expected} by ${name}, but ${came}${why}`
}

function isDecision(verdict: Verdict, decision: DecisionWord, rule: number): boolean {
  return verdict.decision === decision && verdict.decidedBy === rule
}

/** The approval that is asked for at this time: first that of the first stage, the others once it has passed in vain. */
function expectApproval(
  plan: Plan,
  role: string,
  verdicts: readonly Decided[],
  given: GivenEvent,
  now: number,
): string | null {
  const requests = requestsOf(plan, given, now)
  if (requests.some(request => request.asks === role)) return null
  const over = requests.find(request => request.asks === null)
  if (over) return `expected an approval from ${role}, but the request of rule ${over.rule} is ${over.status} by then`
  const escalated = requests.find(request => request.stage > 0)
  if (escalated?.asks) return `expected an approval from ${role}, but by then it is asked for from ${escalated.asks}`
  const asking = verdicts.flatMap(({ policy, verdict }) => decidingRules(policy, verdict)).filter(rule => rule.approval)
  const later = asking.find(rule => rule.approval?.stages.some(stage => stage.role === role))
  const [first] = later?.approval?.stages ?? []
  if (later && first) {
    const within = first.withinMilliseconds
    const time = within === null ? '' : ` within ${presentDuration(fromInteger(within))}`
    return `expected an approval from ${role}, but rule ${later.name} first asks ${first.role}, and ${role} only when nobody of them answers${time}`
  }
  const others = asking.flatMap(rule => rule.approval?.stages[0]?.role ?? [])
  const asked = others.length === 0 ? 'no approval is asked for' : `it is asked for from ${others.join(' and ')}`
  return `expected an approval from ${role}, but ${asked}: ${allThatCame(plan, verdicts, given)}`
}

function expectObligation(
  plan: Plan,
  step: Extract<ExpectStep, { kind: 'expect-obligation' }>,
  verdicts: readonly Decided[],
  given: GivenEvent,
  now: number,
): string | null {
  const at = situationAt(given.event, given.history)
  const decided = verdicts
    .flatMap(({ policy, verdict }) => decidingRules(policy, verdict))
    .flatMap(rule => rule.obligations)
    .map(({ verb, sink, fields }) => ({ verb, sink, fields: fields.map(field => evaluatedField(field, at)) }))
  const recorded = [...decided, ...afterBreaches(plan, given, now)]
  if (verdicts.length === 0 && recorded.length === 0)
    return `expected ${phrase(step)}, but ${nobodyDecided(plan, given)}`
  const wanted = step.fields.map(({ name, value }) => evaluatedField({ name, value }, constants))
  const fits = recorded.some(
    ({ verb, sink, fields }) =>
      verb === step.verb &&
      sink === step.sink &&
      wanted.every(want => fields.some(field => field.name === want.name && equals(field.value, want.value) === true)),
  )
  if (fits) return null
  const told = recorded.map(({ verb, sink, fields }) => {
    const members = fields.map(({ name, value, type }) => `${name}: ${presentValue(value, type, { quoted: true })}`)
    return [verb, sink, `{ ${members.join(', ')} }`].filter(Boolean).join(' ')
  })
  const came = told.length === 0 ? 'nothing is recorded with the decision' : `recorded is ${told.join(' and ')}`
  const decisions = verdicts.length === 0 ? '' : `: ${allThatCame(plan, verdicts, given)}`
  return `expected ${phrase(step)}, but ${came}${decisions}`
}

/** What follows the expectations that were breached until now. */
function afterBreaches(plan: Plan, { view }: GivenEvent, now: number) {
  const { obligations } = referenceRun(plan, view, { reached: now })
  const places = Array.from({ length: obligations.instances.size }, (_, place) => place)
  return places.flatMap(place =>
    (consequenceOf(plan, view, obligations.instances, place)?.effects ?? []).map(({ verb, sink, values }) => ({
      verb,
      sink,
      fields: values,
    })),
  )
}

interface EvaluatedField {
  readonly name: string
  readonly value: Value
  readonly type: Type
}

function evaluatedField(field: { readonly name: string; readonly value: Expr }, at: Situation): EvaluatedField {
  return { name: field.name, value: evaluateExpression(field.value, at), type: field.value.type }
}

function expectProblem(code: string, { findings }: GivenEvent): string | null {
  if (findings.some(finding => finding.code === code)) return null
  const came = findings.map(finding => `${finding.code} (${finding.message})`)
  return `expected the problem ${code}, but ${came.length === 0 ? 'the event keeps its contract' : `found ${came.join('; ')}`}`
}

function expectValue(plan: Plan, value: Expr, given: GivenEvent): string | null {
  const at = situationAt(given.event, given.history)
  return evaluateExpression(value, at) === true ? null : `expected this to hold, but ${whyCondition(plan, value, at)}`
}

/** The matched rules whose decision is the policy's: their obligations are recorded. */
function decidingRules(policy: PlanPolicy, verdict: Verdict): readonly PlanRule[] {
  return policy.rules.filter((rule, index) => verdict.matched.includes(index) && rule.decision === verdict.decision)
}

function allThatCame(plan: Plan, verdicts: readonly Decided[], given: GivenEvent): string {
  return verdicts.map(decided => whatCame(plan, decided, given)).join('; ')
}

/** `refund_guardrails decided permit by rule small: "small refunds need nobody" (…)`. */
function whatCame(plan: Plan, { index, policy, verdict }: Decided, given: GivenEvent): string {
  const rule = policy.rules[verdict.decidedBy]
  const reason = reasonText(plan, given.view, given.event.seq, index, verdict.decidedBy)
  if (!rule) return `${policy.name} decided ${verdict.decision} by its default: ${reason}`
  const unsure = verdict.matchedUnknown.includes(verdict.decidedBy)
  const lasts = verdict.lasting.includes(verdict.decidedBy)
  const matched = unsure
    ? ', which matches where its condition is unknown'
    : lasts
      ? ', which an earlier event tripped'
      : ''
  const why = lasts ? null : rule.when && whyCondition(plan, rule.when, situationAt(given.event, given.history))
  const written = rule.because ?? rule.text ?? rule.title
  const because = why === null ? reason : written === null ? why : `${reason} (${why})`
  return `${policy.name} decided ${verdict.decision} by rule ${rule.name}${matched}: ${because}`
}

function whyNotDeciding(plan: Plan, decided: Decided, index: number, rule: PlanRule, given: GivenEvent): string {
  if (!rule.contracts.includes(given.event.contract)) return `rule ${rule.name} does not concern this event`
  if (decided.verdict.matched.includes(index)) {
    return `rule ${rule.name} (${rule.decision}) matched too, but another decision or an earlier rule comes first`
  }
  const waiver = decided.verdict.waived.find(one => one.rule === index)
  if (waiver) return `the exception ${plan.exceptions[waiver.exception]?.name} waives rule ${rule.name}`
  if (rule.when === null || ruleCondition(rule, given.event, given.history) === true) return `rule ${rule.name} matched`
  return `${rule.name} did not match: ${whyCondition(plan, rule.when, situationAt(given.event, given.history))}`
}

function nobodyDecided(plan: Plan, given: GivenEvent): string {
  const name = plan.contracts[given.event.contract]?.name ?? 'this contract'
  return given.rejected
    ? `the event is rejected: ${given.findings.map(({ message }) => message).join('; ')}`
    : `no policy decides events of ${name}`
}

function phrase(step: Exclude<ExpectStep, { kind: 'expect-problem' | 'expect-value' }>): string {
  switch (step.kind) {
    case 'expect-decision':
      return step.rule === null ? step.decision : `${step.decision} by ${step.rule}`
    case 'expect-approval':
      return `an approval from ${step.role}`
    case 'expect-obligation':
      return ['then', step.verb, step.sink].filter(Boolean).join(' ')
  }
}
