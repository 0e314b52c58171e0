/**
 * What a plan is made of, by the types of the plan themselves: a construct that is added to the language does not compile here
 * before it has its line, and is not generated before the test sees it.
 */
import type { BuiltinName, Expr, MeasureFunction, Plan, PlanStream, Range, RolloutStage } from '@writ/engine'
import type { AggregateFunction, DecisionWord, TextOperator } from '@writ/grammar'

/** Names of all constructs that a log is judged by. Sources, tests, properties and sinks decide nothing. */
export function everyConstruct(): readonly string[] {
  return [
    ...under('', expressions),
    ...under('call ', functions),
    ...under('aggregate ', aggregates),
    ...under('text-test ', textTests),
    ...under('range ', ranges),
    ...under('combine ', combines),
    ...under('decision ', decisions),
    ...under('stage ', stages),
    ...under('stream ', streams),
    ...under('measure ', measures),
    ...under('quality ', qualities),
    ...under('', parts),
  ]
}

/** Those that stand in a plan. */
export function constructsOf(plan: Plan): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (is: unknown, name: string) => {
    if (is) found.add(name)
  }
  for (const contract of plan.contracts) {
    add(contract.checks.length > 0, 'contract check')
    add(contract.freshnessMilliseconds !== null, 'freshness')
    for (const { measure } of contract.quality) found.add(`quality ${measure}`)
    visit([contract.checks, contract.quality], found)
  }
  for (const policy of plan.policies) {
    found.add(`combine ${policy.combine}`).add(`decision ${policy.default.decision}`)
    add(policy.layer !== null, 'layer')
    add(policy.mode === 'shadow', 'mode shadow')
    add(policy.contracts.length > 1, 'several contracts')
    for (const rule of policy.rules) {
      add(rule.lasting, 'breaker')
      add(rule.expectation, 'expectation')
      add(rule.expectation?.cancels, 'unless')
      add(rule.expectation?.opens.where, 'where of after')
      add(rule.approval, 'approval')
      add((rule.approval?.stages.length ?? 0) > 1, 'escalation')
      add(
        rule.approval?.stages.some(({ quorum }) => quorum > 1),
        'quorum',
      )
      add(
        rule.approval?.stages.some(({ withinMilliseconds }) => withinMilliseconds === null),
        'approval without end',
      )
      add(rule.approval?.otherwise, 'outcome of approval')
    }
    visit(policy, found)
  }
  for (const role of plan.roles) {
    add(role.rows, 'role from table')
    add(role.delegations.length > 0, 'delegation')
  }
  for (const exception of plan.exceptions) {
    found.add('exception')
    add(exception.when, 'exception when')
    visit(exception.when, found)
  }
  for (const rollout of plan.rollouts) {
    add(rollout.replaces !== null, 'replaces')
    add(rollout.promote, 'promote')
    add(rollout.rollback, 'rollback')
    for (const { kind } of rollout.stages) found.add(`stage ${kind}`)
    for (const gate of [rollout.promote, rollout.rollback])
      for (const { kind } of gate?.measures ?? [])
        found.add(kind === 'indicator' ? 'gate by indicator' : 'gate by decisions')
  }
  for (const indicator of plan.indicators) {
    found.add(`stream ${indicator.of.kind}`).add(`measure ${indicator.function}`)
    add(indicator.keys.length > 0, 'indicator by key')
    visit([indicator.value, indicator.where], found)
  }
  for (const { alerts } of plan.objectives) {
    found.add('objective')
    for (const { measure } of alerts.flatMap(({ conditions }) => conditions)) found.add(`alert ${measure}`)
  }
  return found
}

function visit(node: unknown, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  const { kind, function: name, range, beforeThis, operator, span } = node as Record<string, unknown>
  if (typeof kind === 'string' && span !== undefined) {
    found.add(kind)
    if (typeof name === 'string') found.add(`${kind} ${name}`)
    if (kind === 'text-test') found.add(`${kind} ${String(operator)}`)
    if (typeof range === 'object' && range !== null && 'kind' in range) {
      found.add(`range ${String(range.kind)}`)
      if ('zone' in range) found.add('zone')
    }
    if (beforeThis === true) found.add('before this')
  }
  const { decision } = node as Record<string, unknown>
  if (typeof decision === 'string') found.add(`decision ${decision}`)
  for (const [key, part] of Object.entries(node)) if (key !== 'type' && key !== 'span') visit(part, found)
}

function under(prefix: string, names: Readonly<Record<string, true>>): readonly string[] {
  return Object.keys(names).map(name => `${prefix}${name}`)
}

const expressions: Readonly<Record<Expr['kind'], true>> = {
  literal: true,
  field: true,
  now: true,
  element: true,
  member: true,
  named: true,
  not: true,
  and: true,
  or: true,
  compare: true,
  'text-test': true,
  'in-list': true,
  'in-range': true,
  present: true,
  arithmetic: true,
  negate: true,
  default: true,
  if: true,
  call: true,
  list: true,
  record: true,
  quantified: true,
  aggregate: true,
  exists: true,
  sequence: true,
}
const functions: Readonly<Record<BuiltinName, true>> = {
  abs: true,
  round: true,
  floor: true,
  ceil: true,
  min: true,
  max: true,
  length: true,
  lower: true,
  upper: true,
  trim: true,
  size: true,
  text: true,
  amount: true,
  currency: true,
  hour_of_day: true,
  day_of_week: true,
  mask: true,
  hash: true,
  bucket: true,
  find_all: true,
}
const aggregates: Readonly<Record<AggregateFunction, true>> = {
  count: true,
  sum: true,
  avg: true,
  min: true,
  max: true,
  distinct: true,
  share: true,
  quantile: true,
  last: true,
  first: true,
  drift: true,
}
const textTests: Readonly<Record<TextOperator, true>> = {
  contains: true,
  starts_with: true,
  ends_with: true,
  like: true,
  matches: true,
}
const ranges: Readonly<Record<Range['kind'], true>> = { over: true, per: true, ever: true, since: true }
const combines: Readonly<Record<Plan['policies'][number]['combine'], true>> = {
  strictest: true,
  first: true,
  permit_overrides: true,
}
const decisions: Readonly<Record<DecisionWord, true>> = { permit: true, warn: true, hold: true, deny: true }
const stages: Readonly<Record<RolloutStage['kind'], true>> = { shadow: true, canary: true }
const streams: Readonly<Record<PlanStream['kind'], true>> = { events: true, decisions: true, outcomes: true }
const measures: Readonly<Record<MeasureFunction, true>> = {
  count: true,
  sum: true,
  avg: true,
  min: true,
  max: true,
  distinct: true,
  share: true,
  quantile: true,
}
const qualities: Readonly<Record<Plan['contracts'][number]['quality'][number]['measure'], true>> = {
  completeness: true,
  validity: true,
  uniqueness: true,
  volume: true,
}
/** What is there or not, in a construct that has a kind. */
const parts = {
  zone: true,
  'before this': true,
  'contract check': true,
  freshness: true,
  layer: true,
  'mode shadow': true,
  'several contracts': true,
  breaker: true,
  expectation: true,
  unless: true,
  'where of after': true,
  approval: true,
  escalation: true,
  quorum: true,
  'approval without end': true,
  'outcome of approval': true,
  'role from table': true,
  delegation: true,
  exception: true,
  'exception when': true,
  replaces: true,
  promote: true,
  rollback: true,
  'gate by decisions': true,
  'gate by indicator': true,
  'indicator by key': true,
  objective: true,
  'alert burn': true,
  'alert remaining': true,
} as const
