/**
 * The rules that speak of one contract, in the order of decisions: by policy, then by rule. A group of rules tells for a row
 * which of them are not false; what a policy makes of that is program.ts and match-trie.ts.
 */
import type { Expr } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'

/** 0 false, 1 true, 2 unknown. */
export type Tri = 0 | 1 | 2

/** The truth of a condition at a row of the contract's batch. */
export type Condition = (row: number) => number

export interface ContractRule {
  /** Place in the contract's list of rules. */
  readonly place: number
  /** Place of its policy in the contract's list of policies. */
  readonly policyPlace: number
  readonly policy: number
  readonly rule: number
  /** Null: always. */
  readonly when: Expr | null
  readonly matchesOnUnknown: boolean
}

/**
 * Writes the rules that are not false at `row` into `hits`, ascending, each as its place * 4 + its truth; returns how many.
 * With governance.ts around it, truth 3 says that only the breaker of a rule is tripped, and 0 that an exception waives it.
 */
export type RuleGroup = (row: number, hits: Int32Array) => number

/** Policies (indices into the plan) that decide events of the contract. */
export function policiesOf(plan: Plan, contract: number): readonly number[] {
  return plan.policies.flatMap((policy, index) => (policy.contracts.includes(contract) ? [index] : []))
}

export function rulesOf(plan: Plan, contract: number): readonly ContractRule[] {
  const rules: ContractRule[] = []
  policiesOf(plan, contract).forEach((policy, policyPlace) => {
    plan.policies[policy]?.rules.forEach((rule, index) => {
      if (!rule.contracts.includes(contract)) return
      rules.push({
        place: rules.length,
        policyPlace,
        policy,
        rule: index,
        when: rule.when,
        matchesOnUnknown: rule.decision === 'deny' || rule.decision === 'hold',
      })
    })
  })
  return rules
}
