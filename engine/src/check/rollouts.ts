/** Rollouts: of which policy, by which stages, on what conditions, and until when. docs/language.md, "Rollouts". */
import type { Name, RolloutDeclaration, RolloutItem } from '@writ/grammar'
import type { PolicySignature } from '../bind/signature.ts'
import type { PlanPolicy, PlanRollout, RolloutStage } from '../plan/plan.ts'
import { compare as compareNumbers, fromInteger, type Rational } from '../value/rational.ts'
import { commonFields } from './common-fields.ts'
import { constantNumber } from './constants.ts'
import { type Context, spanOf } from './context.ts'
import { fittingValue } from './demand.ts'
import { type GateBody, gateBody } from './measures.ts'
import { constantLength, constantMoment } from './moments.ts'
import { findPolicy } from './references.ts'
import { replaceFix } from './report.ts'
import type { WideLookup } from './scope.ts'
import { constantEnv } from './type-expressions.ts'
import { aType, isSingle, percentType } from './type-relations.ts'

/** A rollout whose policies are signatures still; assemble.ts gives them their index. */
export interface RolloutBody {
  readonly policy: PolicySignature
  readonly replaces: PolicySignature | null
  readonly promote: GateBody | null
  readonly rollback: GateBody | null
  readonly rollout: Omit<PlanRollout, 'policy' | 'replaces' | 'promote' | 'rollback'>
}

/** Null where its policy is not known; rollouts are made after policies, because they look into them. */
export function rolloutBody(
  context: Context,
  lookup: WideLookup,
  declaration: RolloutDeclaration,
  module: string,
): RolloutBody | null {
  const { name } = declaration
  checkItems(context, declaration)
  const policy = policyOf(context, lookup, declaration)
  const replaces = replacedOf(context, lookup, declaration, policy)
  const stages = stagesOf(context, declaration, policy)
  const promoteItem = find(declaration, 'promote')
  const rollbackItem = find(declaration, 'rollback')
  const promote = promoteItem && gateBody(context, lookup, promoteItem.condition, policy)
  const rollback = rollbackItem && gateBody(context, lookup, rollbackItem.condition, policy)
  const fromItem = find(declaration, 'from')
  const untilItem = find(declaration, 'until')
  const from = fromItem && constantMoment(context, fromItem.time, 'the time of a rollout')
  const until = untilItem && constantMoment(context, untilItem.time, 'the time of a rollout')
  checkEnd(context, declaration)
  if (untilItem && from !== null && until !== null) checkRoom(context, untilItem, from, until, stages)
  if (!policy) return null
  return {
    policy,
    replaces,
    promote,
    rollback,
    rollout: {
      name: name.text,
      module,
      documentation: declaration.documentation,
      owner: find(declaration, 'owner')?.owner ?? null,
      from,
      until,
      stages,
      span: spanOf(context, declaration.span),
    },
  }
}

type Item<K extends RolloutItem['kind']> = Extract<RolloutItem, { readonly kind: K }>

function find<K extends RolloutItem['kind']>(declaration: RolloutDeclaration, kind: K): Item<K> | null {
  for (const item of declaration.items) if (isKind(item, kind)) return item
  return null
}
function isKind<K extends RolloutItem['kind']>(item: RolloutItem, kind: K): item is Item<K> {
  return item.kind === kind
}
function isStage(item: RolloutItem): item is Item<'shadow' | 'canary'> {
  return item.kind === 'shadow' || item.kind === 'canary'
}

function checkItems(context: Context, { name, items }: RolloutDeclaration): void {
  const seen = new Set<string>()
  for (const item of items) {
    if (item.kind !== 'canary' && seen.has(item.kind))
      context.report.add('W0604', item.span, { item: item.kind, what: 'rollout' })
    seen.add(item.kind)
  }
  if (!items.some(isStage)) context.report.missing('W0861', name.span, { name: name.text })
}

/** The policy, which has to decide events, in this version, and not be in shadow for good. */
function policyOf(context: Context, lookup: WideLookup, declaration: RolloutDeclaration): PolicySignature | null {
  const policy = findPolicy(context, declaration.policy)
  if (!policy || policy.partial) return null
  const body = lookup.bodyOf(policy) as PlanPolicy | null
  if (!body) return null
  const { version } = declaration
  if (version && version.text !== body.version) {
    const fixes = [replaceFix(`Change it to ${body.version}`, version.span, body.version)]
    context.report.add(
      'W0862',
      version.span,
      { policy: policy.name, found: body.version, wanted: version.text },
      { fixes },
    )
  }
  const { span } = declaration.policy
  if (policy.contracts.length === 0)
    context.report.add('W0866', span, { reason: `${policy.name} decides no events, so there is nothing to roll out` })
  else if (body.mode === 'shadow')
    context.report.add('W0866', span, {
      reason: `${policy.name} is in shadow by its \`mode\`, for good. Take \`mode shadow\` out: the rollout says when it counts`,
    })
  return policy
}

