/**
 * Puts what declarations were lowered to in its place: spans of units become spans of files, ids of contracts become indices,
 * keys of roles become names. Nodes that were one object stay one object, so that a `let` is still shared.
 */
import type { Expr, Key, Pattern, Range, SourceSpan, WindowShape } from './expression.ts'
import { mapOperands } from './map-operands.ts'
import type { PlanObligation, PlanPolicy, PlanProperty, PlanStep, PlanTest, Template } from './plan.ts'

export interface Places {
  /** Where a unit is now; `SourceSpan.file` of lowered nodes is the unit's id. */
  span(span: SourceSpan): SourceSpan
  contract(id: number): number
  role(key: string): string
}

/**
 * A policy in its place of which the rules, lets and default are placed when somebody looks at them: after an edit most policies
 * of a file stand elsewhere, and nobody does.
 */
export function movedPolicy(policy: PlanPolicy, places: Places): PlanPolicy {
  let made: PlanPolicy | null = null
  const whole = (): PlanPolicy => {
    made ??= new Placer(places).policy(policy)
    return made
  }
  return {
    ...policy,
    contracts: policy.contracts.map(id => places.contract(id)),
    get default() {
      return whole().default
    },
    get lets() {
      return whole().lets
    },
    get rules() {
      return whole().rules
    },
    span: places.span(policy.span),
  }
}

/** Places expressions; one per policy or test, because it remembers every node that it met. */
export class Placer {
  readonly #places: Places
  readonly #done = new Map<Expr, Expr>()

  constructor(places: Places) {
    this.#places = places
  }

  expr(node: Expr): Expr {
    const done = this.#done.get(node)
    if (done) return done
    const made = this.#placed(node, this.#places.span(node.span))
    this.#done.set(node, made)
    return made
  }

  policy(policy: PlanPolicy): PlanPolicy {
    const places = this.#places
    return {
      ...policy,
      contracts: policy.contracts.map(id => places.contract(id)),
      default: {
        ...policy.default,
        because: this.#template(policy.default.because),
        span: places.span(policy.default.span),
      },
      lets: policy.lets.map(item => ({ name: item.name, value: this.expr(item.value) })),
      rules: policy.rules.map(rule => ({
        ...rule,
        contracts: rule.contracts.map(id => places.contract(id)),
        when: rule.when && this.expr(rule.when),
        text: this.#template(rule.text),
        because: this.#template(rule.because),
        approval: rule.approval && {
          stages: rule.approval.stages.map(stage => ({ ...stage, role: places.role(stage.role) })),
          otherwise: rule.approval.otherwise && {
            ...rule.approval.otherwise,
            text: this.#template(rule.approval.otherwise.text),
          },
        },
        lasting: rule.lasting && { ...rule.lasting, keys: this.#fields(rule.lasting.keys) },
        expectation: rule.expectation && {
          ...rule.expectation,
          opens: this.#pattern(rule.expectation.opens),
          awaited: this.#pattern(rule.expectation.awaited),
          cancels: rule.expectation.cancels && this.#pattern(rule.expectation.cancels),
        },
        obligations: rule.obligations.map(obligation => this.#obligation(obligation)),
        span: places.span(rule.span),
      })),
      span: places.span(policy.span),
    }
  }

  test(test: PlanTest): PlanTest {
    return { ...test, steps: test.steps.map(step => this.#step(step)), span: this.#places.span(test.span) }
  }

  property<T extends Omit<PlanProperty, 'claims'>>(property: T): T {
    return {
      ...property,
      contracts: property.contracts.map(id => this.#places.contract(id)),
      where: property.where && this.expr(property.where),
      span: this.#places.span(property.span),
    }
  }

  #step(step: PlanStep): PlanStep {
    const span = this.#places.span(step.span)
    switch (step.kind) {
      case 'given': {
        const contract = this.#places.contract(step.contract)
        return { ...step, contract, fields: this.#fields(step.fields), span }
      }
      case 'approve':
      case 'expect-approval':
        return { ...step, role: this.#places.role(step.role), span }
      case 'expect-obligation':
        return { ...step, fields: this.#fields(step.fields), span }
      case 'expect-value':
        return { ...step, value: this.expr(step.value), span }
      case 'at':
      case 'expect-decision':
      case 'expect-status':
      case 'expect-problem':
        return { ...step, span }
    }
  }

  #fields(fields: readonly { readonly name: string; readonly value: Expr }[]) {
    return fields.map(field => ({ name: field.name, value: this.expr(field.value) }))
  }
  #obligation(obligation: PlanObligation): PlanObligation {
    return { ...obligation, fields: this.#fields(obligation.fields) }
  }
  #template(template: Template | null): Template | null {
    return template?.map(part => (typeof part === 'string' ? part : this.expr(part))) ?? null
  }

  #placed(node: Expr, span: SourceSpan): Expr {
    switch (node.kind) {
      case 'aggregate': {
        const value = node.value && this.expr(node.value)
        return { ...node, pattern: this.#pattern(node.pattern), value, ...this.#window(node), span }
      }
      case 'exists':
        return { ...node, pattern: this.#pattern(node.pattern), ...this.#window(node), span }
      case 'sequence':
        return { ...node, steps: node.steps.map(step => this.#pattern(step)), ...this.#window(node), span }
      default:
        return { ...mapOperands(node, operand => this.expr(operand)), span }
    }
  }

  #pattern(pattern: Pattern): Pattern {
    const contract = this.#places.contract(pattern.contract)
    return { ...pattern, contract, where: pattern.where && this.expr(pattern.where) }
  }
  #window(window: WindowShape): Pick<WindowShape, 'keys' | 'range'> {
    return { keys: this.#keys(window.keys), range: this.#range(window.range) }
  }
  #keys(keys: readonly Key[]): readonly Key[] {
    return keys.map(key => ({ path: key.path, value: this.expr(key.value) }))
  }
  #range(range: Range): Range {
    if (range.kind !== 'since') return range
    return { kind: 'since', reset: this.#pattern(range.reset), resetKeys: this.#keys(range.resetKeys) }
  }
}
