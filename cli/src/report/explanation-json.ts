/**
 * `writ explain --format json`: the form of docs/schemas/explanation.schema.json. The proof tree has the value and the source
 * of each node; numbers are exact decimal text or fractions, so that no reader rounds them.
 */
import {
  absent,
  type Change,
  type Explanation,
  explanationLines,
  isMoney,
  isRational,
  isRecord,
  type LogView,
  type Plan,
  plainText,
  type RuleWitness,
  type StandingWitness,
  stageName,
  unknown,
  type Value,
  type Witness,
} from '@writ/engine'
import { coverSecrets } from './cover-secrets.ts'
import { timeText } from './decision-lines.ts'

export function explanationJson(
  plan: Plan,
  view: LogView,
  explanation: Explanation,
  changes: readonly Change[],
  verified: boolean | null,
): object {
  const policy = plan.policies[explanation.policy]
  const event = view.event(explanation.seq)
  const told = {
    event: {
      contract: plan.contracts[event.contract]?.name,
      file: event.file,
      index: event.index,
      time: timeText(event.time),
      number: event.seq + 1,
    },
    policy: policy?.name,
    version: policy?.version,
    decision: explanation.decision,
    decidedBy: policy?.rules[explanation.decidedBy]?.name ?? null,
    reason: explanation.reason,
    ...(explanation.standing ? { standing: standingJson(plan, explanation.standing) } : {}),
    rules: explanation.rules.map(({ rule, outcome, condition, trip, waiver }) => ({
      rule: policy?.rules[rule]?.name,
      decision: policy?.rules[rule]?.decision,
      outcome,
      condition: condition === null ? null : witnessJson(plan, condition),
      ...(trip ? { trip: { event: trip.seq + 1, until: timeText(trip.until) } } : {}),
      ...(waiver ? { waivedBy: waiverJson(plan, waiver) } : {}),
    })),
    changes: changes.map(({ kind, text, decision, rule }) => ({ kind, text, decision, rule })),
  }
  return {
    ...coverSecrets(plan, view, explanation.seq, told),
    verified,
    text: explanationLines(plan, view, explanation, changes).map(plainText),
  }
}

function standingJson(plan: Plan, { counts, rollout, replacedBy }: StandingWitness): object {
  const found = plan.rollouts[rollout?.rollout ?? -1]
  return {
    counts,
    ...(rollout && found
      ? { rollout: found.name, stage: stageName(found, rollout.stage), bucket: rollout.bucket }
      : {}),
    ...(replacedBy === null ? {} : { replacedBy: plan.policies[replacedBy]?.name }),
  }
}

function waiverJson(plan: Plan, { exception, condition }: NonNullable<RuleWitness['waiver']>): object {
  return {
    exception: plan.exceptions[exception]?.name,
    condition: condition === null ? null : witnessJson(plan, condition),
  }
}

function witnessJson(plan: Plan, witness: Witness): object {
  const file = plan.files[witness.span.file]
  const shared = {
    kind: witness.kind,
    source: file?.text.slice(witness.span.start, witness.span.end).replace(/\s+/g, ' ') ?? '',
    value: valueJson(witness.value),
  }
  switch (witness.kind) {
    case 'literal':
    case 'now':
    case 'element':
      return shared
    case 'field':
      return { ...shared, event: witness.seq + 1, path: witness.path.join('.') }
    case 'named':
      return { ...shared, name: witness.name, of: witnessJson(plan, witness.of) }
    case 'and':
    case 'or':
      return {
        ...shared,
        decisive: witness.decisive.map(one => ({
          position: one.position,
          witness: witnessJson(plan, one.witness),
        })),
      }
    case 'operator':
      return {
        ...shared,
        operands: witness.operands.map(operand => (operand === null ? null : witnessJson(plan, operand))),
      }
    case 'quantified':
      return {
        ...shared,
        list: witnessJson(plan, witness.list),
        elements: witness.elements.map(one => ({
          position: one.position,
          witness: witnessJson(plan, one.witness),
        })),
      }
    case 'history':
      return {
        ...shared,
        keys: witness.keys.map(key => witnessJson(plan, key)),
        events: witness.events.map(seq => seq + 1),
        unknownEvents: witness.unknownEvents.map(seq => seq + 1),
        examined: witness.examined,
        from: witness.from === null ? null : timeText(witness.from),
        to: timeText(witness.to),
      }
  }
}

/** Exact: a number is `"12.5"`, or `"1/3"` where no decimal is; money has its currency; what is not there says so. */
function valueJson(value: Value): unknown {
  if (value === absent) return { absent: true }
  if (value === unknown) return { unknown: true }
  if (typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'symbol') throw new Error('the only symbols among values are absent and unknown')
  if (isRational(value)) return numberText(value)
  if (isMoney(value)) return `${numberText(value.amount)} ${value.currency}`
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value.fields).map(([name, field]) => [name, valueJson(field)]))
  }
  return value.map(valueJson)
}
function numberText({ n, d }: { readonly n: bigint; readonly d: bigint }): string {
  let digits = 0
  let power = 1n
  while (power % d !== 0n) {
    if (++digits > 30) return `${n}/${d}`
    power *= 10n
  }
  if (digits === 0) return String(n)
  const scaled = String((n < 0n ? -n : n) * (power / d)).padStart(digits + 1, '0')
  return `${n < 0n ? '-' : ''}${scaled.slice(0, -digits)}.${scaled.slice(-digits)}`
}
