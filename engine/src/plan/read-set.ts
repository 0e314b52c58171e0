/**
 * Which columns an evaluation of a plan reads, so that the decoder fills no others: checks, rules, windows, sequences and
 * their keys, and the keys of canaries. Texts of reasons and fields of obligations are not in it: they are made later, from the records themselves.
 * A path to a record or a list stands for the whole value there (one column of values), not for the paths below it.
 */
import { isApproval } from './approval-contract.ts'
import type { Expr, Key, Pattern, WindowShape } from './expression.ts'
import type { PlanIndicator } from './measure.ts'
import type { Plan, PlanExpectation } from './plan.ts'

/** Per contract of the plan, the paths (joined by '.') whose columns `evaluate` reads. */
export function readSet(plan: Plan): readonly ReadonlySet<string>[] {
  const paths = plan.contracts.map(() => new Set<string>())
  plan.contracts.forEach((contract, index) => {
    for (const check of contract.checks) readExpression(check.condition, new Map([[0, [index]]]), paths)
    for (const { condition, fields } of contract.quality) {
      if (condition !== null) readExpression(condition, new Map([[0, [index]]]), paths)
      for (const field of fields) paths[index]?.add(field)
    }
    if (isApproval(contract)) readAll(plan, index, paths)
  })
  for (const policy of plan.policies)
    for (const rule of policy.rules) {
      const own = [...(rule.when === null ? [] : [rule.when]), ...(rule.lasting?.keys.map(key => key.value) ?? [])]
      for (const expression of own) readExpression(expression, new Map([[0, rule.contracts]]), paths)
      if (rule.expectation !== null) readExpectation(rule.expectation, paths)
      // An approval is bound to the whole request.
      if (rule.approval !== null) for (const contract of rule.contracts) readAll(plan, contract, paths)
    }
  for (const { when, policy, rule } of plan.exceptions) {
    const concerned = plan.policies[policy]?.rules[rule]?.contracts ?? []
    if (when !== null) readExpression(when, new Map([[0, concerned]]), paths)
  }
  for (const indicator of plan.indicators) {
    const contracts = contractsOf(plan, indicator)
    for (const expression of [indicator.where, indicator.value])
      if (expression !== null) readExpression(expression, new Map([[0, contracts]]), paths)
    for (const { name } of indicator.keys) for (const contract of contracts) paths[contract]?.add(name)
  }
  for (const { policy, stages } of plan.rollouts)
    for (const stage of stages)
      if (stage.kind === 'canary')
        for (const contract of plan.policies[policy]?.contracts ?? [])
          for (const key of stage.keys) paths[contract]?.add(key)
  for (const { rows } of plan.roles) {
    if (rows === null) continue
    paths[rows.contract]?.add(rows.key)
    if (rows.where !== null) readExpression(rows.where, new Map([[0, [rows.contract]]]), paths)
  }
  return paths
}

/** Calls `visit` with every expression directly below `expression`, those of patterns and keys included. */
export function eachOperand(expression: Expr, visit: (operand: Expr) => void): void {
  switch (expression.kind) {
    case 'literal':
    case 'field':
    case 'now':
    case 'element':
      return
    case 'member':
      visit(expression.object)
      return
    case 'named':
      visit(expression.value)
      return
    case 'not':
    case 'present':
    case 'negate':
      visit(expression.operand)
      return
    case 'and':
    case 'or':
      expression.operands.forEach(visit)
      return
    case 'compare':
    case 'text-test':
    case 'arithmetic':
      visit(expression.left)
      visit(expression.right)
      return
    case 'in-list':
      visit(expression.item)
      visit(expression.list)
      return
    case 'in-range':
      visit(expression.item)
      visit(expression.low)
      visit(expression.high)
      return
    case 'default':
      visit(expression.value)
      visit(expression.otherwise)
      return
    case 'if':
      visit(expression.condition)
      visit(expression.then)
      visit(expression.otherwise)
      return
    case 'call':
      expression.arguments.forEach(visit)
      return
    case 'list':
      expression.items.forEach(visit)
      return
    case 'record':
      for (const field of expression.fields) visit(field.value)
      return
    case 'quantified':
      visit(expression.list)
      visit(expression.where)
      return
    case 'aggregate':
      for (const pattern of patternsOf(expression)) if (pattern.where !== null) visit(pattern.where)
      if (expression.value !== null) visit(expression.value)
      keysOf(expression).forEach(key => {
        visit(key.value)
      })
      return
    case 'exists':
    case 'sequence':
      for (const pattern of patternsOf(expression)) if (pattern.where !== null) visit(pattern.where)
      keysOf(expression).forEach(key => {
        visit(key.value)
      })
      return
  }
}

type HistoryExpr = Extract<Expr, { kind: 'aggregate' | 'exists' | 'sequence' }>

/** The patterns of a history form: its own, and that of the reset of a `since`. */
export function patternsOf(form: HistoryExpr): readonly Pattern[] {
  const own = form.kind === 'sequence' ? form.steps : [form.pattern]
  return form.range.kind === 'since' ? [...own, form.range.reset] : own
}

function keysOf(shape: WindowShape): readonly Key[] {
  return shape.range.kind === 'since' ? [...shape.keys, ...shape.range.resetKeys] : shape.keys
}

/** The contracts whose events the points of an indicator may be of. */
function contractsOf(plan: Plan, { of }: PlanIndicator): readonly number[] {
  switch (of.kind) {
    case 'events':
      return [of.contract]
    case 'decisions':
      return plan.policies[of.policy]?.contracts ?? []
    case 'outcomes': {
      const rule = plan.policies[of.policy]?.rules[of.rule]
      return rule?.expectation ? [rule.expectation.opens.contract] : (rule?.contracts ?? [])
    }
  }
}

function readAll(plan: Plan, contract: number, paths: readonly Set<string>[]): void {
  for (const field of plan.contracts[contract]?.fields ?? []) paths[contract]?.add(field.name)
}

function readExpectation({ opens, awaited, cancels }: PlanExpectation, paths: readonly Set<string>[]): void {
  const opening = new Map([[0, [opens.contract]]])
  if (opens.where !== null) readExpression(opens.where, opening, paths)
  for (const { where, variable, contract } of cancels === null ? [awaited] : [awaited, cancels])
    if (where !== null) readExpression(where, new Map([...opening, [variable, [contract]]]), paths)
}

/** `contracts`: by event variable, the contracts its event may be of. */
function readExpression(
  expression: Expr,
  contracts: ReadonlyMap<number, readonly number[]>,
  paths: readonly Set<string>[],
): void {
  let inside = contracts
  if (expression.kind === 'field') {
    for (const contract of contracts.get(expression.event) ?? []) paths[contract]?.add(expression.path.join('.'))
  } else if (expression.kind === 'aggregate' || expression.kind === 'exists' || expression.kind === 'sequence') {
    const own = expression.kind === 'sequence' ? expression.steps : [expression.pattern]
    for (const { contract } of own) for (const key of expression.keys) paths[contract]?.add(key.path.join('.'))
    if (expression.range.kind === 'since')
      for (const key of expression.range.resetKeys) paths[expression.range.reset.contract]?.add(key.path.join('.'))
    inside = new Map(contracts)
    const bound = inside as Map<number, readonly number[]>
    for (const pattern of patternsOf(expression)) bound.set(pattern.variable, [pattern.contract])
  }
  eachOperand(expression, operand => {
    readExpression(operand, inside, paths)
  })
}
