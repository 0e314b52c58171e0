/** Breakers: `deny for 15m by agent`. How long a decision lasts and for whom; docs/language.md, "Breakers". */
import type { DecideEffect, KeySyntax, LastingSyntax } from '@writ/grammar'
import type { Expr } from '../plan/expression.ts'
import type { PlanLasting } from '../plan/plan.ts'
import { type Context, type Env, errorExpr } from './context.ts'
import { typeHere } from './demand.ts'
import { constantLength } from './moments.ts'
import { fieldOf } from './names.ts'
import { replaceFix } from './report.ts'
import { aType, isSingle, withoutOptional } from './type-relations.ts'

/** `env` is that of the rule without its condition: a breaker matches events for which it does not hold. */
export function lastingOf(
  context: Context,
  effect: DecideEffect,
  lasting: LastingSyntax,
  env: Env,
): PlanLasting | null {
  if (effect.decision === 'permit') {
    context.report.add('W0830', effect.span, { what: 'A permit' })
    return null
  }
  const milliseconds = constantLength(context, lasting.duration, 'the time that a decision lasts')
  if (lasting.keys.length === 0 && !lasting.everyone) {
    const end = { start: effect.span.end, end: effect.span.end }
    context.report.missing('W0831', effect.span, {}, { fixes: [replaceFix('Add by all', end, ' by all')] })
    return null
  }
  const keys = lasting.keys.map(key => ({ name: key.name.text, value: keyOf(context, key, env) }))
  return milliseconds === null ? null : { milliseconds, keys }
}

/** For decisions that are no rule's own: the `else` of an approval. */
export function refuseLasting(context: Context, effect: DecideEffect): void {
  if (effect.lasting) context.report.add('W0830', effect.span, { what: 'What is decided instead of an approval' })
}

/** `by agent`: the field of the current event; `by payer = p.account`: any single value. */
function keyOf(context: Context, key: KeySyntax, env: Env): Expr {
  const value = key.value ? context.infer(key.value, env, null) : currentField(context, key, env)
  const type = withoutOptional(typeHere(value, env))
  if (!isSingle(type)) context.report.add('W0910', key.name.span, { name: key.name.text, type: aType(type) })
  return value
}

function currentField(context: Context, key: KeySyntax, env: Env): Expr {
  const { current } = env
  if (!current || current.unknown) return errorExpr(context, key.span)
  if (!current.fields.has(key.name.text) && !current.partial.has(key.name.text)) {
    context.report.add('W0906', key.span, { contract: current.title, name: key.name.text })
    return errorExpr(context, key.span)
  }
  const frame = { kind: 'event', event: 0, fields: current, alias: null, it: false, bare: false, outer: null } as const
  return fieldOf(context, frame, key.name, key.name.span, env)
}
