/**
 * Proof of a property without any events: the condition of the property and what each policy could decide, as formulas over
 * single values (analyze/). Proved is what cannot be otherwise; whatever the formulas leave open is left to the search.
 * INVARIANT: a formula made here can hold wherever what it stands for happens, unknown values included.
 */

import { all, always, any, type Formula, never } from '../analyze/formula.ts'
import { Grounds, possible } from '../analyze/ground.ts'
import { isFalse, isTrue, notFalse, notTrue } from '../analyze/meaning.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanClaim, PlanPolicy, PlanProperty, PlanRule } from '../plan/plan.ts'
import { matchesOnUnknown } from '../reference/decide.ts'
import { decisionWords } from '../run/decisions.ts'
import { windowFacts } from './window-facts.ts'

/** Whether the property certainly holds, in every log. */
export function isProved(plan: Plan, property: PlanProperty): boolean {
  const grounds = new Grounds(plan, () => '')
  return property.contracts.every(contract => {
    const ground = grounds.at(contract)
    const about = property.where === null ? always : ground.meaning.when(property.where, isTrue)
    const decisions = new Decisions(plan, contract, grounds)
    const known = windowFacts(
      [...(property.where ? [property.where] : []), ...conditionsAt(plan, contract)],
      ground.meaning,
    )
    return property.claims.every(claim => !possible(ground, [about, known, decisions.breaking(claim)]))
  })
}

/** What may decide at events of a contract, of several versions of a program over one set of contracts: their formulas speak of the same values. */
export class VersionFormulas {
  readonly #grounds: Grounds
  readonly #contract: number
  readonly #known: Formula
  readonly #decisions: readonly Decisions[]

  /** `plans` have the same contracts in the same order; those of the first one are looked at. */
  constructor(plans: readonly Plan[], contract: number) {
    const [first] = plans
    if (!first) throw new Error('formulas are of at least one version')
    this.#grounds = new Grounds(first, () => '')
    this.#contract = contract
    this.#decisions = plans.map(plan => new Decisions(plan, contract, this.#grounds))
    const conditions = plans.flatMap(plan => conditionsAt(plan, contract))
    this.#known = windowFacts(conditions, this.#grounds.at(contract).meaning)
  }

  /** When a policy of a version may decide with one of these strictnesses (indices of `decisionWords`). */
  decides(version: number, policy: number, strictness: (of: number) => boolean): Formula {
    const ways = this.#decisions[version]?.outcomesOf(policy) ?? []
    return any(ways.flatMap(way => (strictness(way.strictness) ? [way.formula] : [])))
  }
  matches(version: number, rule: PlanRule): Formula {
    return this.#decisions[version]?.matches(rule) ?? always
  }
  misses(version: number, rule: PlanRule): Formula {
    return this.#decisions[version]?.misses(rule) ?? always
  }
  /** INVARIANT: false only where the formulas certainly cannot hold at one event. */
  canHold(formulas: readonly Formula[]): boolean {
    return possible(this.#grounds.at(this.#contract), [...formulas, this.#known])
  }
}

function conditionsAt(plan: Plan, contract: number): readonly Expr[] {
  const rules = plan.policies.flatMap(policy => policy.rules)
  return rules.flatMap(({ when, contracts }) => (when !== null && contracts.includes(contract) ? [when] : []))
}

/** One way in which a policy can decide. */
interface Outcome {
  readonly strictness: number
  /** -1: the default. */
  readonly decidedBy: number
  readonly formula: Formula
}

class Decisions {
  readonly #plan: Plan
  readonly #contract: number
  readonly #grounds: Grounds
  readonly #waived: ReadonlySet<PlanRule>
  readonly #outcomes = new Map<number, readonly Outcome[]>()

  constructor(plan: Plan, contract: number, grounds: Grounds) {
    this.#plan = plan
    this.#contract = contract
    this.#grounds = grounds
    this.#waived = new Set(plan.exceptions.flatMap(({ policy, rule }) => plan.policies[policy]?.rules[rule] ?? []))
  }

