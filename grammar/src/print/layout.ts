/** The layout that each kind of declaration wishes for: its items on lines, the clauses of rules below each other. */
import type { Span } from '../span.ts'
import type { Declaration, ObjectiveItem, PolicyItem, RuleItem } from '../syntax.ts'
import type { SyntaxNode } from '../walk.ts'
import { ExpressionWishes } from './expression-wishes.ts'
import type { Layout, TextView } from './wishes.ts'

/** The wishes of `declaration`. */
export function layoutOf(declaration: Declaration, view: TextView): Layout {
  const layout = new DeclarationWishes(view)
  layout.declaration(declaration)
  layout.expressions(declaration)
  return layout
}

class DeclarationWishes extends ExpressionWishes {
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
      case 'objective':
        this.body(span, declaration.items)
        for (const item of declaration.items) if (item.kind === 'warn') this.alert(item)
        break
      case 'rollout':
        this.body(span, declaration.items, { oneLine: false })
        break
      case 'property':
        this.body(span, declaration.items, { oneLine: false })
        break
      case 'exception':
        this.body(span, declaration.items)
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

  /** A long one breaks before `when`, and before each `and`. */
  private alert({ span, conditions }: Extract<ObjectiveItem, { readonly kind: 'warn' }>): void {
    const starts = conditions.map(condition => this.view.tokenBefore(condition.span.start))
    this.groups.push({ ...span, breaks: new Map(starts.map(start => [start, 1])), broken: false })
  }

  private policyItem(item: PolicyItem): void {
    if (item.kind === 'on') this.commas(item.span)
    if (item.kind === 'let') this.afterEquals(item.value, item.span.end)
    if (item.kind === 'rule') this.rule(item)
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
    if (effect.kind === 'expect' && effect.unless !== null) clause(word(effect.unless), 3)
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

  private lastOpening(fields: readonly SyntaxNode[], span: Span): number {
    const [first] = fields
    return first === undefined ? this.view.find('{', span.start) : this.view.tokenBefore(first.span.start)
  }

  private roleItems(inside: Span): readonly SyntaxNode[] {
    const items: SyntaxNode[] = []
    for (const word of ['members', 'delegate', 'from']) {
      for (
        let at = this.view.find(word, inside.start);
        at !== -1 && at < inside.end;
        at = this.view.find(word, at + 1)
      ) {
        // A `from` without `table` begins the time of a delegation, which goes on.
        if (word === 'from' && !/^from\s+table\b/.test(this.view.text.slice(at, at + 200))) continue
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
