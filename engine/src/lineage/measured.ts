/**
 * What a program measures and how it comes into force, as parts of its lineage: indicators gather events, decisions or outcomes,
 * objectives hold indicators against targets, rollouts decide where a policy counts. What decisions come from is build.ts.
 */
import type { SourceSpan } from '../plan/expression.ts'
import type { PlanIndicator } from '../plan/measure.ts'
import type { Plan, PlanRollout } from '../plan/plan.ts'
import type { Flow, LineageEdge, LineageKind, LineageNode } from './graph.ts'
import { inputsOf } from './inputs.ts'

export interface MeasuredParts {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
}

/** `contractId` and `fieldId` name what stands in the graph already. */
export function measuredParts(
  plan: Plan,
  contractId: (index: number) => string,
  fieldId: (contract: string, field: string) => string,
): MeasuredParts {
  const nodes: LineageNode[] = []
  const edges: LineageEdge[] = []
  const node = (kind: LineageKind, { module, name, span }: Named, detail: string): string => {
    const id = `${kind}:${module}.${name}`
    nodes.push({ id, kind, card: null, name, detail, classes: [], span })
    return id
  }
  const edge = (from: string, to: string, flow: Flow, span: SourceSpan): void => {
    edges.push({ from, to, flow, masking: null, span })
  }
  const fields = (names: readonly string[], contracts: readonly number[], to: string, flow: Flow, span: SourceSpan) => {
    for (const index of contracts)
      for (const name of names)
        if (plan.contracts[index]?.fields.some(field => field.name === name))
          edge(fieldId(contractId(index), name), to, flow, span)
  }
  const indicators = plan.indicators.map(indicator => {
    const id = node('indicator', indicator, indicator.function)
    const { from, contracts } = streamOf(plan, indicator, contractId)
    edge(from, id, 'AGGREGATION', indicator.span)
    const { value, where, keys, span } = indicator
    if (value !== null) fields(fieldsIn(inputsOf(value, 'AGGREGATION')), contracts, id, 'AGGREGATION', span)
    if (where !== null) fields(fieldsIn(inputsOf(where, 'FILTER')), contracts, id, 'FILTER', span)
    const named = keys.map(({ name }) => name)
    fields(named, contracts, id, 'GROUP_BY', span)
    return id
  })
  for (const objective of plan.objectives) {
    const id = node('objective', objective, objective.owner === null ? '' : `of ${objective.owner}`)
    edge(indicators[objective.indicator] ?? '', id, 'MEASURES', objective.span)
  }
  for (const rollout of plan.rollouts) {
    const id = node('rollout', rollout, stagesText(rollout))
    for (const policy of [rollout.policy, rollout.replaces])
      if (policy !== null) edge(id, decisionsOf(plan, policy), 'GUARD', rollout.span)
    const keys = rollout.stages.flatMap(stage => (stage.kind === 'canary' ? stage.keys : []))
    const contracts = plan.policies[rollout.policy]?.contracts ?? []
    fields([...new Set(keys)], contracts, id, 'GROUP_BY', rollout.span)
    for (const measure of [rollout.promote, rollout.rollback].flatMap(gate => gate?.measures ?? [])) {
      const from =
        measure.kind === 'indicator' ? (indicators[measure.indicator] ?? '') : decisionsOf(plan, measure.policy)
      edge(from, id, 'MEASURES', measure.span)
    }
  }
  return { nodes, edges }
}

interface Named {
  readonly module: string
  readonly name: string
  readonly span: SourceSpan
}

function streamOf(plan: Plan, { of }: PlanIndicator, contractId: (index: number) => string) {
  switch (of.kind) {
    case 'events':
      return { from: contractId(of.contract), contracts: [of.contract] }
    case 'decisions':
      return { from: decisionsOf(plan, of.policy), contracts: plan.policies[of.policy]?.contracts ?? [] }
    case 'outcomes': {
      const { module = '', name = '', rules = [] } = plan.policies[of.policy] ?? {}
      const rule = rules[of.rule]
      const contracts = rule?.expectation ? [rule.expectation.opens.contract] : (rule?.contracts ?? [])
      return { from: `rule:${module}.${name}.${rule?.name ?? ''}`, contracts }
    }
  }
}

function decisionsOf(plan: Plan, policy: number): string {
  const { module = '', name = '' } = plan.policies[policy] ?? {}
  return `decisions:${module}.${name}`
}

/** Names of the fields of the point's event. */
function fieldsIn(inputs: ReturnType<typeof inputsOf>): readonly string[] {
  return [...new Set(inputs.flatMap(({ end }) => (end.kind === 'field' ? (end.path[0] ?? []) : [])))]
}

function stagesText({ stages }: PlanRollout): string {
  return stages.map(stage => (stage.kind === 'shadow' ? 'shadow' : `canary by ${stage.keys.join(', ')}`)).join(', ')
}
