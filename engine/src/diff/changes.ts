/**
 * What is another in the newer version, without any events: rules, policies, contracts and what is measured, each with its places
 * in both texts. Nothing is listed that means the same; then there is no change in meaning.
 */
import { meaningOf } from '../evolution/meaning.ts'
import type { SourceSpan } from '../plan/expression.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { type ConditionPart, differingParts } from './condition-parts.ts'
import { type PlanPair, type PolicyPair, ruleForm } from './pair.ts'

export interface MeaningChange {
  readonly kind: ChangeOf
  /** What it is of, as the newer version calls it: `refunds.limits`, `refunds.limits.small`, `refunds.Refund`. */
  readonly of: string
  /** Place in `PlanPair.policies`, and in its `rules`; null: of no policy or rule. */
  readonly policy: number | null
  readonly rule: number | null
  /** Of a condition: the parts that differ. */
  readonly parts: readonly ConditionPart[]
  /** In a word or two, where there is one; else null. */
  readonly before: string | null
  readonly after: string | null
  readonly oldSpan: SourceSpan | null
  readonly newSpan: SourceSpan | null
}
export type ChangeOf =
  | 'policy-added'
  | 'policy-removed'
  | 'rule-added'
  | 'rule-removed'
  | 'condition'
  | 'decision'
  | 'approval'
  | 'obligations'
  | 'expectation'
  | 'lasting'
  | 'scope'
  | 'exceptions'
  | 'default'
  | 'combining'
  | 'order'
  | 'mode'
  | 'layer'
  | 'contract'
  | 'source'
  | 'role'
  | 'rollout'
  | 'indicator'
  | 'objective'

/** A name that changed and nothing else. */
export interface Renamed {
  readonly before: string
  readonly after: string
}

export function changesIn(pair: PlanPair): readonly MeaningChange[] {
  return [...pair.policies.flatMap((policy, place) => policyChanges(pair, policy, place)), ...declarationChanges(pair)]
}

/** Policies and rules that mean the same under another name. */
export function renamesIn({ before, after, policies }: PlanPair): readonly Renamed[] {
  return policies.flatMap(policy => {
    const [was, is] = [before.policies[policy.before ?? -1], after.policies[policy.after ?? -1]]
    if (!was || !is) return []
    const old = `${was.module}.${was.name}`
    const own = old === policy.name ? [] : [{ before: old, after: policy.name }]
    const rules = policy.rules.flatMap(rule => {
      const [one, other] = [was.rules[rule.before ?? -1]?.name, is.rules[rule.after ?? -1]?.name]
      if (one === undefined || other === undefined || one === other) return []
      return [{ before: `${old}.${one}`, after: `${policy.name}.${other}` }]
    })
    return [...own, ...rules]
  })
}

function policyChanges(pair: PlanPair, policy: PolicyPair, place: number): readonly MeaningChange[] {
  if (policy.same) return []
  const [was, is] = [pair.before.policies[policy.before ?? -1], pair.after.policies[policy.after ?? -1]]
  const at = { of: policy.name, policy: place, rule: null, parts: [], before: null, after: null }
  if (!was || !is) {
    const kind = was ? ('policy-removed' as const) : ('policy-added' as const)
    return [{ ...at, kind, oldSpan: was?.span ?? null, newSpan: is?.span ?? null }]
  }
  const spans = { oldSpan: was.span, newSpan: is.span }
  const found: MeaningChange[] = []
  const tell = (kind: ChangeOf, before: string, after: string, own = spans): void => {
    if (before !== after) found.push({ ...at, kind, before, after, ...own })
  }
  tell('default', was.default.decision, is.default.decision, { oldSpan: was.default.span, newSpan: is.default.span })
  tell('combining', was.combine, is.combine)
  tell('mode', was.mode, is.mode)
  tell('layer', was.layer ?? 'none', is.layer ?? 'none')
  tell('scope', contractsText(pair.before, was.contracts), contractsText(pair.after, is.contracts))
  for (const index of policy.rules.keys()) found.push(...ruleChanges(pair, policy, place, index, was, is))
  // What is left is the order.
  if (found.length > 0) return found
  return [{ ...at, kind: 'order', ...spans }]
}

function contractsText(plan: Plan, contracts: readonly number[]): string {
  return contracts
    .map(index => plan.contracts[index]?.name ?? '')
    .sort()
    .join(', ')
}

