/** Obligations of a decision as JSON: the form of decision lines and records, and what of it a record withholds. */
import { type Obligation, type Plan, type PlanPolicy, presentValue } from '@writ/engine'
import { canonicalJson, type Json } from './canonical-json.ts'
import type { Part } from './parts.ts'
import { expressionTells, textTells } from './sensitive.ts'
import { timeText } from './value-json.ts'

export function obligationJson(obligation: Obligation, rules: PlanPolicy['rules']): Readonly<Record<string, Json>> {
  const rule = rules[obligation.rule]?.name ?? ''
  switch (obligation.kind) {
    case 'effect':
      return {
        kind: 'effect',
        rule,
        verb: obligation.verb,
        sink: obligation.sink,
        fields: Object.fromEntries(
          obligation.values.map(field => [field.name, presentValue(field.value, field.type)] as const),
        ),
      }
    case 'approval':
      return {
        kind: 'approval',
        rule,
        stages: obligation.stages.map(stage => ({
          role: stage.role,
          quorum: stage.quorum,
          until: stage.until === null ? null : timeText(stage.until),
        })),
        otherwise: obligation.otherwise && { ...obligation.otherwise },
      }
  }
}

/** The part of a record: an obligation that a sensitive value may stand in is withheld whole. `told`: their JSON. */
export function tellingObligations(
  plan: Plan,
  policy: PlanPolicy,
  obligations: readonly Obligation[],
  told: readonly Json[],
  part: (path: string, text: string, secret: boolean) => Part,
): Part {
  const texts = obligations.map((obligation, place) =>
    part(`obligations.${place}`, canonicalJson(told[place] ?? null), tellsSensitive(plan, policy, obligation)),
  )
  return { path: 'obligations', text: `[${texts.map(one => one.text).join(',')}]` }
}

function tellsSensitive(plan: Plan, policy: PlanPolicy, obligation: Obligation): boolean {
  const rule = policy.rules[obligation.rule]
  if (rule === undefined) return true
  if (obligation.kind === 'approval') return textTells(plan, rule.contracts, rule.approval?.otherwise?.text ?? null)
  return rule.obligations.some(
    ({ verb, sink, fields }) =>
      verb === obligation.verb &&
      sink === obligation.sink &&
      fields.some(field => expressionTells(plan, rule.contracts, field.value)),
  )
}
