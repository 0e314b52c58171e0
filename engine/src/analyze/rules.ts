/**
 * Rules against each other, as their policy combines them: which can never match, never decide, or change nothing, and whether
 * the default is ever needed. Conditions by themselves are in conditions.ts.
 */
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { decisionWords } from '../run/decisions.ts'
import type { Finding } from './finding.ts'
import { always, type Formula, never, overlap, type Variable, variablesOf } from './formula.ts'
import { type Grounds, possible } from './ground.ts'
import { isFalse, isTrue, notFalse, notTrue } from './meaning.ts'
import { termKey } from './term-key.ts'
import { whyNever } from './why.ts'

export function ruleFindings(plan: Plan, index: number, policy: PlanPolicy, grounds: Grounds): readonly Finding[] {
  return new Rules(plan, index, policy, grounds).all()
}

class Rules {
  readonly #policy: PlanPolicy
  readonly #grounds: Grounds
  /** Rules that an exception may keep from matching. */
  readonly #waived: ReadonlySet<number>
  readonly #variables = new Map<Formula, ReadonlySet<Variable>>()
  /** Never matching or never deciding. */
  readonly #idle = new Set<number>()

  constructor(plan: Plan, index: number, policy: PlanPolicy, grounds: Grounds) {
    this.#policy = policy
    this.#grounds = grounds
    this.#waived = new Set(plan.exceptions.filter(({ policy }) => policy === index).map(({ rule }) => rule))
  }

