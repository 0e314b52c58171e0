/**
 * What would have changed a decision, as data, and the means to try it: every change is evaluated by the same rules over the
 * changed log, and only one that truly changes the decision is told. Which changes are tried is in the *-changes.ts files.
 */
import type { DecisionWord } from '@writ/grammar'
import type { PlanPolicy } from '../plan/plan.ts'
import { truthOf } from '../value/operations.ts'
import { patternMatches } from '../value/pattern.ts'
import { compare } from '../value/rational.ts'
import type { FieldType, Type } from '../value/type.ts'
import { isMoney, isRational, type Value } from '../value/value.ts'
import { matchesBy, tripOf } from './breaker.ts'
import { type Combined, combine } from './combine.ts'
import { evaluate, isRejected } from './evaluate.ts'
import { waiverOf } from './exception.ts'
import { type Overlay, overlaid } from './overlay.ts'
import type { Scope } from './scope.ts'

/** One smallest change after which the same policy decides otherwise. */
export interface Change {
  readonly kind: 'field' | 'wait' | 'event' | 'approval'
  /** In words: `amount at most 200.00 USD (it is 250.00 USD)`. */
  readonly text: string
  /** What would then be decided. */
  readonly decision: DecisionWord
  /** The rule that would then decide; null: the default, or (for an approval) nothing further. */
  readonly rule: string | null
  /** The change itself, to be applied to a log (rerun.ts). */
  readonly edit: Edit
}

export type Edit =
  | { readonly kind: 'log'; readonly overlay: Overlay }
  /** The requests of these rules (indices) are approved at their first stage. */
  | { readonly kind: 'approvals'; readonly rules: readonly number[] }

/** What would be decided, and after which change. */
export interface Tried extends Combined {
  readonly overlay: Overlay
}

/** One policy at one event, to be decided again under changes. */
export interface Trial {
  readonly policy: PlanPolicy
  readonly scope: Scope
  /** What was decided. */
  readonly now: Combined
  /** How many more changes may be tried; bounds the work. */
  budget: number
  /** Values of single fields that alone did not change the decision: two of them may (pair-changes.ts). */
  readonly vain: Attempt[]
}
export interface Attempt {
  /** Path joined with '.'. */
  readonly field: string
  readonly type: Type
  readonly value: Value
}

/** What the policy decides after the change; null where that is what it decided anyway, or the change cannot be. */
export function tried(trial: Trial, overlay: Overlay): Tried | null {
  if (trial.budget <= 0) return null
  trial.budget--
  if (!fitsContract(trial.scope, overlay.fields ?? new Map())) return null
  const scope = overlaid(trial.scope, overlay)
  if (isRejected(scope, scope.event) || (scope.added && isRejected(scope, scope.added))) return null
  const decided = decideIn(trial.policy, scope)
  return decided.decision === trial.now.decision ? null : { ...decided, overlay }
}

/** The change, in words. */
export function change(trial: Trial, kind: Change['kind'], text: string, decided: Tried): Change {
  const rule = trial.policy.rules[decided.decidedBy]
  const edit: Edit = { kind: 'log', overlay: decided.overlay }
  return { kind, text, decision: decided.decision, rule: rule?.name ?? null, edit }
}

/** The policy's decision in a scope, without evidence. */
export function decideIn(policy: PlanPolicy, scope: Scope): Combined {
  const matched = policy.rules.flatMap((rule, index) => {
    if (!rule.contracts.includes(scope.event.contract)) return []
    const condition = rule.when === null ? true : truthOf(evaluate(rule.when, scope))
    const matches = matchesBy(rule, condition) || tripOf(rule, scope) !== null
    return matches && waiverOf(rule, scope) < 0 ? [index] : []
  })
  return combine(policy, matched)
}

/** A value outside of what the contract allows would not be a smallest change but a broken record. */
function fitsContract(scope: Scope, fields: ReadonlyMap<string, Value>): boolean {
  const contract = scope.plan.contracts[scope.event.contract]
  return [...fields].every(([path, value]) => {
    const refinement = contract && fieldAt(contract.fields, path.split('.'))?.refinement
    const pattern = refinement?.pattern ?? null
    if (typeof value === 'string') return pattern === null || patternMatches(value, pattern)
    const range = refinement?.range ?? null
    if (!range || typeof value !== 'object') return true
    const number = isMoney(value) ? value.amount : isRational(value) ? value : null
    return number === null || (compare(number, range.low) >= 0 && compare(number, range.high) <= 0)
  })
}

function fieldAt(fields: readonly FieldType[], path: readonly string[]): FieldType | undefined {
  const [first, ...rest] = path
  const field = fields.find(({ name }) => name === first)
  if (!field || rest.length === 0) return field
  const inner = field.type.kind === 'optional' ? field.type.inner : field.type
  return inner.kind === 'record' ? fieldAt(inner.fields, rest) : undefined
}
