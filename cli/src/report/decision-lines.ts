/**
 * `writ simulate --format ndjson`: one line per decision, in event order and, at one event, in the order of the policies.
 * The form is docs/schemas/decision.schema.json; issue by issue members are added, none is taken away.
 */
import {
  decisionWords,
  type ExplainOptions,
  type LogView,
  type Obligation,
  obligationsOf,
  type Plan,
  presentValue,
  type RunResult,
  reasonText,
  type Template,
} from '@writ/engine'
import type { Output } from '../terminal/io.ts'

/** Characters gathered before they are handed to the stream. */
const chunk = 1 << 16

/** Writes all decisions; stops early when `stopped` says so. Gives how many were written. */
export async function writeDecisionLines(
  plan: Plan,
  view: LogView,
  result: RunResult,
  output: Output,
  stopped: () => boolean,
): Promise<number> {
  const { decisions } = result
  const rejected = new Set(result.rejected)
  const options = { rejected: (seq: number) => rejected.has(seq) }
  const reasonOf = reasonReader(plan, view, options)
  let pending = ''
  let place = 0
  for (; place < decisions.size; place++) {
    const seq = decisions.seq[place] ?? 0
    const policyIndex = decisions.policy[place] ?? 0
    const policy = plan.policies[policyIndex]
    if (policy === undefined) throw new Error(`decision ${place} is of a policy that the plan does not have`)
    const decidedBy = decisions.decidedBy[place] ?? -1
    const matched = decisions.matchSets[decisions.matched[place] ?? 0]
    const event = view.event(seq)
    const obligations = mayOblige(plan, policyIndex, matched?.rules ?? [])
      ? obligationsOf(plan, view, seq, policyIndex, matched?.rules ?? [], options)
      : []
    const line = {
      event: {
        contract: plan.contracts[event.contract]?.name,
        file: event.file,
        index: event.index,
        time: timeText(event.time),
      },
      policy: policy.name,
      version: policy.version,
      decision: decisionWords[decisions.decision[place] ?? 0],
      rules: matched?.rules.map(rule => policy.rules[rule]?.name) ?? [],
      reason: reasonOf(seq, policyIndex, decidedBy),
      decidedBy: policy.rules[decidedBy]?.name ?? null,
      ...(matched !== undefined && matched.unknown.length > 0
        ? { unknown: matched.unknown.map(rule => policy.rules[rule]?.name) }
        : {}),
      ...(obligations.length > 0 ? { obligations: obligations.map(one => obligationJson(one, policy.rules)) } : {}),
    }
    pending += `${JSON.stringify(line)}\n`
    if (pending.length < chunk) continue
    output.write(pending)
    pending = ''
    await output.drained()
    if (stopped()) return place + 1
  }
  output.write(pending)
  await output.drained()
  return place
}

/** ISO 8601 with milliseconds; a time outside of what dates can say as its number. */
export function timeText(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time)
}

/** Gives the reason of a decision; those without values in them are the same at every event and made once. */
function reasonReader(
  plan: Plan,
  view: LogView,
  options: ExplainOptions,
): (seq: number, policy: number, rule: number) => string {
  const kept = plan.policies.map(() => new Map<number, string>())
  return (seq, policy, rule) => {
    const known = kept[policy]?.get(rule)
    if (known !== undefined) return known
    const text = reasonText(plan, view, seq, policy, rule, options)
    if (isConstant(reasonTemplate(plan.policies[policy], rule))) kept[policy]?.set(rule, text)
    return text
  }
}
function reasonTemplate(policy: Plan['policies'][number] | undefined, rule: number): Template | null {
  if (rule < 0) return policy?.default.because ?? null
  return policy?.rules[rule]?.because ?? policy?.rules[rule]?.text ?? null
}
function isConstant(template: Template | null): boolean {
  return template === null || template.every(part => typeof part === 'string')
}

function mayOblige(plan: Plan, policy: number, rules: readonly number[]): boolean {
  return rules.some(index => {
    const rule = plan.policies[policy]?.rules[index]
    return rule !== undefined && (rule.approval !== null || rule.obligations.length > 0)
  })
}

function obligationJson(obligation: Obligation, rules: Plan['policies'][number]['rules']): object {
  const rule = rules[obligation.rule]?.name
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
        otherwise: obligation.otherwise,
      }
  }
}
