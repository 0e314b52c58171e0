/** Texts with `{expression}` holes. */
import type { TextTemplate } from '@writ/grammar'
import type { Template } from '../plan/plan.ts'
import type { Context, Env } from './context.ts'
import { presentType } from './demand.ts'

/** A template of the plan; every hole has to have a value. Null stays null. */
export function template(context: Context, text: TextTemplate | null, env: Env): Template | null {
  if (!text) return null
  return text.parts.map(part => {
    if (part.kind === 'text') return part.text
    const value = context.infer(part.value, env, null)
    presentType(context, value, part.value.span, env)
    return value
  })
}
