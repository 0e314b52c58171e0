/**
 * Which classified fields a value is made of, and by which way: the transfer of privacy classes through expressions, form by
 * form (docs/language.md, "Privacy flow"). What may go where is flow.ts.
 */
import type { AggregateExpr, EventVariable, Expr, Key, Pattern } from '../plan/expression.ts'
import type { Plan } from '../plan/plan.ts'
import { patternsOf } from '../plan/read-set.ts'
import { classesAt } from './classes.ts'
import { type Group, groupOf, largeGroups } from './groups.ts'

/** A field whose class a value has. */
export interface Flow {
  /** Index into `Plan.contracts`. */
  readonly contract: number
  readonly path: readonly string[]
  readonly privacyClass: string
  /** The value only depends on it, as what a comparison says does. */
  readonly implicit: boolean
  readonly way: Way
}

/** The expressions that a value goes through, the outermost first; the last one reads the field. */
export interface Way {
  readonly node: Expr
  readonly inner: Way | null
  readonly length: number
}

/** Follows classes through the expressions of one rule. */
export class FlowTracer {
  readonly #plan: Plan
  readonly #contracts: Map<EventVariable, readonly number[]>
  readonly #groups: readonly Group[]
  readonly #done = new Map<Expr, readonly Flow[]>()

  /** `contracts`: what the current event may be; `groups`: those known to be large enough. */
  constructor(plan: Plan, contracts: readonly number[], groups: readonly Group[] = []) {
    this.#plan = plan
    this.#contracts = new Map([[0, contracts]])
    this.#groups = groups
  }

  /** Says of which contract the events of a pattern are; patterns of windows are met on the way. */
  bind({ variable, contract }: Pattern): void {
    this.#contracts.set(variable, [contract])
  }

  /** Each field, class and kind once, by its shortest way. */
  flows(expr: Expr): readonly Flow[] {
    const done = this.#done.get(expr)
    if (done) return done
    const found = shortest(this.#made(expr)).map(
      (flow): Flow => ({ ...flow, way: { node: expr, inner: flow.way, length: (flow.way?.length ?? 0) + 1 } }),
    )
    this.#done.set(expr, found)
    return found
  }

  #made(expr: Expr): readonly Found[] {
    switch (expr.kind) {
      case 'literal':
      case 'now':
      // What is known of an element is known of its list, which is traced beside it.
      case 'element':
        return []
      case 'field':
        return this.#field(expr.event, expr.path)
      case 'member':
        return this.#member(expr.object, expr.member)
      case 'named':
        return this.flows(expr.value)
      case 'not':
      case 'negate':
        return this.flows(expr.operand)
      case 'and':
      case 'or':
        return expr.operands.flatMap(operand => this.flows(operand))
      case 'present':
        return implied(this.flows(expr.operand))
      case 'compare':
      case 'text-test':
        return implied([...this.flows(expr.left), ...this.flows(expr.right)])
      case 'in-list':
        return implied([...this.flows(expr.item), ...this.flows(expr.list)])
      case 'in-range':
        return implied([expr.item, expr.low, expr.high].flatMap(part => this.flows(part)))
      case 'arithmetic':
        return [...this.flows(expr.left), ...this.flows(expr.right)]
      case 'default':
        return [...this.flows(expr.value), ...this.flows(expr.otherwise)]
      case 'if':
        return [
          ...implied(this.flows(expr.condition)),
          ...this.#knowing(largeGroups(expr.condition)).flows(expr.then),
          ...this.flows(expr.otherwise),
        ]
      case 'call':
        return this.#call(expr)
      case 'list':
        return expr.items.flatMap(item => this.flows(item))
      case 'record':
        return expr.fields.flatMap(field => this.flows(field.value))
      case 'quantified':
        return implied([...this.flows(expr.list), ...this.flows(expr.where)])
      case 'aggregate':
        return [...this.#window(patternsOf(expr), expr.keys), ...this.#aggregated(expr)]
      case 'exists':
      case 'sequence':
        return this.#window(patternsOf(expr), expr.keys)
    }
  }

  #field(event: EventVariable, path: readonly string[]): readonly Found[] {
    return (this.#contracts.get(event) ?? []).flatMap(index => {
      const contract = this.#plan.contracts[index]
      const classes = contract ? classesAt(contract, path) : []
      return classes.map(privacyClass => ({ contract: index, path, privacyClass, implicit: false, way: null }))
    })
  }

  /** Only what this member holds, where the record can be looked into. */
  #member(object: Expr, name: string): readonly Found[] {
    switch (object.kind) {
      case 'field':
        return this.#field(object.event, [...object.path, name])
      case 'named':
        return this.#member(object.value, name)
      case 'default':
        return [...this.#member(object.value, name), ...this.#member(object.otherwise, name)]
      case 'if':
        return [
          ...implied(this.flows(object.condition)),
          ...this.#member(object.then, name),
          ...this.#member(object.otherwise, name),
        ]
      case 'record':
        return object.fields.flatMap(field => (field.name === name ? this.flows(field.value) : []))
      case 'aggregate': {
        const around = this.#window(patternsOf(object), object.keys)
        return object.value ? [...around, ...this.#member(object.value, name)] : around
      }
      default:
        return this.flows(object)
    }
  }

  #call(expr: Extract<Expr, { readonly kind: 'call' }>): readonly Found[] {
    switch (expr.function) {
      case 'mask':
      case 'hash':
      case 'bucket':
        return []
      case 'size':
        return implied(expr.arguments.flatMap(argument => this.flows(argument)))
      default:
        return expr.arguments.flatMap(argument => this.flows(argument))
    }
  }

  /** Which events there are says something about what their conditions and keys read. */
  #window(patterns: readonly Pattern[], keys: readonly Key[]): readonly Found[] {
    for (const pattern of patterns) this.bind(pattern)
    return implied([
      ...patterns.flatMap(({ where }) => (where ? this.flows(where) : [])),
      ...keys.flatMap(key => this.flows(key.value)),
    ])
  }

  #aggregated(expr: AggregateExpr): readonly Found[] {
    if (!expr.value) return []
    const flows = this.flows(expr.value)
    switch (expr.function) {
      case 'count':
      case 'distinct':
      case 'share':
        return implied(flows)
      case 'sum':
      case 'avg':
      case 'quantile':
      case 'drift': {
        const group = groupOf(expr)
        return group !== null && this.#groups.includes(group) ? [] : flows
      }
      case 'min':
      case 'max':
      case 'first':
      case 'last':
        return flows
    }
  }

  #knowing(groups: readonly Group[]): FlowTracer {
    if (groups.length === 0) return this
    const tracer = new FlowTracer(this.#plan, [], [...this.#groups, ...groups])
    for (const [variable, contracts] of this.#contracts) tracer.#contracts.set(variable, contracts)
    return tracer
  }
}

type Found = Omit<Flow, 'way'> & { readonly way: Way | null }

function implied(flows: readonly Found[]): readonly Found[] {
  return flows.map(flow => (flow.implicit ? flow : { ...flow, implicit: true }))
}

function shortest(flows: readonly Found[]): readonly Found[] {
  if (flows.length < 2) return flows
  const found = new Map<string, Found>()
  for (const flow of flows) {
    const key = `${flow.contract} ${flow.path.join('.')} ${flow.privacyClass} ${flow.implicit}`
    const before = found.get(key)
    if (!before || (flow.way?.length ?? 0) < (before.way?.length ?? 0)) found.set(key, flow)
  }
  return [...found.values()]
}
