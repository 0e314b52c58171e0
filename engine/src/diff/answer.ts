/**
 * What a change means for every log, where that can be said without one: whether a policy became stricter or looser, and each of
 * its rules wider or narrower. Certain or silent: what the formulas leave open is left to the search (distinguishing.ts).
 */
import { VersionFormulas } from '../property/prove.ts'
import { decisionWords } from '../run/decisions.ts'
import type { PlanPair, PolicyPair } from './pair.ts'

/** `stricter`: no event is decided more mildly than before. `open`: it cannot be said. */
export type PolicyAnswer = 'same' | 'stricter' | 'looser' | 'open'
/** `wider`: it matches wherever it matched before. */
export type RuleAnswer = 'same' | 'wider' | 'narrower' | 'open'

export interface StaticAnswer {
  /** Place in `PlanPair.policies`. */
  readonly policy: number
  readonly answer: PolicyAnswer
  /** By kind of decision that some event may get: whether it gets more events, fewer, or the same. */
  readonly outcomes: readonly { readonly decision: string; readonly answer: RuleAnswer }[]
  /** Of rules that both versions have and that mean something else. */
  readonly rules: readonly { readonly rule: number; readonly answer: RuleAnswer }[]
}

/** Of policies that both versions have and that mean something else. The versions are over the same contracts in the same order. */
export function staticAnswers(pair: PlanPair): readonly StaticAnswer[] {
  return pair.policies.flatMap((policy, place) =>
    policy.same || policy.before === null || policy.after === null ? [] : [answerOf(pair, policy, place)],
  )
}

function answerOf(pair: PlanPair, policy: PolicyPair, place: number): StaticAnswer {
  const [before, after] = [policy.before ?? -1, policy.after ?? -1]
  const [was, is] = [pair.before.policies[before], pair.after.policies[after]]
  if (!was || !is) throw new Error('both versions have the policy')
  const contracts = [...new Set([...was.contracts, ...is.contracts])]
  const alike = contracts.length === was.contracts.length && contracts.length === is.contracts.length
  const formulas = contracts.map(contract => new VersionFormulas([pair.before, pair.after], contract))
  /** No event that the older version decides in one way is decided by the newer one in the other. */
  const never = (old: (strictness: number) => boolean, now: (strictness: number) => boolean): boolean =>
    alike && formulas.every(one => !one.canHold([one.decides(0, before, old), one.decides(1, after, now)]))
  const levels = decisionWords.map((_, strictness) => strictness)
  const notMilder = levels.every(level =>
    never(
      old => old === level,
      now => now < level,
    ),
  )
  const notStricter = levels.every(level =>
    never(
      old => old === level,
      now => now > level,
    ),
  )
  return {
    policy: place,
    answer: notMilder ? (notStricter ? 'same' : 'stricter') : notStricter ? 'looser' : 'open',
    outcomes: levels.flatMap(level => {
      const isPossible = formulas.some(one =>
        [one.decides(0, before, of => of === level), one.decides(1, after, of => of === level)].some(formula =>
          one.canHold([formula]),
        ),
      )
      if (!isPossible) return []
      const keeps = never(
        old => old === level,
        now => now !== level,
      )
      const adds = !never(
        old => old !== level,
        now => now === level,
      )
      return [{ decision: decisionWords[level] ?? '', answer: wordFor(keeps, !adds) }]
    }),
    rules: policy.rules.flatMap(({ before: old, after: now, same }, rule) => {
      const [one, other] = [was.rules[old ?? -1], is.rules[now ?? -1]]
      if (same || !one || !other || one.contracts.length === 0) return []
      const within = (from: 0 | 1) =>
        formulas.every(formula => {
          const [inner, outer] = from === 0 ? [one, other] : [other, one]
          return !formula.canHold([formula.matches(from, inner), formula.misses(from === 0 ? 1 : 0, outer)])
        })
      return [{ rule, answer: wordFor(within(0), within(1)) }]
    }),
  }
}

/** `keeps`: what there was is still there; `addsNothing`: what there is was there before. */
function wordFor(keeps: boolean, addsNothing: boolean): RuleAnswer {
  if (keeps) return addsNothing ? 'same' : 'wider'
  return addsNothing ? 'narrower' : 'open'
}
