/**
 * How a declaration would like to be laid out, derived from its tree: where lines must begin, where they may, what hugs what.
 * Says nothing about width or comments: write.ts decides with these wishes.
 */
import type { Span } from '../span.ts'
import type {
  Declaration,
  EventPattern,
  Expression,
  PolicyItem,
  RuleItem,
  TypeExpression,
  WindowSyntax,
} from '../syntax.ts'
import { childrenOf, isExpression, type SyntaxNode } from '../walk.ts'

/** A place where a line begins, whatever the width. */
export interface LineStart {
  /** In steps of two spaces, from the left edge. */
  readonly indent: number
  /** `always`: an empty line before it; `keep`: one where the author left one. */
  readonly blank: 'always' | 'keep' | 'never'
}

/** A stretch that is on one line if it fits, else broken before each of `breaks`. */
export interface Group extends Span {
  /** Offsets of tokens before which the line may break, with the extra indent of the new line. */
  readonly breaks: ReadonlyMap<number, number>
  /** Broken whatever the width, because the author broke it right after the bracket. */
  readonly broken: boolean
}

/** A field of a contract, whose parts stand in columns. */
export interface Row {
  readonly name: Span
  readonly type: Span
  /** Where the modifiers begin; null where there are none. */
  readonly modifiers: number | null
}

export interface Layout {
  readonly lines: ReadonlyMap<number, LineStart>
  readonly groups: readonly Group[]
  readonly rows: readonly Row[]
  /** Offsets of tokens without a space before them, and without one after them. */
  readonly tightBefore: ReadonlySet<number>
  readonly tightAfter: ReadonlySet<number>
  /** Offsets of `(` that begin an expression rather than arguments. */
  readonly opening: ReadonlySet<number>
}

/** What the layout needs to know of the text besides the tree. */
export interface TextView {
  readonly text: string
  /** The offset of the last token that ends at or before `offset`. */
  tokenBefore(offset: number): number
  /** The offset of the first token with this text at or after `offset`. */
  find(token: string, offset: number): number
}

/** The wishes of `declaration`. */
export function layoutOf(declaration: Declaration, view: TextView): Layout {
  const layout = new Drawing(view)
  layout.declaration(declaration)
  layout.expressions(declaration)
  return layout
}

class Drawing implements Layout {
  readonly lines = new Map<number, LineStart>()
  readonly groups: Group[] = []
  readonly rows: Row[] = []
  readonly tightBefore = new Set<number>()
  readonly tightAfter = new Set<number>()
  readonly opening = new Set<number>()
  private readonly view: TextView

  constructor(view: TextView) {
    this.view = view
  }

  declaration(declaration: Declaration): void {
    const { span } = declaration
    this.lines.set(span.start, { indent: 0, blank: 'never' })
    switch (declaration.kind) {
      case 'contract': {
        const items = [...declaration.fields, ...declaration.items]
        this.body(span, items, { oneLine: false })
        for (const { name, type, modifiers } of declaration.fields) {
          this.rows.push({ name: name.span, type: type.span, modifiers: modifiers[0]?.span.start ?? null })
        }
        break
      }
      case 'source':
        this.body(span, declaration.items, { oneLine: false })
        for (const item of declaration.items) {
          if (item.kind === 'map')
            this.body(item.span, item.fields, { indent: 1, from: item.when?.span.end ?? item.contract.span.end })
          if (item.kind === 'files') this.commas(item.span)
        }
        break
      case 'policy':
        this.body(span, declaration.items, { oneLine: false, blankBefore: item => item.kind === 'rule' })
        for (const item of declaration.items) this.policyItem(item)
        break
      case 'test':
        this.body(span, declaration.steps, { oneLine: false })
        break
      case 'rollout':
      case 'exception':
      case 'objective':
      case 'property':
        this.body(span, declaration.clauses)
        break
      case 'role':
        this.body(span, this.roleItems({ start: this.view.find('{', span.start), end: span.end }))
        break
      case 'sink':
        this.body(span, this.itemsBefore(declaration.accepts, 'accepts'))
        break
      case 'use':
        this.bracket({ start: this.view.find('{', declaration.module.span.end), end: span.end }, declaration.names)
        break
      case 'sample':
        this.bracket({ start: this.view.find('{', declaration.contract.span.end), end: span.end }, declaration.fields)
        break
      case 'table':
        this.bracket({ start: this.lastOpening(declaration.fields, span), end: span.end }, declaration.fields)
        break
      case 'define':
        if (declaration.parameters.length > 0) {
          const open = this.view.find('(', declaration.name.span.end)
          const last = declaration.parameters.at(-1)?.span.end ?? open
          this.bracket({ start: open, end: this.view.find(')', last) + 1 }, declaration.parameters)
        }
        this.afterEquals(declaration.body, span.end)
        break
      case 'module':
      case 'type':
      case 'layers':
      case 'broken':
        break
      case 'indicator':
        this.afterEquals(declaration.value, span.end)
        break
    }
  }

  /** Groups and tight places of every expression, type and obligation in `node`. */
  expressions(node: SyntaxNode): void {
    if (isExpression(node)) this.expression(node)
    else if (isType(node)) this.type(node)
    else if ('verb' in node || node.kind === 'given') this.payload(node)
    for (const child of childrenOf(node)) this.expressions(child)
  }

  private policyItem(item: PolicyItem): void {
    if (item.kind === 'on') this.commas(item.span)
    if (item.kind === 'let') this.afterEquals(item.value, item.span.end)
    if (item.kind === 'rule') this.rule(item)
  }

