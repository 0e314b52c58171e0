/**
 * A short made-up story that two versions of a policy decide differently, found by the bounded search and run by the engine, with
 * what each of them makes of every event. First one with another decision is looked for, then one with another rule behind it.
 */
import { onlyPolicies } from '../plan/only-policies.ts'
import type { Plan } from '../plan/plan.ts'
import { type Distinguished, distinguish } from '../search/distinguish.ts'
import type { SearchOptions } from '../search/search.ts'
import { decidedText, storyOf, testSource } from '../search/story.ts'
import type { PlanPair, PolicyPair } from './pair.ts'

export interface DistinguishingStory {
  /** Place in `PlanPair.policies`. */
  readonly policy: number
  /** Null: nothing was found. */
  readonly story: readonly StoryStep[] | null
  /** What each version makes of the last event, in words. */
  readonly before: string
  readonly after: string
  /** The decision is the same, and another rule made it. */
  readonly onlyRule: boolean
  /** How far the search looked, and whether it tried everything that it knows to try. */
  readonly maxEvents: number
  readonly evaluations: number
  readonly exhausted: boolean
  /** A test of the language that states what the newer version decides; null where nothing was found. */
  readonly test: string | null
}
export interface StoryStep {
  /** `09:00` of the first event, `1 s later` of the others. */
  readonly when: string
  readonly contract: string
  readonly fields: string
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Of policies that both versions have and that mean something else; the versions are over the same contracts. */
export function distinguishingStories(pair: PlanPair, options: SearchOptions): readonly DistinguishingStory[] {
  return pair.policies.flatMap((policy, place) =>
    policy.same || policy.before === null || policy.after === null ? [] : [storyFor(pair, policy, place, options)],
  )
}

function storyFor(pair: PlanPair, policy: PolicyPair, place: number, options: SearchOptions): DistinguishingStory {
  const before = onlyPolicies(pair.before, [policy.before ?? -1])
  const after = onlyPolicies(pair.after, [policy.after ?? -1])
  const nameless = (plan: Plan): Plan => withNames(plan, () => 'a rule')
  const words = distinguish(nameless(before), nameless(after), [0], options)
  const found = words.trace === null ? byRule(before, after, policy, words, options) : words
  const { trace, evaluations, exhausted } = found
  const common = { policy: place, maxEvents: options.maxEvents, evaluations, exhausted }
  if (trace === null) return { ...common, story: null, before: '', after: '', onlyRule: false, test: null }
  const [old, now] = [storyOf(before, trace), storyOf(after, trace)]
  const told = (plan: Plan, story: typeof old, step: number) =>
    (story.events[step]?.decisions ?? []).map(decided => decidedText(plan, decided))
  const story = now.events.map(
    ({ when, contract, fields }, step): StoryStep => ({
      when,
      contract,
      fields,
      before: told(before, old, step),
      after: told(after, now, step),
    }),
  )
  const last = story.at(-1)
  const [was, is] = [last?.before.join(' and ') ?? '', last?.after.join(' and ') ?? '']
  // Decisions that agree have set something else in motion.
  const outcomes = was === is ? found.outcomes.map(text => text || 'nothing lives on') : [was, is]
  return {
    ...common,
    story,
    before: outcomes[0] ?? '',
    after: outcomes[1] ?? '',
    onlyRule: words.trace === null,
    test: testSource(after, trace, `${policy.name} decides otherwise than before`, []),
  }
}

function byRule(
  before: Plan,
  after: Plan,
  policy: PolicyPair,
  words: Distinguished,
  options: SearchOptions,
): Distinguished {
  const names = before.policies[0]?.rules.map(({ name }) => name) ?? []
  const sameNames = withNames(after, rule => names[policy.beforeOf[rule] ?? -1] ?? null)
  const found = distinguish(before, sameNames, [0], options)
  return { ...found, evaluations: words.evaluations + found.evaluations }
}

/** The plan with other names of rules; null keeps the one there is. */
function withNames(plan: Plan, nameOf: (rule: number) => string | null): Plan {
  return {
    ...plan,
    policies: plan.policies.map(policy => ({
      ...policy,
      rules: policy.rules.map((rule, index) => ({ ...rule, name: nameOf(index) ?? rule.name })),
    })),
  }
}
