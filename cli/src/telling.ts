/**
 * The decisions of a run that tell most about it: one for each rule (and default) that decided, the strictest first, among
 * equals the rarest, so that the few are not hidden by the many.
 */
import { decisionWords, type Plan, type RunResult } from '@writ/engine'
import type { Tally } from './report/tally.ts'

export interface TellingDecision {
  readonly seq: number
  /** Index into `Plan.policies`. */
  readonly policy: number
  /** Index of the rule that decided, -1: the default. */
  readonly rule: number
  /** How many decisions of the run it stands for. */
  readonly of: number
}

export function tellingDecisions(
  plan: Plan,
  result: RunResult,
  tally: Tally,
  most: number,
): readonly TellingDecision[] {
  const found = tally.policies.flatMap(counts => [
    ...counts.rules.flatMap(rule =>
      rule.firstSeq === null ? [] : [{ seq: rule.firstSeq, policy: counts.policy, rule: rule.rule, of: rule.decided }],
    ),
    ...defaultOf(result, counts.policy, counts.byDefault),
  ])
  const strictness = (one: TellingDecision): number => {
    const policy = plan.policies[one.policy]
    return decisionWords.indexOf(policy?.rules[one.rule]?.decision ?? policy?.default.decision ?? 'permit')
  }
  return found.sort((a, b) => strictness(b) - strictness(a) || a.of - b.of || a.seq - b.seq).slice(0, most)
}

/** Decisions that the rule (index; -1: the default) of the policy made, in event order. */
export function decisionsOf(result: RunResult, policy: number, rule: number, most: number): readonly TellingDecision[] {
  const { decisions } = result
  const seqs: number[] = []
  let of = 0
  for (let place = 0; place < decisions.size; place++) {
    if (decisions.policy[place] !== policy || decisions.decidedBy[place] !== rule) continue
    of++
    if (seqs.length < most) seqs.push(decisions.seq[place] ?? 0)
  }
  return seqs.map(seq => ({ seq, policy, rule, of }))
}

function defaultOf(result: RunResult, policy: number, byDefault: number): readonly TellingDecision[] {
  return byDefault === 0 ? [] : decisionsOf(result, policy, -1, 1)
}