  all(): readonly Finding[] {
    const found: Finding[] = []
    const each = (ask: (rule: PlanRule, index: number) => Finding | null): void => {
      this.#policy.rules.forEach((rule, index) => {
        if (rule.contracts.length === 0 || this.#idle.has(index)) return
        const finding = ask(rule, index)
        if (finding) found.push(finding)
      })
    }
    each((rule, index) => this.#neverTrue(rule, index))
    each((rule, index) => this.#neverDecides(rule, index))
    each((rule, index) => this.#redundant(rule, index))
    each((rule, index) => this.#sameCondition(rule, index))
    const unreached = this.#defaultNever()
    return unreached ? [...found, unreached] : found
  }

  #neverTrue(rule: PlanRule, index: number): Finding | null {
    const { when } = rule
    if (when === null || rule.contracts.some(contract => this.#can(contract, [this.#when(when, contract, true)])))
      return null
    this.#idle.add(index)
    const evenUnknown = !rule.contracts.some(contract => this.#can(contract, [this.#matches(rule, contract)]))
    const [first] = rule.contracts
    const why = first === undefined ? '' : whyNever(when, true, this.#grounds.at(first), this.#grounds)
    return { claim: { kind: 'rule-never-true', rule: index, evenUnknown }, span: when.span, why }
  }

  #neverDecides(rule: PlanRule, index: number): Finding | null {
    const blockers = this.#policy.rules.flatMap((other, i) => (this.#comesBefore(other, i, rule, index) ? [i] : []))
    if (blockers.length === 0 || !this.#isCovered(rule, blockers)) return null
    this.#idle.add(index)
    const alone = blockers.find(blocker => this.#isCovered(rule, [blocker]))
    return {
      claim: {
        kind: 'never-decides',
        rule: index,
        because: alone === undefined ? this.#fewest(rule, blockers) : [alone],
      },
      span: rule.span,
      why: '',
    }
  }

  /** Whether `rule` does not decide where `other` matches, nor sets anything in motion. */
  #comesBefore(other: PlanRule, i: number, rule: PlanRule, index: number): boolean {
    if (i === index || this.#waived.has(i) || other.contracts.length === 0) return false
    if (other.decision === rule.decision)
      return i < index && rule.obligations.length === 0 && rule.approval === null && other.approval === null
    return this.#overrides(other, i, rule, index)
  }

  /** Whether the decision of `other`, which is another one, wins where both match. */
  #overrides(other: PlanRule, i: number, rule: PlanRule, index: number): boolean {
    switch (this.#policy.combine) {
      case 'first':
        return i < index
      case 'permit_overrides':
        if (other.decision === 'permit') return true
        return rule.decision !== 'permit' && isStricter(other, rule)
      case 'strictest':
        return isStricter(other, rule)
    }
  }

  /** Whether one of the others certainly matches wherever `rule` does. */
  #isCovered(rule: PlanRule, others: readonly number[]): boolean {
    return rule.contracts.every(contract => {
      const matches = this.#matches(rule, contract)
      const mine = this.#variablesOf(matches)
      const misses = others.flatMap(i => {
        const other = this.#policy.rules[i]
        const missed = other ? this.#misses(other, contract) : always
        return missed.kind === 'false' || overlap(this.#variablesOf(missed), mine) ? [missed] : []
      })
      return !this.#can(contract, [matches, ...misses])
    })
  }

  #fewest(rule: PlanRule, blockers: readonly number[]): readonly number[] {
    let left = blockers
    for (const blocker of blockers.toReversed()) {
      const fewer = left.filter(other => other !== blocker)
      if (this.#isCovered(rule, fewer)) left = fewer
    }
    return left
  }

  /** A rule that has something to say or to do is not there for its decision alone. */
  #redundant(rule: PlanRule, index: number): Finding | null {
    const says = rule.title ?? rule.documentation ?? rule.text ?? rule.because ?? rule.approval ?? rule.lasting
    if (says !== null || rule.obligations.length > 0 || this.#waived.has(index)) return null
    const made = (covered: number): Finding => {
      this.#idle.add(index)
      return { claim: { kind: 'redundant-rule', rule: index, covered }, span: rule.span, why: '' }
    }
    const { rules, combine } = this.#policy
    if (combine !== 'first') {
      const same = rules.findIndex(
        (other, i) =>
          i !== index &&
          other.decision === rule.decision &&
          !this.#waived.has(i) &&
          !this.#idle.has(i) &&
          this.#isCovered(rule, [i]),
      )
      if (same >= 0) return made(same)
    }
    if (rule.decision !== this.#policy.default.decision) return null
    const isNeeded = rules.some((other, i) => {
      if (i === index || other.decision === rule.decision || this.#overrides(other, i, rule, index)) return false
      return rule.contracts.some(contract =>
        this.#can(contract, [this.#matches(rule, contract), this.#matches(other, contract)]),
      )
    })
    return isNeeded ? null : made(-1)
  }

  #sameCondition(rule: PlanRule, index: number): Finding | null {
    const { when } = rule
    if (when === null || this.#policy.combine === 'permit_overrides') return null
    const key = termKey(when)
    const other = this.#policy.rules.findIndex(
      (earlier, i) =>
        i < index &&
        !this.#idle.has(i) &&
        earlier.decision !== rule.decision &&
        earlier.when !== null &&
        earlier.contracts.some(contract => rule.contracts.includes(contract)) &&
        termKey(earlier.when) === key,
    )
    return other < 0 ? null : { claim: { kind: 'same-condition', rule: index, other }, span: rule.span, why: '' }
  }

  #defaultNever(): Finding | null {
    const { contracts, rules } = this.#policy
    const certain = rules.flatMap((_, i) => (this.#waived.has(i) ? [] : [i]))
    const isNever = (some: readonly number[]): boolean =>
      contracts.every(contract => {
        const missed = some.flatMap(i => {
          const rule = rules[i]
          return rule ? [this.#misses(rule, contract)] : []
        })
        return !this.#can(contract, missed)
      })
    if (contracts.length === 0 || !isNever(certain)) return null
    let because = certain
    // The later ones first, so that what is named is what people read first.
    for (const rule of certain.toReversed()) {
      const fewer = because.filter(other => other !== rule)
      if (isNever(fewer)) because = fewer
    }
    return { claim: { kind: 'default-never', because }, span: this.#policy.default.span, why: '' }
  }

  /** Where the rule may match; a breaker may match anywhere. */
  #matches(rule: PlanRule, contract: number): Formula {
    if (!rule.contracts.includes(contract)) return never
    if (rule.when === null || rule.lasting !== null) return always
    return this.#grounds.at(contract).meaning.when(rule.when, matchesOnUnknown(rule) ? notFalse : isTrue)
  }
  /** Where the rule does not match by its own condition. */
  #misses(rule: PlanRule, contract: number): Formula {
    if (!rule.contracts.includes(contract)) return always
    if (rule.when === null) return never
    return this.#grounds.at(contract).meaning.when(rule.when, matchesOnUnknown(rule) ? isFalse : notTrue)
  }
  #when(condition: Expr, contract: number, truth: boolean): Formula {
    return this.#grounds.at(contract).meaning.when(condition, truth ? isTrue : isFalse)
  }

  #can(contract: number, formulas: readonly Formula[]): boolean {
    return possible(this.#grounds.at(contract), formulas)
  }

  #variablesOf(formula: Formula): ReadonlySet<Variable> {
    let found = this.#variables.get(formula)
    if (!found) {
      found = variablesOf(formula)
      this.#variables.set(formula, found)
    }
    return found
  }
}

function matchesOnUnknown({ decision }: PlanRule): boolean {
  return decision === 'deny' || decision === 'hold'
}
function isStricter(a: PlanRule, b: PlanRule): boolean {
  return decisionWords.indexOf(a.decision) > decisionWords.indexOf(b.decision)
}
