/**
 * What follows when an instance has ended: the decision word with its text, and the obligations of a breached expectation, made
 * from plan and log when somebody asks. How it came to its end is obligation/.
 */
import type { DecisionWord } from '@writ/grammar'
import type { LogView } from '../log/view.ts'
import { type Instances, instanceStatuses } from '../obligation/instance.ts'
import type { Plan, Template } from '../plan/plan.ts'
import { presentValue } from '../value/present.ts'
import { evaluate, rejectedIn } from './evaluate.ts'
import type { Obligation } from './reason.ts'
import { type ExplainOptions, type Scope, scopeAt } from './scope.ts'

export interface Consequence {
  readonly decision: DecisionWord
  readonly text: string | null
  readonly effects: readonly Extract<Obligation, { readonly kind: 'effect' }>[]
}

/** Null while it is pending, and where an expectation was fulfilled: then nothing follows. */
export function consequenceOf(
  plan: Plan,
  view: LogView,
  instances: Instances,
  place: number,
  options: ExplainOptions = {},
): Consequence | null {
  const index = instances.rule[place] ?? -1
  const rule = plan.policies[instances.policy[place] ?? -1]?.rules[index]
  if (!rule) throw new RangeError(`there is no rule of instance ${place}`)
  const status = instanceStatuses[instances.status[place] ?? 0]
  if (status === 'fulfilled' && rule.approval) return { decision: 'permit', text: null, effects: [] }
  if (status !== 'breached') return null
  const scope = scopeAt(
    plan,
    view,
    rejectedIn(plan, view, options.rejected),
    view.event(instances.openedSeq[place] ?? 0),
  )
  if (rule.approval) {
    const isRefused = (instances.settledBy[place] ?? -1) >= 0
    if (isRefused) return { decision: 'deny', text: 'rejected', effects: [] }
    const { otherwise } = rule.approval
    const text = otherwise ? filled(otherwise.text, scope) : 'not approved in time'
    return { decision: otherwise?.decision ?? 'deny', text, effects: [] }
  }
  const effects = rule.obligations.map(({ verb, sink, fields }): Consequence['effects'][number] => ({
    kind: 'effect',
    rule: index,
    verb,
    sink,
    values: fields.map(({ name, value }) => ({ name, value: evaluate(value, scope), type: value.type })),
  }))
  return { decision: rule.decision, text: filled(rule.text, scope), effects }
}

function filled(template: Template | null, scope: Scope): string | null {
  return (
    template
      ?.map(part => (typeof part === 'string' ? part : presentValue(evaluate(part, scope), part.type)))
      .join('') ?? null
  )
}