  /** When a claim does not hold. */
  breaking(claim: PlanClaim): Formula {
    const wanted = claim.decisions.map(word => decisionWords.indexOf(word))
    const { by } = claim
    if (by === null) return this.#effective(strictness => wanted.includes(strictness) !== claim.always)
    const fits = ({ strictness, decidedBy }: Outcome): boolean =>
      wanted.includes(strictness) && (by.rule === null || decidedBy === by.rule)
    return any(this.outcomesOf(by.policy).flatMap(one => (fits(one) !== claim.always ? [one.formula] : [])))
  }

  /** When the strictest decision of the policies that count is one of the bad ones. */
  #effective(isBad: (strictness: number) => boolean): Formula {
    const deciding = this.#plan.policies.flatMap((policy, index) =>
      policy.contracts.includes(this.#contract) ? [index] : [],
    )
    // What is rolled out, and what it replaces, counts at some events and at others not.
    const moving = new Set(
      this.#plan.rollouts.flatMap(({ policy, replaces }) => [policy, ...(replaces === null ? [] : [replaces])]),
    )
    const certain = deciding.filter(index => this.#plan.policies[index]?.mode === 'enforce' && !moving.has(index))
    const maybe = certain.length > 0 ? deciding.filter(index => moving.has(index)) : deciding
    const isAlways = certain.length > 0 || maybe.some(index => moving.has(index)) ? certain : deciding
    const upTo = (outcomes: readonly Outcome[], most: number): Formula =>
      any(outcomes.flatMap(one => (one.strictness <= most ? [one.formula] : [])))
    return any(
      decisionWords.flatMap((_, strictness) =>
        isBad(strictness)
          ? [...new Set([...certain, ...maybe])].map(index =>
              all([
                any(this.outcomesOf(index).flatMap(one => (one.strictness === strictness ? [one.formula] : []))),
                ...isAlways.flatMap(other => (other === index ? [] : [upTo(this.outcomesOf(other), strictness)])),
              ]),
            )
          : [],
      ),
    )
  }

  outcomesOf(index: number): readonly Outcome[] {
    const known = this.#outcomes.get(index)
    if (known) return known
    const policy = this.#plan.policies[index]
    const made = policy?.contracts.includes(this.#contract) ? this.#ways(policy) : []
    this.#outcomes.set(index, made)
    return made
  }

  #ways(policy: PlanPolicy): readonly Outcome[] {
    const ways = policy.rules.flatMap((rule, place): Outcome[] => {
      const matches = this.matches(rule)
      if (matches.kind === 'false') return []
      const misses = policy.rules.flatMap((other, i) =>
        i !== place && winsOver(policy, other, i, rule, place) ? [this.misses(other)] : [],
      )
      return [{ strictness: strictnessOf(rule), decidedBy: place, formula: all([matches, ...misses]) }]
    })
    const byDefault = all(policy.rules.map(rule => this.misses(rule)))
    const strictness = decisionWords.indexOf(policy.default.decision)
    return [...ways, { strictness, decidedBy: -1, formula: byDefault }]
  }

  /** A breaker may make a rule match anywhere. */
  matches(rule: PlanRule): Formula {
    if (!rule.contracts.includes(this.#contract)) return never
    if (rule.when === null || rule.lasting !== null) return always
    return this.#grounds.at(this.#contract).meaning.when(rule.when, matchesOnUnknown(rule) ? notFalse : isTrue)
  }
  /** An exception may keep a rule from matching anywhere. */
  misses(rule: PlanRule): Formula {
    if (!rule.contracts.includes(this.#contract) || this.#waived.has(rule)) return always
    if (rule.when === null) return never
    return this.#grounds.at(this.#contract).meaning.when(rule.when, matchesOnUnknown(rule) ? isFalse : notTrue)
  }
}

/** Whether `rule` does not decide where `other` matches too. */
function winsOver(policy: PlanPolicy, other: PlanRule, i: number, rule: PlanRule, place: number): boolean {
  if (policy.combine === 'first') return i < place
  if (other.decision === rule.decision) return i < place
  if (policy.combine === 'permit_overrides') {
    if (rule.decision === 'permit') return false
    if (other.decision === 'permit') return true
  }
  return strictnessOf(other) > strictnessOf(rule)
}

function strictnessOf(rule: PlanRule): number {
  return decisionWords.indexOf(rule.decision)
}
