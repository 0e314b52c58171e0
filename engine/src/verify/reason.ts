/** The reason text that a decision has, made a second time. */
import type { PlanPolicy, Template } from '../plan/plan.ts'
import { meaning, type Place } from './meaning.ts'
import { duration, presented } from './presented.ts'
import { integer } from './quantity.ts'

/** `rule`: index, or -1 for the default. */
export function reason(policy: PlanPolicy, rule: number, at: Place): string {
  const deciding = policy.rules[rule]
  const written = deciding ? (deciding.because ?? deciding.text) : policy.default.because
  if (written) return filled(written, at)
  if (!deciding) return 'no rule of the policy matches, so its default decides'
  if (deciding.title !== null) return deciding.title
  const [stage] = deciding.approval?.stages ?? []
  if (stage) {
    const within = stage.withinMilliseconds
    const who = `${stage.quorum > 1 ? `${stage.quorum} of ` : ''}${stage.role}`
    return `approval from ${who}${within === null ? '' : ` within ${duration(integer(within))}`} is needed`
  }
  const { when, lasting } = deciding
  if (!when) return `the rule ${deciding.name} holds for every event`
  const source = (at.plan.files[when.span.file]?.text.slice(when.span.start, when.span.end) ?? '').replace(/\s+/g, ' ')
  return lasting ? `${source}, now or up to ${duration(integer(lasting.milliseconds))} ago` : source
}

function filled(template: Template, at: Place): string {
  return template.map(part => (typeof part === 'string' ? part : presented(meaning(part, at), part.type))).join('')
}
