/** `writ diff --format json`: the form of docs/schemas/diff.schema.json. */
import {
  decisionWords,
  type PolicyAnswer,
  type ReportedEvent,
  type ReportedGroup,
  ruleName,
  type StaticAnswer,
} from '@writ/engine'
import { timeText } from '../report/decision-lines.ts'
import type { Compared, ComparedLog, Living } from './compare.ts'
import type { Gated } from './gates.ts'

export function diffJson(compared: Compared, gates: readonly Gated[]): object {
  const { versions, meaning, contracts, log } = compared
  return {
    before: versions.before.shown,
    after: versions.after.shown,
    meaning,
    contracts,
    answers: answerWords(compared),
    stories: compared.stories?.map(({ policy, ...story }) => ({ policy: nameOf(compared, policy), ...story })) ?? null,
    log: log === null ? null : logJson(compared, log),
    gates,
    passed: gates.every(({ passed }) => passed),
  }
}

export interface AnswerWords {
  readonly policy: string
  /** `incomparable`: stricter for some events and looser for others, which were seen. */
  readonly answer: PolicyAnswer | 'incomparable'
  readonly outcomes: StaticAnswer['outcomes']
  readonly rules: readonly { readonly rule: string; readonly answer: string }[]
}

/** Null: the contracts differ. */
export function answerWords(compared: Compared): readonly AnswerWords[] | null {
  const { pair, answers } = compared
  if (answers === null) return null
  return answers.map(({ policy, answer, outcomes, rules }) => ({
    policy: nameOf(compared, policy),
    answer: answer === 'open' && isBothWays(compared, policy) ? 'incomparable' : answer,
    outcomes,
    rules: rules.map(one => ({ rule: ruleName(pair, policy, one.rule), answer: one.answer })),
  }))
}

/** Decisions of the log and the story show one that is stricter and one that is milder. */
function isBothWays({ pair, log, stories }: Compared, policy: number): boolean {
  const name = pair.policies[policy]?.name
  const strictness = (text: string) => decisionWords.findIndex(word => text.startsWith(word))
  const groups = log?.flips.groups.filter(group => group.policy === name) ?? []
  const story = stories?.find(one => one.policy === policy && one.story !== null && !one.onlyRule)
  const pairs = [...groups.map(({ from, to }) => [from, to]), ...(story ? [[story.before, story.after]] : [])]
  const ways = pairs.map(([from = '', to = '']) => [strictness(from), strictness(to)] as const)
  const known = ways.filter(([from, to]) => from >= 0 && to >= 0)
  return known.some(([from, to]) => from < to) && known.some(([from, to]) => from > to)
}

function nameOf({ pair }: Compared, policy: number): string {
  return pair.policies[policy]?.name ?? ''
}

function logJson({ pair }: Compared, log: ComparedLog): object {
  const { flips, living, measures } = log
  return {
    log: log.shown,
    onePass: log.shared,
    partial: log.partial,
    ...flips,
    groups: flips.groups.map(groupJson),
    approvals: rolesOf(living.before, living.after),
    obligations: {
      before: rulesOf(living.before, pair.before.policies),
      after: rulesOf(living.after, pair.after.policies),
    },
    measures,
    runs: { before: { hash: log.runs.before.hash }, after: { hash: log.runs.after.hash } },
  }
}

function groupJson(group: ReportedGroup): object {
  return {
    ...group,
    first: eventJson(group.first),
    last: eventJson(group.last),
    examples: group.examples.map(example => ({ ...example, event: eventJson(example.event) })),
  }
}

function eventJson({ time, ...event }: ReportedEvent): object {
  return { ...event, time: timeText(time) }
}

export interface RoleBothWays {
  readonly role: string
  readonly before: Living['roles'][number] | null
  readonly after: Living['roles'][number] | null
}

/** Roles that were asked in either version. */
export function rolesOf(before: Living, after: Living): readonly RoleBothWays[] {
  const names = new Set([...after.roles, ...before.roles].map(({ role }) => role))
  return [...names].map(role => ({
    role,
    before: before.roles.find(one => one.role === role) ?? null,
    after: after.roles.find(one => one.role === role) ?? null,
  }))
}

function rulesOf(living: Living, policies: Compared['pair']['before']['policies']): readonly object[] {
  return living.rules.map(({ policy, rule, kind, opened, ended }) => ({
    policy: policies[policy]?.name,
    rule: policies[policy]?.rules[rule]?.name,
    kind,
    opened,
    ...ended,
  }))
}
