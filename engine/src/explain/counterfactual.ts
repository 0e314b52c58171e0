/**
 * What would have changed a decision: the smallest single changes, and two fields together where no single one helps, each tried by deciding the event again. The work is
 * bounded; changes that were not found are not claimed to be impossible.
 */
import type { DecisionWord } from '@writ/grammar'
import type { LogView } from '../log/view.ts'
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanRule } from '../plan/plan.ts'
import { decisionWords } from '../run/decisions.ts'
import { addedChanges, addedForAll } from './added-event.ts'
import type { Change, Edit, Trial } from './change.ts'
import { rejectedIn } from './evaluate.ts'
import { fieldChanges } from './field-changes.ts'
import { fewerChanges, hourChanges, waitChanges } from './history-changes.ts'
import { pairChanges } from './pair-changes.ts'
import { approvalWords, policyAt } from './reason.ts'
import { type ExplainOptions, scopeAt } from './scope.ts'
import type { Explanation, Witness } from './witness.ts'
import { joined, timeText } from './words.ts'

/** At most four changes; those that lead to the mildest decision first. */
export function changesOf(
  plan: Plan,
  view: LogView,
  explanation: Explanation,
  options: ExplainOptions = {},
): readonly Change[] {
  const policy = policyAt(plan, explanation.policy)
  const scope = scopeAt(plan, view, rejectedIn(plan, view, options.rejected), view.event(explanation.seq))
  const trials = affordable(explanation)
  const trial: Trial = { policy, scope, now: explanation, budget: trials, vain: [] }
  const conditions = byRelevance(policy.rules, explanation).map(rule => conditionsOf(rule.when))
  const all = conditions.flat()
  const found = [
    ...approvalChange(explanation, trial),
    ...all.flatMap(condition => fieldChanges(condition, trial)),
    ...addedBy(conditions, { ...trial, budget: trials / 2 }),
    ...all.flatMap(condition => fewerChanges(condition, trial)),
    ...waitChanges(all, { ...trial, budget: trials / 2 }),
    ...hourChanges(all, { ...trial, budget: trials / 2 }),
  ]
  const helped = found.some(({ decision }) => isMilder(decision, explanation.decision))
  return chosen(helped ? found : [...found, ...pairChanges({ ...trial, budget: trials })])
}

/** One more event, for a single condition or, where none helps, for all conditions of a rule. */
function addedBy(conditions: readonly (readonly Expr[])[], trial: Trial): readonly Change[] {
  const single = conditions.flat().flatMap(condition => addedChanges(condition, trial))
  return single.length > 0 ? single : conditions.flatMap(own => addedForAll(own, trial))
}

/** For what is permitted any other decision will do. */
function isMilder(decision: DecisionWord, than: DecisionWord): boolean {
  return than === 'permit' || decisionWords.indexOf(decision) < decisionWords.indexOf(than)
}

const mostTrials = 48
const mostEvents = 100_000

/** Each trial looks at the windows again; the larger they are, the fewer are tried. */
function affordable({ rules }: Explanation): number {
  const examined = rules.reduce((sum, { condition }) => sum + (condition ? examinedBy(condition) : 0), 1)
  return Math.min(mostTrials, Math.floor(mostEvents / examined))
}

function examinedBy(witness: Witness): number {
  switch (witness.kind) {
    case 'history':
      return witness.examined
    case 'named':
      return examinedBy(witness.of)
    case 'and':
    case 'or':
      return witness.decisive.reduce((sum, part) => sum + examinedBy(part.witness), 0)
    case 'quantified':
      return witness.elements.reduce((sum, part) => sum + examinedBy(part.witness), examinedBy(witness.list))
    case 'operator':
      return witness.operands.reduce((sum, operand) => sum + (operand ? examinedBy(operand) : 0), 0)
    default:
      return 0
  }
}

const mostTold = 4

/** Rules that speak of the event, the deciding one first. */
function byRelevance(rules: readonly PlanRule[], explanation: Explanation): readonly PlanRule[] {
  const concerned = explanation.rules.filter(({ outcome }) => outcome !== 'not-concerned').map(({ rule }) => rule)
  const ordered = [explanation.decidedBy, ...concerned.filter(rule => rule !== explanation.decidedBy)]
  return ordered.flatMap(rule => rules[rule] ?? [])
}

/** The single conditions of a `when`: what stands under `and`, `or`, `not`, names and `if`. */
function conditionsOf(expr: Expr | null): readonly Expr[] {
  if (expr === null) return []
  switch (expr.kind) {
    case 'and':
    case 'or':
      return expr.operands.flatMap(conditionsOf)
    case 'not':
      return conditionsOf(expr.operand)
    case 'named':
      return conditionsOf(expr.value)
    case 'if':
      return [expr.condition, expr.then, expr.otherwise].flatMap(conditionsOf)
    default:
      return [expr]
  }
}

/** An approval releases what is held, where every rule that holds asks for one. */
function approvalChange(explanation: Explanation, trial: Trial): readonly Change[] {
  if (explanation.decision !== 'hold') return []
  const { rules } = trial.policy
  const holding = explanation.rules.flatMap(({ rule, outcome }) => {
    const found = rules[rule]
    return outcome.startsWith('matched') && found?.decision === 'hold' ? [{ rule, approval: found.approval }] : []
  })
  const stages = holding.flatMap(({ approval }) => approval?.stages[0] ?? [])
  if (stages.length === 0 || stages.length < holding.length) return []
  const { time } = trial.scope.event
  const asked = stages.map(stage => {
    const until = stage.withinMilliseconds
    return `${approvalWords(stage)}${until === null ? '' : ` (until ${timeText(time + until, time)})`}`
  })
  const edit: Edit = { kind: 'approvals', rules: holding.map(({ rule }) => rule) }
  return [{ kind: 'approval', text: joined([...new Set(asked)]), decision: 'permit', rule: null, edit }]
}

/** One change of a field that leads to the same decision, not more than two of one kind, mildest result first. */
function chosen(found: readonly Change[]): readonly Change[] {
  const told = new Map<string, Change>()
  for (const one of found) {
    const [field = ''] = one.text.split(' ')
    const key = one.kind === 'field' ? `${field} ${one.decision}` : one.text
    if (!told.has(key)) told.set(key, one)
  }
  const mildness = ({ decision }: Change) => decisionWords.indexOf(decision)
  const ordered = [...told.values()].sort((a, b) => mildness(a) - mildness(b))
  const ofKind = new Map<Change['kind'], number>()
  return ordered
    .filter(({ kind }) => {
      const number = (ofKind.get(kind) ?? 0) + 1
      ofKind.set(kind, number)
      return number <= 2
    })
    .slice(0, mostTold)
}
