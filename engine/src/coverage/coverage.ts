/**
 * What tests and recorded events have shown of the rules of a plan: which rules matched and decided, and for each atomic
 * condition a pair of events that shows that it matters. The engine itself is asked, by a plan in which every atomic condition
 * is a rule of its own, so that a log of any size can be counted.
 */
import type { Log } from '../log/columns.ts'
import { instanceStatuses } from '../obligation/instance.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import type { MatchSet } from '../run/decisions.ts'
import { evaluate } from '../run/evaluate.ts'
import type { Truth } from '../value/operations.ts'
import { unknown } from '../value/value.ts'
import { type ConditionTree, conditionTree, matters } from './condition-tree.ts'

/** An event that shows something: of the run with this name (a test's title, or of a log), its place there. */
export interface Witness {
  readonly run: string
  readonly seq: number
}

export interface ConditionCoverage {
  readonly condition: Expr
  readonly seenTrue: number
  readonly seenFalse: number
  /** An event at which it is true, and one at which it is false, each alone making the whole what it is; null: none was seen. */
  readonly trueMatters: Witness | null
  readonly falseMatters: Witness | null
}

export interface RuleCoverage {
  /** Indices. */
  readonly policy: number
  readonly rule: number
  readonly matched: number
  readonly decided: number
  /** Of expectations: instances by how they stand at the end. */
  readonly instances: { readonly began: number; readonly fulfilled: number; readonly breached: number } | null
  readonly conditions: readonly ConditionCoverage[]
}

export interface Coverage {
  readonly rules: readonly RuleCoverage[]
  /** By policy, how often its default decided. */
  readonly defaults: readonly number[]
}

/** Counts one run after the other. */
export class CoverageCounter {
  readonly #plan: Plan
  readonly #probed: Plan
  readonly #rules: readonly Counted[]
  readonly #defaults: number[]

  constructor(plan: Plan) {
    this.#plan = plan
    this.#rules = plan.policies.flatMap((policy, index) =>
      policy.rules.map((rule, place) => new Counted(index, place, rule, treeOf(rule))),
    )
    this.#defaults = plan.policies.map(() => 0)
    const probes = plan.policies.map((policy, index) =>
      probeOf(
        policy,
        this.#rules.filter(counted => counted.policy === index),
      ),
    )
    this.#probed = { ...plan, policies: [...plan.policies, ...probes] }
  }

  /** `name` is what witnesses call the run; `closeAt` as in `evaluate`. */
  add(log: Log, name: string, closeAt?: number): void {
    const { decisions, obligations } = evaluate(this.#probed, log, closeAt === undefined ? {} : { closeAt })
    const own = this.#plan.policies.length
    // Different match sets are few, however long the log is.
    const same = new Map<string, Same>()
    for (let i = 0; i < decisions.size; i++) {
      const policy = decisions.policy[i] ?? 0
      const matched = decisions.matched[i] ?? 0
      const seq = decisions.seq[i] ?? 0
      const decidedBy = decisions.decidedBy[i] ?? -1
      const contract = log.contractOf[seq] ?? 0
      const key = `${policy} ${matched} ${policy < own ? decidedBy : contract}`
      const known = same.get(key)
      const set = decisions.matchSets[matched] ?? { rules: [], unknown: [] }
      if (known) known.times++
      else same.set(key, { policy, set, decidedBy, contract, seq, times: 1 })
    }
    for (const { policy, set, decidedBy, contract, seq, times } of same.values()) {
      if (policy < own && decidedBy < 0) this.#defaults[policy] = (this.#defaults[policy] ?? 0) + times
      for (const counted of this.#rules) {
        if (counted.policy === policy) counted.decision(set, decidedBy, times)
        if (counted.policy === policy - own && counted.concerns(contract))
          counted.conditions(set, times, { run: name, seq })
      }
    }
    const { instances } = obligations
    for (let i = 0; i < instances.size; i++) {
      const counted = this.#rules.find(
        one => one.policy === instances.policy[i] && one.rule === instances.rule[i] && one.isExpectation,
      )
      counted?.instance(instanceStatuses[instances.status[i] ?? 0] ?? 'pending')
    }
  }

  get coverage(): Coverage {
    return { rules: this.#rules.map(counted => counted.made), defaults: [...this.#defaults] }
  }
}

interface Same {
  readonly policy: number
  readonly set: MatchSet
  readonly decidedBy: number
  readonly contract: number
  /** Of the first. */
  readonly seq: number
  times: number
}