function ruleChanges(
  pair: PlanPair,
  policy: PolicyPair,
  place: number,
  index: number,
  was: PlanPolicy,
  is: PlanPolicy,
): readonly MeaningChange[] {
  const own = policy.rules[index]
  if (!own || own.same) return []
  const [old, now] = [was.rules[own.before ?? -1], is.rules[own.after ?? -1]]
  const name = `${policy.name}.${(now ?? old)?.name}`
  const spans = { oldSpan: old?.span ?? null, newSpan: now?.span ?? null }
  const at = { of: name, policy: place, rule: index, parts: [], before: null, after: null, ...spans }
  if (!old || !now) return [{ ...at, kind: old ? 'rule-removed' : 'rule-added' }]
  const parts = differingParts({ plan: pair.before, when: old.when }, { plan: pair.after, when: now.when })
  const found: MeaningChange[] = []
  if (parts.length > 0) {
    const [first] = parts
    const oldSpan = first?.before?.span ?? old.when?.span ?? old.span
    const newSpan = first?.after?.span ?? now.when?.span ?? now.span
    found.push({ ...at, kind: 'condition', parts, oldSpan, newSpan })
  }
  if (old.decision !== now.decision) found.push({ ...at, kind: 'decision', before: old.decision, after: now.decision })
  const differs = (of: (rule: PlanRule) => unknown) =>
    meaningOf(pair.before, of(old)) !== meaningOf(pair.after, of(now))
  if (differs(rule => rule.approval)) found.push({ ...at, kind: 'approval' })
  if (differs(rule => rule.obligations)) found.push({ ...at, kind: 'obligations' })
  if (differs(rule => rule.expectation)) found.push({ ...at, kind: 'expectation' })
  if (differs(rule => rule.lasting)) found.push({ ...at, kind: 'lasting' })
  if (differs(rule => ({ contracts: rule.contracts }))) found.push({ ...at, kind: 'scope' })
  if (found.length > 0) return found
  // The forms differ by what else is in them: exceptions.
  const [form, other] = [
    ruleForm(pair.before, policy.before ?? -1, own.before ?? -1),
    ruleForm(pair.after, policy.after ?? -1, own.after ?? -1),
  ]
  return form === other ? [] : [{ ...at, kind: 'exceptions' }]
}

interface Declared {
  readonly name: string
  readonly form: string
  readonly span: SourceSpan | null
}

/** Everything with a name but policies: by name, what came, went or means something else. */
function declarationChanges(pair: PlanPair): readonly MeaningChange[] {
  const kinds: readonly (readonly [
    ChangeOf,
    (plan: Plan, policyName: (index: number) => string) => readonly Declared[],
  ])[] = [
    ['contract', contractForms],
    ['source', plan => plan.sources.map(one => ({ name: one.name, form: meaningOf(plan, one), span: one.span }))],
    ['role', plan => plan.roles.map(one => ({ name: one.name, form: meaningOf(plan, one), span: null }))],
    ['rollout', rolloutForms],
    ['indicator', indicatorForms],
    [
      'objective',
      plan =>
        plan.objectives.map(one => ({
          name: `${one.module}.${one.name}`,
          form: meaningOf(plan, { ...one, indicator: plan.indicators[one.indicator]?.name }),
          span: one.span,
        })),
    ],
  ]
  const [oldNames, newNames] = [namesIn(pair, 'before'), namesIn(pair, 'after')]
  return kinds.flatMap(([kind, formsOf]) => {
    const olds = new Map(formsOf(pair.before, oldNames).map(one => [one.name, one]))
    const news = new Map(formsOf(pair.after, newNames).map(one => [one.name, one]))
    return [...new Set([...news.keys(), ...olds.keys()])].flatMap((of): readonly MeaningChange[] => {
      const [old, now] = [olds.get(of), news.get(of)]
      if (old?.form === now?.form) return []
      const spans = { oldSpan: old?.span ?? null, newSpan: now?.span ?? null }
      const words = { before: old ? 'there' : 'none', after: now ? 'there' : 'none' }
      const told = old && now ? { before: null, after: null } : words
      return [{ kind, of, policy: null, rule: null, parts: [], ...told, ...spans }]
    })
  })
}

/** A policy that was renamed is called by its new name on both sides. */
function namesIn(pair: PlanPair, side: 'before' | 'after'): (index: number) => string {
  return index => pair.policies.find(policy => policy[side] === index)?.name ?? ''
}

function contractForms(plan: Plan): readonly Declared[] {
  return plan.contracts.map(({ version: _, ...contract }) => {
    const fields = contract.fields.map(({ name, type, refinement, classes }) => [name, [type], refinement, classes])
    const checks = contract.checks.map(({ condition, otherwise }) => [condition, otherwise])
    return {
      name: `${contract.module}.${contract.name}`,
      form: meaningOf(plan, { ...contract, fields, checks }),
      span: contract.span,
    }
  })
}

function rolloutForms(plan: Plan, policyName: (index: number) => string): readonly Declared[] {
  return plan.rollouts.map(rollout => {
    const gates = [rollout.promote, rollout.rollback].map(
      gate =>
        gate && {
          ...gate,
          measures: gate.measures.map(one =>
            one.kind === 'decisions'
              ? { ...one, policy: policyName(one.policy) }
              : { ...one, indicator: plan.indicators[one.indicator]?.name },
          ),
        },
    )
    const of = [policyName(rollout.policy), rollout.replaces === null ? null : policyName(rollout.replaces)]
    const { policy: _, replaces: __, promote: ___, rollback: ____, ...rest } = rollout
    return {
      name: `${rollout.module}.${rollout.name}`,
      form: meaningOf(plan, { ...rest, of, gates }),
      span: rollout.span,
    }
  })
}

function indicatorForms(plan: Plan, policyName: (index: number) => string): readonly Declared[] {
  return plan.indicators.map(indicator => {
    const { of } = indicator
    const rule = of.kind === 'outcomes' ? (plan.policies[of.policy]?.rules[of.rule]?.name ?? '') : ''
    const stream = of.kind === 'events' ? of : { kind: of.kind, policy: policyName(of.policy), rule }
    const keys = indicator.keys.map(({ name }) => name)
    const form = meaningOf(plan, { ...indicator, of: stream, keys })
    return { name: `${indicator.module}.${indicator.name}`, form, span: indicator.span }
  })
}
