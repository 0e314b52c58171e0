/** Makes the plan of a whole workspace from the bodies of its units. Order: files by path, then place in the file. */

import type { ContractSignature, RoleSignature } from '../bind/signature.ts'
import type { Unit } from '../bind/unit.ts'
import type { PlanIndicator, PlanObjective } from '../plan/measure.ts'
import { setOrigin } from '../plan/origin.ts'
import { movedPolicy, Placer, type Places } from '../plan/place.ts'
import type {
  Plan,
  PlanContract,
  PlanException,
  PlanFile,
  PlanPolicy,
  PlanProperty,
  PlanRollout,
  PlanSink,
  PlanSource,
  PlanTest,
} from '../plan/plan.ts'
import type { ContractBody } from './contracts.ts'
import type { ExceptionBody } from './exceptions.ts'
import type { IndicatorBody } from './indicators.ts'
import { layerOrder } from './layers.ts'
import { placedGate } from './measures.ts'
import type { ObjectiveBody } from './objectives.ts'
import { placedOnce } from './placing.ts'
import type { PropertyBody } from './properties.ts'
import type { RolloutBody } from './rollouts.ts'
import { roleKey } from './signatures.ts'

/** `units` are free of errors, in the order of the plan; `Unit.file` indexes `files`. */
export function assemble(files: readonly PlanFile[], units: readonly Unit[]): Plan {
  const contractUnits: { readonly unit: Unit; readonly signature: ContractSignature }[] = []
  const roles: RoleSignature[] = []
  for (const unit of units) {
    const signature = unit.signature?.value
    if (signature?.kind === 'contract') contractUnits.push({ unit, signature })
    else if (signature?.kind === 'role') roles.push(signature)
  }
  const places = placesOf(
    units,
    contractUnits.map(({ signature }) => signature),
    roles,
  )
  return {
    files,
    contracts: contractUnits.map(({ unit, signature }) =>
      placedOnce(unit.body?.value as ContractBody, places, within => placedContract(unit, signature, within)),
    ),
    sources: bodies<PlanSource | null>(units, 'source').flatMap(source =>
      source ? [placedSource(source, places)] : [],
    ),
    roles: roles.map(role => ({
      name: places.role(roleKey(role)),
      members: role.members,
      delegations: role.delegations,
      rows: role.rows && {
        ...role.rows,
        contract: places.contract(role.rows.contract),
        where: role.rows.where && new Placer(places).expr(role.rows.where),
      },
    })),
    policies: bodies<PlanPolicy>(units, 'policy').map(policy =>
      placedOnce(
        policy,
        places,
        within => new Placer(within).policy(policy),
        within => movedPolicy(policy, within),
      ),
    ),
    layers: layerOrder(units).names,
    exceptions: placedExceptions(units, places),
    rollouts: placedRollouts(units, places),
    sinks: units.flatMap(unit => placedSink(unit, places)),
    indicators: placedIndicators(units, places),
    objectives: placedObjectives(units, places),
    tests: bodies<PlanTest>(units, 'test').map(test => new Placer(places).test(test)),
    properties: placedProperties(units, places),
  }
}

/** The bodies of the units of one kind; check.ts makes them, so that `T` is what it makes of this kind. */
function bodies<T>(units: readonly Unit[], kind: Unit['syntax']['kind']): readonly T[] {
  return units.filter(unit => unit.syntax.kind === kind).map(unit => unit.body?.value as T)
}

function placesOf(
  units: readonly Unit[],
  contracts: readonly ContractSignature[],
  roles: readonly RoleSignature[],
): Places {
  const byId = new Map(units.map(unit => [unit.id, unit]))
  const indices = new Map(contracts.map((contract, index) => [contract.id, index]))
  const roleNames = new Map<string, string>()
  for (const role of roles) {
    const alone = roles.every(other => other === role || other.name !== role.name)
    roleNames.set(roleKey(role), alone ? role.name : `${role.module}.${role.name}`)
  }
  return {
    span: span => {
      const unit = byId.get(span.file)
      if (!unit) throw new Error('a lowered node belongs to a unit of the workspace')
      const { start } = unit.placed
      return { file: unit.file, start: start + span.start, end: start + span.end }
    },
    contract: id => {
      const index = indices.get(id)
      if (index === undefined) throw new Error('a lowered node speaks of a contract of the workspace')
      return index
    },
    role: key => roleNames.get(key) ?? key,
  }
}

function placedExceptions(units: readonly Unit[], places: Places): readonly PlanException[] {
  const policies = units.filter(unit => unit.syntax.kind === 'policy').map(unit => unit.signature?.value)
  return bodies<ExceptionBody | null>(units, 'exception').flatMap(body => {
    if (!body) return []
    const { when, span, ...rest } = body.exception
    const placer = new Placer(places)
    const policy = policies.indexOf(body.policy)
    const placed = { ...rest, policy, when: when && placer.expr(when), span: places.span(span) }
    setOrigin(placed, body)
    return [placed]
  })
}

