/**
 * Judges a property: proved without events, refuted by a trace, or neither. A trace counts only after the engine itself, run on
 * it as on any log, decided what breaks the claim, and the reference interpreter agreed in every field.
 */
import { columnView } from '../log/column-view.ts'
import type { Plan, PlanProperty } from '../plan/plan.ts'
import { decide } from '../reference/decide.ts'
import { evaluateCondition } from '../reference/evaluate.ts'
import { referenceRun } from '../reference/run.ts'
import { situationAt } from '../reference/situation.ts'
import { evaluate } from '../run/evaluate.ts'
import { lastPlace, Observer, type Place } from '../search/observer.ts'
import { type Look, search } from '../search/search.ts'
import { shrink } from '../search/shrink.ts'
import { type Space, spaceOf } from '../search/space.ts'
import { type Trace, traceLog, traceView } from '../search/trace.ts'
import { brokenClaim, type Decided, decidedAt } from './claim.ts'
import { isProved } from './prove.ts'

export type PropertyVerdict =
  | { readonly kind: 'proved' }
  /** At the last event of the trace `claim` does not hold. */
  | { readonly kind: 'refuted'; readonly trace: Trace; readonly claim: number; readonly evaluations: number }
  /** `exhausted`: all that is known to be worth trying was tried; else the budget ended the search. */
  | { readonly kind: 'open'; readonly size: number; readonly evaluations: number; readonly exhausted: boolean }

export interface JudgeOptions {
  /** How many events a trace may have. Default 3. */
  readonly maxEvents?: number
  /** How many traces are evaluated at most. Default 20,000. */
  readonly budget?: number
  readonly onProgress?: (evaluations: number) => void
}

export const judgeDefaults = { maxEvents: 3, budget: 20_000 } as const

/** Deterministic. Throws where the two evaluators disagree about a trace: a mistake of the engine. */
export function judgeProperty(plan: Plan, property: PlanProperty, options: JudgeOptions = {}): PropertyVerdict {
  if (isProved(plan, property)) return { kind: 'proved' }
  const { maxEvents = judgeDefaults.maxEvents, budget = judgeDefaults.budget, onProgress } = options
  const policies = decidersOf(plan, property)
  const conditions = property.where === null ? [] : [{ condition: property.where, about: property.contracts }]
  const space = spaceOf([plan], { targets: property.contracts, policies, conditions })
  const observer = new Observer([plan], policies, conditions)
  const look = (trace: Trace): Look => {
    const place = lastPlace(plan, trace)
    if (place === null || !property.contracts.includes(place.event.contract)) return { found: false, shows: null }
    return { found: claimBrokenAt(plan, property, policies, place) >= 0, shows: observer.shows(place) }
  }
  const found = search(space, look, { maxEvents, budget, ...(onProgress ? { onProgress } : {}) })
  const { evaluations, exhausted } = found
  if (found.trace === null) return { kind: 'open', size: maxEvents, evaluations, exhausted }
  const trace = smallest(plan, property, policies, found.trace, space)
  const claim = refutedClaim(plan, property, trace)
  if (claim < 0)
    throw new Error(`the engine does not refute ${property.name} by the trace that the reference refutes it by`)
  return { kind: 'refuted', trace, claim, evaluations }
}

/** The claim that the engine's own decision about the last event of a trace breaks, or -1. */
export function refutedClaim(plan: Plan, property: PlanProperty, trace: Trace): number {
  const log = traceLog(plan, trace)
  const run = evaluate(plan, log)
  const judged = referenceRun(plan, columnView(log, plan.contracts))
  if (run.hash !== judged.hash) throw new Error(`the evaluators disagree about a trace for ${property.name}`)
  const last = trace.length - 1
  const event = traceView(plan, trace).event(last)
  if (run.rejected.includes(last) || !property.contracts.includes(event.contract)) return -1
  const place = lastPlace(plan, trace)
  if (place === null || !speaksOf(property, place)) return -1
  return brokenClaim(property, decidedAt(plan, run, last))
}

function smallest(plan: Plan, property: PlanProperty, policies: readonly number[], trace: Trace, space: Space): Trace {
  return shrink(trace, space, candidate => {
    const place = lastPlace(plan, candidate)
    return (
      place !== null &&
      property.contracts.includes(place.event.contract) &&
      claimBrokenAt(plan, property, policies, place) >= 0
    )
  })
}

function claimBrokenAt(plan: Plan, property: PlanProperty, policies: readonly number[], place: Place): number {
  if (!speaksOf(property, place)) return -1
  if (plan.rollouts.length > 0) {
    const { view, event } = place
    return brokenClaim(property, decidedAt(plan, referenceRun(plan, view), event.seq))
  }
  const decided = policies.flatMap((policy): Decided[] => {
    const verdict = decide(plan, policy, place.event, place.history)
    const counts = plan.policies[policy]?.mode === 'enforce'
    return verdict ? [{ policy, decision: verdict.decision, decidedBy: verdict.decidedBy, counts }] : []
  })
  return brokenClaim(property, decided)
}

function speaksOf({ where }: PlanProperty, { event, history }: Place): boolean {
  return where === null || evaluateCondition(where, situationAt(event, history)) === true
}

function decidersOf(plan: Plan, { contracts }: PlanProperty): readonly number[] {
  return plan.policies.flatMap((policy, index) =>
    policy.contracts.some(contract => contracts.includes(contract)) ? [index] : [],
  )
}
