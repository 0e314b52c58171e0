/** Moments and lengths of time that the checker itself has to know, because they are part of the plan: constants all. */
import type { Expression } from '@writ/grammar'
import { constantDuration, constantNumber } from './constants.ts'
import type { Context } from './context.ts'
import { capital, fittingValue } from './demand.ts'
import { constantEnv } from './type-expressions.ts'
import { timeType } from './type-relations.ts'

/** Milliseconds since 1970 of a constant Time; null where it is none, which is reported. `what` begins the message. */
export function constantMoment(context: Context, moment: Expression, what: string): number | null {
  if (moment.kind === 'missing') return null
  const value = fittingValue(context, moment, constantEnv, timeType, what)
  const number = value.type.kind === 'time' ? constantNumber(value) : null
  if (!number && value.type.kind === 'time') context.report.add('W0317', moment.span, { what: capital(what) })
  return number && Number(number.n) / Number(number.d)
}

/** Milliseconds of a constant Duration above zero; null where it is none, which is reported. */
export function constantLength(context: Context, length: Expression, what: string): number | null {
  if (length.kind === 'missing') return null
  const value = context.infer(length, constantEnv, null)
  const milliseconds = constantDuration(value)
  if (milliseconds === null && value.type.kind !== 'error')
    context.report.add('W0507', length.span, { what: capital(what) })
  return milliseconds
}
