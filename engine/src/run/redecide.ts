/**
 * The decisions of a policy after an edit, where most of its rules are what they were: only the others are run over the log, and what
 * they match is put into the match sets of before. Equal to `decide` in every decision (engine/test/run/redecide.test.ts).
 */
import { MatchTrie } from '../compile/match-trie.ts'
import type { Log } from '../log/columns.ts'
import { onlyPolicies } from '../plan/only-policies.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { sameMeaning } from '../plan/same-meaning.ts'
import type { Decisions, MatchSet } from './decisions.ts'
import { decide, type EvaluateOptions } from './evaluate.ts'

/** One policy of a plan, alone over a log. */
export interface DecidedPolicy {
  readonly plan: Plan
  /** Of the policy. */
  readonly index: number
  readonly decisions: Decisions
}

/**
 * What `decide(onlyPolicies(plan, [index]), log)` gives, from what it gave for another state of the policy over the same log. `whole`:
 * the policy has to be run as a whole; null: `shouldStop` ended it.
 */
export function redecide(
  before: DecidedPolicy,
  plan: Plan,
  index: number,
  log: Log,
  options: Pick<EvaluateOptions, 'shouldStop'> = {},
): Decisions | 'whole' | null {
  const [was, policy] = [before.plan.policies[before.index], plan.policies[index]]
  if (!was || !policy || !serves(before.plan, was, plan, policy)) return 'whole'
  const rules = matchedRules(was, policy)
  if (rules.changed.length * 2 > policy.rules.length) return 'whole'
  let changed: Decisions | null = null
  if (rules.changed.length > 0) {
    const some = { ...policy, rules: rules.changed.flatMap(rule => policy.rules[rule] ?? []) }
    const policies = plan.policies.map((other, place) => (place === index ? some : other))
    changed = decide(onlyPolicies({ ...plan, policies }, [index]), log, options)
    if (changed === null) return null
  }
  return merged(policy, before.decisions, rules, changed)
}

/** Exceptions waive matches of single rules, which sets do not tell apart from rules that did not match. */
function serves(earlier: Plan, was: PlanPolicy, plan: Plan, policy: PlanPolicy): boolean {
  const isWaived = [...earlier.exceptions, ...plan.exceptions].some(
    ({ policy: of }) => of === earlier.policies.indexOf(was) || of === plan.policies.indexOf(policy),
  )
  return (
    !isWaived &&
    sameMeaning(was.contracts, policy.contracts) &&
    sameMeaning(earlier.contracts, plan.contracts) &&
    sameMeaning(earlier.roles, plan.roles)
  )
}

interface MatchedRules {
  /** By rule of before: the rule now that matches the same events; -1: none. */
  readonly now: readonly number[]
  /** Rules now that match others, ascending. */
  readonly changed: readonly number[]
}

function matchedRules(was: PlanPolicy, policy: PlanPolicy): MatchedRules {
  const named = new Map(was.rules.map((rule, index) => [rule.name, index]))
  const now = was.rules.map(() => -1)
  const changed: number[] = []
  for (const [index, rule] of policy.rules.entries()) {
    const old = named.get(rule.name)
    const earlier = old === undefined ? undefined : was.rules[old]
    if (old === undefined || earlier === undefined || now[old] !== -1 || !matchesSame(earlier, rule))
      changed.push(index)
    else now[old] = index
  }
  return { now, changed }
}

function matchesSame(was: PlanRule, rule: PlanRule): boolean {
  return (
    isStrict(was) === isStrict(rule) &&
    sameMeaning(
      [was.contracts, was.when, was.lasting, was.expectation === null],
      [rule.contracts, rule.when, rule.lasting, rule.expectation === null],
    )
  )
}

/** It matches where its condition is unknown, too. */
function isStrict({ decision }: PlanRule): boolean {
  return decision === 'deny' || decision === 'hold'
}

function merged(
  policy: PlanPolicy,
  old: Decisions,
  { now, changed }: MatchedRules,
  partial: Decisions | null,
): Decisions {
  const { size } = old
  const matchSets: MatchSet[] = [{ rules: [], unknown: [] }]
  const trie = new MatchTrie(policy, matchSets)
  const [decision, decidedBy, matched] = [new Uint8Array(size), new Int16Array(size), new Int32Array(size)]
  const width = partial?.matchSets.length ?? 1
  // By set of before and set of the changed rules, 1 + the node; most pairs never come.
  const pairs = old.matchSets.length * width
  const nodes = pairs <= mostPairs ? new Int32Array(pairs) : new Map<number, number>()
  const nodeOf = (pair: number): number => {
    const left = old.matchSets[Math.floor(pair / width)]
    const right = partial?.matchSets[pair % width]
    const truths = [...truthsOf(left, now), ...truthsOf(right, changed)].sort(([a], [b]) => a - b)
    return truths.reduce((node, [rule, truth]) => trie.next(node, rule, truth), 0)
  }
  for (let place = 0; place < size; place++) {
    const pair = (old.matched[place] as number) * width + (partial === null ? 0 : (partial.matched[place] as number))
    let node = (nodes instanceof Map ? (nodes.get(pair) ?? 0) : (nodes[pair] as number)) - 1
    if (node < 0) {
      node = nodeOf(pair)
      if (nodes instanceof Map) nodes.set(pair, node + 1)
      else nodes[pair] = node + 1
    }
    decision[place] = trie.decision(node)
    decidedBy[place] = trie.decidedBy(node)
    matched[place] = trie.matchSet(node)
  }
  return { size, seq: old.seq, policy: old.policy, decision, decidedBy, matched, matchSets }
}
const mostPairs = 1 << 22

/** Rules of a set as they are numbered in `now`, each with its truth as match-trie.ts has it; those that are gone left out. */
function truthsOf(
  set: MatchSet | undefined,
  now: readonly number[],
): readonly (readonly [rule: number, truth: number])[] {
  return (set?.rules ?? []).flatMap(rule => {
    const index = now[rule] ?? -1
    const truth = set?.unknown.includes(rule) ? 2 : set?.lasting?.includes(rule) ? 3 : 1
    return index < 0 ? [] : [[index, truth] as const]
  })
}
