/**
 * What a policy or a condition means, as text: equal for two of them that only look different. Places, titles, documentation,
 * texts of decisions, the names of `let`s and defines, the order of what is joined by `and` and `or`, and the direction in
 * which a comparison is written do not count. Two that mean the same may still differ here; two that differ in a decision do.
 */
import type { Expr } from '../plan/expression.ts'
import type { Plan, PlanPolicy } from '../plan/plan.ts'
import { isMoney, isRational, isRecord, type Value } from '../value/value.ts'

/** The meaning of the policy with this index. */
export function policyMeaning(plan: Plan, index: number): string {
  const policy = plan.policies[index]
  if (policy === undefined) throw new RangeError(`the plan has no policy ${index}`)
  const { name: _, module: __, version: ___, lets: ____, ...rest } = policy
  return new Meaning(plan).of({ ...rest, rules: orderThatMatters(policy) })
}

/** The meaning of a condition on one event. */
export function conditionMeaning(plan: Pick<Plan, 'contracts'>, condition: Expr): string {
  return new Meaning(plan).of(condition)
}

/** The meaning of any part of a plan; contracts are told by their names, everything else that is an index as it is. */
export function meaningOf(plan: Pick<Plan, 'contracts'>, part: unknown): string {
  return new Meaning(plan).of(part)
}

/** Under `strictest` and `permit_overrides` only the order among rules of one decision can matter, for the reason that is given. */
function orderThatMatters({ combine, rules }: PlanPolicy): PlanPolicy['rules'] {
  return combine === 'first'
    ? rules
    : rules.toSorted((a, b) => (a.decision < b.decision ? -1 : a.decision > b.decision ? 1 : 0))
}

/** Variables by what they were called in the plan: their place in the order of binding. */
type Bound = ReadonlyMap<string, number>

const withoutMeaning: ReadonlySet<string> = new Set(['span', 'documentation', 'title', 'text', 'because', 'owner'])

class Meaning {
  readonly #plan: Pick<Plan, 'contracts'>

  constructor(plan: Pick<Plan, 'contracts'>) {
    this.#plan = plan
  }

  of(value: unknown, bound: Bound = new Map()): string {
    if (Array.isArray(value)) return `[${value.map(item => this.of(item, bound)).join(',')}]`
    if (typeof value === 'string') return JSON.stringify(value)
    if (typeof value !== 'object' || value === null) return String(value)
    return 'kind' in value && 'span' in value && 'type' in value
      ? // Only expressions have all three.
        this.#expression(value as Expr, bound)
      : this.#members(value, bound)
  }

  #expression(node: Expr, bound: Bound): string {
    switch (node.kind) {
      case 'literal':
        return literalText(node.value)
      case 'named':
        return this.of(node.value, bound)
      case 'and':
      case 'or': {
        const operands = flattened(node.kind, node.operands).map(operand => this.of(operand, bound))
        return `${node.kind}(${[...new Set(operands)].sort().join(',')})`
      }
      case 'compare':
        return this.#comparison(node, bound)
      case 'field':
        return `${variableText(bound, `e${node.event}`)}.${node.path.join('.')}`
      case 'element':
        return variableText(bound, `q${node.variable}`)
      case 'quantified': {
        const inside = new Map(bound).set(`q${node.variable}`, bound.size)
        return `${node.quantifier}(${this.of(node.list, bound)},${this.of(node.where, inside)})`
      }
      case 'aggregate':
      case 'exists':
        return this.#members(node, new Map(bound).set(`e${node.pattern.variable}`, bound.size))
      case 'sequence': {
        const inside = new Map(bound)
        for (const { variable } of node.steps) inside.set(`e${variable}`, inside.size)
        return this.#members(node, inside)
      }
      default:
        return this.#members(node, bound)
    }
  }

  #comparison(node: Extract<Expr, { kind: 'compare' }>, bound: Bound): string {
    const sides = [this.of(node.left, bound), this.of(node.right, bound)]
    switch (node.operator) {
      case '>':
        return `<(${sides.reverse().join(',')})`
      case '>=':
        return `<=(${sides.reverse().join(',')})`
      case '==':
      case '!=':
        return `${node.operator}(${sides.sort().join(',')})`
      default:
        return `${node.operator}(${sides.join(',')})`
    }
  }

  #members(value: object, bound: Bound): string {
    let inside = bound
    if (
      'variable' in value &&
      typeof value.variable === 'number' &&
      'where' in value &&
      !bound.has(`e${value.variable}`)
    )
      inside = new Map(bound).set(`e${value.variable}`, bound.size)
    const isNode = 'kind' in value && 'span' in value
    const members = Object.entries(value)
      .filter(([name]) => !withoutMeaning.has(name) && !(isNode && name === 'type') && name !== 'variable')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${name}:${this.#member(name, member, inside)}`)
    return `{${members.join(',')}}`
  }

  #member(name: string, member: unknown, bound: Bound): string {
    if ((name === 'contract' || name === 'contracts') && Array.isArray(member) && member.every(Number.isInteger))
      return member
        .map(index => this.#contract(index))
        .sort()
        .join(',')
    return name === 'contract' && typeof member === 'number' ? this.#contract(member) : this.of(member, bound)
  }

  #contract(index: number): string {
    const contract = this.#plan.contracts[index]
    return contract === undefined ? String(index) : `${contract.module}.${contract.name}`
  }
}

function literalText(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'boolean' || typeof value === 'symbol') return String(value)
  if (isMoney(value)) return `${literalText(value.amount)} ${value.currency}`
  if (isRational(value)) return `${value.n}/${value.d}`
  if (isRecord(value)) {
    const members = Object.entries(value.fields).map(([name, member]) => `${name}:${literalText(member)}`)
    return `{${members.sort().join(',')}}`
  }
  return `[${value.map(literalText).join(',')}]`
}

/** The operands of an `and` or `or` with those of the same kind inside it, without names. */
export function flattened(kind: 'and' | 'or', operands: readonly Expr[]): readonly Expr[] {
  return operands.flatMap(operand => {
    let inner = operand
    while (inner.kind === 'named') inner = inner.value
    return inner.kind === kind ? flattened(kind, inner.operands) : [inner]
  })
}

function variableText(bound: Bound, name: string): string {
  const place = bound.get(name)
  return place === undefined ? name : `$${place}`
}
