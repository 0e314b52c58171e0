/**
 * Why one decision became another: the first of the things that changed which is enough for it. What a version decides is a
 * function of the rules that matched, so that a cause can be found from them alone; which part of a condition it was is asked
 * of the engine (condition-parts.ts). Every flip has exactly one cause.
 */
import { combine } from '../explain/combine.ts'
import type { Plan } from '../plan/plan.ts'
import type { MatchSet } from '../run/decisions.ts'
import type { PlanPair, PolicyPair } from './pair.ts'

export type Cause =
  /** A rule that only one version has. */
  | { readonly kind: 'rule-added' | 'rule-removed'; readonly rule: number }
  /** The condition of a rule; `part`: which of its differing parts, -1: the whole. */
  | { readonly kind: 'condition'; readonly rule: number; readonly part: number }
  /** What a rule decides, for which contracts it speaks, or for how long it goes on matching. */
  | { readonly kind: 'decision' | 'scope' | 'lasting'; readonly rule: number }
  /** An exception came, went or changed; index into the exceptions of the version that waives. */
  | { readonly kind: 'exception'; readonly rule: number; readonly by: 'before' | 'after'; readonly exception: number }
  /** The default, or how rules are combined and in which order. */
  | { readonly kind: 'default' | 'combining' }
  | { readonly kind: 'policy-added' | 'policy-removed' }
  /** The decision is the same, and counts or does not: by the mode of the policy, or by a rollout. */
  | { readonly kind: 'mode' | 'rollout' }
  /** The events are read or checked otherwise (contract: index in the plan of `of`). */
  | { readonly kind: 'contract'; readonly of: 'before' | 'after'; readonly contract: number }
  /** The condition is the same, and the events that it looks at are not. */
  | { readonly kind: 'history'; readonly rule: number }

/** What one version made of an event. */
export interface Ruling {
  /** Index into `decisionWords`. */
  readonly decision: number
  readonly decidedBy: number
  readonly set: MatchSet
  readonly counts: boolean
}

/** `rule` of a cause is a place in `PolicyPair.rules`. Of a condition the part is left open: -1. */
export function causeOf(pair: PlanPair, policy: PolicyPair, before: Ruling, after: Ruling, contract: number): Cause {
  return new Causes(pair, policy, contract).of(before, after)
}

class Causes {
  readonly #before: Plan
  readonly #after: Plan
  readonly #policy: PolicyPair
  readonly #contract: number

  constructor(pair: PlanPair, policy: PolicyPair, contract: number) {
    this.#before = pair.before
    this.#after = pair.after
    this.#policy = policy
    this.#contract = contract
  }

  of(before: Ruling, after: Ruling): Cause {
    const [was, is] = [this.#before.policies[this.#policy.before ?? -1], this.#after.policies[this.#policy.after ?? -1]]
    if (!was || !is) throw new Error('both versions have the policy')
    if (before.decision === after.decision) return was.mode === is.mode ? { kind: 'rollout' } : { kind: 'mode' }
    const { afterOf, beforeOf } = this.#policy
    const [old, now] = [before.decidedBy, after.decidedBy]
    const lost = old >= 0 && !after.set.rules.includes(afterOf[old] ?? -1)
    const gained = now >= 0 && !before.set.rules.includes(beforeOf[now] ?? -1)
    if (lost && (!gained || this.#wouldDecide(old, before, after)))
      return this.#ofRule(this.#placeBefore(old), before, after)
    if (gained) return this.#ofRule(this.#placeAfter(now), before, after)
    if (old < 0 && now < 0) return { kind: 'default' }
    for (const place of [this.#placeAfter(now), this.#placeBefore(old)]) {
      const pair = this.#policy.rules[place]
      const [one, other] = [was.rules[pair?.before ?? -1], is.rules[pair?.after ?? -1]]
      if (one && other && one.decision !== other.decision) return { kind: 'decision', rule: place }
    }
    return { kind: 'combining' }
  }

  /** Whether the older decision would stand if only its rule still matched. */
  #wouldDecide(old: number, before: Ruling, after: Ruling): boolean {
    const [was, is] = [this.#before.policies[this.#policy.before ?? -1], this.#after.policies[this.#policy.after ?? -1]]
    const rule = was?.rules[old]
    if (!was || !is || !rule) return false
    // It takes its old place: in front of what came behind it.
    const behind = was.rules.flatMap((_, i) => (i > old ? [this.#policy.afterOf[i] ?? -1] : [])).filter(i => i >= 0)
    const place = this.#policy.afterOf[old] ?? -1
    const at = place >= 0 ? place : Math.min(is.rules.length, ...behind)
    const rules = place >= 0 ? is.rules : is.rules.toSpliced(at, 0, rule)
    const moved = place >= 0 ? after.set.rules : after.set.rules.map(i => (i >= at ? i + 1 : i))
    const { decision } = combine(
      { ...is, rules },
      [...moved, at].sort((a, b) => a - b),
    )
    return decision === combine(was, before.set.rules).decision
  }

  #placeBefore(rule: number): number {
    return this.#policy.rules.findIndex(pair => pair.before === rule)
  }
  #placeAfter(rule: number): number {
    return this.#policy.rules.findIndex(pair => pair.after === rule)
  }

  /** Why a rule matches in one version and not in the other. */
  #ofRule(place: number, before: Ruling, after: Ruling): Cause {
    const pair = this.#policy.rules[place]
    if (!pair) throw new RangeError(`no rule at ${place}`)
    if (pair.before === null) return { kind: 'rule-added', rule: place }
    if (pair.after === null) return { kind: 'rule-removed', rule: place }
    const waivedBefore = before.set.waived?.find(({ rule }) => rule === pair.before)
    if (waivedBefore) return { kind: 'exception', rule: place, by: 'before', exception: waivedBefore.exception }
    const waivedAfter = after.set.waived?.find(({ rule }) => rule === pair.after)
    if (waivedAfter) return { kind: 'exception', rule: place, by: 'after', exception: waivedAfter.exception }
    const was = this.#before.policies[this.#policy.before ?? -1]?.rules[pair.before]
    const is = this.#after.policies[this.#policy.after ?? -1]?.rules[pair.after]
    if (was && is) {
      const concerned = [was, is].map(({ contracts }) => contracts.includes(this.#contract))
      if (concerned[0] !== concerned[1]) return { kind: 'scope', rule: place }
      if (was.decision !== is.decision && isSafe(was.decision) !== isSafe(is.decision)) {
        const unknown = before.set.unknown.includes(pair.before) || after.set.unknown.includes(pair.after)
        if (unknown) return { kind: 'decision', rule: place }
      }
    }
    const lasting = before.set.lasting?.includes(pair.before) || after.set.lasting?.includes(pair.after)
    if (lasting && was?.lasting?.milliseconds !== is?.lasting?.milliseconds) return { kind: 'lasting', rule: place }
    if (pair.same) return { kind: 'history', rule: place }
    return { kind: 'condition', rule: place, part: -1 }
  }
}

/** Such rules match where their condition is unknown. */
function isSafe(decision: string): boolean {
  return decision === 'deny' || decision === 'hold'
}
