/**
 * What can be said of a checked program without any events: rules that never match or decide, conditions that are always the
 * same, windows that stay empty. Only what is certain is reported; no solver, only sets of values (formula.ts).
 */
import { type ProblemCode, problem, type Span, shiftProblem } from '@writ/grammar'
import type { FileProblem } from '../check/placed-problems.ts'
import type { SourceSpan } from '../plan/expression.ts'
import { originOf } from '../plan/origin.ts'
import type { Plan, PlanException, PlanPolicy } from '../plan/plan.ts'
import { conditionFindings } from './conditions.ts'
import type { Claim, Finding } from './finding.ts'
import { Grounds } from './ground.ts'
import { livingFindings } from './living.ts'
import { needFindings } from './needs.ts'
import { ruleFindings } from './rules.ts'
import { listed } from './why.ts'

/** The problems W1201 to W1211 of a plan, by path and place. Pure; a policy is looked at again only where it or its contracts changed. */
export function analyze(plan: Plan): readonly FileProblem[] {
  const grounds = groundsOf(plan)
  return plan.policies
    .flatMap((policy, index) => {
      const needs = needFindings(plan, policy, grounds).map(finding => problemOf(plan, policy, finding))
      const own = originOf(policy)
      const kept = remembered.get(own)
      const still = kept && isSame(kept, plan, index) ? movedTo(kept, plan, policy) : null
      if (still) return [...still, ...needs]
      const problems = ownFindings(plan, index, policy, grounds).map(finding => problemOf(plan, policy, finding))
      const exceptions = waiversOf(plan, index).map(originOf)
      remembered.set(own, {
        contracts: plan.contracts.map(originOf),
        exceptions,
        problems,
        place: placeOf(plan, policy),
      })
      return [...problems, ...needs]
    })
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.span.start - b.span.start))
}

/** What is claimed of the policy with this index; each once. */
export function findingsOf(plan: Plan, index: number): readonly Finding[] {
  const policy = plan.policies[index]
  if (!policy) throw new RangeError(`the plan has no policy ${index}`)
  const grounds = groundsOf(plan)
  return [...ownFindings(plan, index, policy, grounds), ...needFindings(plan, policy, grounds)]
}

function groundsOf(plan: Plan): Grounds {
  return new Grounds(plan, span => textOf(plan, span))
}

/** What the policy, its contracts and its exceptions decide alone. */
function ownFindings(plan: Plan, index: number, policy: PlanPolicy, grounds: Grounds): readonly Finding[] {
  const ofRules = ruleFindings(plan, index, policy, grounds)
  const never = ofRules.filter(({ claim }) => claim.kind === 'rule-never-true').map(({ span }) => span)
  const ofConditions = conditionFindings(policy, grounds).filter(
    ({ claim, span }) => claim.kind !== 'never-true' || !never.some(outer => isWithin(span, outer)),
  )
  return [...ofRules, ...ofConditions, ...livingFindings(plan, policy, grounds)]
}

/** By what a policy was made from (plan/origin.ts): an edit above it moves the problems, and takes nothing else away. */
interface Remembered {
  readonly contracts: readonly object[]
  readonly exceptions: readonly object[]
  readonly problems: readonly FileProblem[]
  readonly place: Place
}
interface Place extends Span {
  readonly path: string
}
const remembered = new WeakMap<object, Remembered>()

function isSame({ contracts, exceptions }: Remembered, plan: Plan, index: number): boolean {
  const now = waiversOf(plan, index)
  return (
    contracts.length === plan.contracts.length &&
    plan.contracts.every((contract, i) => contracts[i] === originOf(contract)) &&
    exceptions.length === now.length &&
    now.every((exception, i) => exceptions[i] === originOf(exception))
  )
}

/** The problems where the policy is now; null where one of them stands outside of it. */
function movedTo({ problems, place }: Remembered, plan: Plan, policy: PlanPolicy): readonly FileProblem[] | null {
  const now = placeOf(plan, policy)
  const by = now.start - place.start
  if (problems.length === 0 || (by === 0 && now.path === place.path)) return problems
  const inside = problems.every(
    ({ path, span }) => path === place.path && place.start <= span.start && span.end <= place.end,
  )
  return inside ? problems.map(found => ({ ...shiftProblem(found, by), path: now.path })) : null
}

function placeOf(plan: Plan, { span: { file, start, end } }: PlanPolicy): Place {
  return { path: plan.files[file]?.path ?? '', start, end }
}

