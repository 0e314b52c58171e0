/**
 * Two versions of a program side by side: which policy and which rule of one is which of the other, and what means the same.
 * Names count last: a rule that was renamed is still the same rule. What differs in effect is found by running (run-both.ts).
 */
import { meaningOf } from '../evolution/meaning.ts'
import type { Plan, PlanPolicy } from '../plan/plan.ts'

export interface PlanPair {
  readonly before: Plan
  readonly after: Plan
  /** In the order of `after`; those that only `before` has stand behind them. */
  readonly policies: readonly PolicyPair[]
}

export interface PolicyPair {
  /** `module.policy`, as `after` calls it. */
  readonly name: string
  /** Index into the policies of its plan; null: the version has no such policy. */
  readonly before: number | null
  readonly after: number | null
  /** Both mean the same: names, texts, places and orders that do not count apart. */
  readonly same: boolean
  readonly rules: readonly RulePair[]
  /** By rule of the one version: the rule of the other, or -1. */
  readonly afterOf: readonly number[]
  readonly beforeOf: readonly number[]
}

export interface RulePair {
  /** Null: the version has no such rule. */
  readonly before: number | null
  readonly after: number | null
  readonly same: boolean
}

export function pairPlans(before: Plan, after: Plan): PlanPair {
  const [olds, news] = [before, after].map(plan =>
    plan.policies.map((policy, index) => ({
      name: `${policy.module}.${policy.name}`,
      form: () => policyForm(plan, index),
    })),
  )
  const pairs = paired(olds ?? [], news ?? [])
  return { before, after, policies: pairs.map(([old, now]) => policyPair(before, after, old, now)) }
}

interface Named {
  readonly name: string
  readonly form: () => string
}

/** By name, then by meaning; in the order of `news`, then what is left of `olds`. */
function paired(olds: readonly Named[], news: readonly Named[]): readonly (readonly [number | null, number | null])[] {
  const oldOf = new Map<number, number>()
  const open = new Set(olds.keys())
  for (const [now, { name }] of news.entries()) {
    const old = [...open].find(index => olds[index]?.name === name)
    if (old === undefined) continue
    oldOf.set(now, old)
    open.delete(old)
  }
  for (const [now, { form }] of news.entries()) {
    if (oldOf.has(now) || open.size === 0) continue
    const meaning = form()
    const old = [...open].find(index => olds[index]?.form() === meaning)
    if (old === undefined) continue
    oldOf.set(now, old)
    open.delete(old)
  }
  return [
    ...news.map((_, now) => [oldOf.get(now) ?? null, now] as const),
    ...[...open].map(old => [old, null] as const),
  ]
}

function policyPair(before: Plan, after: Plan, old: number | null, now: number | null): PolicyPair {
  const [was, is] = [before.policies[old ?? -1], after.policies[now ?? -1]]
  const named = is ?? was
  const rules = rulePairs(before, after, old, now)
  const afterOf = was?.rules.map((_, rule) => rules.find(pair => pair.before === rule)?.after ?? -1) ?? []
  const beforeOf = is?.rules.map((_, rule) => rules.find(pair => pair.after === rule)?.before ?? -1) ?? []
  const same = old !== null && now !== null && policyForm(before, old) === policyForm(after, now)
  return { name: `${named?.module}.${named?.name}`, before: old, after: now, same, rules, afterOf, beforeOf }
}

function rulePairs(before: Plan, after: Plan, old: number | null, now: number | null): readonly RulePair[] {
  const forms = (plan: Plan, policy: number | null) =>
    policy === null
      ? []
      : (plan.policies[policy]?.rules ?? []).map(({ name }, rule) => ({ name, form: ruleForm(plan, policy, rule) }))
  const [olds, news] = [forms(before, old), forms(after, now)]
  const oldOf = new Map<number, number>()
  const open = new Set(olds.keys())
  const pass = (fits: (was: (typeof olds)[number], is: (typeof news)[number]) => boolean): void => {
    for (const [place, is] of news.entries()) {
      if (oldOf.has(place)) continue
      const found = [...open].find(index => olds[index] && fits(olds[index], is))
      if (found === undefined) continue
      oldOf.set(place, found)
      open.delete(found)
    }
  }
  pass((was, is) => was.name === is.name && was.form === is.form)
  pass((was, is) => was.form === is.form)
  pass((was, is) => was.name === is.name)
  return [
    ...news.map(({ form }, place): RulePair => {
      const found = oldOf.get(place) ?? null
      return { before: found, after: place, same: found !== null && olds[found]?.form === form }
    }),
    ...[...open].map((place): RulePair => ({ before: place, after: null, same: false })),
  ]
}

/** What a rule means in its policy, with the exceptions that it has; without its name. */
export function ruleForm(plan: Plan, policy: number, index: number): string {
  const rule = plan.policies[policy]?.rules[index]
  const exceptions = plan.exceptions
    .filter(exception => exception.policy === policy && exception.rule === index)
    .map(({ when, from, until }) => ({ when, from, until }))
  return meaningOf(plan, { ...rule, name: '', exceptions })
}

function policyForm(plan: Plan, index: number): string {
  const policy = plan.policies[index]
  if (policy === undefined) throw new RangeError(`the plan has no policy ${index}`)
  const { combine, mode, layer, contracts } = policy
  const head = meaningOf(plan, { combine, mode, layer, contracts, default: policy.default.decision })
  return `${head} ${orderedForms(plan, index, policy).join('\n')}`
}

/** Where the order of rules has no effect on what is decided and set in motion, they are in the order of their meanings. */
function orderedForms(plan: Plan, index: number, { rules, combine }: PlanPolicy): readonly string[] {
  const forms = rules.map((rule, place) => ({ rule, form: ruleForm(plan, index, place) }))
  if (combine === 'first') return forms.map(({ form }) => form)
  // Of several approvals that are asked for at one event, that of the first rule counts.
  const fixed = new Set(rules.filter(({ approval }) => approval !== null).map(({ decision }) => decision))
  const byDecision = Map.groupBy(forms, ({ rule }) => rule.decision)
  return [...byDecision]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([decision, group]) => {
      const texts = group.map(({ form }) => form)
      return fixed.has(decision) ? texts : texts.sort()
    })
}