function treeOf(rule: PlanRule): ConditionTree | null {
  const whole = rule.expectation ? rule.expectation.opens.where : rule.when
  return whole === null ? null : conditionTree(whole)
}

/** Contracts at whose events the condition of a rule is asked. */
function contractsOf(rule: PlanRule): readonly number[] {
  return rule.expectation ? [rule.expectation.opens.contract] : rule.contracts
}

/** A policy in which each atomic condition is two rules: one that matches where it is true, and one where it is false. */
function probeOf(policy: PlanPolicy, rules: readonly Counted[]): PlanPolicy {
  const made: PlanRule[] = []
  for (const counted of rules) {
    counted.firstProbe = made.length
    for (const [number, atom] of (counted.tree?.atoms ?? []).entries()) {
      const probe = (when: Expr, side: string): PlanRule => ({
        name: `${counted.rule} ${number} ${side}`,
        title: null,
        documentation: null,
        contracts: contractsOf(counted.plan),
        when,
        decision: 'warn',
        text: null,
        because: null,
        approval: null,
        lasting: null,
        expectation: null,
        obligations: [],
        span: counted.plan.span,
      })
      made.push(probe(atom, 'true'), probe({ kind: 'not', operand: atom, type: atom.type, span: atom.span }, 'false'))
    }
  }
  const contracts = [...new Set([...policy.contracts, ...rules.flatMap(({ plan }) => contractsOf(plan))])]
  return {
    ...policy,
    name: `${policy.name} probe`,
    mode: 'shadow',
    combine: 'strictest',
    contracts,
    lets: [],
    rules: made,
  }
}

class Counted {
  readonly policy: number
  readonly rule: number
  readonly plan: PlanRule
  readonly tree: ConditionTree | null
  firstProbe = 0
  #matched = 0
  #decided = 0
  readonly #instances = { began: 0, fulfilled: 0, breached: 0 }
  readonly #seen: { true: number; false: number; trueMatters: Witness | null; falseMatters: Witness | null }[]

  constructor(policy: number, rule: number, plan: PlanRule, tree: ConditionTree | null) {
    this.policy = policy
    this.rule = rule
    this.plan = plan
    this.tree = tree
    this.#seen = (tree?.atoms ?? []).map(() => ({ true: 0, false: 0, trueMatters: null, falseMatters: null }))
  }

  get isExpectation(): boolean {
    return this.plan.expectation !== null
  }
  concerns(contract: number): boolean {
    return contractsOf(this.plan).includes(contract)
  }

  decision(set: MatchSet, decidedBy: number, times: number): void {
    if (set.rules.includes(this.rule)) this.#matched += times
    if (decidedBy === this.rule) this.#decided += times
  }

  instance(status: string): void {
    this.#instances.began++
    if (status === 'fulfilled') this.#instances.fulfilled++
    if (status === 'breached') this.#instances.breached++
  }

  conditions(set: MatchSet, times: number, witness: Witness): void {
    const { tree } = this
    if (tree === null) return
    const truths = tree.atoms.map((_, i): Truth => {
      if (set.rules.includes(this.firstProbe + 2 * i)) return true
      return set.rules.includes(this.firstProbe + 2 * i + 1) ? false : unknown
    })
    for (const [i, seen] of this.#seen.entries()) {
      const truth = truths[i]
      if (truth === true) seen.true += times
      if (truth === false) seen.false += times
      if (truth === true && seen.trueMatters === null && matters(tree, truths, i)) seen.trueMatters = witness
      if (truth === false && seen.falseMatters === null && matters(tree, truths, i)) seen.falseMatters = witness
    }
  }

  get made(): RuleCoverage {
    const conditions = (this.tree?.atoms ?? []).map((condition, i): ConditionCoverage => {
      const seen = this.#seen[i]
      return {
        condition,
        seenTrue: seen?.true ?? 0,
        seenFalse: seen?.false ?? 0,
        trueMatters: seen?.trueMatters ?? null,
        falseMatters: seen?.falseMatters ?? null,
      }
    })
    const instances = this.isExpectation ? { ...this.#instances } : null
    const { policy, rule } = this
    return { policy, rule, matched: this.#matched, decided: this.#decided, instances, conditions }
  }
}

/** Whether a pair of events shows that the condition matters. */
export function isShown({ trueMatters, falseMatters }: ConditionCoverage): boolean {
  return trueMatters !== null && falseMatters !== null
}
