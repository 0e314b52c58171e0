/**
 * What a program compares with: the constants of its conditions, by the fields that are compared; the lengths and counts of its
 * windows; the moments it names. They are where its decisions change, and so what a search has to try.
 */
import type { Expr, Pattern } from '../plan/expression.ts'
import type { Plan, PlanPolicy } from '../plan/plan.ts'
import { eachOperand, patternsOf } from '../plan/read-set.ts'
import { isRational, type Value } from '../value/value.ts'

export interface Constants {
  /** By contract and path (joined by '.'): the constants that conditions with this field compare with. */
  readonly ofFields: ReadonlyMap<string, readonly Value[]>
  /** By contract and path: texts that fulfil or miss a test of the field. */
  readonly textTests: ReadonlyMap<string, readonly { readonly operator: string; readonly text: string }[]>
  /** Milliseconds: of windows, breakers, deadlines, durations that are compared with. */
  readonly lengths: readonly number[]
  /** How many events conditions count to. */
  readonly counts: readonly number[]
  /** Milliseconds since the epoch. */
  readonly moments: readonly number[]
  readonly hours: readonly number[]
  readonly weekdays: readonly number[]
}

export function fieldKey(contract: number, path: readonly string[]): string {
  return `${contract} ${path.join('.')}`
}

/** Of the policies (indices), the checks of all contracts, and other conditions about an event (`about`: its contracts). */
export function constantsOf(
  plan: Plan,
  policies: readonly number[],
  conditions: readonly { readonly condition: Expr; readonly about: readonly number[] }[],
): Constants {
  const collector = new Collector(plan)
  plan.contracts.forEach((contract, index) => {
    for (const check of contract.checks) collector.condition(check.condition, [index])
  })
  for (const index of policies) {
    const policy = plan.policies[index]
    if (policy) collector.policy(policy)
    for (const exception of plan.exceptions) {
      if (exception.policy !== index) continue
      collector.moments.add(exception.until)
      if (exception.from !== null) collector.moments.add(exception.from)
      const concerned = policy?.rules[exception.rule]?.contracts ?? []
      if (exception.when !== null) collector.condition(exception.when, concerned)
    }
  }
  for (const { condition, about } of conditions) collector.condition(condition, about)
  return collector.made()
}

/** The parts of a condition that are true or false by themselves: what `and`, `or`, `not` and names are taken away from. */
export function atomsOf(condition: Expr): readonly Expr[] {
  switch (condition.kind) {
    case 'named':
      return atomsOf(condition.value)
    case 'not':
      return atomsOf(condition.operand)
    case 'and':
    case 'or':
      return condition.operands.flatMap(atomsOf)
    case 'if':
      return condition.type.kind === 'bool'
        ? [condition.condition, condition.then, condition.otherwise].flatMap(atomsOf)
        : [condition]
    case 'literal':
      return []
    default:
      return [condition]
  }
}

class Collector {
  readonly moments = new Set<number>()
  readonly #fields = new Map<string, Value[]>()
  readonly #texts = new Map<string, { readonly operator: string; readonly text: string }[]>()
  readonly #lengths = new Set<number>()
  readonly #counts = new Set<number>()
  readonly #hours = new Set<number>()
  readonly #weekdays = new Set<number>()

  constructor(plan: Plan) {
    for (const { delegations } of plan.roles)
      for (const { from, until } of delegations)
        for (const moment of [from, until]) if (moment !== null) this.moments.add(moment)
  }

  policy({ rules, contracts }: PlanPolicy): void {
    for (const rule of rules) {
      if (rule.when !== null) this.condition(rule.when, rule.contracts)
      if (rule.lasting !== null) this.#lengths.add(rule.lasting.milliseconds)
      for (const key of rule.lasting?.keys ?? []) this.condition(key.value, contracts)
      for (const stage of rule.approval?.stages ?? [])
        if (stage.withinMilliseconds !== null) this.#lengths.add(stage.withinMilliseconds)
      if (rule.expectation === null) continue
      const { opens, awaited, cancels, withinMilliseconds } = rule.expectation
      this.#lengths.add(withinMilliseconds)
      const bound = new Map([[0, [opens.contract]]])
      if (opens.where !== null) this.#visit(opens.where, bound)
      for (const { where, variable, contract } of cancels === null ? [awaited] : [awaited, cancels])
        if (where !== null) this.#visit(where, new Map(bound).set(variable, [contract]))
    }
  }

