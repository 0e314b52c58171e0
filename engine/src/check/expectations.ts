/**
 * Expectations, `after … expect … within`: two event patterns and a deadline. They decide nothing, so that they see neither the
 * aliases nor the lets of their policy; docs/language.md, "Expectations". Rules that decide are rules.ts.
 */
import type { EventPattern, ExpectEffect, Expression, RuleItem } from '@writ/grammar'
import type { ContractSignature } from '../bind/signature.ts'
import type { Pattern } from '../plan/expression.ts'
import type { PlanExpectation, PlanRule } from '../plan/plan.ts'
import { constantDuration } from './constants.ts'
import { type Context, type Env, eventFields, type Frame, nothingPresent, spanOf } from './context.ts'
import { condition } from './demand.ts'
import { overLimit } from './extent.ts'
import { assuming } from './narrowing.ts'
import { findContract } from './references.ts'
import { obligationOf } from './rules.ts'
import { template } from './templates.ts'
import { constantEnv } from './type-expressions.ts'

/** Whether a rule is an expectation, or was meant to be one. */
export function isExpectation(rule: RuleItem): boolean {
  return rule.after !== null || rule.effect.kind === 'expect'
}

/** An expectation as a rule of the plan, which concerns no event that is decided. */
export function expectationBody(context: Context, rule: RuleItem): PlanRule {
  const { report } = context
  const effect = rule.effect.kind === 'expect' ? rule.effect : null
  if (!effect && rule.effect.kind !== 'missing-effect')
    report.add('W0820', rule.effect.span, { reason: 'says after which event, but not what is then expected' })
  if (!rule.after && effect) {
    report.add('W0820', effect.span, { reason: 'does not say after which event it begins' })
    // The name counts as used: nothing more is wrong with it.
    context.lookup.find(effect.event.contract.text)
  }
  if (rule.when)
    report.add('W0820', rule.when.span, { reason: 'has a `when`; its condition belongs behind the event, as `where`' })
  const opening = rule.after && opened(context, rule.after)
  // What it waits for is used all the same, although nothing can be said of it.
  if (rule.after && !opening && effect)
    for (const event of [effect.event, effect.unless]) if (event) context.lookup.find(event.contract.text)
  const inside = opening?.env ?? constantEnv
  const otherwise = effect?.otherwise ?? null
  if (otherwise?.lasting) report.add('W0830', otherwise.span, { what: 'What follows a breached expectation' })
  return {
    name: rule.name.text,
    title: rule.title,
    documentation: rule.documentation,
    contracts: [],
    when: null,
    decision: otherwise?.decision ?? 'warn',
    text: template(context, otherwise?.text ?? null, inside),
    because: template(context, rule.because, inside),
    approval: null,
    lasting: null,
    expectation: opening && effect ? expectationOf(context, rule, effect, opening) : null,
    obligations: rule.then.map(obligation => obligationOf(context, obligation, inside)),
    span: spanOf(context, rule.span),
  }
}

interface Opening {
  readonly pattern: Pattern
  readonly alias: string | null
  readonly contract: ContractSignature
  /** Of what is only asked once an instance has begun: the opening event by its alias, with what its `where` guards. */
  readonly env: Env
}

function opened(context: Context, event: EventPattern): Opening | null {
  const contract = findContract(context, event.contract)
  if (!contract) return null
  const fields = eventFields(contract)
  const alias = event.alias?.text ?? null
  const env: Env = {
    frame: { kind: 'event', event: 0, fields, alias, it: true, bare: true, outer: null },
    present: nothingPresent,
    current: fields,
    noHistory: null,
  }
  const where = event.where && condition(context, event.where, env)
  if (where) overLimit(context, where, event.contract)
  const later: Env = { ...env, frame: { kind: 'event', event: 0, fields, alias, it: false, bare: false, outer: null } }
  return {
    pattern: { contract: contract.id, variable: 0, where },
    alias,
    contract,
    env: where ? assuming(later, where, true) : later,
  }
}

function expectationOf(
  context: Context,
  rule: RuleItem,
  effect: ExpectEffect,
  opening: Opening,
): PlanExpectation | null {
  const awaited = awaitedOf(context, effect.event, opening, 'What an expectation waits for')
  const withinMilliseconds = deadline(context, rule, effect.within)
  const cancels = effect.unless && awaitedOf(context, effect.unless, opening, 'What cancels an expectation')
  if (!awaited || withinMilliseconds === null || (effect.unless && !cancels)) return null
  return { opens: opening.pattern, awaited, cancels, withinMilliseconds }
}

/** A later event: the one that is waited for, or the one that cancels. */
function awaitedOf(context: Context, event: EventPattern, opening: Opening, what: string): Pattern | null {
  const contract = findContract(context, event.contract)
  if (!contract) return null
  if (event.alias && event.alias.text === opening.alias)
    context.report.add('W0213', event.alias.span, { what: 'rule', kind: 'alias', name: event.alias.text })
  const variable = ++context.counters.event
  const fields = eventFields(contract)
  const alias = event.alias?.text ?? null
  const frame: Frame = { kind: 'event', event: variable, fields, alias, it: true, bare: true, outer: opening.env.frame }
  const noHistory = {
    where: what,
    knows: 'the event it began with and its own',
  }
  const env: Env = { ...opening.env, frame, current: fields, noHistory }
  const where = event.where && condition(context, event.where, env)
  if (where) overLimit(context, where, event.contract)
  return { contract: contract.id, variable, where }
}

function deadline(context: Context, rule: RuleItem, within: Expression | null): number | null {
  if (!within) {
    context.report.missing('W0821', rule.name.span, { name: rule.name.text })
    return null
  }
  if (within.kind === 'missing') return null
  const duration = context.infer(within, constantEnv, null)
  const milliseconds = constantDuration(duration)
  if (milliseconds === null && duration.type.kind !== 'error')
    context.report.add('W0507', within.span, { what: 'The deadline of an expectation' })
  return milliseconds
}
