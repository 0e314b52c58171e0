/**
 * `writ simulate --format ndjson`: one line per decision, in event order and, at one event, in the order of the policies.
 * The form is docs/schemas/decision.schema.json; issue by issue members are added, none is taken away.
 */
import {
  decisionStanding,
  type ExplainOptions,
  type Log,
  type LogView,
  type MatchSet,
  obligationsOf,
  type Plan,
  type RunResult,
  reasonText,
  type Template,
  type Waiver,
} from '@writ/engine'
import { obligationJson } from '@writ/ledger'
import type { Output } from '../terminal/io.ts'

/** Characters gathered before they are handed to the stream. */
const chunk = 1 << 16

/** Writes all decisions; stops early when `stopped` says so. Gives how many were written. */
export async function writeDecisionLines(
  { plan, log, view, result }: DecidedLog,
  output: Output,
  stopped: () => boolean,
): Promise<number> {
  const { decisions } = result
  const rejected = new Set(result.rejected)
  const endOf = lineEnds(plan, view, result, { rejected: seq => rejected.has(seq) })
  const contracts = plan.contracts.map(contract => JSON.stringify(contract.name))
  const files = log.files.map(file => JSON.stringify(file))
  let pending = ''
  let place = 0
  for (; place < decisions.size; place++) {
    const seq = decisions.seq[place] ?? 0
    const contract = log.contractOf[seq] ?? 0
    const row = log.rowOf[seq] ?? 0
    const batch = log.batches[contract]
    const file = files[batch?.file[row] ?? 0]
    const time = JSON.stringify(timeText(batch?.time[row] ?? 0))
    pending += `{"event":{"contract":${contracts[contract]},"file":${file},"index":${batch?.index[row]},"time":${time}},${standingOf(plan, result, place)}${endOf(place)}\n`
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

/** Whether the decision counts, where rollouts have a say in that, and the stage of its policy's rollout. */
function standingOf(plan: Plan, result: RunResult, place: number): string {
  const standing = decisionStanding(plan, result, place)
  if (standing === null) return ''
  const stage = standing.stage === null ? '' : `"stage":${JSON.stringify(standing.stage)},`
  return `"counts":${standing.counts},${stage}`
}

export interface DecidedLog {
  readonly plan: Plan
  readonly log: Log
  readonly view: LogView
  readonly result: RunResult
}

/** ISO 8601 with milliseconds; a time outside of what dates can say as its number. */
export function timeText(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time)
}

/**
 * Gives what a line says after its event. Where reason and obligations have no values in them, that is the same for all decisions
 * of one policy with the same matched and deciding rules, and made once.
 */
function lineEnds(plan: Plan, view: LogView, result: RunResult, options: ExplainOptions): (place: number) => string {
  const { decisions } = result
  const kept = plan.policies.map(() => new Map<string, string>())
  return place => {
    const policy = decisions.policy[place] ?? 0
    const rule = decisions.decidedBy[place] ?? -1
    const set = decisions.matched[place] ?? 0
    const key = `${rule} ${set}`
    const known = kept[policy]?.get(key)
    if (known !== undefined) return known
    const matched = decisions.matchSets[set] ?? { rules: [], unknown: [] }
    const end = lineEnd(plan, view, { seq: decisions.seq[place] ?? 0, policy, rule, matched }, options)
    const constant = isConstant(reasonTemplate(plan.policies[policy], rule)) && !mayOblige(plan, policy, matched.rules)
    if (constant) kept[policy]?.set(key, end)
    return end
  }
}

interface Decided {
  readonly seq: number
  readonly policy: number
  readonly rule: number
  readonly matched: MatchSet
}

function lineEnd(plan: Plan, view: LogView, decided: Decided, options: ExplainOptions): string {
  const { seq, matched } = decided
  const policy = plan.policies[decided.policy]
  if (policy === undefined) throw new Error(`the plan has no policy ${decided.policy}`)
  const names = (rules: readonly number[]) => rules.map(rule => policy.rules[rule]?.name)
  const obligations = mayOblige(plan, decided.policy, matched.rules)
    ? obligationsOf(plan, view, seq, decided.policy, matched.rules, options)
    : []
  const end = {
    policy: policy.name,
    version: policy.version,
    decision: policy.rules[decided.rule]?.decision ?? policy.default.decision,
    rules: names(matched.rules),
    reason: reasonText(plan, view, seq, decided.policy, decided.rule, options),
    decidedBy: policy.rules[decided.rule]?.name ?? null,
    ...(policy.mode === 'shadow' ? { mode: policy.mode } : {}),
    ...(policy.layer === null ? {} : { layer: policy.layer }),
    ...(matched.unknown.length > 0 ? { unknown: names(matched.unknown) } : {}),
    ...(matched.lasting ? { lasting: names(matched.lasting) } : {}),
    ...(matched.waived ? { waivedBy: matched.waived.map(waiver => waiverJson(plan, policy.rules, waiver)) } : {}),
    ...(obligations.length > 0 ? { obligations: obligations.map(one => obligationJson(one, policy.rules)) } : {}),
  }
  return JSON.stringify(end).slice(1)
}

function waiverJson(plan: Plan, rules: Plan['policies'][number]['rules'], { rule, exception }: Waiver): object {
  const waiver = plan.exceptions[exception]
  return { rule: rules[rule]?.name, exception: waiver?.name, grantedBy: waiver?.grantedBy }
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
