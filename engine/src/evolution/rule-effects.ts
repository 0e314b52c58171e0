/**
 * What other contracts make of the same rules, without any events: values that have another type, and what the analysis finds
 * of the new program and did not find of the old one (rules that can never match or decide, conditions without effect).
 */
import { analyze } from '../analyze/analyze.ts'
import type { FileProblem } from '../check/placed-problems.ts'
import { showType } from '../check/type-relations.ts'
import type { Expr } from '../plan/expression.ts'
import { historyReach } from '../plan/history-reach.ts'
import type { Plan, PlanPolicy, PlanRule } from '../plan/plan.ts'
import { eachOperand } from '../plan/read-set.ts'

export interface RuleEffects {
  /** Found of the newer program only; of its text. */
  readonly vacuous: readonly FileProblem[]
  readonly types: readonly TypeEffect[]
  /** Windows that now reach further back than events are kept. */
  readonly kept: readonly RetentionEffect[]
}
export interface RetentionEffect {
  readonly contract: string
  readonly keptMilliseconds: number
  /** Null: some form looks back for ever. */
  readonly reachMilliseconds: number | null
}
export interface TypeEffect {
  readonly policy: string
  readonly rule: string
  /** As written: `r.amount`. */
  readonly value: string
  readonly before: string
  readonly after: string
}

/** The plans are of one set of policies over two sets of contracts. */
export function ruleEffects(before: Plan, after: Plan): RuleEffects {
  const known = new Set(analyze(before).map(findingKey))
  const vacuous = analyze(after).filter(found => !known.has(findingKey(found)))
  const earlier = new Set(retentionEffects(before).map(({ contract }) => contract))
  const kept = retentionEffects(after).filter(({ contract }) => !earlier.has(contract))
  return { vacuous, types: typeEffects(before, after), kept }
}

function retentionEffects(plan: Plan): readonly RetentionEffect[] {
  return historyReach(plan).flatMap((reach, index) => {
    const contract = plan.contracts[index]
    const kept = contract?.retentionMilliseconds ?? null
    if (contract === undefined || kept === null || reach === null) return []
    const longest = Math.max(reach.milliseconds, ...[...reach.units].map(unit => unitMilliseconds[unit]))
    if (!reach.forever && longest <= kept) return []
    const reachMilliseconds = reach.forever ? null : longest
    return [{ contract: `${contract.module}.${contract.name}`, keptMilliseconds: kept, reachMilliseconds }]
  })
}
/** The longest that a calendar unit can be. */
const unitMilliseconds = {
  hour: 3_600_000,
  day: 90_000_000,
  week: 7 * 86_400_000 + 3_600_000,
  month: 31 * 86_400_000 + 3_600_000,
}

function findingKey({ path, code, message }: FileProblem): string {
  return `${path} ${code} ${message}`
}

function typeEffects(before: Plan, after: Plan): readonly TypeEffect[] {
  const olds = new Map(before.policies.map(policy => [`${policy.module}.${policy.name}`, policy]))
  return after.policies.flatMap(policy => {
    const old = olds.get(`${policy.module}.${policy.name}`)
    return old === undefined ? [] : policy.rules.flatMap(rule => ofRule(before, after, old, policy, rule))
  })
}

function ofRule(before: Plan, after: Plan, old: PlanPolicy, policy: PlanPolicy, rule: PlanRule): readonly TypeEffect[] {
  const other = old.rules.find(({ name }) => name === rule.name)
  if (other === undefined) return []
  const types = typesIn(before, other)
  return [...typesIn(after, rule)].flatMap(([value, type]) => {
    const was = types.get(value)
    return was === undefined || was === type
      ? []
      : [{ policy: policy.name, rule: rule.name, value, before: was, after: type }]
  })
}

/** Types of the fields that a rule reads, by how they are written. */
function typesIn(plan: Plan, rule: PlanRule): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  const seen = new Set<Expr>()
  const visit = (node: Expr): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node.kind === 'field') {
      const { file, start, end } = node.span
      types.set((plan.files[file]?.text.slice(start, end) ?? '').replace(/\s+/g, ' '), showType(node.type))
    }
    eachOperand(node, visit)
  }
  for (const expression of expressionsOf(rule)) visit(expression)
  return types
}

function expressionsOf({ when, text, because, lasting, expectation, obligations }: PlanRule): readonly Expr[] {
  const templates = [...(text ?? []), ...(because ?? [])].filter(part => typeof part !== 'string')
  const { opens, awaited, cancels } = expectation ?? { opens: null, awaited: null, cancels: null }
  const patterns = [opens, awaited, cancels].filter(pattern => pattern !== null)
  return [
    ...(when === null ? [] : [when]),
    ...templates,
    ...(lasting?.keys ?? []).map(({ value }) => value),
    ...patterns.flatMap(({ where }) => (where === null ? [] : [where])),
    ...obligations.flatMap(({ fields }) => fields.map(({ value }) => value)),
  ]
}
