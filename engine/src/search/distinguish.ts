/**
 * The shortest trace that two versions of a program tell apart, as far as a bounded search finds one. Both have the same
 * contracts and policies in the same places; what differs is looked for at the last event: in what the policies decide and by
 * which rule, and in what lives on after it.
 */
import { instanceStatuses } from '../obligation/instance.ts'
import { onlyPolicies } from '../plan/only-policies.ts'
import type { Plan } from '../plan/plan.ts'
import { decide } from '../reference/decide.ts'
import { referenceRun } from '../reference/run.ts'
import { evaluate } from '../run/evaluate.ts'
import { lastPlace, Observer } from './observer.ts'
import { type Look, type SearchOptions, search } from './search.ts'
import { shrink } from './shrink.ts'
import { spaceOf } from './space.ts'
import { type Trace, traceLog, traceView } from './trace.ts'

export interface Distinguished {
  readonly trace: Trace | null
  readonly evaluations: number
  /** All that is known to be worth trying was tried; else the budget ended the search. */
  readonly exhausted: boolean
  /** What each version makes of the last event. */
  readonly outcomes: readonly [string, string]
}

export interface DistinguishOptions extends SearchOptions {
  /** Whether what lives on after events is looked at too: it takes longer. Without it where there is such. */
  readonly living?: boolean
}

/** `policies`: indices of those that may differ. A trace was run by the engine in both versions before it is given. */
export function distinguish(
  one: Plan,
  other: Plan,
  policies: readonly number[],
  options: DistinguishOptions,
): Distinguished {
  const targets = targetsOf([one, other], policies)
  const space = spaceOf([one, other], { targets, policies })
  const [observer, observerOfOther] = [new Observer([one], policies, []), new Observer([other], policies, [])]
  const living = options.living ?? [one, other].some(plan => policies.some(index => livesOn(plan, index)))
  const cut = [one, other].map(plan => onlyPolicies(plan, policies))
  const decidedIn = (plan: Plan, trace: Trace): string | null => {
    const place = lastPlace(plan, trace)
    if (place === null) return null
    const decided = policies.flatMap(index => {
      const verdict = decide(plan, index, place.event, place.history)
      return verdict
        ? `${verdict.decision} by ${plan.policies[index]?.rules[verdict.decidedBy]?.name ?? 'default'}`
        : []
    })
    return decided.join(' and ')
  }
  const differs = (trace: Trace): readonly [string, string] | null => {
    const [first, second] = [decidedIn(one, trace), decidedIn(other, trace)]
    if (first === null || second === null) return null
    if (first !== second) return [first, second]
    if (!living) return null
    const [mine, others] = [livingText(cut[0] ?? one, trace), livingText(cut[1] ?? other, trace)]
    return mine === others ? null : [mine, others]
  }
  const look = (trace: Trace): Look => {
    const place = lastPlace(one, trace)
    if (place === null) return { found: false, shows: null }
    const statuses = living ? livingStatuses(cut[0] ?? one, trace) : ''
    const [mine, others] = [observer.shows(place), observerOfOther.shows(place)]
    // A condition that comes out differently is the first step towards a decision that does.
    return { found: differs(trace) !== null, shows: `${mine} ${others} ${statuses}`, promising: mine !== others }
  }
  const found = search(space, look, options)
  if (found.trace === null) return { ...found, outcomes: ['', ''] }
  const trace = shrink(found.trace, space, candidate => differs(candidate) !== null)
  const outcomes = differs(trace)
  if (outcomes === null || !isConfirmed(one, other, trace))
    throw new Error('the engine does not tell the versions apart by the trace that the reference does')
  return { ...found, trace, outcomes }
}

/** Whether the engine agrees with the reference on both versions. */
function isConfirmed(one: Plan, other: Plan, trace: Trace): boolean {
  return [one, other].every(plan => {
    const run = evaluate(plan, traceLog(plan, trace))
    return run.hash === referenceRun(plan, traceView(plan, trace)).hash
  })
}

/** Events that the policies decide, and those that their expectations begin with or wait for. */
function targetsOf(plans: readonly Plan[], policies: readonly number[]): readonly number[] {
  const found = new Set<number>()
  for (const plan of plans)
    for (const index of policies) {
      const policy = plan.policies[index]
      for (const contract of policy?.contracts ?? []) found.add(contract)
      for (const { expectation } of policy?.rules ?? [])
        if (expectation)
          for (const pattern of [expectation.opens, expectation.awaited, expectation.cancels])
            if (pattern) found.add(pattern.contract)
    }
  return [...found].sort((a, b) => a - b)
}

function livesOn(plan: Plan, index: number): boolean {
  return plan.policies[index]?.rules.some(rule => rule.expectation !== null || rule.approval !== null) ?? false
}

/** `confirmed pending until 2000-01-03T09:00:00.000Z` of each instance. */
function livingText(plan: Plan, trace: Trace): string {
  const { instances } = referenceRun(plan, traceView(plan, trace)).obligations
  const told: string[] = []
  for (let i = 0; i < instances.size; i++) {
    const rule = plan.policies[instances.policy[i] ?? 0]?.rules[instances.rule[i] ?? 0]?.name ?? ''
    const due = instances.due[i] ?? Number.POSITIVE_INFINITY
    const until = Number.isFinite(due) ? ` until ${new Date(due).toISOString().replace('.000', '')}` : ''
    told.push(
      `${rule} of event ${(instances.openedSeq[i] ?? 0) + 1} ${instanceStatuses[instances.status[i] ?? 0]}${until}`,
    )
  }
  return told.join(', ')
}

function livingStatuses(plan: Plan, trace: Trace): string {
  const { instances } = referenceRun(plan, traceView(plan, trace)).obligations
  return Array.from(instances.status, (status, i) => `${instances.rule[i]}${status}`).join(' ')
}