/** A policy can only take the place of one that is in force, of the same layer, for some of the same events. */
function replacedOf(
  context: Context,
  lookup: WideLookup,
  declaration: RolloutDeclaration,
  policy: PolicySignature | null,
): PolicySignature | null {
  const item = find(declaration, 'replaces')
  const replaced = item && findPolicy(context, item.policy)
  if (!item || !replaced || !policy || replaced.partial) return null
  const own = lookup.bodyOf(policy) as PlanPolicy | null
  const other = lookup.bodyOf(replaced) as PlanPolicy | null
  const reason =
    replaced === policy
      ? `${policy.name} cannot take its own place`
      : other?.mode === 'shadow'
        ? `${replaced.name} is in shadow, so there is nothing to replace`
        : own && other && own.layer !== other.layer
          ? `${replaced.name} is of another layer than ${policy.name}, and a layer cannot loosen what another decides`
          : replaced.contracts.some(contract => policy.contracts.includes(contract))
            ? null
            : `${replaced.name} and ${policy.name} decide no events in common`
  if (reason === null) return replaced
  context.report.add('W0866', item.span, { reason })
  return null
}

function stagesOf(
  context: Context,
  declaration: RolloutDeclaration,
  policy: PolicySignature | null,
): readonly RolloutStage[] {
  const stages: RolloutStage[] = []
  // Without `until` that is a rollout without an end, which says more.
  const canEndOtherwise = find(declaration, 'promote') !== null || find(declaration, 'until') === null
  let before: { readonly share: Rational; readonly keys: string } | null = null
  for (const item of declaration.items) {
    if (!isStage(item)) continue
    const milliseconds = item.duration && constantLength(context, item.duration, 'the time of a stage')
    if (item.duration === null && !canEndOtherwise) context.report.missing('W0869', item.span, { stage: item.kind })
    if (item.kind === 'shadow') {
      if (before) context.report.add('W0864', item.span, { reason: 'shadow comes before every canary' })
      stages.push({ kind: 'shadow', milliseconds })
      continue
    }
    const share = shareOf(context, item)
    const keys = item.keys.map(key => key.text)
    for (const key of item.keys) checkKey(context, key, policy)
    if (share === null) continue
    if (before && before.keys !== keys.join())
      context.report.add('W0864', item.span, {
        reason: 'all canaries of a rollout are by the same key, so that whoever is in one stays in the next',
      })
    else if (before && compareNumbers(share, before.share) <= 0)
      context.report.add('W0864', item.share.span, { reason: 'each canary has a larger share than the one before' })
    before = { share, keys: keys.join() }
    stages.push({ kind: 'canary', share, keys, milliseconds })
  }
  return stages
}

/** Above 0 % and up to 100 %. */
function shareOf(context: Context, { share }: Item<'canary'>): Rational | null {
  if (share.kind === 'missing') return null
  const value = fittingValue(context, share, constantEnv, percentType, 'the share of a canary')
  if (value.type.kind !== 'percent') return null
  const number = constantNumber(value)
  if (!number) context.report.add('W0317', share.span, { what: 'The share of a canary' })
  else if (number.n <= 0n || compareNumbers(number, fromInteger(1)) > 0)
    context.report.add('W0864', share.span, { reason: 'the share of a canary is above 0% and at most 100%' })
  else return number
  return null
}

/** A single value that every event has which the policy decides. */
function checkKey(context: Context, key: Name, policy: PolicySignature | null): void {
  if (!policy || policy.contracts.length === 0 || key.text === '') return
  const title = policy.contracts.map(contract => contract.name).join(' or ')
  const { fields, partial, unknown } = commonFields(title, policy.contracts)
  if (unknown) return
  const field = fields.get(key.text)
  const reason = partial.get(key.text)
  if (!field) {
    context.report.add('W0865', key.span, { name: key.text, reason: reason ?? `${title} has no such field` })
  } else if (!isSingle(field.type)) {
    context.report.add('W0865', key.span, { name: key.text, reason: `it is ${aType(field.type)}, no single value` })
  } else if (field.classes.includes('secret')) {
    const why = 'it is secret, and explanations tell in which bucket an event is'
    context.report.add('W0865', key.span, { name: key.text, reason: why })
  }
}

/** A rollout has an end: a last moment, or stages that end by time alone. */
function checkEnd(context: Context, declaration: RolloutDeclaration): void {
  const { name, items } = declaration
  if (find(declaration, 'until') || !items.some(isStage)) return
  const reason = find(declaration, 'promote')
    ? '`promote when` may never hold'
    : items.some(item => isStage(item) && item.duration === null)
      ? 'a stage does not say how long it lasts'
      : null
  if (reason !== null) context.report.missing('W0860', name.span, { name: name.text, reason })
}

function checkRoom(
  context: Context,
  item: Item<'until'>,
  from: number,
  until: number,
  stages: readonly RolloutStage[],
): void {
  const needed = stages.reduce((sum, stage) => sum + (stage.milliseconds ?? 0), 0)
  if (until < from) context.report.add('W0868', item.span, { reason: 'it ends before its `from`' })
  else if (from + needed > until)
    context.report.add('W0868', item.span, {
      reason: 'its stages last longer than there is time, so it can never succeed',
    })
}
