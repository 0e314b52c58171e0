/** The wishes of expressions, types and payloads: where long ones may break, and what stands without a space. */
import type { Span } from '../span.ts'
import type { EventPattern, Expression, TypeExpression, WindowSyntax } from '../syntax.ts'
import { childrenOf, isExpression, type SyntaxNode } from '../walk.ts'
import { Wishes } from './wishes.ts'

export class ExpressionWishes extends Wishes {
  /** Groups and tight places of every expression, type and obligation in `node`. */
  expressions(node: SyntaxNode): void {
    if (isExpression(node)) this.expression(node)
    else if (isType(node)) this.type(node)
    else if ('verb' in node || node.kind === 'given') this.payload(node)
    for (const child of childrenOf(node)) this.expressions(child)
  }

  private expression(node: Expression): void {
    // A parenthesis belongs to the span of what it holds; a call's does not begin an expression.
    if (this.view.text[node.span.start] === '(') this.opening.add(node.span.start)
    switch (node.kind) {
      case 'and':
      case 'or':
        this.breakBefore(
          node,
          node.operands.slice(1).map(operand => this.view.tokenBefore(operand.span.start)),
        )
        break
      case 'arithmetic':
        if (node.operator === '+' || node.operator === '-')
          this.breakBefore(node, [this.view.tokenBefore(node.right.span.start)])
        break
      case 'negate':
        this.tightAfter.add(this.view.find('-', node.span.start))
        break
      case 'if':
        this.breakBefore(node, [
          this.view.tokenBefore(node.then.span.start),
          this.view.tokenBefore(node.otherwise.span.start),
        ])
        break
      case 'quantified':
        this.breakBefore(node, [this.view.tokenBefore(node.where.span.start)])
        break
      case 'list':
        this.bracket(this.inner(node, '['), node.items)
        break
      case 'record':
        this.bracket(this.inner(node, '{'), node.fields)
        break
      case 'call': {
        const open = this.view.find('(', node.function.span.end)
        const last = node.arguments.at(-1)?.span.end ?? open + 1
        this.bracket({ start: open, end: this.view.find(')', last) + 1 }, node.arguments)
        break
      }
      case 'aggregate':
      case 'exists':
        this.breakBefore(node, [...this.patternBreaks(node.event), ...this.windowBreaks(node.window)])
        break
      case 'sequence': {
        const steps = node.steps.slice(1).map(step => this.view.tokenBefore(step.span.start))
        this.breakBefore(node, [...steps, ...this.windowBreaks(node.window)])
        break
      }
      default:
        break
    }
  }

  private patternBreaks(event: EventPattern): readonly number[] {
    return event.where === null ? [] : [this.view.tokenBefore(event.where.span.start)]
  }

  /** The window breaks as a whole: `by KEY over D` stays together. */
  private windowBreaks(window: WindowSyntax): readonly number[] {
    return window.span.end > window.span.start ? [window.span.start] : []
  }

  private type(node: TypeExpression): void {
    switch (node.kind) {
      case 'enum':
        this.bracket({ start: this.view.find('{', node.span.start), end: node.span.end }, node.members)
        break
      case 'record-type':
        this.bracket(node.span, node.fields)
        break
      case 'list-type':
      case 'named-type':
        if (node.kind === 'list-type' || node.argument !== null) {
          const open = this.view.find('<', node.span.start)
          this.tightBefore.add(open).add(node.span.end - 1)
          this.tightAfter.add(open)
        }
        break
      case 'optional-type':
        this.tightBefore.add(node.span.end - 1)
        break
      case 'range-type':
      case 'pattern-type':
      case 'missing-type':
        break
    }
  }

  /** The record of an obligation or a step. */
  private payload(node: SyntaxNode): void {
    const fields = childrenOf(node).filter(child => 'value' in child && 'name' in child)
    const [first] = fields
    const last = fields.at(-1)
    if (first === undefined || last === undefined) return
    this.bracket(
      { start: this.view.tokenBefore(first.span.start), end: this.view.find('}', last.span.end) + 1 },
      fields,
    )
  }

  private inner(node: Expression, open: string): Span {
    // Where the node is parenthesised its span begins with the parenthesis.
    const start = this.view.find(open, node.span.start)
    const close = open === '[' ? ']' : '}'
    let end = node.span.end
    while (end > start && this.view.text[end - 1] !== close) end--
    return { start, end }
  }
}

function isType(node: SyntaxNode): node is TypeExpression {
  switch (node.kind) {
    case 'enum':
    case 'record-type':
    case 'list-type':
    case 'optional-type':
    case 'range-type':
    case 'pattern-type':
    case 'named-type':
    case 'missing-type':
      return true
    default:
      return false
  }
}
