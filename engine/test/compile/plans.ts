/** Small plans made by hand: expressions in a few words, one contract or several, one policy. For tests of the compiled evaluator. */
import type { BuiltinName, Expr, Key, Pattern, Range } from '../../src/plan/expression.ts'
import type { Plan, PlanContract, PlanPolicy, PlanRule } from '../../src/plan/plan.ts'
import { parseRational, rational } from '../../src/value/rational.ts'
import type { Refinement, Type } from '../../src/value/type.ts'
import type { Value } from '../../src/value/value.ts'

export const span = { file: 0, start: 0, end: 0 }
export const types = {
  bool: { kind: 'bool' },
  string: { kind: 'string' },
  int: { kind: 'int' },
  decimal: { kind: 'decimal' },
  percent: { kind: 'percent' },
  duration: { kind: 'duration' },
  time: { kind: 'time' },
  version: { kind: 'version' },
  money: { kind: 'money', currency: null },
  eur: { kind: 'money', currency: 'EUR' },
} as const satisfies Record<string, Type>

export function optional(inner: Type): Type {
  return { kind: 'optional', inner }
}
export function list(element: Type): Type {
  return { kind: 'list', element }
}

export function number(text: string | number) {
  const value = parseRational(String(text))
  if (value === undefined) throw new Error(`${text} is no number`)
  return value
}
export function money(amount: string | number, currency = 'EUR'): Value {
  return { amount: number(amount), currency }
}

export function literal(value: Value, type: Type): Expr {
  return { kind: 'literal', value, type, span }
}
export function int(value: number | string): Expr {
  return literal(number(value), types.int)
}
export function decimal(value: number | string): Expr {
  return literal(number(value), types.decimal)
}
export function text(value: string): Expr {
  return literal(value, types.string)
}
export function field(path: string, type: Type, event = 0): Expr {
  return { kind: 'field', event, path: path.split('.'), type, span }
}
export function compare(left: Expr, operator: '==' | '!=' | '<' | '<=' | '>' | '>=', right: Expr): Expr {
  return { kind: 'compare', operator, left, right, type: types.bool, span }
}
export function textTest(
  left: Expr,
  operator: 'contains' | 'starts_with' | 'ends_with' | 'like' | 'matches',
  right: Expr,
): Expr {
  return { kind: 'text-test', operator, left, right, type: types.bool, span }
}
export function and(...operands: Expr[]): Expr {
  return { kind: 'and', operands, type: types.bool, span }
}
export function or(...operands: Expr[]): Expr {
  return { kind: 'or', operands, type: types.bool, span }
}
export function not(operand: Expr): Expr {
  return { kind: 'not', operand, type: types.bool, span }
}
export function present(operand: Expr): Expr {
  return { kind: 'present', operand, type: types.bool, span }
}
export function inList(item: Expr, items: readonly Expr[]): Expr {
  const of: Expr = { kind: 'list', items, type: list(item.type), span }
  return { kind: 'in-list', item, list: of, type: types.bool, span }
}
export function inRange(item: Expr, low: Expr, high: Expr): Expr {
  return { kind: 'in-range', item, low, high, type: types.bool, span }
}
export function arithmetic(left: Expr, operator: '+' | '-' | '*' | '/', right: Expr, type = left.type): Expr {
  return { kind: 'arithmetic', operator, left, right, type, span }
}
export function orElse(value: Expr, otherwise: Expr): Expr {
  return { kind: 'default', value, otherwise, type: otherwise.type, span }
}
export function choose(condition: Expr, then: Expr, otherwise: Expr): Expr {
  return { kind: 'if', condition, then, otherwise, type: then.type, span }
}
export function call(name: BuiltinName, given: readonly Expr[], type: Type): Expr {
  return { kind: 'call', function: name, arguments: given, type, span }
}
export function named(name: string, value: Expr): Expr {
  return { kind: 'named', name, of: 'let', value, type: value.type, span }
}

export function pattern(contract: number, variable: number, where: Expr | null = null): Pattern {
  return { contract, variable, where }
}
export function by(path: string, type: Type, value: Expr = field(path, type)): Key {
  return { path: path.split('.'), value }
}
export function over(milliseconds: number): Range {
  return { kind: 'over', milliseconds }
}
export interface WindowParts {
  readonly of: Pattern
  readonly keys?: readonly Key[]
  readonly range: Range
  readonly beforeThis?: boolean
  readonly rank?: string
}
export function aggregate(
  name: Extract<Expr, { kind: 'aggregate' }>['function'],
  value: Expr | null,
  parts: WindowParts,
  type: Type = types.int,
): Expr {
  return {
    kind: 'aggregate',
    function: name,
    pattern: parts.of,
    value,
    rank: parts.rank === undefined ? null : number(parts.rank),
    keys: parts.keys ?? [],
    range: parts.range,
    beforeThis: parts.beforeThis ?? false,
    type,
    span,
  }
}
export function exists(parts: WindowParts): Expr {
  return {
    kind: 'exists',
    pattern: parts.of,
    keys: parts.keys ?? [],
    range: parts.range,
    beforeThis: parts.beforeThis ?? false,
    type: types.bool,
    span,
  }
}
export function sequence(steps: readonly Pattern[], parts: Omit<WindowParts, 'of'>): Expr {
  return {
    kind: 'sequence',
    steps,
    keys: parts.keys ?? [],
    range: parts.range,
    beforeThis: parts.beforeThis ?? false,
    type: types.bool,
    span,
  }
}

export function contract(
  name: string,
  fields: Readonly<Record<string, Type>>,
  checks: PlanContract['checks'] = [],
  refinements: Readonly<Record<string, Refinement>> = {},
): PlanContract {
  return {
    name,
    module: 'tests',
    version: '1.0.0',
    fields: Object.entries(fields).map(([field, type]) => ({
      name: field,
      type,
      refinement: refinements[field] ?? null,
      classes: [],
    })),
    timeField: null,
    keyFields: [],
    checks,
    span,
  }
}
export function rule(name: string, decision: PlanRule['decision'], when: Expr | null, contracts = [0]): PlanRule {
  return {
    name,
    title: null,
    documentation: null,
    contracts,
    when,
    decision,
    text: null,
    because: null,
    approval: null,
    expectation: null,
    lasting: null,
    obligations: [],
    span,
  }
}
export function policy(
  rules: readonly PlanRule[],
  more: Partial<Pick<PlanPolicy, 'contracts' | 'combine' | 'name'>> = {},
): PlanPolicy {
  return {
    name: more.name ?? 'policy',
    module: 'tests',
    version: '1.0.0',
    owner: null,
    mode: 'enforce',
    layer: null,
    contracts: more.contracts ?? [0],
    combine: more.combine ?? 'strictest',
    default: { decision: 'permit', because: null, span },
    lets: [],
    rules,
    span,
  }
}
export function plan(contracts: readonly PlanContract[], policies: readonly PlanPolicy[]): Plan {
  return {
    files: [{ path: 'test.writ', text: '' }],
    contracts,
    sources: [],
    roles: [],
    policies,
    layers: [],
    tests: [],
  }
}

export const one = rational(1n)
