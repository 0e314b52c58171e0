/** Rules: when they match, what they decide, why, and what follows. */
import type { ApprovalEffect, ObligationSyntax, RuleItem } from '@writ/grammar'
import type { ContractSignature } from '../bind/signature.ts'
import type { Expr } from '../plan/expression.ts'
import type { PlanApproval, PlanObligation, PlanRule, Template } from '../plan/plan.ts'
import { constantDuration } from './constants.ts'
import { type Context, type Env, spanOf } from './context.ts'
import { condition } from './demand.ts'
import { overLimit } from './extent.ts'
import { lastingOf, refuseLasting } from './lasting.ts'
import { assuming } from './narrowing.ts'
import { findRole } from './references.ts'
import { roleKey } from './signatures.ts'
import { template } from './templates.ts'
import { constantEnv } from './type-expressions.ts'

/** A rule of the plan; `concerned` are the contracts that it speaks of. */
export function ruleBody(
  context: Context,
  rule: RuleItem,
  concerned: readonly ContractSignature[],
  env: Env,
): PlanRule {
  const when = rule.when ? condition(context, rule.when, env) : null
  if (when) overLimit(context, when, rule.name)
  // The texts and obligations are only made where the condition held, so that its guards hold there too; but for a breaker.
  const lasts = rule.effect.kind === 'decide' && rule.effect.lasting !== null
  const inside = when && !lasts ? assuming(env, when, true) : env
  const effect = effectOf(context, rule, concerned, inside)
  return {
    name: rule.name.text,
    title: rule.title,
    documentation: rule.documentation,
    contracts: concerned.map(contract => contract.id),
    when,
    ...effect,
    expectation: null,
    because: template(context, rule.because, inside),
    obligations: rule.then.map(obligation => obligationOf(context, obligation, inside)),
    span: spanOf(context, rule.span),
  }
}

function effectOf(
  context: Context,
  rule: RuleItem,
  concerned: readonly ContractSignature[],
  env: Env,
): Pick<PlanRule, 'decision' | 'text' | 'approval' | 'lasting'> {
  const { effect } = rule
  switch (effect.kind) {
    case 'decide':
      return {
        decision: effect.decision,
        text: template(context, effect.text, env),
        approval: null,
        lasting: effect.lasting && lastingOf(context, effect, effect.lasting, env),
      }
    case 'require-approval':
      return {
        decision: 'hold',
        text: null,
        approval: approvalOf(context, rule, effect, concerned, env),
        lasting: null,
      }
    case 'expect':
      // Only expectations have it, and they are made by expectations.ts.
      return { decision: 'permit', text: null, approval: null, lasting: null }
    case 'missing-effect':
      // The parser says so (W0117).
      return { decision: 'permit', text: null, approval: null, lasting: null }
  }
}

function approvalOf(
  context: Context,
  rule: RuleItem,
  effect: ApprovalEffect,
  concerned: readonly ContractSignature[],
  env: Env,
): PlanApproval {
  const silent = concerned.filter(({ requesterField, partial }) => requesterField === null && !partial)
  if (silent.length > 0) {
    const contract = silent.map(({ name }) => name).join(' and ')
    context.report.missing('W0823', rule.name.span, { contract })
  }
  const stages = effect.stages.map(stage => {
    const role = findRole(context, stage.role)
    if (role && !role.partial && role.rows === null && role.members.length < stage.quorum) {
      const reason =
        role.members.length === 0
          ? `Nobody is a member of ${role.name}`
          : `${role.name} has only ${role.members.length} of the ${stage.quorum} people who have to agree`
      context.report.add('W0806', stage.span, { reason })
    } else if (stage.quorum < 1 && !context.broken) {
      context.report.add('W0806', stage.span, { reason: 'An approval takes at least one person' })
    }
    let withinMilliseconds: number | null = null
    if (stage.within && stage.within.kind !== 'missing') {
      const within = context.infer(stage.within, constantEnv, null)
      withinMilliseconds = constantDuration(within)
      if (withinMilliseconds === null && within.type.kind !== 'error')
        context.report.add('W0507', stage.within.span, { what: 'The time for an approval' })
    }
    return { role: role ? roleKey(role) : '', quorum: stage.quorum, withinMilliseconds }
  })
  if (effect.otherwise) refuseLasting(context, effect.otherwise)
  const otherwise: { readonly decision: PlanRule['decision']; readonly text: Template | null } | null =
    effect.otherwise && {
      decision: effect.otherwise.decision,
      text: template(context, effect.otherwise.text, env),
    }
  return { stages, otherwise }
}

/** Also of tests, where fields are what is expected of the obligation. A member may be absent: then it is left out. */
export function obligationOf(context: Context, syntax: ObligationSyntax, env: Env): PlanObligation {
  const seen = new Set<string>()
  const fields: { readonly name: string; readonly value: Expr }[] = []
  for (const { name, value } of syntax.fields) {
    if (seen.has(name.text))
      context.report.add('W0213', name.span, { what: 'obligation', kind: 'member', name: name.text })
    seen.add(name.text)
    fields.push({ name: name.text, value: context.infer(value, env, null) })
  }
  return { verb: syntax.verb.text, sink: syntax.target?.text ?? null, fields }
}
