/** Whether the claims of a property hold of what was decided about one event. Events for which it does not speak are the caller's. */
import type { DecisionWord } from '@writ/grammar'
import type { Plan, PlanClaim, PlanProperty } from '../plan/plan.ts'
import { decisionWords } from '../run/decisions.ts'

/** What a policy decided about an event; `decidedBy` -1: its default. */
export interface Decided {
  readonly policy: number
  readonly decision: DecisionWord
  readonly decidedBy: number
}

/** The place of the first claim that does not hold, or -1. `decided`: of every policy that decides the event. */
export function brokenClaim(plan: Plan, { claims }: PlanProperty, decided: readonly Decided[]): number {
  return claims.findIndex(claim => isBroken(plan, claim, decided))
}

function isBroken(plan: Plan, claim: PlanClaim, decided: readonly Decided[]): boolean {
  const { by } = claim
  if (by === null) {
    const counting = countingPolicies(plan, decided)
    const strictest = decisionWords.findLast(word => counting.some(({ decision }) => decision === word))
    return strictest !== undefined && claim.decisions.includes(strictest) !== claim.always
  }
  const own = decided.find(({ policy }) => policy === by.policy)
  if (!own) return false
  const fits = claim.decisions.includes(own.decision) && (by.rule === null || own.decidedBy === by.rule)
  return fits !== claim.always
}

/** Policies in shadow do not count, but where nothing else decides. */
export function countingPolicies<T extends { readonly policy: number }>(
  plan: Plan,
  decided: readonly T[],
): readonly T[] {
  const enforced = decided.filter(({ policy }) => plan.policies[policy]?.mode === 'enforce')
  return enforced.length > 0 ? enforced : decided
}