function waiversOf(plan: Plan, index: number): readonly PlanException[] {
  return plan.exceptions.filter(({ policy }) => policy === index)
}

function isWithin(inner: SourceSpan, outer: SourceSpan): boolean {
  return inner.file === outer.file && outer.start <= inner.start && inner.end <= outer.end
}

function textOf(plan: Plan, { file, start, end }: SourceSpan): string {
  const text = (plan.files[file]?.text.slice(start, end) ?? '').replace(/\s+/g, ' ')
  return text.length > longest ? `${text.slice(0, longest - 2)} …` : text
}
const longest = 80

function problemOf(plan: Plan, policy: PlanPolicy, finding: Finding): FileProblem {
  const { code, parameters, span } = worded(plan, policy, finding)
  const made = problem(code, { start: span.start, end: span.end }, parameters)
  return { ...made, path: plan.files[span.file]?.path ?? '' }
}

interface Worded {
  readonly code: ProblemCode
  readonly parameters: Readonly<Record<string, string>>
  readonly span: SourceSpan
}

function worded(plan: Plan, policy: PlanPolicy, { claim, span, why }: Finding): Worded {
  const name = (rule: number): string => policy.rules[rule]?.name ?? ''
  const names = (rules: readonly number[]): string => listed(rules.map(name))
  switch (claim.kind) {
    case 'rule-never-true': {
      const what = claim.evenUnknown ? 'can never match' : 'can match only where a value is unknown'
      return { code: 'W1201', parameters: { name: name(claim.rule), what, why }, span }
    }
    case 'never-true':
    case 'never-false': {
      const outcome = claim.kind === 'never-true' ? 'never true' : 'never false'
      return { code: 'W1202', parameters: { condition: textOf(plan, claim.condition.span), outcome, why }, span }
    }
    case 'never-decides': {
      const [only] = claim.because
      const others =
        claim.because.length === 1 && only !== undefined
          ? `the rule ${name(only)} matches`
          : `one of the rules ${names(claim.because)} matches`
      return { code: 'W1203', parameters: { name: name(claim.rule), others }, span }
    }
    case 'redundant-rule': {
      const what = `The rule ${name(claim.rule)} changes no decision`
      const reason =
        claim.covered < 0
          ? `without it the default is ${policy.default.decision} as well`
          : `wherever it matches, the rule ${name(claim.covered)} does too`
      return { code: 'W1204', parameters: { what, why: reason }, span }
    }
    case 'redundant-operand':
      return { code: 'W1204', parameters: { what: `\`${textOf(plan, span)}\` changes nothing here`, why }, span }
    case 'same-condition':
      return { code: 'W1205', parameters: conflict(policy, claim), span }
    case 'empty-window':
      return { code: 'W1206', parameters: { why }, span }
    case 'default-never': {
      const others = claim.because.length === 1 ? `the rule ${names(claim.because)}` : `one of ${names(claim.because)}`
      return { code: 'W1207', parameters: { others }, span }
    }
    case 'needs-forbidden': {
      const { rule, pattern, by } = claim
      const other = plan.policies[by.policy]
      return {
        code: 'W1208',
        parameters: {
          name: name(rule),
          what: policy.rules[rule]?.expectation === null ? 'permits only after' : 'waits for',
          event: plan.contracts[pattern.contract]?.name ?? '',
          other: `${other?.name ?? ''}.${other?.rules[by.rule]?.name ?? ''}`,
        },
        span,
      }
    }
    case 'never-begins':
      return { code: 'W1209', parameters: { name: name(claim.rule), what: 'can never begin', why }, span }
    case 'never-met':
      return { code: 'W1209', parameters: { name: name(claim.rule), what: 'can never be met', why }, span }
    case 'waits-for-ever': {
      const role = policy.rules[claim.rule]?.approval?.stages[claim.stage]?.role ?? ''
      return { code: 'W1210', parameters: { name: name(claim.rule), role }, span }
    }
    case 'never-reset':
      return { code: 'W1211', parameters: { why }, span }
  }
}

function conflict(policy: PlanPolicy, { rule, other }: Extract<Claim, { kind: 'same-condition' }>) {
  const [mine, theirs] = [policy.rules[rule], policy.rules[other]]
  return {
    name: mine?.name ?? '',
    decision: mine?.decision ?? '',
    other: theirs?.name ?? '',
    earlier: theirs?.decision ?? '',
  }
}
