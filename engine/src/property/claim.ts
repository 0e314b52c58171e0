/** Whether the claims of a property hold of what was decided about one event. Events for which it does not speak are the caller's. */
import type { DecisionWord } from '@writ/grammar'
import type { Plan, PlanClaim, PlanProperty } from '../plan/plan.ts'
import { decisionWords, type RunResult } from '../run/decisions.ts'

/** What a policy decided about an event; `decidedBy` -1: its default. */
export interface Decided {
  readonly policy: number
  readonly decision: DecisionWord
  readonly decidedBy: number
  /** Whether it counts in what holds for the event: by the mode of its policy, and by its rollout. */
  readonly counts: boolean
}

/** The place of the first claim that does not hold, or -1. `decided`: of every policy that decides the event. */
export function brokenClaim({ claims }: PlanProperty, decided: readonly Decided[]): number {
  return claims.findIndex(claim => isBroken(claim, decided))
}

function isBroken(claim: PlanClaim, decided: readonly Decided[]): boolean {
  const { by } = claim
  if (by === null) {
    const those = counting(decided)
    const strictest = decisionWords.findLast(word => those.some(({ decision }) => decision === word))
    return strictest !== undefined && claim.decisions.includes(strictest) !== claim.always
  }
  const own = decided.find(({ policy }) => policy === by.policy)
  if (!own) return false
  const fits = claim.decisions.includes(own.decision) && (by.rule === null || own.decidedBy === by.rule)
  return fits !== claim.always
}

/** Policies in shadow do not count, but where nothing else decides. */
export function counting(decided: readonly Decided[]): readonly Decided[] {
  const enforced = decided.filter(({ counts }) => counts)
  return enforced.length > 0 ? enforced : decided
}

/** The decisions about the event `seq`. */
export function decidedAt(
  plan: Plan,
  { decisions, rollouts }: Pick<RunResult, 'decisions' | 'rollouts'>,
  seq: number,
): readonly Decided[] {
  const found: Decided[] = []
  for (let i = 0; i < decisions.size; i++) {
    if (decisions.seq[i] !== seq) continue
    const policy = decisions.policy[i] ?? 0
    found.push({
      policy,
      decision: decisionWords[decisions.decision[i] ?? 0] ?? 'permit',
      decidedBy: decisions.decidedBy[i] ?? -1,
      counts: rollouts.counts === null ? plan.policies[policy]?.mode === 'enforce' : rollouts.counts[i] === 1,
    })
  }
  return found
}