  condition(condition: Expr, about: readonly number[]): void {
    this.#visit(condition, new Map([[0, about]]))
  }

  made(): Constants {
    const ascending = (numbers: ReadonlySet<number>): readonly number[] => [...numbers].sort((a, b) => a - b)
    return {
      ofFields: this.#fields,
      textTests: this.#texts,
      lengths: ascending(this.#lengths),
      counts: ascending(this.#counts),
      moments: ascending(this.moments),
      hours: ascending(this.#hours),
      weekdays: ascending(this.#weekdays),
    }
  }

  /** An atom ties all its constants to all its fields: `spent + r.amount > 200 USD` too. */
  #visit(expr: Expr, bound: ReadonlyMap<number, readonly number[]>): void {
    for (const atom of atomsOf(expr)) this.#atom(atom, bound)
  }

  #atom(atom: Expr, bound: ReadonlyMap<number, readonly number[]>): void {
    const constants: Value[] = []
    const fields = new Set<string>()
    const functions = new Set<string>()
    const look = (expr: Expr, inside: ReadonlyMap<number, readonly number[]>): void => {
      if (expr.kind === 'literal' && typeof expr.value !== 'symbol') constants.push(expr.value)
      if (expr.kind === 'field')
        for (const contract of inside.get(expr.event) ?? []) fields.add(fieldKey(contract, expr.path))
      if (expr.kind === 'call') functions.add(expr.function)
      if (expr.kind === 'text-test' && expr.right.kind === 'literal' && typeof expr.right.value === 'string')
        this.#textTest(expr.left, expr.operator, expr.right.value, inside)
      let within = inside
      if (expr.kind === 'aggregate' || expr.kind === 'exists' || expr.kind === 'sequence') {
        if (expr.range.kind === 'over') this.#lengths.add(expr.range.milliseconds)
        if (expr.range.kind === 'per') this.#lengths.add(unitLengths[expr.range.unit])
        const patterns: readonly Pattern[] = patternsOf(expr)
        within = new Map([...inside, ...patterns.map(one => [one.variable, [one.contract]] as const)])
        // What stands behind `where` is asked of each event by itself.
        for (const { where } of patterns) if (where !== null) this.#visit(where, within)
        for (const { contract } of patterns) for (const key of expr.keys) fields.add(fieldKey(contract, key.path))
      }
      eachOperand(expr, operand => {
        look(operand, within)
      })
    }
    look(atom, bound)
    for (const field of fields) this.#fields.set(field, [...(this.#fields.get(field) ?? []), ...constants])
    for (const constant of constants) this.#number(constant, functions)
  }

  #number(constant: Value, functions: ReadonlySet<string>): void {
    if (typeof constant !== 'object' || !isRational(constant) || constant.d !== 1n) return
    const number = Number(constant.n)
    if (functions.has('hour_of_day')) this.#hours.add(number)
    if (functions.has('day_of_week')) this.#weekdays.add(number)
    if (number >= 0 && number <= mostCounted) this.#counts.add(number)
    // Durations and times are milliseconds; a plain number of this size changes nothing by being taken for one.
    if (number > mostCounted && number < year) this.#lengths.add(number)
    if (number >= year) this.moments.add(number)
  }

  #textTest(left: Expr, operator: string, text: string, bound: ReadonlyMap<number, readonly number[]>): void {
    const fields: string[] = []
    const look = (expr: Expr): void => {
      if (expr.kind === 'field')
        for (const contract of bound.get(expr.event) ?? []) fields.push(fieldKey(contract, expr.path))
      eachOperand(expr, look)
    }
    look(left)
    for (const field of fields) this.#texts.set(field, [...(this.#texts.get(field) ?? []), { operator, text }])
  }
}

const mostCounted = 100
const year = 365 * 86_400_000
const unitLengths = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 31 * 86_400_000 } as const
