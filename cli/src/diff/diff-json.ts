/** `writ diff --format json`: the form of docs/schemas/diff.schema.json. */
import type { ReportedEvent, ReportedGroup } from '@writ/engine'
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
    log: log === null ? null : logJson(compared, log),
    gates,
    passed: gates.every(({ passed }) => passed),
  }
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