function placedIndicators(units: readonly Unit[], places: Places): readonly PlanIndicator[] {
  const policies = units.filter(unit => unit.syntax.kind === 'policy').map(unit => unit.signature?.value)
  return bodies<IndicatorBody | null>(units, 'indicator').flatMap(body => {
    if (!body) return []
    const { of, indicator } = body
    const placer = new Placer(places)
    const { value, where, span } = indicator
    return [
      {
        ...indicator,
        of:
          of.kind === 'events'
            ? { kind: of.kind, contract: places.contract(of.contract.id) }
            : { ...of, policy: policies.indexOf(of.policy) },
        value: value && placer.expr(value),
        where: where && placer.expr(where),
        span: places.span(span),
      },
    ]
  })
}

function placedRollouts(units: readonly Unit[], places: Places): readonly PlanRollout[] {
  const policies = units.filter(unit => unit.syntax.kind === 'policy').map(unit => unit.signature?.value)
  const indicators = bodies<IndicatorBody | null>(units, 'indicator').filter(body => body !== null)
  return bodies<RolloutBody | null>(units, 'rollout').flatMap(body => {
    if (!body) return []
    const { rollout, policy, replaces, promote, rollback } = body
    const placer = new Placer(places)
    const place = {
      policy: (found: RolloutBody['policy']) => policies.indexOf(found),
      indicator: (found: IndicatorBody) => indicators.indexOf(found),
      expr: placer.expr.bind(placer),
      span: places.span,
    }
    return [
      {
        ...rollout,
        policy: place.policy(policy),
        replaces: replaces && place.policy(replaces),
        promote: promote && placedGate(promote, place),
        rollback: rollback && placedGate(rollback, place),
        span: places.span(rollout.span),
      },
    ]
  })
}

function placedObjectives(units: readonly Unit[], places: Places): readonly PlanObjective[] {
  const indicators = bodies<IndicatorBody | null>(units, 'indicator').filter(body => body !== null)
  return bodies<ObjectiveBody | null>(units, 'objective').flatMap(body => {
    if (!body) return []
    const { objective } = body
    return [
      {
        ...objective,
        indicator: indicators.indexOf(body.indicator),
        alerts: objective.alerts.map(alert => ({ ...alert, span: places.span(alert.span) })),
        span: places.span(objective.span),
      },
    ]
  })
}

function placedProperties(units: readonly Unit[], places: Places): readonly PlanProperty[] {
  const policies = units.filter(unit => unit.syntax.kind === 'policy').map(unit => unit.signature?.value)
  return bodies<PropertyBody | null>(units, 'property').flatMap(body =>
    body === null
      ? []
      : [
          {
            ...new Placer(places).property(body.property),
            claims: body.claims.map(({ by, ...claim }) => ({
              ...claim,
              by: by && { policy: policies.indexOf(by.policy), rule: by.rule },
              span: places.span(claim.span),
            })),
          },
        ],
  )
}

function placedSink({ id, module, syntax }: Unit, places: Places): readonly PlanSink[] {
  if (syntax.kind !== 'sink') return []
  const { name, accepts, span } = syntax
  return [
    {
      name: name.text,
      module,
      accepts: accepts.map(({ name, argument }) => (argument ? `${name.text}(${argument.text})` : name.text)),
      span: places.span({ file: id, start: span.start, end: span.end }),
    },
  ]
}

function placedContract(unit: Unit, signature: ContractSignature, places: Places): PlanContract {
  const body = unit.body?.value as ContractBody
  const placer = new Placer(places)
  const { start, end } = unit.syntax.span
  return {
    name: signature.name,
    module: signature.module,
    version: signature.version,
    fields: signature.fields,
    timeField: signature.timeField,
    requesterField: signature.requesterField,
    keyFields: signature.keyFields,
    checks: body.checks.map(check => ({ ...check, condition: placer.expr(check.condition) })),
    quality: body.quality.map(one => ({
      ...one,
      condition: one.condition && placer.expr(one.condition),
      span: places.span(one.span),
    })),
    freshnessMilliseconds: body.freshnessMilliseconds,
    retentionMilliseconds: body.retentionMilliseconds,
    span: places.span({ file: unit.id, start, end }),
  }
}

function placedSource(source: PlanSource, places: Places): PlanSource {
  return {
    ...source,
    maps: source.maps.map(map => ({ ...map, contract: places.contract(map.contract) })),
    span: places.span(source.span),
  }
}