  /** What does not fit behind its `=` begins a line of its own. */
  private afterEquals(value: Expression, end: number): void {
    if (breaksInside(value)) return
    const equals = this.view.tokenBefore(value.span.start)
    this.groups.push({ start: equals, end, breaks: new Map([[value.span.start, 1]]), broken: false })
  }

  private rule(rule: RuleItem): void {
    const clause = (offset: number, indent = 2): void => {
      this.lines.set(offset, { indent, blank: 'never' })
    }
    const word = (before: SyntaxNode): number => this.view.tokenBefore(before.span.start)
    if (rule.after !== null) clause(word(rule.after))
    if (rule.when !== null) clause(word(rule.when))
    const { effect } = rule
    if (effect.kind !== 'missing-effect') clause(effect.span.start)
    if (effect.kind === 'require-approval') {
      for (const stage of effect.stages.slice(1)) clause(this.elseBefore(stage.span.start), 3)
      if (effect.otherwise !== null) clause(word(effect.otherwise), 3)
    }
    if (effect.kind === 'expect' && effect.otherwise !== null) clause(word(effect.otherwise), 3)
    if (rule.because !== null) clause(word(rule.because))
    for (const [index, obligation] of rule.then.entries()) {
      // `else warn then open_case { … }` reads as one clause.
      if (index === 0 && effect.kind === 'expect' && effect.otherwise !== null) continue
      clause(word(obligation))
    }
  }

  /** The `else` of a stage; `else require approval` is allowed too. */
  private elseBefore(offset: number): number {
    const before = this.view.tokenBefore(offset)
    return this.view.text.startsWith('else', before) ? before : this.view.tokenBefore(before)
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

  /** Items between braces, each on its line. A single one may stay on the line of its braces, if it was written there. */
  private body<T extends SyntaxNode>(
    span: Span,
    items: readonly T[],
    wish: {
      readonly oneLine?: boolean
      readonly indent?: number
      readonly from?: number
      readonly blankBefore?: (item: T) => boolean
    } = {},
  ): void {
    const { oneLine = true, indent = 0 } = wish
    const open = this.view.find('{', wish.from ?? span.start)
    const close = span.end - 1
    const ordered = [...items].sort((a, b) => a.span.start - b.span.start)
    if (ordered.length === 0) return
    if (oneLine && ordered.length === 1 && !this.view.text.slice(open, close).includes('\n')) {
      const breaks = new Map<number, number>([[close, 0]])
      for (const item of ordered) breaks.set(item.span.start, 1)
      this.groups.push({ start: open, end: span.end, breaks, broken: false })
      return
    }
    for (const [index, item] of ordered.entries()) {
      const blank = index === 0 ? 'never' : wish.blankBefore?.(item) === true ? 'always' : 'keep'
      this.lines.set(item.span.start, { indent: indent + 1, blank })
    }
    this.lines.set(close, { indent, blank: 'never' })
  }

  private bracket(span: Span, items: readonly SyntaxNode[]): void {
    if (items.length === 0) return
    const breaks = new Map<number, number>([[span.end - 1, 0]])
    for (const item of items) breaks.set(item.span.start, 1)
    const first = items[0]?.span.start ?? span.end
    // Records and lists stay one below the other where the author broke them; arguments are joined again if they fit.
    const wished = this.view.text[span.start] !== '(' && this.view.text.slice(span.start, first).includes('\n')
    this.groups.push({ ...span, breaks, broken: wished })
  }

  private breakBefore(node: Expression, offsets: readonly number[]): void {
    if (offsets.length === 0) return
    this.groups.push({ ...node.span, breaks: new Map(offsets.map(offset => [offset, 1])), broken: false })
  }

  /** Items separated by commas without brackets: the line may break after a comma. */
  private commas(span: Span): void {
    const breaks = new Map<number, number>()
    for (
      let comma = this.view.find(',', span.start);
      comma !== -1 && comma < span.end;
      comma = this.view.find(',', comma + 1)
    ) {
      const next = this.view.find('', comma + 1)
      if (next !== -1) breaks.set(next, 1)
    }
    if (breaks.size > 0) this.groups.push({ ...span, breaks, broken: false })
  }

  private inner(node: Expression, open: string): Span {
    // Where the node is parenthesised its span begins with the parenthesis.
    const start = this.view.find(open, node.span.start)
    const close = open === '[' ? ']' : '}'
    let end = node.span.end
    while (end > start && this.view.text[end - 1] !== close) end--
    return { start, end }
  }

  private lastOpening(fields: readonly SyntaxNode[], span: Span): number {
    const [first] = fields
    return first === undefined ? this.view.find('{', span.start) : this.view.tokenBefore(first.span.start)
  }

  private roleItems(inside: Span): readonly SyntaxNode[] {
    const items: SyntaxNode[] = []
    for (const word of ['members', 'from']) {
      for (
        let at = this.view.find(word, inside.start);
        at !== -1 && at < inside.end;
        at = this.view.find(word, at + 1)
      ) {
        items.push({ span: { start: at, end: at + word.length } })
      }
    }
    return items
  }

  private itemsBefore(nodes: readonly SyntaxNode[], word: string): readonly SyntaxNode[] {
    const items: SyntaxNode[] = []
    for (const { span } of nodes) {
      const start = this.view.tokenBefore(span.start)
      if (this.view.text.startsWith(word, start)) items.push({ span: { start, end: span.end } })
    }
    return items
  }
}

/** True for expressions whose first line may stand behind a `=` although the rest does not fit: they break inside. */
function breaksInside(value: Expression): boolean {
  switch (value.kind) {
    case 'in-list':
      return value.list.kind === 'list'
    case 'list':
    case 'record':
    case 'aggregate':
    case 'exists':
    case 'sequence':
      return true
    default:
      return false
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
