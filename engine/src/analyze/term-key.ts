/**
 * The text that two expressions share only if they are worth the same at every event: structure without places, names of lets
 * and defines, or the numbers of the variables that they bind themselves.
 */
import type { Expr, Key, Pattern, WindowShape } from '../plan/expression.ts'
import { identity } from '../value/operations.ts'

const known = new WeakMap<Expr, string>()

/** Remembered by node. */
export function termKey(expr: Expr): string {
  let key = known.get(expr)
  if (key === undefined) {
    key = new Writer().expr(expr)
    known.set(expr, key)
  }
  return key
}

class Writer {
  readonly #events = new Map<number, string>()
  readonly #elements = new Map<number, string>()

  expr(expr: Expr): string {
    switch (expr.kind) {
      case 'literal':
        return `=${identity(expr.value)}`
      case 'field':
        return `${this.#events.get(expr.event) ?? `#${expr.event}`}.${expr.path.join('.')}`
      case 'now':
        return 'now'
      case 'element':
        return this.#elements.get(expr.variable) ?? `@${expr.variable}`
      case 'member':
        return `${this.expr(expr.object)}.${expr.member}`
      case 'named':
        return this.expr(expr.value)
      case 'not':
      case 'negate':
      case 'present':
        return `${expr.kind}(${this.expr(expr.operand)})`
      case 'and':
      case 'or':
        return `${expr.kind}(${this.#list(expr.operands)})`
      case 'compare':
      case 'text-test':
        return `(${this.expr(expr.left)} ${expr.operator} ${this.expr(expr.right)})`
      // What is cut depends on the type of the result.
      case 'arithmetic':
        return `(${this.expr(expr.left)} ${expr.operator} ${this.expr(expr.right)}):${expr.type.kind}`
      case 'in-list':
        return `in(${this.#list([expr.item, expr.list])})`
      case 'in-range':
        return `range(${this.#list([expr.item, expr.low, expr.high])})`
      case 'default':
        return `default(${this.#list([expr.value, expr.otherwise])})`
      case 'if':
        return `if(${this.#list([expr.condition, expr.then, expr.otherwise])})`
      case 'call':
        return `${expr.function}(${this.#list(expr.arguments)})`
      case 'list':
        return `[${this.#list(expr.items)}]`
      case 'record':
        return `{${expr.fields.map(({ name, value }) => `${name}:${this.expr(value)}`).join()}}`
      case 'quantified': {
        const list = this.expr(expr.list)
        this.#elements.set(expr.variable, `e${this.#elements.size}`)
        return `${expr.quantifier}(${list},${this.expr(expr.where)})`
      }
      case 'aggregate': {
        const inside = this.#window(expr, [expr.pattern])
        const value = expr.value === null ? '' : this.expr(expr.value)
        const rank = expr.rank === null ? '' : identity(expr.rank)
        const against = expr.drift ? ` ${expr.drift.measure} ${expr.drift.baseline.name}` : ''
        return `${expr.function}${against}:${expr.type.kind}(${value};${rank};${inside})`
      }
      case 'exists':
        return `exists(${this.#window(expr, [expr.pattern])})`
      case 'sequence':
        return `sequence(${this.#window(expr, expr.steps)})`
    }
  }

  #list(expressions: readonly Expr[]): string {
    return expressions.map(part => this.expr(part)).join()
  }

  #window({ keys, range, beforeThis }: WindowShape, patterns: readonly Pattern[]): string {
    const within =
      range.kind === 'since'
        ? `since ${this.#pattern(range.reset)} ${this.#keys(range.resetKeys)}`
        : range.kind === 'per'
          ? `per ${range.unit} ${range.zone?.name ?? ''}`
          : range.kind === 'over'
            ? `over ${range.milliseconds}`
            : 'ever'
    const own = patterns.map(pattern => this.#pattern(pattern)).join(' then ')
    return `${own};${this.#keys(keys)};${within};${beforeThis}`
  }
  #pattern({ contract, variable, where }: Pattern): string {
    this.#events.set(variable, `v${this.#events.size}`)
    return `${contract} ${where === null ? '' : this.expr(where)}`
  }
  #keys(keys: readonly Key[]): string {
    return keys.map(({ path, value }) => `${path.join('.')}=${this.expr(value)}`).join()
  }
}
