/** `writ simulate --format json`: the form of docs/schemas/simulation.schema.json. */
import { decisionWords, type Plan } from '@writ/engine'
import { timeText } from './decision-lines.ts'
import { measuresJson } from './measure-json.ts'
import { revisionsJson } from './revisions.ts'
import { rolloutsJson } from './rollouts.ts'
import { eventsPerSecond, peakBytes, type Simulation } from './simulation.ts'

export function simulationJson(simulation: Simulation): object {
  const { tally, living, result, plan, findings } = simulation
  const events = simulation.log.contractOf.length
  return {
    workspace: simulation.workspace.shown,
    log: simulation.choice.shown,
    source: simulation.choice.source,
    partial: simulation.partial,
    events,
    files: simulation.files,
    records: simulation.records,
    skipped: simulation.skipped,
    rejected: result.rejected.length,
    decisions: Object.fromEntries(decisionWords.map((word, kind) => [word, tally.decisions[kind] ?? 0])),
    effective: {
      events: tally.effective.total,
      decisions: Object.fromEntries(decisionWords.map((word, kind) => [word, tally.effective.decisions[kind] ?? 0])),
    },
    policies: tally.policies.map(counts => ({
      policy: plan.policies[counts.policy]?.name,
      version: plan.policies[counts.policy]?.version,
      mode: plan.policies[counts.policy]?.mode,
      layer: plan.policies[counts.policy]?.layer,
      ...(plan.policies[counts.policy]?.mode === 'shadow' ? {} : { effective: tally.effective.given[counts.policy] }),
      ...(isTried(plan, counts.policy)
        ? { stricter: tally.effective.stricter[counts.policy], milder: tally.effective.milder[counts.policy] }
        : {}),
      decisions: Object.fromEntries(decisionWords.map((word, kind) => [word, counts.decisions[kind] ?? 0])),
      byDefault: counts.byDefault,
    })),
    rules: tally.policies.flatMap(counts =>
      counts.rules
        .filter(({ rule }) => plan.policies[counts.policy]?.rules[rule]?.expectation === null)
        .map(rule => ({
          policy: plan.policies[counts.policy]?.name,
          rule: plan.policies[counts.policy]?.rules[rule.rule]?.name,
          decision: plan.policies[counts.policy]?.rules[rule.rule]?.decision,
          ...placeOf(plan, counts.policy, rule.rule),
          matched: rule.matched,
          decided: rule.decided,
          unknown: rule.unknown,
        })),
    ),
    exceptions: plan.exceptions.map((exception, index) => ({
      exception: exception.name,
      policy: plan.policies[exception.policy]?.name,
      rule: plan.policies[exception.policy]?.rules[exception.rule]?.name,
      grantedBy: exception.grantedBy,
      until: timeText(exception.until),
      used: tally.exceptions[index] ?? 0,
    })),
    rollouts: rolloutsJson(plan, result),
    obligations: living.rules.map(({ policy, rule, kind, opened, ended }) => ({
      policy: plan.policies[policy]?.name,
      rule: plan.policies[policy]?.rules[rule]?.name,
      kind,
      ...placeOf(plan, policy, rule),
      opened,
      ...ended,
    })),
    approvals: {
      effects: Object.fromEntries(living.effects.map(({ effect, count }) => [effect, count])),
      roles: living.roles,
    },
    ...(simulation.revisions === null ? {} : { revisions: revisionsJson(simulation, simulation.revisions) }),
    closedAt: result.obligations.closedAt === null ? null : timeText(result.obligations.closedAt),
    ...measuresJson(plan, simulation.view, result),
    findings: findings.listed,
    findingCounts: Object.fromEntries(findings.counts),
    run: simulation.run,
    elapsedMs: Math.round(simulation.elapsedMs * 10) / 10,
    eventsPerSecond: eventsPerSecond(events, simulation.elapsedMs),
    peakBytes: peakBytes(),
  }
}

/** Whether there are events at which the policy decides and does not count, by its mode or its rollout. */
export function isTried(plan: Plan, policy: number): boolean {
  return (
    plan.policies[policy]?.mode === 'shadow' || plan.rollouts.some(one => [one.policy, one.replaces].includes(policy))
  )
}

/** File and line (from 1) of a rule. */
export function placeOf(plan: Plan, policy: number, rule: number): { file: string; line: number } {
  const span = plan.policies[policy]?.rules[rule]?.span
  const file = span === undefined ? undefined : plan.files[span.file]
  if (span === undefined || file === undefined)
    throw new Error(`the plan has no place for rule ${rule} of policy ${policy}`)
  return { file: file.path, line: file.text.slice(0, span.start).split('\n').length }
}
